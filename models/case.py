"""What is judged together: the papers of one application, what the registries said, and the day of judgement."""

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CnasAnnex,
    CnasCertificate,
    Paper,
)
from models.records import Registries

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Case:
    """Frozen and replayable: everything a check may look at, and no clock. `unread_files` are names of files that gave no paper."""

    papers: tuple[Paper, ...]
    registries: Registries
    as_of: dt.date
    unread_files: tuple[str, ...] = ()

    def all(self, kind: type[P]) -> tuple[P, ...]:
        """The papers of one type, in the order of the files."""
        return tuple(paper for paper in self.papers if isinstance(paper, kind))

    def first(self, kind: type[P]) -> P | None:
        return next(iter(self.all(kind)), None)

    @property
    def licence(self) -> BusinessLicence | None:
        return self.first(BusinessLicence)

    @property
    def certificate(self) -> CnasCertificate | None:
        """The Chinese certificate where there is one (it prevails), else the English one."""
        certificates = self.all(CnasCertificate)
        return next((c for c in certificates if c.language == "zh"), next(iter(certificates), None))

    @property
    def annexes(self) -> tuple[CnasAnnex, ...]:
        return self.all(CnasAnnex)

    @property
    def application(self) -> ApplicationForm | None:
        return self.first(ApplicationForm)

    @property
    def accredited_rows(self) -> tuple[CapabilityRow, ...]:
        """Every Chinese capability row of every CNAS annex (the Chinese version prevails), in reading order."""
        return tuple(row for annex in self.annexes for row in annex.rows if row.language == "zh")

    @property
    def claimed_rows(self) -> tuple[CapabilityRow, ...]:
        """The rows to decide on: what the application form claims; without such a table, what CNAS accredited."""
        claimed = tuple(row for form in self.all(ApplicationForm) for row in form.rows)
        return claimed or self.accredited_rows
