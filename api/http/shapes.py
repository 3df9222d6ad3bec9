"""The bodies of requests and answers, as the OpenAPI description shows them; pydantic lives here and nowhere deeper."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.http import examples
from api.masking import masked
from api.store.reviews import ReviewRow, State
from api.store.snapshots import SnapshotRow
from api.store.webhooks import Delivery, Subscription

Url = Annotated[str, Field(min_length=8, max_length=2_000)]
Secret = Annotated[str, Field(min_length=24, max_length=200, description="`whsec_` 加 base64，24–64 字节。")]


class Callback(BaseModel):
    """Whom to tell when the review has ended (Standard Webhooks)."""

    model_config = ConfigDict(extra="forbid")
    url: Url
    secrets: Annotated[list[Secret], Field(min_length=1, max_length=4, description="最新的在前。 The newest first.")]


class ReviewRequest(BaseModel):
    """What comes with the files. `application` is what the applicant typed in, in place of a form: the fields of an application_form."""

    model_config = ConfigDict(extra="forbid")
    as_of: Annotated[dt.date | None, Field(description="审查基准日，默认当天。 The day of judgement.")] = None
    purpose: Literal["application", "audit"] = "application"
    application: dict[str, Any] | None = None
    callback: Callback | None = None
    due_on: dt.date | None = None


class FileView(BaseModel):
    """A file of a review; its name is data for people."""

    name: str
    sha256: str
    size: int
    kind: str | None
    deleted_at: dt.datetime | None


class Progress(BaseModel):
    """Pages read so far; `pages_total` is 0 until the files were opened."""

    pages_done: int
    pages_total: int
    note: str


class Failure(BaseModel):
    """Why a review ended without a report."""

    code: str
    message: str


class Objections(BaseModel):
    """How many findings object, by severity."""

    blocking: int
    major: int
    minor: int


class ReviewView(BaseModel):
    """A review as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REVIEW]})

    id: str
    state: State
    purpose: str
    as_of: dt.date
    created_at: dt.datetime
    updated_at: dt.datetime
    finished_at: dt.datetime | None
    progress: Progress
    recommendation: str | None
    objections: Objections
    name: str
    unified_social_credit_code: str
    registration_number: str
    certificate_number: str
    error: Failure | None
    due_on: dt.date | None
    expires_at: Annotated[dt.datetime | None, Field(description="保存到何时。 Kept until.")]
    legal_hold: bool
    files: list[FileView]
    links: dict[str, str]

    @classmethod
    def of(cls, row: ReviewRow) -> "ReviewView":
        """The view of a row of the store."""
        here = f"/v1/reviews/{row.id}"
        links = {"self": here}
        if row.state is State.DONE:
            links |= {name: f"{here}/{name}" for name in ("report", "annex", "notice")}
        return cls(
            id=row.id,
            state=row.state,
            purpose=row.purpose,
            as_of=row.as_of,
            created_at=row.created_at,
            updated_at=row.updated_at,
            finished_at=row.finished_at,
            progress=Progress(pages_done=row.pages_done, pages_total=row.pages_total, note=masked(row.progress_note)),
            recommendation=row.recommendation,
            objections=Objections(blocking=row.blocking, major=row.major, minor=row.minor),
            name=masked(row.name),
            unified_social_credit_code=row.unified_social_credit_code,
            registration_number=row.registration_number,
            certificate_number=row.certificate_number,
            error=Failure(code=row.error_code, message=masked(row.error_message or "")) if row.error_code else None,
            due_on=row.due_on,
            expires_at=row.expires_at,
            legal_hold=row.legal_hold is not None,
            files=[
                FileView(name=masked(f.name), sha256=f.sha256, size=f.size, kind=f.kind, deleted_at=f.deleted_at)
                for f in row.files
            ],
            links=links,
        )


class ReviewPage(BaseModel):
    """A page of a list; `next` is the cursor of the following one, null at the end."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reviews": [examples.REVIEW], "next": None}]})

    reviews: list[ReviewView]
    next: str | None


class SnapshotView(BaseModel):
    """A registry as it was on a day."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SNAPSHOT]})

    id: str
    kind: str
    as_of: dt.date
    age_days: int
    sha256: str
    source: str
    rows: int
    notices: list[str]
    uploaded_at: dt.datetime
    active: bool

    @classmethod
    def of(cls, row: SnapshotRow, today: dt.date) -> "SnapshotView":
        """The view of a row of the store."""
        return cls(
            id=row.id,
            kind=row.kind.value,
            as_of=row.as_of,
            age_days=(today - row.as_of).days,
            sha256=row.sha256,
            source=row.source,
            rows=row.rows,
            notices=list(row.notices),
            uploaded_at=row.uploaded_at,
            active=row.active,
        )


class SubscriptionRequest(BaseModel):
    """An address to tell of every review and deadline; no events means all of them."""

    model_config = ConfigDict(extra="forbid")
    url: Url
    secrets: Annotated[list[Secret], Field(max_length=4)] = []
    events: list[Literal["review.done", "review.failed", "review.cancelled", "due.warning", "due.overdue"]] = []


class SubscriptionView(BaseModel):
    """A standing subscription; `secret` is shown once, when it was made by the service."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SUBSCRIPTION]})

    id: str
    url: str
    events: list[str]
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    disabled_reason: str | None
    secret: str | None = None

    @classmethod
    def of(cls, row: Subscription, secret: str | None = None) -> "SubscriptionView":
        """The view of a subscription."""
        return cls(
            id=row.id,
            url=row.url,
            events=list(row.events),
            created_at=row.created_at,
            disabled_at=row.disabled_at,
            disabled_reason=row.disabled_reason,
            secret=secret,
        )


class DeliveryView(BaseModel):
    """What became of telling one address of one review."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DELIVERY]})

    id: str
    review_id: str
    subscription_id: str
    event: str
    state: str
    attempts: int
    next_at: dt.datetime | None
    delivered_at: dt.datetime | None
    last_status: int | None
    last_error: str | None

    @classmethod
    def of(cls, row: Delivery) -> "DeliveryView":
        """The view of a delivery."""
        return cls(
            id=row.id,
            review_id=row.review_id,
            subscription_id=row.subscription_id,
            event=row.event,
            state=row.state.value,
            attempts=row.attempts,
            next_at=row.next_at,
            delivered_at=row.delivered_at,
            last_status=row.last_status,
            last_error=row.last_error,
        )


class ProblemError(BaseModel):
    """One of several things that are wrong with a request."""

    pointer: str
    detail: str
    code: str


class ProblemView(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    instance: str
    detail: str | None = None
    errors: list[ProblemError] | None = None
