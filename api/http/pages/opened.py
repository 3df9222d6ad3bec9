"""A case as it is opened: the review, how it stands, and the dossier of the report that counts."""

from dataclasses import dataclass

from fastapi import Request

from api import clock
from api.http.context import Context, context_of
from api.http.pages.shell import person_of
from api.http.problems import Refused, Said
from api.http.shelf import Opened
from api.render.dossier import Dossier
from api.store import log, reviews
from api.store.dossiers import dossier_of, keep_dossier
from api.store.errors import BlobMissing
from api.store.people import Role
from api.store.reviews import ReviewRow, State
from api.store.standing import Standing, packed_bytes, standing
from extractor.packing import Malformed

MAY_UNMASK = (Role.REVIEWER, Role.SECOND_REVIEWER, Role.AUDITOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Case:
    """What the parts of the page are made from."""

    review: ReviewRow
    standing: Standing
    opened: Opened

    @property
    def dossier(self) -> Dossier:
        return self.opened.dossier


def open_case(request: Request, review_id: str) -> Case:
    """The case; ReviewMissing, and a problem with status 409 where it has no report (yet)."""
    context = context_of(request)
    review = reviews.get_review(context.store, review_id)
    if review.state is not State.DONE:
        raise Refused(409, "not_finished", Said("审查尚未完成。", "The review has not ended."))
    now = standing(context.store, review)
    name = now.packed_sha256
    if name is None:
        raise Refused(
            409,
            "nothing_to_show",
            Said(
                "只解析、不判断的任务没有可审查的报告。",
                "The papers were parsed only; there is no report to decide on.",
            ),
        )
    return Case(review, now, context.shelf.get(f"{review.id} {name}", lambda: _bytes(context, review, now, name)))


def _bytes(context: Context, review: ReviewRow, now: Standing, name: str) -> bytes:
    """As it was kept; made anew and kept where it was not, or in another form."""
    kept = dossier_of(context.store, review.id, name)
    if kept is not None:
        try:
            Dossier(kept)
        except Malformed:
            kept = None
    return kept if kept is not None else _made(context, review, now, name)


def _made(context: Context, review: ReviewRow, now: Standing, name: str) -> bytes:
    packed = packed_bytes(context.store, now)
    if packed is None:
        raise BlobMissing
    files = []
    for file in review.files:
        if file.deleted_at is None and file.name:
            try:
                files.append(context.store.blobs.get(file.sha256))
            except BlobMissing:  # its retention ended this moment
                continue
    _, (made,) = context.desks.do({"task": "dossier"}, [packed, *files])
    keep_dossier(context.store, review.id, name, made, clock.now())
    return made


def note_unmasking(request: Request, review_id: str, what: str) -> None:
    """Write down who saw what unmasked, before it is shown; a problem with status 403 where the person may not."""
    person = person_of(request)
    if not person.may(*MAY_UNMASK):
        raise Refused(
            403,
            "forbidden",
            Said("没有查看完整个人信息的权限。", "Seeing personal data in full is not allowed to you."),
        )
    store = context_of(request).store
    log.record(store, person.actor, "review.unmasked", review_id, clock.now(), what=what)
