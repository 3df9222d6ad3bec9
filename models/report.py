"""The discrepancy report: findings, the decision proposed for each row, and what was used to reach them."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from models.field import Snapshot
from models.finding import Bilingual, Finding
from models.papers import Paper
from models.papers.capability import CapabilityRow


class Recommendation(StrEnum):
    """What the machine recommends; it never decides."""

    APPROVE = "approve"
    APPROVE_IN_PART = "approve_in_part"
    CORRECT = "correct"
    REFUSE_ROUTE = "refuse_route"
    HUMAN = "human"


class Decision(StrEnum):
    """What is proposed for one claimed row."""

    ISSUE = "issue"
    EXCLUDE = "exclude"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class RowDecision:
    """One claimed row and what is proposed for it; `reasons` are check ids, `suggestion` the standard to apply for instead.

    `said` is the reason of a person who decided on the row; empty where none did.
    """

    row: CapabilityRow
    decision: Decision
    reasons: tuple[str, ...] = ()
    suggestion: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, page or registry that could not be used. `page` is None where the whole file is meant."""

    file: str
    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What produced the report: versions of code, rules and engine, the registry snapshots, wall seconds."""

    code: str
    rules: str
    engine: str
    registries: tuple[Snapshot, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What `review` returns. Findings stand worst first."""

    recommendation: Recommendation
    why: Bilingual
    as_of: dt.date
    findings: tuple[Finding, ...]
    rows: tuple[RowDecision, ...]
    papers: tuple[Paper, ...]
    run: RunInfo
    problems: tuple[Problem, ...] = field(default=())
