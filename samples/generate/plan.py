"""What kind of case to invent."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of case to invent. None and 0 leave the choice to the seed; `claim` is the share of accredited rows applied for."""

    entity: str | None = None
    form: str | None = None
    generation: str | None = None
    sites: int = 0
    objects: int = 0
    parameters: int = 0
    groups: tuple[str, ...] = ()
    """Only objects with one of these groups of parameters; empty = any."""
    english: bool = False
    calibration: bool = False
    holds_cma: bool = False
    english_certificate: bool = False
    claim: float = 0.7
    carry: str | None = None
    ruling: str | None = None
    split_rows: bool = True
    unit: str = ""
    """Suffix of the accredited unit where it is not the legal person itself, such as 检测中心."""
    as_of: dt.date = dt.date(2026, 11, 1)
