"""Registries run behind: a paper newer than the day up to which one surely knows may be right where the two differ."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

from models.case import Case
from models.field import Field, Snapshot
from models.finding import Bilingual, Outcome, Remark
from models.papers import BusinessLicence
from models.records import RegistryKind

_SATURDAY = 5


def with_lag(case: Case, remark: Remark) -> Remark:
    """The same remark; a mismatch with a registry that may not know yet of what the paper says tells so."""
    if remark.outcome is not Outcome.MISMATCH:
        return remark
    for side in (remark.left, remark.right):
        for evidence in side.evidence if side is not None else ():
            if isinstance(evidence, Snapshot) and evidence.as_of:
                known = known_until(evidence)
                dated = max(_days(case, evidence.registry), default=None)
                if dated is not None and dated > known:
                    return dataclasses.replace(remark, message=_told(remark.message, evidence, known, dated))
    return remark


def known_until(snapshot: Snapshot) -> dt.date:
    """The last day of which the registry surely knows: its own, less the working days by which it runs behind (holidays not counted)."""
    day = dt.date.fromisoformat(snapshot.as_of[:10])
    left = snapshot.lag_days
    while left > 0:
        day -= dt.timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def _days(case: Case, registry: str) -> Iterator[dt.date]:
    """The days on which papers that repeat what is registered there were made."""
    fields: list[Field[dt.date] | None] = []
    if registry == RegistryKind.ENTERPRISES:
        fields = [licence.issued_on for licence in case.all(BusinessLicence)]
    elif registry in {RegistryKind.CNAS, RegistryKind.CNAS_ROWS}:
        fields = [annex.issued_on for annex in case.annexes]
    return (field.value for field in fields if field is not None and field.value is not None)


def _told(message: Bilingual, snapshot: Snapshot, known: dt.date, dated: dt.date) -> Bilingual:
    return Bilingual(
        f"{message.zh}（材料制发于 {dated}，登记数据截至 {snapshot.as_of}、可靠至 {known}，登记数据可能滞后，请核对最新登记。）",
        f"{message.en} (The paper is of {dated}; the registry, as of {snapshot.as_of} and sure up to {known}, may lag: look it up anew.)",
    )
