"""DU-02 to DU-05: what the applicant shares with others, or holds already."""

from dataclasses import replace

from matchers.page_prints import LEAST, page_prints
from models.case import Case, Sighting, SightingKind
from models.finding import Outcome, Severity
from models.papers import (
    ApplicationForm,
    CapabilityRow,
    CmaAnnex,
    CmaCertificate,
    CnasAnnex,
    CnasCertificate,
    LegalEntity,
    Site,
)
from tests.matchers.audited import CMA_NUMBER, HELD, cma_annex, cma_record, held_case
from tests.matchers.factory import (
    ADDRESS,
    CODE,
    NUMBER,
    OTHER_CODE,
    ROWS,
    accreditation,
    annex,
    answered,
    certificate,
    field,
    form,
    licence,
    make_case,
    row,
    run,
    said,
    scope_record,
    unavailable,
)
from tests.matchers.faults_scope import OTHER, met

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
SILENT, UNREAD = Outcome.SOURCE_UNAVAILABLE, Outcome.UNREADABLE
B, M, N = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR


def directory(code: str) -> dict[str, object]:
    return {"cnas": answered("cnas", accreditation(unified_social_credit_code=code))}


def seen(kind: SightingKind, value: str, code: str = OTHER_CODE, case: Case | None = None) -> Case:
    return replace(case or make_case(), elsewhere=met(kind, value, code))


def test_du_02() -> None:
    assert said("DU-02", make_case()) == [(NA, M)]
    assert said("DU-02", make_case(**directory(CODE.lower()))) == []
    assert said("DU-02", make_case(**directory(OTHER_CODE))) == [(X, B)]
    parent = form(legal_entity=LegalEntity(field(OTHER), unified_social_credit_code=field(OTHER_CODE)))
    assert said("DU-02", make_case(parent, **directory(OTHER_CODE))) == [(T, B)]
    same = form(legal_entity=LegalEntity(field(OTHER), unified_social_credit_code=field(CODE)))
    assert said("DU-02", make_case(same, **directory(CODE))) == []
    nobody = make_case(
        licence(unified_social_credit_code=field(None)), form(unified_social_credit_code=None), **directory(CODE)
    )
    assert said("DU-02", nobody) == [(NA, M)]
    assert said("DU-02", make_case(without=[ApplicationForm], **directory(CODE))) == []


def test_du_02_in_another_case() -> None:
    assert said("DU-02", seen(SightingKind.ACCREDITATION, NUMBER.replace("CNAS ", ""))) == [(X, B)]
    assert said("DU-02", seen(SightingKind.ACCREDITATION, NUMBER, CODE)) == [(NA, M)]
    assert said("DU-02", seen(SightingKind.ACCREDITATION, "CNAS L1234")) == [(NA, M)]


def test_du_02_without() -> None:
    assert said("DU-02", make_case(**unavailable("cnas"))) == [(SILENT, M)]
    assert said("DU-02", make_case(cnas=answered("cnas"))) == [(NA, M)]
    unread = make_case(certificate(registration_number=field(None)), without=[CnasAnnex, ApplicationForm])
    assert said("DU-02", unread) == [(UNREAD, M)]
    bare = make_case(form(cnas_number=None), without=[CnasCertificate, CnasAnnex])
    assert said("DU-02", bare) == [(NA, M)]


def test_du_03() -> None:
    assert said("DU-03", make_case()) == []
    twice = form(source=replace(form().source, file="copy.pdf", sha256=licence().source.sha256))
    assert said("DU-03", make_case(twice)) == [(X, N)]
    assert said("DU-03", seen(SightingKind.FILE, licence().source.sha256)) == [(X, M)]
    assert said("DU-03", seen(SightingKind.FILE, licence().source.sha256, CODE)) == []
    assert said("DU-03", seen(SightingKind.FILE, "0" * 64)) == []
    assert said("DU-03", Case((), make_case().registries, make_case().as_of)) == [(NA, M)]
    (unknown,) = run("DU-03", make_case())
    assert "未与其他案件比对" in unknown.message.zh
    (known,) = run("DU-03", replace(make_case(), elsewhere=()))
    assert "未与其他案件比对" not in known.message.zh


def test_du_03_pages_of_another_body() -> None:
    rows = tuple(row(n, "水分", f"GB 5009.{n + 3}-2016") for n in range(LEAST))
    (printed,) = page_prints(
        (r.evidence[0].page, r.parameter_number, [s.key for s in r.standards]) for r in rows
    ).values()
    copied = make_case(annex(rows=rows))
    met = Sighting(SightingKind.PAGE, printed, "另一家", OTHER_CODE, "2026-0042")
    (found,) = run("DU-03", replace(copied, elsewhere=(met,)))
    assert (found.outcome, found.severity, found.right and found.right.value) == (X, M, "2026-0042")
    assert "另一家" in found.message.zh
    assert said("DU-03", replace(copied, elsewhere=(replace(met, unified_social_credit_code=CODE),))) == []
    shifted = tuple(replace(r, parameter_number=f"2.{n}") for n, r in enumerate(rows))
    assert said("DU-03", replace(make_case(annex(rows=shifted)), elsewhere=(met,))) == []
    assert said("DU-03", replace(make_case(annex(rows=rows[1:])), elsewhere=(met,))) == []


def holding(*rows: CapabilityRow, **more: object) -> Case:
    return held_case(cma_annex(rows=rows), **more)  # type: ignore[arg-type]


def test_du_04() -> None:
    assert said("DU-04", make_case()) == [(NA, N)]
    assert said("DU-04", holding(HELD)) == []
    (found,) = run("DU-04", holding(ROWS[0], HELD))
    assert (found.outcome, found.severity, found.rows) == (X, N, (0,))
    assert CMA_NUMBER in found.message.zh
    assert said("DU-04", holding(replace(ROWS[1], language="en"))) == []
    renewed = held_case(cma_annex(rows=ROWS), form(application_type=field("复查")))
    assert said("DU-04", renewed) == [(T, N)]


def test_du_04_only_within_the_limits_held() -> None:
    wider = held_case(
        cma_annex(rows=(ROWS[0],)), form(application_type=field("扩项"), rows=(replace(ROWS[0], limits=()),))
    )
    assert said("DU-04", wider) == []


def test_du_04_at_several_sites_needs_the_site() -> None:
    several = form(
        application_type=field("扩项"), sites=(Site("A", ADDRESS), Site("B", "海南省三亚市吉阳区荔枝沟路9号"))
    )
    assert said("DU-04", held_case(cma_annex(rows=(replace(ROWS[1], site=None),)), several)) == []
    assert said("DU-04", held_case(cma_annex(rows=(ROWS[1],)), several)) == [(X, N)]


def test_du_04_by_the_register() -> None:
    issued = {"cma": answered("cma", cma_record())}
    rows = {
        "cma_rows": answered(
            "cma_rows", scope_record(ROWS[1], owner=CMA_NUMBER), scope_record(ROWS[0], owner="242100200009")
        )
    }
    extension = form(application_type=field("扩项"))
    (found,) = run("DU-04", make_case(extension, **issued, **rows))
    assert found.rows == (1,)
    assert said("DU-04", make_case(extension, **issued, **unavailable("cma_rows"))) == [(SILENT, N)]
    assert said("DU-04", make_case(extension, **unavailable("cma"))) == [(SILENT, N)]
    assert said("DU-04", make_case(form(application_type=None), **issued, **rows)) == [(X, N)]
    assert said("DU-04", held_case(form(rows=()), annex(rows=()), without=[CmaAnnex])) == [(NP, N)]
    assert said("DU-04", held_case(cma_annex(rows=()), without=[CmaCertificate])) == []
    assert said("DU-04", make_case(without=[ApplicationForm])) == [(NP, N)]


def another(address: str = ADDRESS, **more: object) -> Case:
    record = cma_record(
        number="242100200002", name=OTHER, address=address, **{"unified_social_credit_code": OTHER_CODE, **more}
    )
    return make_case(cma=answered("cma", record))


def test_du_05() -> None:
    assert said("DU-05", make_case()) == []
    assert said("DU-05", another()) == [(X, M)]
    assert said("DU-05", another(ADDRESS.removeprefix("海南省").replace("栋", "幢"))) == [(X, M)]
    assert said("DU-05", another("海南省海口市龙华区滨涯路18号")) == []
    assert said("DU-05", another(ADDRESS.replace("501", "502"))) == []
    assert said("DU-05", another(status="注销")) == []
    assert said("DU-05", another(unified_social_credit_code=CODE)) == []
    assert said("DU-05", another(unified_social_credit_code="")) == []
    assert said("DU-05", another("")) == []
    assert said("DU-05", seen(SightingKind.PLACE, ADDRESS)) == [(X, M)]


def test_du_05_without() -> None:
    assert said("DU-05", make_case(**unavailable("cma"))) == [(SILENT, M)]
    assert said("DU-05", make_case(without=[ApplicationForm])) == [(NP, M)]
    assert said("DU-05", make_case(form(sites=(), address=None))) == [(NA, M)]
