"""Audits of issued certificates: what each is run with, its items, and the snapshots that it is held against."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EntryMissing
from api.store.opened import Store, claim
from api.store.reviews import AUDIT, OPEN, Idempotency, NamedBytes, State, create_review
from api.store.schema import AUDIT_ITEMS, AUDITS, REVIEW_FILES, REVIEWS
from api.store.snapshots import registry_at
from extractor.registries import Listed, Registry
from models.records import RegistryKind

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Pinned:
    """A snapshot as an audit holds it, and the blob with its file; `source` is the file's name, whose suffix tells the format."""

    kind: RegistryKind
    as_of: dt.date
    sha256: str
    blob: str
    source: str
    columns: Mapping[str, str]
    retrieved_at: str = ""
    url: str = ""
    lag_days: int = 0

    def json(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in Pinned.__slots__}
        return {**values, "kind": self.kind.value, "as_of": self.as_of.isoformat(), "columns": dict(self.columns)}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An audit: `id` is a hash of all the rest but the moment, so that the same question is the same audit."""

    id: str
    created_at: dt.datetime
    as_of: dt.date
    manifest_sha256: str
    snapshots: tuple[Pinned, ...]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One certificate of an audit; `state` is that of its review, failed where there could be none, None where it was deleted since."""

    position: int
    certificate: str
    state: State | None
    report_sha256: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    """Name and SHA-256 of each file."""


def open_audit(store: Store, audit: AuditRow, contents: Sequence[bytes], *, actor: str) -> bool:
    """Write down an audit and keep the files of its snapshots; False where it is known already."""
    store.keep(audit.id, contents, audit.created_at)

    def work(connection: Connection) -> bool:
        facts = {
            "as_of": audit.as_of,
            "manifest_sha256": audit.manifest_sha256,
            "snapshots": [snapshot.json() for snapshot in audit.snapshots],
            "versions": dict(audit.versions),
        }
        if not claim(connection, AUDITS, id=audit.id, created_at=audit.created_at, **facts):
            return False
        logged = {**facts, "as_of": audit.as_of.isoformat()}
        log.append(connection, actor, "audit.opened", audit.id, audit.created_at, **logged)
        return True

    return store.database.write(work)


def get_audit(store: Store, audit_id: str) -> AuditRow:
    """EntryMissing where there is none."""
    question = sa.select(AUDITS).where(AUDITS.c.id == audit_id)
    row = store.database.read(lambda connection: connection.execute(question).first())
    if row is None:
        raise EntryMissing
    return AuditRow(**{**row._mapping, "snapshots": tuple(map(_pinned, row.snapshots))})


def audit_of(store: Store, review_id: str) -> str | None:
    """The audit of which a review is an item."""
    question = sa.select(AUDIT_ITEMS.c.audit_id).where(AUDIT_ITEMS.c.review_id == review_id)
    return store.database.read(lambda connection: connection.scalar(question))


def add_item(
    store: Store,
    audit: AuditRow,
    position: int,
    certificate: str,
    files: Sequence[NamedBytes],
    digest: str,
    *,
    actor: str,
    now: dt.datetime,
) -> str:
    """Keep the files of an item and queue its review, once, whoever asks and however often; the review's id.

    `digest` is a hash over the files.
    """

    def also(connection: Connection, review_id: str) -> None:
        claim(
            connection,
            AUDIT_ITEMS,
            audit_id=audit.id,
            position=position,
            certificate=certificate,
            review_id=review_id,
        )

    review, _ = create_review(
        store,
        files,
        as_of=audit.as_of,
        actor=actor,
        now=now,
        purpose=AUDIT,
        idempotency=Idempotency(f"{audit.id}/{position}", digest),
        also=also,
    )
    return review.id


def add_failure(store: Store, audit_id: str, position: int, certificate: str, code: str, message: str) -> None:
    """An item that can have no review, and why."""
    values = {"audit_id": audit_id, "position": position, "certificate": certificate}
    failure = {"error_code": code, "error_message": message}
    store.database.write(lambda connection: claim(connection, AUDIT_ITEMS, **values, **failure))


def positions(store: Store, audit_id: str) -> set[int]:
    """The items that have been taken up, by their place in the manifest."""
    question = sa.select(AUDIT_ITEMS.c.position).where(AUDIT_ITEMS.c.audit_id == audit_id)
    return store.database.read(lambda connection: set(connection.scalars(question)))


def under_way(store: Store, audit_id: str, among: Collection[str] | None = None) -> set[str]:
    """Ids of the reviews of an audit that have not ended; among those only, where they are given."""
    question = sa.select(REVIEWS.c.id).where(REVIEWS.c.state.in_(OPEN))
    if among is not None:
        question = question.where(REVIEWS.c.id.in_(among))
    else:
        mine = sa.select(AUDIT_ITEMS.c.review_id).where(AUDIT_ITEMS.c.audit_id == audit_id)
        question = question.where(REVIEWS.c.purpose == AUDIT, REVIEWS.c.id.in_(mine))
    return store.database.read(lambda connection: set(connection.scalars(question)))


def items(store: Store, audit_id: str) -> Iterator[Item]:
    """The items in the order of the manifest, some hundred at a time."""
    at = -1
    wanted = sa.select(
        AUDIT_ITEMS,
        REVIEWS.c.state,
        REVIEWS.c.report_sha256,
        REVIEWS.c.error_code.label("review_code"),
        REVIEWS.c.error_message.label("review_message"),
    ).join(REVIEWS, REVIEWS.c.id == AUDIT_ITEMS.c.review_id, isouter=True)
    while True:
        here = wanted.where(AUDIT_ITEMS.c.audit_id == audit_id, AUDIT_ITEMS.c.position > at)
        page = here.order_by(AUDIT_ITEMS.c.position).limit(_PAGE)
        rows, files = store.database.read(partial(_with_files, page))
        for row in rows:
            state = State(row.state) if row.state else State.FAILED if row.error_code else None
            code, message = row.error_code or row.review_code, row.error_message or row.review_message
            own = tuple(files.get(row.review_id, ()))
            yield Item(row.position, row.certificate, state, row.report_sha256, code, message, own)
            at = row.position
        if len(rows) < _PAGE:
            return


def _with_files(
    page: sa.Select[Any], connection: Connection
) -> tuple[Sequence[sa.Row[Any]], dict[str, list[tuple[str, str]]]]:
    rows = connection.execute(page).all()
    wanted = sa.select(REVIEW_FILES).where(REVIEW_FILES.c.review_id.in_([row.review_id for row in rows]))
    files: dict[str, list[tuple[str, str]]] = {}
    for file in connection.execute(wanted.order_by(REVIEW_FILES.c.review_id, REVIEW_FILES.c.position)):
        files.setdefault(file.review_id, []).append((file.name, file.sha256))
    return rows, files


def pinned_registries(store: Store, snapshots: Sequence[Pinned], folder: Path) -> dict[RegistryKind, Registry]:
    """The registries that an audit is held against, each indexed in `folder` once for this machine. RegistryInvalid, BlobMissing."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        pinned.kind: registry_at(
            store,
            Listed(
                pinned.kind,
                f"{pinned.blob}-{pinned.as_of.isoformat()}.sqlite",
                pinned.as_of,
                pinned.columns,
                pinned.retrieved_at,
                pinned.url,
                pinned.source,
                pinned.lag_days,
            ),
            pinned.blob,
            folder,
        )
        for pinned in snapshots
    }


def _pinned(values: Mapping[str, Any]) -> Pinned:
    as_of = dt.date.fromisoformat(values["as_of"])
    return Pinned(**{**values, "kind": RegistryKind(values["kind"]), "as_of": as_of})
