"""Folders of snapshots: what is listed, what is answered, what is missing, and the index that an import makes."""

import datetime as dt
import hashlib
import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from extractor.registries import import_snapshot, open_snapshots, read_manifest
from extractor.registries.index import read_meta
from models.errors import RegistryInvalid
from models.field import Field
from models.papers import ApplicationForm, CapabilityRow, CnasCertificate, LegalEntity, PaperSource, Section
from models.records import Registries, RegistryKind
from models.standards import find_all

DAY = dt.date(2026, 11, 22)
SOURCE = PaperSource("申请书.pdf", "0" * 64, (1,))
LIBRARY = "领域,标准名称,标准编号,备注\n食品检验,水分,GB 5009.3-2016,\n食品检验,水分,GB/T 5009.3-2003,废止\n食品检验,铅,GB 5009.12-2023,\n"
ENTERPRISES = (
    "统一社会信用代码,企业名称,登记状态,曾用名\n"
    "91460100MAA9ABC12W,海口椰风检测技术有限公司,存续,海口椰林检测有限公司\n"
    "91460000MA5TE5T076,海南蓝湾质检有限公司,注销,\n"
)


def folder(path: Path, **files: str) -> Path:
    """A snapshot folder: kind -> the text of its CSV."""
    path.mkdir(exist_ok=True)
    lines = []
    for kind, text in files.items():
        (path / f"{kind}.csv").write_text(text, "utf-8")
        lines += [f"[{kind}]", f'file = "{kind}.csv"', "as_of = 2026-10-31"]
    (path / "registry.toml").write_text("\n".join(lines), "utf-8")
    return path


def row(method: str) -> CapabilityRow:
    return CapabilityRow(0, Section.TESTING, None, None, "食品", None, "x", None, method, tuple(find_all(method)), None)


def form(name: str = "海口椰风检测技术有限公司", code: str = "", methods: Sequence[str] = ()) -> ApplicationForm:
    return ApplicationForm(
        SOURCE,
        name=Field(name, name),
        unified_social_credit_code=Field(code, code) if code else None,
        address=None,
        responsible_person=None,
        rows=tuple(map(row, methods)),
        signatories=(),
        sites=(),
    )


def ask(path: Path, *papers: ApplicationForm | CnasCertificate) -> Registries:
    return open_snapshots(path).answer(papers, DAY)


def test_only_what_the_papers_name_is_answered_with_its_snapshot(tmp_path: Path) -> None:
    folder(tmp_path, enterprises=ENTERPRISES, library=LIBRARY)
    answers = ask(tmp_path, form(methods=["食品中水分的测定 GB 5009.3-2016 第一法"]))
    assert [record.code for record in answers.library.records] == ["GB 5009.3-2016", "GB/T 5009.3-2003"]
    assert [record.unified_social_credit_code for record in answers.enterprises.records] == ["91460100MAA9ABC12W"]
    snapshot = answers.library.snapshot
    assert snapshot is not None
    assert (snapshot.registry, snapshot.as_of) == ("library", "2026-10-31")
    assert snapshot.sha256 == hashlib.sha256((tmp_path / "library.csv").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("海口椰风检测技术有限公司", ""),
        ("海口椰风检测技术 有限公司", ""),
        ("海口椰林检测有限公司", ""),  # its former name
        ("另一家", "91460100maa9abc12w"),
    ],
)
def test_entities_are_found_by_code_name_and_former_name(tmp_path: Path, name: str, code: str) -> None:
    answers = ask(folder(tmp_path, enterprises=ENTERPRISES), form(name, code))
    assert [record.name for record in answers.enterprises.records] == ["海口椰风检测技术有限公司"]


def test_legal_entities_are_asked_for_too(tmp_path: Path) -> None:
    folder(tmp_path, enterprises=ENTERPRISES)
    name = Field("海南蓝湾质检有限公司", "海南蓝湾质检有限公司")
    plain = form("某实验室")
    with_entity = ApplicationForm(SOURCE, plain.name, None, None, None, (), (), (), legal_entity=LegalEntity(name))
    unread: Field[str] = Field(None, "")
    certificate = CnasCertificate(
        SOURCE, unread, unread, unread, unread, Field(None, ""), Field(None, ""), "zh", legal_entity=name
    )
    assert not ask(tmp_path, plain).enterprises.records
    for paper in (with_entity, certificate):
        assert [record.name for record in ask(tmp_path, paper).enterprises.records] == ["海南蓝湾质检有限公司"]


def test_cma_rows_are_those_of_the_certificates_found_by_the_entity(tmp_path: Path) -> None:
    cma = "证书编号,机构名称,有效期至\n242120340529,海口椰风检测技术有限公司,2030-02-28\n"
    rows = "证书编号,类别,产品/项目/参数,依据标准\n242120340529,食品,铅,GB 5009.12-2023\n999999999999,食品,铅,GB 5009.12-2023\n"
    answers = ask(folder(tmp_path, cma=cma, cma_rows=rows), form())
    assert [record.owner for record in answers.cma_rows.records] == ["242120340529"]


def test_methods_without_a_number_are_found_by_their_text(tmp_path: Path) -> None:
    library = "领域,标准名称,标准编号,备注\n生态环境监测,某种自编方法,自编方法 HNJC-03,\n食品检验,铅,GB 5009.12-2023,\n"
    answers = ask(folder(tmp_path, library=library), form(methods=["自编方法HNJC-03"]))
    assert [record.code for record in answers.library.records] == ["自编方法 HNJC-03"]


def test_a_registry_that_was_not_given_is_unavailable_and_no_problem(tmp_path: Path) -> None:
    snapshots = open_snapshots(folder(tmp_path, library=LIBRARY))
    answers = snapshots.answer([form()], DAY)
    assert not answers.credit.available
    assert "credit" in answers.credit.unavailable
    assert answers.library.available
    assert answers.library.records == ()
    assert snapshots.problems() == ()
    assert not open_snapshots(None).answer([form()], DAY).library.available


@pytest.mark.parametrize("damage", ["missing", "not a table", "wrong columns"])
def test_a_registry_that_cannot_be_read_is_unavailable_and_a_problem(tmp_path: Path, damage: str) -> None:
    snapshots = open_snapshots(folder(tmp_path, library=LIBRARY, enterprises=ENTERPRISES))
    if damage == "missing":
        (tmp_path / "library.csv").unlink()
    else:
        (tmp_path / "library.csv").write_text('"' if damage == "not a table" else "甲,乙\n1,2\n", "utf-8")
    answers = snapshots.answer([form(methods=["GB 5009.3-2016"])], DAY)
    assert not answers.library.available
    assert answers.library.records == ()
    assert answers.enterprises.available
    (problem,) = snapshots.problems()
    assert (problem.file, problem.message) == ("library", answers.library.unavailable)


def test_a_file_that_is_not_listed_is_mentioned(tmp_path: Path) -> None:
    folder(tmp_path, library=LIBRARY)
    (tmp_path / "enterprises.xlsx").write_bytes(b"")
    (problem,) = open_snapshots(tmp_path).problems()
    assert (problem.code, problem.file) == ("registry_unlisted", "enterprises.xlsx")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "没有 registry.toml"),
        ("[library", "TOML 有误"),
        ('[library.columns]\n门类 = "domain"', "加引号"),
        ('[bibliotheca]\nfile = "a.csv"\nas_of = 2026-01-01', "bibliotheca"),
        ("[library]\nas_of = 2026-01-01", "缺少 file"),
        ('[library]\nfile = "a.csv"', "as_of"),
        ('[library]\nfile = "a.csv"\nas_of = "gestern"', "as_of"),
        ('[library]\nfile = "../a.csv"\nas_of = 2026-01-01', "必须在本目录内"),
        ('[library]\nfile = "a.csv"\nas_of = 2026-01-01\nsheet = 2', "sheet"),
        ('[library]\nfile = "a.csv"\nas_of = 2026-01-01\nlag_days = "3"', "lag_days"),
        ('[library]\nfile = "a.csv"\nas_of = 2026-01-01\ncolumns = {a = 1}', "表头"),
    ],
)
def test_a_wrong_list_says_what_belongs_there(tmp_path: Path, manifest: str | None, words: str) -> None:
    if manifest is not None:
        (tmp_path / "registry.toml").write_text(manifest, "utf-8")
    with pytest.raises(RegistryInvalid, match=words):
        open_snapshots(tmp_path)


def test_own_columns_are_mapped(tmp_path: Path) -> None:
    folder(tmp_path, library="门类,方法,代号,附记\n食品检验,水分,GB 5009.3-2016,废止\n")
    with (tmp_path / "registry.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('\n[library.columns]\n"门类" = "domain"\n"方法" = "title"\ncode = "代号"\nremark = "附记"\n')
    (record,) = ask(tmp_path, form(methods=["GB 5009.3-2016"])).library.records
    assert (record.domain, record.title, record.remark) == ("食品检验", "水分", "废止")


def test_an_import_answers_as_the_file_does(tmp_path: Path) -> None:
    plain = folder(tmp_path / "plain", library=LIBRARY, enterprises=ENTERPRISES)
    indexed = tmp_path / "indexed"
    for kind in (RegistryKind.LIBRARY, RegistryKind.ENTERPRISES):
        meta = import_snapshot(kind, plain / f"{kind.value}.csv", dt.date(2026, 10, 31), indexed)
        assert meta.count == len((plain / f"{kind.value}.csv").read_text("utf-8").splitlines()) - 1
    paper = form(methods=["GB 5009.3-2016", "GB 5009.12-2023"])
    expected, found = ask(plain, paper), ask(indexed, paper)
    assert found.library.records == expected.library.records
    assert found.enterprises.records == expected.enterprises.records
    assert found.library.snapshot is not None
    assert expected.library.snapshot is not None
    assert found.library.snapshot.sha256 == expected.library.snapshot.sha256


def test_a_plain_library_skips_no_code_that_is_meant(tmp_path: Path) -> None:
    codes = [
        "GB/T 5009.5-2016",
        "GB/T５００９.5—2016",
        "JJG(交通) 017-2009",
        "ASTM D5291-21",
        "T/HNAS 001-2023",
        "ISO 6579-1:2017",
    ]
    codes += [
        "DB46/ 475-2019",
        "DB4601/T 3-2021",
        "GBZ/T 300.7-2017",
        "US EPA3050B-1996",
        "《水和废水监测分析方法》(第四版增补版)国家环保总局 2002年",
    ]
    codes += [
        "中华人民共和国药典 2020年版 四部 通则0512",
        "农业部783号公告-1-2006",
        "自编方法 HNJC-03",
        "BJS 201701",
        "YY/T 0316-2016",
    ]
    lines = [f'食品检验,x,"{code}",' for code in codes] + [f"食品检验,x,GB {n}-2016," for n in range(60_000, 60_050)]
    folder(tmp_path, library="领域,标准名称,标准编号,备注\n" + "\n".join(lines))
    found = ask(tmp_path, form(methods=codes)).library.records
    assert [record.code for record in found] == codes


def test_a_second_import_takes_the_place_of_the_first_and_leaves_its_file(tmp_path: Path) -> None:
    source = tmp_path / "能力项目库.csv"
    for month, text in ((6, LIBRARY), (9, LIBRARY.replace("水分", "水分含量"))):
        source.write_text(text, "utf-8")
        import_snapshot(RegistryKind.LIBRARY, source, dt.date(2026, month, 1), tmp_path / "registry")
    (listed,) = read_manifest(tmp_path / "registry").values()
    assert (listed.as_of, listed.source) == (dt.date(2026, 9, 1), "能力项目库.csv")
    assert len(list((tmp_path / "registry").glob("*.sqlite"))) == 2
    assert open_snapshots(tmp_path / "registry").problems() == ()


def test_a_damaged_index_is_unavailable(tmp_path: Path) -> None:
    source = tmp_path / "library.csv"
    source.write_text(LIBRARY, "utf-8")
    import_snapshot(RegistryKind.LIBRARY, source, DAY, tmp_path / "registry")
    (index,) = (tmp_path / "registry").glob("*.sqlite")
    index.write_bytes(b"not a database" * 100)
    with pytest.raises(RegistryInvalid, match="重新导入"):
        read_meta(index)
    answers = ask(tmp_path / "registry", form(methods=["GB 5009.3-2016"]))
    assert not answers.library.available


def test_a_failed_import_leaves_nothing_behind(tmp_path: Path) -> None:
    source = tmp_path / "library.csv"
    source.write_text("甲,乙\n1,2\n", "utf-8")
    with pytest.raises(RegistryInvalid):
        import_snapshot(RegistryKind.LIBRARY, source, DAY, tmp_path / "registry")
    assert list((tmp_path / "registry").iterdir()) == []


def test_a_large_index_opens_and_answers_at_once(tmp_path: Path) -> None:
    random.seed(7)
    codes = [f"GB/T {random.randint(1, 9_000)}.{n % 9 + 1}-{random.randint(1990, 2025)}" for n in range(8_000)]
    source = tmp_path / "library.csv"
    source.write_text("领域,标准编号\n" + "\n".join(f"食品检验,{code}" for code in codes), "utf-8")
    import_snapshot(RegistryKind.LIBRARY, source, DAY, tmp_path / "registry")
    paper = form(methods=codes[:700])
    started = time.perf_counter()
    answers = ask(tmp_path / "registry", paper)
    assert time.perf_counter() - started < 1.0
    asked = {standard.series for row in paper.rows for standard in row.standards}
    assert {record.standard.series for record in answers.library.records if record.standard} == asked
