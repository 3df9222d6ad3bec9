"""Registry files as they come: encodings, spreadsheets, JSON lines, headers of every origin, and what is wrong with them."""

import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pytest

from extractor.registries.files import read_rows, text_of
from extractor.registries.headers import field_names, fields_of
from models.errors import RegistryInvalid
from models.records import RegistryKind

LIBRARY = RegistryKind.LIBRARY
ENTERPRISES = RegistryKind.ENTERPRISES
TABLE = "领域,标准(方法)名称,标准(方法)编号,备注\n食品检验,食品中水分的测定,GB 5009.3-2016,\n"


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_reads_alike_in_every_encoding(encoding: str) -> None:
    contents = read_rows(TABLE.encode(encoding), "library.csv", LIBRARY)
    assert contents.rows == [(2, {"domain": "食品检验", "title": "食品中水分的测定", "code": "GB 5009.3-2016"})]


@pytest.mark.parametrize(
    ("headers", "kind", "expected"),
    [
        ("领域 标准名称 标准编号 备注", LIBRARY, "domain title code remark"),
        ("领域 标准（方法）名称 标准(方法)编号 备注", LIBRARY, "domain title code remark"),
        ("domain standardMethod standardCode remark", LIBRARY, "domain title code remark"),
        ("unified_social_credit_code name address", ENTERPRISES, "unified_social_credit_code name address"),
        ("uniscId entName name regState_CN", ENTERPRISES, "unified_social_credit_code name responsible_person status"),
        ("注册编号 机构名称 有效期至", RegistryKind.CNAS, "registration_number name expires_on"),
        ("licNo objCh paramCh stdAllDesc limitCh", RegistryKind.CNAS_ROWS, "owner object parameter method limitation"),
        ("标准号 标准名称 标准状态", RegistryKind.STANDARDS, "code title status"),
        ("证书编号 机构名称 发证日期", RegistryKind.CMA, "number name issued_on"),
    ],
)
def test_headers_are_known_without_a_map(headers: str, kind: RegistryKind, expected: str) -> None:
    names = headers.split()
    assert [fields_of(kind, names).get(i) for i in range(len(names))] == expected.split()


def test_a_column_map_wins_and_may_be_written_either_way() -> None:
    for columns in ({"方法代码": "code"}, {"code": "方法代码"}):
        assert fields_of(LIBRARY, ["领域", "方法代码", "标准编号"], columns) == {0: "domain", 1: "code"}
    with pytest.raises(RegistryInvalid, match="不对应任何字段"):
        fields_of(LIBRARY, ["领域"], {"方法代码": "代号"})


def test_every_kind_has_headers() -> None:
    assert all(field_names(kind) for kind in RegistryKind)


def test_a_title_above_the_header_and_other_sheets_do_not_matter() -> None:
    data = workbook(
        ["能力项目库（2026年6月）"],
        [],
        ["领域", "标准名称", "标准编号", "备注"],
        ["食品检验", "水分", "GB 5009.3-2016", None],
    )
    assert read_rows(data, "发布.xlsx", LIBRARY).rows == [
        (4, {"domain": "食品检验", "title": "水分", "code": "GB 5009.3-2016"})
    ]


def test_a_code_that_a_spreadsheet_made_a_number_is_noticed_and_left_blank() -> None:
    data = workbook(
        ["统一社会信用代码", "企业名称", "成立日期", "注册号"],
        [914403001922038216, "海口甲检测有限公司", dt.date(2019, 3, 14), 460100000012345],
        ["91460100MAA9ABC12W", "海口乙检测有限公司", "2019年3月14日", None],
    )
    contents = read_rows(data, "名录.xlsx", ENTERPRISES)
    first, second = (row for _, row in contents.rows)
    assert "unified_social_credit_code" not in first
    assert first["established_on"] == "2019-03-14"
    assert first["registration_number"] == "460100000012345"
    assert second["unified_social_credit_code"] == "91460100MAA9ABC12W"
    (notice,) = contents.notices("名录.xlsx")
    assert "统一社会信用代码" in notice
    assert "第 2 行" in notice


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (0.25, "0.25"),
        (242120340529.0, "242120340529"),
        ("9.14403E+17", None),
        (9.1440300192203827e17, None),
        (dt.date(2026, 6, 1), "2026-06-01"),
        (" 甲 ", "甲"),
        (None, ""),
        ([{"item": "名称"}], '[{"item": "名称"}]'),
    ],
)
def test_cells_as_text(cell: object, text: str | None) -> None:
    assert text_of(cell) == text


def test_json_lines_lists_and_wrapped_lists_read_alike() -> None:
    entry = {"domain": "食品检验", "standardCode": "GB 5009.3-2016"}
    for text in (json.dumps(entry), json.dumps([entry]), json.dumps({"total": 1, "rows": [entry]})):
        assert read_rows(text.encode(), "library.jsonl", LIBRARY).rows == [
            (1, {"domain": "食品检验", "code": "GB 5009.3-2016"})
        ]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jsonl", b'{"domain": "x", "code": "y"}\n{"domain": ', "a.jsonl 第 2 行"),
        ("a.jsonl", b'{"domain": "x", "code": "y"}\n3', "应为 JSON 对象"),
        ("a.csv", '领域,标准编号\n"食品'.encode(), "a.csv 第 2 行"),
        ("a.csv", b"\xff\xff\xff,1\n", "编码"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "甲、乙"),
        ("a.xlsx", b"PK\x03\x04 not a workbook", "不是可读的电子表格"),
        ("a.docx", b"", "不支持的登记数据格式"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(name: str, data: bytes, words: str) -> None:
    with pytest.raises(RegistryInvalid, match=words):
        read_rows(data, name, LIBRARY)


def test_reading_is_quick_enough_to_be_done_at_every_review(tmp_path: Path) -> None:
    lines = [f"食品检验,第{n}项,GB/T {n}.{n % 7}-2016," for n in range(5_000)]
    contents = read_rows(("领域,标准名称,标准编号,备注\n" + "\n".join(lines)).encode(), "library.csv", LIBRARY)
    assert len(contents.rows) == 5_000
