"""The commands: what they print, what they write, and how they end."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import api.reading
from api import commands_registries, terminal
from api.cli import main
from models.errors import EncryptedPdf, OcrUnavailable
from models.layout import Document
from models.papers import BusinessLicence, CnasAnnex, CnasCertificate, Paper, PaperSource, UnknownPaper
from models.records import RegistryKind

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@pytest.fixture
def papers(licence: BusinessLicence, certificate: CnasCertificate, annex: CnasAnnex) -> dict[str, Paper]:
    """File name -> the paper that reading it gives."""
    return {
        "a.pdf": licence,
        "b.pdf": certificate,
        "c.pdf": annex,
        "x.pdf": UnknownPaper(PaperSource("x.pdf", "9" * 64, (1,))),
    }


@pytest.fixture
def run(papers: dict[str, Paper], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    def read(data: bytes, name: str, *_: object) -> Document:
        if data == b"locked":
            raise EncryptedPdf
        if data == b"no engine":
            raise OcrUnavailable
        return Document(name, "0" * 64, "application/pdf", 1, ())

    monkeypatch.setattr(api.reading.documents, "read", read)
    monkeypatch.setattr(api.reading, "parse", lambda document: (papers[document.name],))
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHENGSHEN_IN_PROCESS", "1")
    for name in papers:
        (tmp_path / name).write_bytes(name.encode())

    def invoke(*arguments: object) -> Result:
        words = [
            str(tmp_path / a) if str(a).endswith((".pdf", ".csv", ".html", ".xlsx")) else str(a) for a in arguments
        ]
        return CliRunner().invoke(main, words, prog_name="zhengshen")

    return invoke


def test_parse_prints_the_contracts_json(run: Run) -> None:
    result = run("parse", "a.pdf", "b.pdf", "--json")
    assert result.exit_code == terminal.NOTHING_TO_OBJECT
    assert [paper["kind"] for paper in json.loads(result.stdout)["papers"]] == ["business_licence", "cnas_certificate"]


def test_one_bad_file_is_a_problem_and_the_others_are_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"locked")
    result = run("parse", "a.pdf", "b.pdf", "--json")
    assert result.exit_code == terminal.UNUSABLE
    assert "b.pdf" in result.stderr
    shape = json.loads(result.stdout)
    assert [problem["code"] for problem in shape["problems"]] == ["encrypted_pdf"]
    assert len(shape["papers"]) == 1


def test_no_usable_file_ends_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"locked")
    assert run("parse", "a.pdf").exit_code == terminal.UNUSABLE
    result = run("review", "a.pdf")
    assert result.exit_code == terminal.UNUSABLE
    assert "已加密" in result.stderr


def test_an_unknown_paper_wants_a_look(run: Run) -> None:
    assert run("parse", "x.pdf").exit_code == terminal.LOOK


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("parse", "none.pdf"), "文件不存在"),
        (("parse",), "FILE"),
        (("review", "a.pdf", "--as-of", "yesterday"), "yesterday"),
        (("review", "a.pdf", "--registry", "/nowhere"), "登记数据目录不存在"),
        (("review", "a.pdf", "--application", "/nowhere.json"), "文件不存在"),
        (("review", "a.pdf", "--format", "xlsx"), "--output"),
        (("registry", "import", "library", "none.csv", "--as-of", "2026-06-01"), "不存在"),
        (("registry", "list"), "登记数据目录不存在"),
        (("evaluate", "/nowhere"), "truth.json"),
    ],
)
def test_input_that_cannot_be_used_ends_with_2_and_says_why(run: Run, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == terminal.UNUSABLE
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_fault_of_ours_ends_with_3_and_a_number_instead_of_a_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.inputs.uploads_in", fail)
    result = run("parse", "a.pdf")
    assert result.exit_code == terminal.OUR_FAULT
    assert "--debug" in result.stderr
    assert "Traceback" not in result.output
    assert isinstance(run("--debug", "parse", "a.pdf").exception, ZeroDivisionError)


def test_review_writes_every_form(run: Run, tmp_path: Path) -> None:
    arguments = ("review", "a.pdf", "b.pdf", "c.pdf", "--as-of", "2026-11-22")
    shape = json.loads(run(*arguments, "--json").stdout)
    assert shape["as_of"] == "2026-11-22"
    assert {finding["outcome"] for finding in shape["findings"]} >= {"source_unavailable"}
    assert shape["run"]["registries"] == []
    assert run(*arguments, "--output", "report.html").exit_code == terminal.LOOK
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert run(*arguments, "--output", "report.xlsx").exit_code == terminal.LOOK
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")
    assert "登记数据：无" in run(*arguments).stdout


def test_a_device_is_written_to_and_never_replaced(run: Run, tmp_path: Path) -> None:
    device = tmp_path / "device.html"
    device.symlink_to("/dev/null")
    assert run("review", "a.pdf", "--output", "device.html").exit_code == terminal.LOOK
    assert device.is_symlink()


def test_imported_registries_are_listed_and_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("领域,标准名称,标准编号,备注\n食品检验,水分,GB 5009.3-2016,\n", "utf-8")
    result = run("registry", "import", "library", "l.csv", "--as-of", "2026-06-01", "--json")
    assert (result.exit_code, json.loads(result.stdout)["records"]) == (terminal.NOTHING_TO_OBJECT, 1)
    listed = json.loads(run("registry", "list", "--json").stdout)["registries"]
    assert [(entry["name"], entry["as_of"], entry["records"]) for entry in listed] == [("library", "2026-06-01", 1)]
    shape = json.loads(run("review", "c.pdf", "--format", "json", "--as-of", "2026-11-22").stdout)
    assert [used["name"] for used in shape["run"]["registries"]] == ["library"]


def test_the_catalogue_prints_as_text_markdown_and_json(run: Run) -> None:
    entries = json.loads(run("checks", "--json").stdout)
    ids = [entry["check"] for entry in entries]
    assert len(ids) == len(set(ids)) > 20
    table = run("checks", "--markdown").stdout.splitlines()
    assert [line.split("|")[1].strip() for line in table[2:]] == ids
    assert any("待核" in line for line in table)
    assert all(name in run("checks").stdout for name in ids)


def test_kinds_are_those_of_the_registries() -> None:
    assert set(commands_registries.KINDS) == set(RegistryKind)


@pytest.mark.parametrize("command", ["parse", "review", "checks", "evaluate", "registry import", "registry list"])
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert any("\u4e00" <= character <= "\u9fff" for character in result.stdout)


def test_help_and_version_load_nothing_heavy() -> None:
    program = "import sys\nfrom api.cli import main\ntry:\n    main(['--version'])\nexcept SystemExit:\n    pass\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("zhengshen ")
    loaded = set(result.stdout.split())
    heavy = {
        "numpy",
        "cv2",
        "openvino",
        "PIL",
        "openpyxl",
        "jinja2",
        "pypdfium2",
        "rapidfuzz",
        "fastapi",
        "dbos",
        "sqlalchemy",
    }
    assert not loaded & (heavy | {"matchers.checks"})
