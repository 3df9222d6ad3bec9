"""The columns of a registry file and what they are taken for, before anything is imported."""

import io
import json

import openpyxl
import pytest

from extractor.registries.columns import Column, columns_of
from extractor.registries.headers import spelling_of
from models.errors import RegistryInvalid
from models.records import RegistryKind

CSV = "能力项目库 2026\n领域,标准名称,方法标准号,序号\n食品,水分的测定,GB 5009.3-2016,1\n".encode()


def test_known_headers_are_understood_and_others_can_be_said() -> None:
    assert columns_of(CSV, "库.csv", RegistryKind.LIBRARY) == (
        Column("领域", "domain", "食品"),
        Column("标准名称", "title", "水分的测定"),
        Column("方法标准号", None, "GB 5009.3-2016"),
        Column("序号", None, "1"),
    )
    mapped = columns_of(CSV, "库.csv", RegistryKind.LIBRARY, {"方法标准号": "code"})
    assert mapped[2] == Column("方法标准号", "code", "GB 5009.3-2016")


def test_a_file_without_known_headers_shows_its_first_line() -> None:
    found = columns_of("甲,乙\n1,2\n".encode(), "x.csv", RegistryKind.LIBRARY)
    assert found == (Column("甲", None, "1"), Column("乙", None, "2"))
    assert columns_of(b"", "x.csv", RegistryKind.LIBRARY) == ()


def test_spreadsheets_and_json_lines_too() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("数据").append(["标准号", "标准状态"])
    book["数据"].append(["GB 5009.3-2016", "现行"])
    book.save(file)
    expected = (Column("标准号", "code", "GB 5009.3-2016"), Column("标准状态", "status", "现行"))
    assert columns_of(file.getvalue(), "x.xlsx", RegistryKind.STANDARDS) == expected
    lines = json.dumps({"标准号": "GB 5009.3-2016"}) + "\n" + json.dumps({"标准状态": "现行"})
    assert columns_of(lines.encode(), "x.jsonl", RegistryKind.STANDARDS) == expected


def test_a_file_of_another_kind_says_so() -> None:
    with pytest.raises(RegistryInvalid, match="CSV、XLSX"):
        columns_of(b"%PDF-1.7", "x.pdf", RegistryKind.LIBRARY)


def test_fields_have_the_names_that_registries_print() -> None:
    assert spelling_of(RegistryKind.LIBRARY, "code") == "标准编号"
    assert spelling_of(RegistryKind.LIBRARY, "nothing_known") == "nothing_known"
