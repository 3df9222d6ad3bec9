"""How long what is kept, by kind of paper."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.errors import InputError

REVIEW, OTHER = "review", "other"
KINDS = (
    REVIEW,
    "business_licence",
    "cnas_certificate",
    "cnas_annex",
    "cma_certificate",
    "cma_annex",
    "application_form",
    "commitment_letter",
    OTHER,
)


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after a review has ended. `review` is the case as a whole, report and verdicts; `other` every paper that is not named."""

    days: Mapping[str, int] = field(default_factory=lambda: {REVIEW: 2_190, OTHER: 365})

    def until(self, kind: str | None, ended: dt.datetime) -> dt.datetime:
        """When a paper of that kind goes, never later than its case."""
        paper = self.days.get(kind or OTHER, self.days[OTHER])
        return ended + dt.timedelta(days=min(paper, self.days[REVIEW]))

    def case_until(self, ended: dt.datetime) -> dt.datetime:
        return ended + dt.timedelta(days=self.days[REVIEW])


def retention_of(text: str) -> Retention:
    """From `review=2190,business_licence=90,other=365`; what is not named keeps its default. InputError names what is wrong."""
    days = dict(Retention().days)
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, number = (side.strip() for side in part.partition("="))
        if kind not in KINDS or not number.isdecimal():
            raise InputError(
                f"保存期限 {part!r} 有误，应如 review=2190,business_licence=90；可用种类：{'、'.join(KINDS)}。 "
                f"The retention {part!r} is wrong; write KIND=DAYS with commas between."
            )
        days[kind] = int(number)
    return Retention(days)
