"""How good the program's findings and readings are as reviewers see them: dismissals, corrections, minutes a case takes, re-inspections."""

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.acts import Kind
from api.store.opened import Store
from api.store.reviews import ReviewRow, State, rows_with_files
from api.store.schema import REVIEWS, VERDICTS
from api.store.schema_deciding import ACTS, DECIDED, LABELS, OPENINGS
from models.finding import Verdict

PAUSE = dt.timedelta(minutes=10)
"""A longer silence between two steps on a case is time spent on something else."""
NOT_APPLICATIONS = ("parse", "audit")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CheckShare:
    """What people said of one check's findings."""

    check: str
    confirmed: int
    dismissed: int
    unsure: int

    @property
    def said(self) -> int:
        return self.confirmed + self.dismissed + self.unsure

    @property
    def share(self) -> float:
        """The share dismissed: false alarms, as reviewers see them."""
        return self.dismissed / self.said


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How often one field of one kind of paper was put right, how often it was illegible, and how sure the machine had been."""

    kind: str
    name: str
    corrected: int
    illegible: int
    confidence: float


@dataclass(frozen=True, slots=True)
class CaseTime:
    """How many minutes people spent on a case until it was decided; silences longer than PAUSE are not counted."""

    review_id: str
    decided_at: dt.datetime
    minutes: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """A case that was drawn, and what its re-inspection found: `found` is right, missed, or empty where it was not done yet."""

    review: ReviewRow
    found: str
    actor: str
    at: dt.datetime | None
    reason: str


def is_drawn(review: ReviewRow, percent: int, seed: str) -> bool:
    """Whether a finished case in which nothing was found is to be inspected again; the same for the same id and seed, whoever asks."""
    quiet = not (review.blocking or review.major or review.minor) and review.state is State.DONE
    return quiet and review.purpose not in NOT_APPLICATIONS and draw(review.id, seed) < percent / 100


def draw(review_id: str, seed: str) -> float:
    """A number in [0, 1) that nobody can foresee without the seed: SHA-256 of both."""
    digest = hashlib.sha256(f"{seed}\0{review_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def dismissals(store: Store, since: dt.datetime) -> list[CheckShare]:
    """Per check, what holds of the words said since; the most dismissed first."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _words(store, since):
        counted[row.facts["check"]][row.verdict] += 1
    shares = [
        CheckShare(check, *(said[each] for each in (Verdict.CONFIRMED, Verdict.DISMISSED, Verdict.UNSURE)))
        for check, said in counted.items()
    ]
    return sorted(shares, key=lambda each: (-each.share, -each.said, each.check))


def corrections(store: Store, since: dt.datetime) -> list[FieldCount]:
    """Per field of a kind of paper, what was put right since and not taken back; the most often first."""
    found: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for row in _fields(store, since):
        found[row.facts["kind"], row.facts["name"]].append(row.facts)
    counts = [
        FieldCount(
            kind,
            name,
            sum(facts["corrected"] is not None for facts in all_facts),
            sum(facts["corrected"] is None for facts in all_facts),
            sum(facts["confidence"] for facts in all_facts) / len(all_facts),
        )
        for (kind, name), all_facts in found.items()
    ]
    return sorted(counts, key=lambda each: (-each.corrected - each.illegible, each.kind, each.name))


def minutes(store: Store, since: dt.datetime) -> list[CaseTime]:
    """The time that each case took that was decided since, in the order of the decisions."""

    def work(connection: Connection) -> tuple[Sequence[Any], dict[str, list[dt.datetime]]]:
        decided = connection.execute(
            sa.select(DECIDED.c.review_id, DECIDED.c.at).where(DECIDED.c.at >= since).order_by(DECIDED.c.at)
        ).all()
        steps: dict[str, list[dt.datetime]] = defaultdict(list)
        mine = sa.select(DECIDED.c.review_id).where(DECIDED.c.at >= since)
        for table in (OPENINGS, VERDICTS, ACTS):
            for row in connection.execute(sa.select(table.c.review_id, table.c.at).where(table.c.review_id.in_(mine))):
                steps[row.review_id].append(row.at)
        return decided, steps

    decided, steps = store.database.read(work)
    return [
        CaseTime(row.review_id, row.at, _spent(at for at in steps[row.review_id] if at <= row.at)) for row in decided
    ]


def inspections(store: Store, percent: int, seed: str, limit: int = 200) -> list[Inspection]:
    """The cases drawn of those in which nothing was found, newest first; at most `limit`."""
    quiet = sa.and_(REVIEWS.c.blocking == 0, REVIEWS.c.major == 0, REVIEWS.c.minor == 0)
    question = (
        sa.select(REVIEWS)
        .where(REVIEWS.c.state == State.DONE, quiet, REVIEWS.c.purpose.not_in(NOT_APPLICATIONS))
        .order_by(REVIEWS.c.created_at.desc())
    )

    def work(connection: Connection) -> tuple[list[ReviewRow], dict[str, Any]]:
        ids = [row for row in connection.execute(question) if draw(row.id, seed) < percent / 100][:limit]
        acts = sa.select(ACTS).where(ACTS.c.kind == Kind.INSPECTION, ACTS.c.review_id.in_([row.id for row in ids]))
        return rows_with_files(connection, ids), {
            act.review_id: act for act in connection.execute(acts.order_by(ACTS.c.number))
        }

    reviews, done = store.database.read(work)
    return [
        Inspection(row, act.decision, act.actor, act.at, act.reason)
        if (act := done.get(row.id))
        else Inspection(row, "", "", None, "")
        for row in reviews
    ]


def pairs(store: Store, since: dt.datetime) -> Iterator[Json]:
    """Labelled pairs for calibration: what the machine said, and what a person said of it, of findings and of fields."""
    for row in _words(store, since):
        yield {
            "label": "finding",
            "review": row.review_id,
            "fingerprint": row.subject,
            "verdict": row.verdict,
            **row.facts,
        }
    for row in _fields(store, since):
        yield {"label": "field", "review": row.review_id, "place": row.subject, **row.facts}


def _words(store: Store, since: dt.datetime) -> Sequence[Any]:
    """The labels of the words that hold, with the word."""
    newest = (
        sa.select(VERDICTS.c.review_id, VERDICTS.c.fingerprint, sa.func.max(VERDICTS.c.version).label("version"))
        .group_by(VERDICTS.c.review_id, VERDICTS.c.fingerprint)
        .subquery()
    )
    same = sa.and_(
        VERDICTS.c.review_id == newest.c.review_id,
        VERDICTS.c.fingerprint == newest.c.fingerprint,
        VERDICTS.c.version == newest.c.version,
    )
    labelled = sa.and_(
        LABELS.c.kind == "finding",
        LABELS.c.review_id == VERDICTS.c.review_id,
        LABELS.c.subject == VERDICTS.c.fingerprint,
        LABELS.c.version == VERDICTS.c.version,
    )
    question = (
        sa.select(LABELS.c.review_id, LABELS.c.subject, LABELS.c.facts, VERDICTS.c.verdict)
        .select_from(VERDICTS)
        .join(newest, same)
        .join(LABELS, labelled)
        .where(VERDICTS.c.verdict.is_not(None), VERDICTS.c.at >= since)
        .order_by(LABELS.c.review_id, LABELS.c.subject)
    )
    return store.database.read(lambda connection: connection.execute(question).all())


def _fields(store: Store, since: dt.datetime) -> Sequence[Any]:
    """The labels of the corrections that nobody took back."""
    undo = ACTS.alias("undo")
    taken_back = sa.exists().where(
        undo.c.review_id == LABELS.c.review_id, undo.c.kind == Kind.UNDO, undo.c.about == LABELS.c.version
    )
    question = (
        sa.select(LABELS.c.review_id, LABELS.c.subject, LABELS.c.facts)
        .where(LABELS.c.kind == "field", LABELS.c.at >= since, ~taken_back)
        .order_by(LABELS.c.review_id, LABELS.c.version)
    )
    return store.database.read(lambda connection: connection.execute(question).all())


def _spent(steps: Iterable[dt.datetime]) -> float:
    gaps = (after - before for before, after in pairwise(sorted(steps)))
    return sum((gap for gap in gaps if gap <= PAUSE), dt.timedelta()).total_seconds() / 60
