"""What phrases of papers mean once they are read: 限制范围, 经营范围 and 授权签字领域 as values."""

from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How a limit limits: only these, all but these, a bound, a range, a part that is not named, or words of unknown force."""

    ONLY = "only"
    EXCEPT = "except"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    PART = "part"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Limit:
    """限制范围: one limit of a row, or of one of its standards where `standard` holds its key.

    ONLY and EXCEPT name `values`, folded by `text.key`, with methods and parts of a standard in digits (第1法). AT_MOST, AT_LEAST and
    BETWEEN bound `what` (empty = the quantity itself) by `low` and `high` in `unit` as printed; `open` bounds are not reached
    themselves. PART and WORDS keep their words in `values`.
    """

    mode: Mode
    values: frozenset[str] = frozenset()
    what: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    open: bool = False
    standard: str | None = None


class ActivityKind(StrEnum):
    """What an activity of a business scope is: testing, the trade in instruments and techniques of testing, or anything else."""

    TESTING = "testing"
    TRADE = "trade"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a 经营范围. `section` is 许可项目 or 一般项目 where the scope is divided, else empty.

    `excluded` activities are named to say that they are not allowed (不含检验检测). `span` holds the offsets in the text read.
    """

    text: str
    kind: ActivityKind
    excluded: bool
    section: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SigningField:
    """授权签字领域: everything, or the named areas; never `exceptions`. Names are folded by `text.key`, without words that name no area.

    Neither `everything` nor an area: the words name none.
    """

    everything: bool
    areas: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
