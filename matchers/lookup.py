"""Which registry record belongs to which paper, and by which number the papers name the accreditation."""

from functools import lru_cache

from models.case import Case
from models.codes import cnas_number, uscc
from models.field import Field
from models.papers import BusinessLicence
from models.records import AccreditationRecord, EnterpriseRecord


def same_code(left: str, right: str) -> bool:
    """Whether two 统一社会信用代码 are the same but for case, width and blanks; nothing else is tolerated."""
    return uscc.compact(left) == uscc.compact(right)


def enterprise_by_code(case: Case, code: str) -> EnterpriseRecord | None:
    """The registered entity with this 统一社会信用代码."""
    records = case.registries.enterprises.records
    return next((record for record in records if same_code(record.unified_social_credit_code, code)), None)


def enterprise_of(case: Case, licence: BusinessLicence) -> EnterpriseRecord | None:
    """The registered entity with the licence's code; None also where the code could not be read."""
    code = licence.unified_social_credit_code.value
    return enterprise_by_code(case, code) if code else None


def cnas_number_of(case: Case) -> Field[str] | None:
    """The registration number as the certificate, else the first annex, else the form has it; None where none has one."""
    papers = (case.certificate, *case.annexes)
    fields = [paper.registration_number for paper in papers if paper is not None]
    form = case.application
    if form is not None and form.cnas_number is not None:
        fields.append(form.cnas_number)
    return next((field for field in fields if field.value), fields[0] if fields else None)


def same_registration(left: str, right: str) -> bool:
    """Whether two CNAS numbers are the same: `No.CNAS L0856`, `L856` and `CNAS L0856` are."""
    return canonical_registration(left) == canonical_registration(right)


@lru_cache(maxsize=4096)
def canonical_registration(number: str) -> str:
    """The number in its canonical form; a text that is none, without blanks and label."""
    return cnas_number.validate(number) if cnas_number.is_valid(number) else cnas_number.compact(number)


def accreditation_by_number(case: Case, number: str) -> AccreditationRecord | None:
    """The entry of the CNAS directory with this number."""
    records = case.registries.cnas.records
    return next((record for record in records if same_registration(record.registration_number, number)), None)


def accreditation_of(case: Case) -> AccreditationRecord | None:
    """The directory's entry for the number on the papers; None where there is no entry or no readable number."""
    number = cnas_number_of(case)
    return accreditation_by_number(case, number.value) if number is not None and number.value else None
