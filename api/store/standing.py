"""How a case stands: what people said and did on it so far, taken together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from api.store.acts import Act, Kind, effective, is_correction, newest, read_acts
from api.store.opened import Store
from api.store.reviews import ReviewRow
from api.store.verdicts import VerdictRow, all_verdicts
from models.decided import Correction, Decided, FinalWord, FindingWord, RowWord
from models.finding import Verdict
from models.report import Decision, Recommendation


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `number` is that of the newest act; the hashes name the report that counts, as judged after every correction."""

    review_id: str
    number: int
    report_sha256: str | None
    packed_sha256: str | None
    words: Mapping[str, FindingWord]
    versions: Mapping[str, int]
    """The version of the newest word on each finding, also where that word was taken back."""
    rows: Mapping[int, RowWord]
    corrections: Mapping[str, Correction]
    final: FinalWord | None
    inspection: Act | None = None
    acts: tuple[Act, ...] = field(default=(), repr=False)

    @property
    def words_said(self) -> int:
        """How many words were said on findings so far, those taken back among them."""
        return sum(self.versions.values())

    @property
    def decided(self) -> Decided:
        """What people decided, to make documents from."""
        return Decided(
            tuple(self.words.values()), tuple(self.rows.values()), tuple(self.corrections.values()), self.final
        )


def standing(store: Store, review: ReviewRow) -> Standing:
    """How a case stands at this moment."""

    def work(connection: Connection) -> tuple[list[VerdictRow], list[Act]]:
        return all_verdicts(connection, review.id), read_acts(connection, review.id)

    return _standing(review, *store.database.read(work))


def report_bytes(store: Store, now: Standing) -> bytes | None:
    """The report that counts, as JSON."""
    return None if now.report_sha256 is None else store.blobs.get(now.report_sha256)


def packed_bytes(store: Store, now: Standing) -> bytes | None:
    """The report that counts, packed."""
    return None if now.packed_sha256 is None else store.blobs.get(now.packed_sha256)


def _standing(review: ReviewRow, words: Iterable[VerdictRow], acts: list[Act]) -> Standing:
    held = effective(acts)
    rows = {
        row: RowWord(row, Decision(act.decision or ""), act.reason, act.actor, act.at, act.number)
        for act in held
        if act.kind is Kind.ROWS
        for row in act.rows
    }
    corrections = {
        act.place: Correction(act.place, act.value, act.before, act.reason, act.actor, act.at, act.number)
        for act in held
        if act.kind is Kind.CORRECTION
    }
    rejudged = next((act for act in reversed(acts) if is_correction(act, acts)), None)
    kept = rejudged if rejudged is not None and rejudged.packed_sha256 is not None else review
    spoken, versions = _words(words)
    return Standing(
        review.id,
        newest(acts),
        kept.report_sha256,
        kept.packed_sha256,
        spoken,
        versions,
        rows,
        corrections,
        _final(held),
        next((act for act in reversed(held) if act.kind is Kind.INSPECTION), None),
        tuple(acts),
    )


def _words(said: Iterable[VerdictRow]) -> tuple[dict[str, FindingWord], dict[str, int]]:
    """The word that holds on each finding; of dismissals in a row the first is the word, the next one by another person agrees."""
    words: dict[str, FindingWord] = {}
    versions: dict[str, int] = {}
    for row in said:
        versions[row.fingerprint] = row.version
        before = words.pop(row.fingerprint, None)
        if row.verdict is None:
            continue
        word = FindingWord(row.fingerprint, row.version, row.verdict, row.reason, row.actor, row.at)
        if before is not None and before.verdict is row.verdict is Verdict.DISMISSED:
            agreed = before.seconded_by or (row.actor if row.actor != before.by else "")
            word = FindingWord(row.fingerprint, row.version, row.verdict, before.reason, before.by, before.at, agreed)
        words[row.fingerprint] = word
    return words, versions


def _final(held: Collection[Act]) -> FinalWord | None:
    final = next((act for act in held if act.kind is Kind.FINAL), None)
    if final is None:
        return None
    agreed = next((act for act in held if act.kind is Kind.SECOND and act.about == final.number), None)
    return FinalWord(
        Recommendation(final.decision or ""),
        final.reason,
        final.actor,
        final.at,
        final.number,
        final.needs_second,
        agreed.actor if agreed else "",
        agreed.at if agreed else None,
    )
