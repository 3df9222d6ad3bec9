"""The places and rows of an application: which site the form means, and which accredited site that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matchers.addresses import compare_addresses
from matchers.capabilities import Pairing, align, rows_with, site_key
from matchers.rules import Rules
from matchers.sides import side_of
from models.case import Case
from models.field import Field
from models.finding import Outcome, Side
from models.papers import ApplicationForm, CapabilityRow, Section, Site

ISSUED_SECTIONS = (Section.TESTING, Section.INSPECTION)
"""What a CMA certificate may list; calibration is no testing."""


@dataclass(frozen=True, slots=True)
class AppliedSite:
    """A place of work as a paper names it: its letter (None where it has none), its address, and how a report shows it."""

    code: str | None
    field: Field[str]
    side: Side
    subject: str


def applied_sites(form: ApplicationForm) -> tuple[AppliedSite, ...]:
    """The sites that the form lists; without such a list its own address."""
    if form.sites:
        return tuple(_site("申请书场所", site) for site in form.sites)
    return (_whole("申请书地址", form.address),) if form.address is not None else ()


def accredited_sites(case: Case) -> tuple[AppliedSite, ...]:
    """The sites of every annex; without any, the address on the certificate."""
    sites = tuple(_site("CNAS 附件场所", site) for annex in case.annexes for site in annex.sites)
    if sites or case.certificate is None:
        return sites
    return (_whole("CNAS 认可证书地址", case.certificate.address),)


def rows_at(case: Case, site: AppliedSite) -> tuple[int, ...]:
    """Indices of the claimed rows at that site; every row where the application has one site only."""
    form = case.application
    alone = form is not None and len(applied_sites(form)) == 1
    letter = site_key(site.code)
    return tuple(index for index, row in enumerate(case.claimed_rows) if alone or site_key(row.site) == letter)


def site_letters(case: Case) -> dict[str, str]:
    """The form's letter of a site -> the annex's letter of the same address; letters without a counterpart are left out."""
    form = case.application
    letters: dict[str, str] = {}
    for site in applied_sites(form) if form is not None else ():
        for other in accredited_sites(case):
            mine, theirs = site.field.value or "", other.field.value or ""
            if mine and theirs and compare_addresses(mine, theirs).outcome is not Outcome.MISMATCH:
                letters.setdefault(site_key(site.code), site_key(other.code))
    return letters


def testing_rows(case: Case) -> tuple[tuple[int, CapabilityRow], ...]:
    """The claimed rows that a CMA certificate may list, each with its index among all claimed rows."""
    return case.once(_testing_rows)


def _testing_rows(case: Case) -> tuple[tuple[int, CapabilityRow], ...]:
    return tuple((index, row) for index, row in enumerate(case.claimed_rows) if row.section in ISSUED_SECTIONS)


def accredited_rows(case: Case) -> tuple[CapabilityRow, ...]:
    """The Chinese annex rows that a CMA certificate may list."""
    return case.once(_accredited_rows)


def _accredited_rows(case: Case) -> tuple[CapabilityRow, ...]:
    return tuple(row for row in case.accredited_rows if row.section in ISSUED_SECTIONS)


def unread_in_annexes(case: Case) -> list[tuple[str, tuple[int, ...]]]:
    """The pages that could not be read in files with annexes, by the name of the file."""
    annexed = {annex.source.sha256 for annex in case.annexes}
    return [(file.file, file.unread_pages) for file in case.files if file.sha256 in annexed and file.unread_pages]


def unread_annex_pages(case: Case) -> str:
    """The same in words; empty where every page was read."""
    return "、".join(f"“{name}”第{'、'.join(map(str, pages))}页" for name, pages in unread_in_annexes(case))


def accredited_pairings(case: Case, rules: Rules) -> dict[int, list[Pairing]]:
    """The pairings of each claimed row with `accredited_rows`, worked out once for a case."""
    return case.once(_accredited_pairings, rules)


def _accredited_pairings(case: Case, rules: Rules) -> dict[int, list[Pairing]]:
    return rows_with(claimed_pairings(case, accredited_rows(case), rules))


def claimed_pairings(case: Case, accredited: Sequence[CapabilityRow], rules: Rules) -> list[Pairing]:
    """Every claimed row against the accredited ones; `claimed` counts among all claimed rows, sites by the annex's letters."""
    letters, rows = site_letters(case), testing_rows(case)
    placed = [_at(row, letters.get(site_key(row.site))) for _, row in rows]
    pairings = align(placed, accredited, object_likeness=rules.object_likeness)
    if len(rows) == len(case.claimed_rows):
        return pairings
    return [replace(pairing, claimed=rows[pairing.claimed][0]) for pairing in pairings]


def _at(row: CapabilityRow, letter: str | None) -> CapabilityRow:
    """The row at the accredited site of that letter; as it is where the form's letter means the same or nothing."""
    return row if letter is None or letter == site_key(row.site) else replace(row, site=letter)


def _site(label: str, site: Site) -> AppliedSite:
    field = Field(site.address or None, site.address, site.evidence, site.confidence, site.origin)
    name = f"{label}{f' {site.code}' if site.code else ''}"
    return AppliedSite(site.code, field, side_of(name, field), name)


def _whole(label: str, field: Field[str]) -> AppliedSite:
    return AppliedSite(None, field, side_of(label, field), label)
