"""What is judged together: the papers of one application, what the registries said, and the day of judgement."""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, cast

from models.file_facts import FileFacts
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
T = TypeVar("T")


class Purpose(StrEnum):
    """Why the papers are judged: an application that awaits its decision, or a certificate that was issued."""

    APPLICATION = "application"
    AUDIT = "audit"


class SightingKind(StrEnum):
    """What can be met again in another case: a file (by sha256), a page of an annex (by fingerprint), a signatory, a place, a number."""

    FILE = "file"
    PAGE = "page"
    SIGNATORY = "signatory"
    PLACE = "place"
    ACCREDITATION = "accreditation"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something of this case that another body's case holds too: the value, and the body, its credit code and the case there."""

    kind: SightingKind
    value: str
    body: str
    unified_social_credit_code: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Frozen and replayable: everything a check may look at, and no clock. `unread_files` are names of files that gave no paper.

    `files` are those that were read, as files. `elsewhere` is what other cases share with this one; None where no other case was looked at.
    """

    papers: tuple[Paper, ...]
    registries: Registries
    as_of: dt.date
    unread_files: tuple[str, ...] = ()
    purpose: Purpose = Purpose.APPLICATION
    elsewhere: tuple[Sighting, ...] | None = None
    files: tuple[FileFacts, ...] = ()
    _derived: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[..., T], *arguments: Hashable) -> T:
        """`make(self, *arguments)`, worked out at the first call and kept with the case; `make` must be pure."""
        asked = (make, *arguments)
        if asked not in self._derived:
            self._derived[asked] = make(self, *arguments)
        return cast(T, self._derived[asked])

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
        return self.once(_accredited_rows)

    @property
    def claimed_rows(self) -> tuple[CapabilityRow, ...]:
        """The rows to decide on: what the application form claims; without such a table, what CNAS accredited."""
        return self.once(_claimed_rows)

    def sightings(self, kind: SightingKind) -> tuple[Sighting, ...]:
        """What other cases share with this one, of one kind; empty also where none was looked at."""
        return tuple(sighting for sighting in self.elsewhere or () if sighting.kind is kind)


def _accredited_rows(case: Case) -> tuple[CapabilityRow, ...]:
    return tuple(row for annex in case.annexes for row in annex.rows if row.language == "zh")


def _claimed_rows(case: Case) -> tuple[CapabilityRow, ...]:
    claimed = tuple(row for form in case.all(ApplicationForm) for row in form.rows)
    return claimed or case.accredited_rows
