"""Drafts of 失信公示 from what people decided, and their way to the gateway of the publicity system, only when told to."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from api.publication import Category, load_categories, record_of, withheld
from api.registries import open_registries
from api.settings import Settings
from api.store import Store
from api.store.publications import WAITING, Publication, Stage, add_publication, mark_told, publications
from api.store.reviews import AUDIT, get_review
from api.store.standing import report_bytes, standing
from api.store.supervision import verifications
from api.store.worklist import decided_among
from api.webhooks import checked_host
from extractor.registries.keys import cma_keys
from models.codes import cma_number
from models.errors import InputError
from models.finding import Verdict
from models.records import CmaRecord, RegistryKind, Verified

SECONDS = 15.0
_ANSWER = 200  # characters of the gateway's answer that are kept


@dataclass(frozen=True, slots=True)
class Decree:
    """The written decision that is published: whoever decided answers for it."""

    category: str
    document_number: str
    authority: str
    decided_on: dt.date


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling the gateway of one record; `error` empty where it took it."""

    id: str
    action: str
    status: int | None
    error: str = ""


def draft_of_review(
    store: Store,
    review_id: str,
    decree: Decree,
    *,
    actor: str,
    now: dt.datetime,
    findings: Collection[str] = (),
    reason: str = "",
) -> Publication:
    """A draft from a review's findings (by fingerprint; none given: all) that a person confirmed.

    InputError where none is confirmed, where one of those given is not, or where the application has not been decided.
    """
    review = get_review(store, review_id)
    now_standing = standing(store, review)
    if review.purpose != AUDIT and not decided_among(store, [review_id]):
        raise InputError(
            "案件尚未作出最终决定，不能公示。 The case has no final decision yet; nothing of it can be published."
        )
    report = json.loads(report_bytes(store, now_standing) or b'{"findings": []}')
    by_print = {finding["fingerprint"]: finding for finding in report["findings"]}
    said_so = [one for one, word in now_standing.words.items() if word.verdict is Verdict.CONFIRMED]
    confirmed = [one for one in said_so if one in by_print]
    chosen = [one for one in confirmed if not findings or one in findings]
    missing = set(findings) - set(chosen)
    if missing or not chosen:
        said = "、".join(sorted(missing)) or review_id
        raise InputError(f"没有经人确认的问题：{said}。 No finding that a person confirmed: {said}.")
    return _draft(
        store,
        decree,
        review.name,
        review.unified_social_credit_code,
        review.certificate_number,
        reason or "".join(by_print[one]["message"]["zh"] for one in chosen),
        actor,
        now,
        review_id,
        chosen,
    )


def draft_of_certificate(
    settings: Settings,
    store: Store,
    environment: Mapping[str, str],
    certificate: str,
    decree: Decree,
    *,
    actor: str,
    now: dt.datetime,
    reason: str = "",
) -> Publication:
    """A draft from a verification of promises that found them false. InputError where the record says otherwise, or nobody holds it."""
    number = cma_number.compact(certificate)
    verified = verifications(store).get(number)
    if verified is None or verified.outcome is not Verified.FALSE:
        raise InputError(
            f"证书 {number} 没有“虚假承诺”的核查结论。 No verification found the promises of {number} false."
        )
    registry = open_registries(settings, store, environment).registries.get(RegistryKind.CMA)
    found: list[CmaRecord] = registry.find(set(cma_keys([number]))) if registry is not None else []
    if not found:
        raise InputError(f"已发证书快照中没有 {number}。 The snapshot of issued certificates does not hold {number}.")
    said = reason or f"告知承诺核查（{verified.verified_on}）认定承诺内容虚假。{verified.note}"
    return _draft(store, decree, found[0].name, found[0].unified_social_credit_code, number, said, actor, now)


def send(settings: Settings, store: Store, wanted: Collection[str], *, actor: str, now: dt.datetime) -> list[Told]:
    """Tell the gateway of what waits: drafts to publish, repaired records to withdraw; `wanted` narrows by id.

    Each request carries the same idempotency key at every attempt. InputError where no gateway is configured, or its address is none.
    """
    if not settings.publication_url:
        raise InputError("未配置公示网关 ZHENGSHEN_PUBLICATION_URL。 No gateway is configured.")
    checked_host(settings.publication_url, settings.webhook_hosts)
    waiting = [row for row in publications(store, WAITING) if not wanted or row.id in wanted]
    if unknown := set(wanted) - {row.id for row in waiting}:
        raise InputError(
            f"没有待报送的记录：{'、'.join(sorted(unknown))}。 Not waiting to be sent: {', '.join(sorted(unknown))}."
        )
    return [_tell(settings, store, row, actor, now) for row in waiting]


def _draft(
    store: Store,
    decree: Decree,
    name: str,
    code: str,
    certificate: str,
    reason: str,
    actor: str,
    now: dt.datetime,
    review_id: str | None = None,
    findings: Collection[str] = (),
) -> Publication:
    category = category_of(decree.category)
    return add_publication(
        store,
        name=name,
        unified_social_credit_code=code,
        certificate=certificate,
        category=category.name,
        reason=withheld(reason),
        basis=category.basis,
        authority=decree.authority,
        document_number=decree.document_number,
        decided_on=decree.decided_on,
        published_until=category.until(decree.decided_on),
        actor=actor,
        now=now,
        review_id=review_id,
        findings=list(findings),
    )


def category_of(name: str) -> Category:
    """InputError names the categories that there are."""
    known = load_categories()
    if name not in known:
        raise InputError(f"没有名单类别“{name}”，可用：{'、'.join(known)}。 There is no such category.")
    return known[name]


def _tell(settings: Settings, store: Store, row: Publication, actor: str, now: dt.datetime) -> Told:
    import httpx

    action = "publish" if row.state is Stage.DRAFT else "withdraw"
    head = {"idempotency-key": f"{row.id}-{action}", "user-agent": "zhengshen-publication"}
    if settings.publication_token:
        head["authorization"] = f"Bearer {settings.publication_token}"
    try:
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=SECONDS) as client:
            answer = client.post(
                settings.publication_url, json={"action": action, "record": record_of(row)}, headers=head
            )
    except httpx.HTTPError as error:
        return Told(row.id, action, None, type(error).__name__)
    if not answer.is_success:
        return Told(row.id, action, answer.status_code, withheld(answer.text[:_ANSWER]) or "refused")
    mark_told(store, row, answer.text[:_ANSWER], actor=actor, now=now)
    return Told(row.id, action, answer.status_code)
