"""What a check says: outcome, severity, both sides of the comparison, the law it rests on."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from models.field import Evidence
from models.layout import Origin


class Outcome(StrEnum):
    """What the machine found; the human's word is a `Verdict`."""

    MATCH = "match"
    TOLERATED = "tolerated"
    MISMATCH = "mismatch"
    UNREADABLE = "unreadable"
    NOT_PROVIDED = "not_provided"
    NOT_APPLICABLE = "not_applicable"
    SOURCE_UNAVAILABLE = "source_unavailable"
    ERROR = "error"


class Severity(StrEnum):
    """阻断 cannot be issued by this route; 重要 a human must decide; 提示 worth knowing."""

    BLOCKING = "blocking"
    MAJOR = "major"
    MINOR = "minor"

    def lowered(self) -> "Severity":
        """One step milder."""
        return Severity.MAJOR if self is Severity.BLOCKING else Severity.MINOR


class Verdict(StrEnum):
    """The human's word on a finding."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A sentence for people, Chinese first."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from. `verified` is False (待核) while the wording was not checked against the official text."""

    instrument: str
    clause: str = ""
    edition: str = ""
    url: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the value as compared, the text as printed, where it stands, how sure it is."""

    label: str
    value: str | None
    text: str = ""
    origin: Origin | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two values agree: `score` in [0, 1], the parts that were compared, and the tolerance that was applied, if any.

    `misread` is whether values that differ do so as a recogniser's reading may differ from the print, in nothing that tells one thing
    from another: a mismatch in print, tolerated where one side was recognised.
    """

    outcome: Outcome
    score: float
    detail: Bilingual
    tolerance: str = ""
    parts: tuple[tuple[str, str, str, float], ...] = ()
    """(part, left, right, score) in the order in which they were compared."""
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule yields; the runner adds the rule itself. `rows` are indices of the claimed rows that it concerns."""

    outcome: Outcome
    message: Bilingual
    left: Side | None = None
    right: Side | None = None
    comparison: Comparison | None = None
    advice: Bilingual | None = None
    severity: Severity | None = None
    rows: tuple[int, ...] = ()
    subject: str = ""
    """What the remark is about where a check yields several (a site, a standard, a row); part of the fingerprint."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with its rule: what the report shows."""

    check: str
    title: Bilingual
    outcome: Outcome
    severity: Severity
    message: Bilingual
    basis: tuple[Basis, ...]
    left: Side | None = None
    right: Side | None = None
    comparison: Comparison | None = None
    advice: Bilingual | None = None
    rows: tuple[int, ...] = ()
    subject: str = ""
    suspected_misreading: bool = False

    @property
    def fingerprint(self) -> str:
        """Stable over runs on the same papers: check, subject and both values, not confidence or wording."""
        parts = (
            self.check,
            self.outcome,
            self.subject,
            (self.left and self.left.value) or "",
            (self.right and self.right.value) or "",
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    @property
    def is_objection(self) -> bool:
        """True where a person must look: anything that is not a match, tolerated or not applicable, and above 提示."""
        settled = {Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE}
        return self.outcome not in settled and self.severity is not Severity.MINOR
