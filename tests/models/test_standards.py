"""Standard numbers: keys, what stands beside a number, titles, documents, and time that grows with the text only."""

import doctest
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import standards
from models.standards import StandardRef, find_all, find_documents, find_references

TABLE = Path(__file__).parents[3] / "shared" / "data" / "standard_numbers.tsv"
EXCERPT = Path(__file__).parents[3] / "shared" / "corpus" / "annex_text" / "L0867_yantian_cdc_2009.txt"


def keys(text: str) -> list[str]:
    return [ref.key for ref in find_all(text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("GB/T 5009.3-2016", "GB/T 5009.3-2016"),
        ("ＧＢ／Ｔ　５００９．３—２０１６", "GB/T 5009.3-2016"),
        ("gb/t5009.3-2016", "GB/T 5009.3-2016"),
        ("GB/T\n5009.3-\n2016", "GB/T 5009.3-2016"),
        ("GB/T5009.12一2003", "GB/T 5009.12-2003"),
        ("GB/T？5009.12-2003", "GB/T 5009.12-2003"),
        ("GB 2828-87", "GB 2828-1987"),
        ("GB 12345(1998)", "GB 12345-1998"),
        ("GBZT 300.7-2017", "GBZ/T 300.7-2017"),
        ("GJB 150.1A-2009", "GJB 150.1A-2009"),
        ("GJBz 20219-1994", "GJBz 20219-1994"),
        ("GSB 04-1767-2004", "GSB 04-1767-2004"),
        ("HJT 91-2002", "HJ/T 91-2002"),
        ("JTG F80/1-2017", "JTG F80/1-2017"),
        ("JTG/T J21-01-2015", "JTG/T J21-01-2015"),
        ("TSG Z7001-2021", "TSG Z7001-2021"),
        ("YBB 00012003-2015", "YBB 00012003-2015"),
        ("DB31/2021-2013", "DB31 2021-2013"),
        ("DB 4601 / T 3-2021", "DB4601/T 3-2021"),
        ("JJF(琼) 12-2020", "JJF(琼) 12-2020"),
        ("Q/HNXX 001S-2020", "Q/HNXX 001S-2020"),
        ("IEC 60335-2-24", "IEC 60335-2-24"),
        ("ISO 6579-1:2017", "ISO 6579-1-2017"),
        ("ISO 3613-2000(E)", "ISO 3613-2000"),
        ("EN ISO 105-C06:2010", "EN ISO 105-C06-2010"),
        ("ASTM D1298-12b(2017)e1", "ASTM D1298-2012b(2017)e1"),
        ("ASTM D1298-99", "ASTM D1298-1999"),
        ("AOAC Official Method 991.43", "AOAC 991.43"),
        ("EPA Method 6010D", "USEPA 6010D"),
        ("GB/T 1-2020 (2021)", "GB/T 1-2020"),
        ("GB 8538-2022-13", "GB 8538-2022"),
    ],
)
def test_keys(text: str, key: str) -> None:
    assert keys(text) == [key]
    assert keys(key) == [key]  # a key is a number too


@pytest.mark.parametrize(
    ("text", "without_type", "series"),
    [
        ("GB/T 5009.3-2016", "GB5009.3-2016", "GB5009.3"),
        ("GB 5009.3-2016", "GB5009.3-2016", "GB5009.3"),
        ("GBZ/T 300.7-2017", "GBZ300.7-2017", "GBZ300.7"),
        ("DBS46/ 001-2018", "DBS46001-2018", "DBS46001"),
        ("T/CAS 356-2019", "T/CAS356-2019", "T/CAS356"),
        ("JJG(交通) 017-2009", "JJG(交通)017-2009", "JJG(交通)017"),
        ("EN ISO 105-C06:2010", "ENISO105-C06-2010", "ENISO105-C06"),
        ("JB 4730", "JB4730", "JB4730"),
    ],
)
def test_coarser_keys(text: str, without_type: str, series: str) -> None:
    ref = StandardRef.parse(text)
    assert (ref.key_without_type, ref.series) == (without_type, series)


@pytest.mark.parametrize(
    ("text", "clause", "amendment", "limitation", "alias"),
    [
        ("GB 5009.12-2023 第一法", "第一法", None, None, None),
        ("(GB 5009.12-2017)第一法", "第一法", None, None, None),
        ("GB 5009.5-2016（第一法、第二法）", "第一法、第二法", None, None, None),
        ("GB/T 1-2009 附录 A.1", "附录A.1", None, None, None),
        ("NY/T 761-2008 第1部分 方法二", "第1部分 方法二", None, None, None),
        ("JTG 3450-2019 T 0921-2019", "T0921-2019", None, None, None),
        ("GB/T 5750.6-2023 4.1 铬天青S分光光度法", "4.1", None, None, None),
        ("GB 8538-2022 13；", "13", None, None, None),
        ("GB 8538-2022 13 个", None, None, None, None),
        ("GB/T 20975-2008 第3部分：铜含量", None, None, None, None),
        ("GB/T 7714-2015 及第1号修改单", None, "第1号修改单", None, None),
        ("GB 4806.7-2016/XG1-2020", None, "XG1-2020", None, None),
        ("IEC 60335-1:2010+A1:2013+A2:2016", None, "A1:2013;A2:2016", None, None),
        ("ISO 1:2010/Amd 1:2020", None, "Amd1:2020", None, None),
        ("GB/T 5009.6-2003 只用第二法", None, None, "只用第二法", None),
        ("GB/T 5009.6-2003（不做 镉）", None, None, "不做 镉", None),
        ("GB/T 5009.6-2003 只用第二法 仅测铅", None, None, "只用第二法", None),
        ("GB/T 5009.6-2003 除铅外", None, None, "除铅外", None),
        ("GB/T 17671-2021/ISO 679:2009", None, None, None, "ISO 679-2009"),
        ("GB/T 17671-2021 (ISO 679:2009, IDT)", None, None, None, "ISO 679-2009"),
        ("NB/T 47013.3-2015(JB/T 4730.3)", None, None, None, "JB/T 4730.3"),
    ],
)
def test_what_stands_beside_a_number(
    text: str, clause: str | None, amendment: str | None, limitation: str | None, alias: str | None
) -> None:
    (ref,) = find_all(text)
    assert (ref.clause, ref.amendment, ref.limitation, ref.alias) == (clause, amendment, limitation, alias)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("食品中水分的测定 GB/T5009.3-2003", ["食品中水分的测定"]),
        ("GB/T 7573-2009 纺织品 水萃取液pH值的测定", ["纺织品 水萃取液pH值的测定"]),
        ("食品中铅的测定GB/T5009.12-2003 食品中铜的测定GB/T5009.13-2003", ["食品中铅的测定", "食品中铜的测定"]),
        ("食品中铅的测定 GB 1-2003;\n食品中铜的测定 GB 2-2003", ["食品中铅的测定", "食品中铜的测定"]),
        ("GB 1-2003 食品中铅的测定\nGB 2-2003 食品中铜的测定", ["食品中铅的测定", "食品中铜的测定"]),
        ("GB 1-2003 食品中铅的测定；食品中铜的测定 GB 2-2003", ["食品中铅的测定", "食品中铜的测定"]),
        ("食品中铅的测定 GB 1-2003、GB 2-2003", ["食品中铅的测定", None]),
        ("《水质 pH值的测定 电极法》（HJ 1147-2020）", ["水质 pH值的测定 电极法"]),
        ("婴幼儿配方食品和乳粉\n水分的测定\nGB/T5413.8-1997", ["婴幼儿配方食品和乳粉水分的测定"]),
        ("（1）食品中铅的测定（GB 1-2003）", ["食品中铅的测定"]),
        ("1) 水泥胶砂强度检验方法（ISO法） GB/T 17671-1999", ["水泥胶砂强度检验方法（ISO法）"]),
        ("(食品中铅的测定 GB 1-2003)", ["食品中铅的测定"]),
        ("GB/T 17671-2021 (ISO 679:2009, IDT) 水泥胶砂强度", ["水泥胶砂强度"]),
        ("GB 1-2003 食品中铅的测定）", ["食品中铅的测定"]),
        ("GB 1-2003, 2.", [None]),
        ("1) 铅 GB 1-2003", [None]),
        ("Determination of lead\nISO 1:2003", ["Determination of lead"]),
    ],
)
def test_each_number_carries_its_title(text: str, titles: list[str | None]) -> None:
    assert [ref.title for ref in find_all(text)] == titles


def test_a_limitation_inside_a_title_belongs_to_the_number_after_it() -> None:
    text = "食品中水分的测定GB/T5009.3-2003 婴幼儿配方食品和乳粉水分的测定只用第一法 GB/T5413.8-1997"
    first, second = find_all(text)
    assert (first.title, first.limitation) == ("食品中水分的测定", None)
    assert (second.title, second.limitation) == ("婴幼儿配方食品和乳粉水分的测定", "只用第一法")
    assert text[second.start : second.end] == second.printed == "GB/T5413.8-1997"


@pytest.mark.parametrize(
    ("text", "key", "clause", "title"),
    [
        ("中华人民共和国药典 2020年版 四部 通则0512", "中华人民共和国药典 2020 四部", "通则0512", "中华人民共和国药典"),
        ("《中国药典》（2020年版）第四部", "中华人民共和国药典 2020 四部", None, "中华人民共和国药典"),
        ("USP 2023", "USP 2023", None, "USP"),
        (
            "水和废水监测分析方法（第四版增补版）国家环境保护总局（2002年）",
            "水和废水监测分析方法 第四版增补版",
            None,
            "水和废水监测分析方法",
        ),
        ("《空气和废气监测分析方法》", "空气和废气监测分析方法", None, "空气和废气监测分析方法"),
        ("农业部783号公告-1-2006", "农业部783号公告-1-2006", None, None),
        ("水产品中孔雀石绿的测定农业部公告第783号-1-2006", "农业部783号公告-1-2006", None, "水产品中孔雀石绿的测定"),
        ("《水产品中孔雀石绿的测定》农业部783号公告-1-2006", "农业部783号公告-1-2006", None, "水产品中孔雀石绿的测定"),
        ("总局公告2017年第24号", "总局24号公告-2017", None, None),
        ("卫法监发〔2003〕42号", "卫法监发42号-2003", None, None),
        ("某会12号公告", "某会12号公告", None, None),
    ],
)
def test_documents(text: str, key: str, clause: str | None, title: str | None) -> None:
    (ref,) = find_documents(text)
    assert (ref.kind, ref.key, ref.clause, ref.title) == ("document", key, clause, title)
    assert StandardRef.parse(text) == ref
    assert ref.key.startswith(ref.series)
    assert ref.key_without_type == ref.key


def test_the_title_of_a_number_is_no_document() -> None:
    assert find_documents("《水质 pH值的测定 电极法》（HJ 1147-2020）") == []
    assert find_documents("《中国药典》2020年版《中国药典》") != []


def test_references_come_in_the_order_of_the_text() -> None:
    found = find_references("《水和废水监测分析方法》（第四版） GB 11893-89 总磷")
    assert [ref.key for ref in found] == ["水和废水监测分析方法 第四版", "GB 11893-1989"]
    assert StandardRef.find_all("GB 11893-89") == find_all("GB 11893-89")


@pytest.mark.parametrize("text", ["", "无", "GB 1-2003 GB 2-2003", "水分"])
def test_what_is_not_one_standard(text: str) -> None:
    with pytest.raises(ValueError, match="not one standard"):
        StandardRef.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "电话 0898-66668888",
        "XGB 5009",
        "CNAS L0867",
        "100 MB",
        "2019年01月01日",
        "GB",
        "CNAS-PD19/06-A/1",
        "pH 7.0",
        "PM2.5 和 SO2",
    ],
)
def test_what_is_no_standard_at_all(text: str) -> None:
    assert keys(text) == []


@given(
    st.sampled_from(
        ["GB", "GB/T", "GBZ/T", "NY/T", "HJ", "SN/T", "DB46/T", "DBS46", "T/HNAS", "JJG", "JJF(琼)", "YY/T"]
    ),
    st.integers(1, 99999),
    st.integers(0, 99),
    st.integers(1950, 2030),
    st.sampled_from(["", " "]),
    st.sampled_from(["-", "—", " -", "－", "–", ":"]),
)
def test_every_spelling_of_a_number_has_one_key(
    prefix: str, number: int, part: int, year: int, blank: str, dash: str
) -> None:
    digits = f"{number}.{part}" if part else f"{number}"
    written = "DBS46/" if prefix == "DBS46" else prefix
    (ref,) = find_all(f"某产品中某物的测定 {written}{blank}{digits}{dash}{year}")
    assert ref.key == f"{prefix} {digits}-{year}"
    assert ref.year == year
    assert ref.title == "某产品中某物的测定"


@given(st.text() | st.text(alphabet="GBTISO/ 0129.-:()（）《》一第法测定;；\n药典公告号年版"))
def test_any_text_is_survived_and_offsets_hold(text: str) -> None:
    for ref in find_references(text):
        assert 0 <= ref.start < ref.end <= len(text)
        assert ref.key


ADVERSARIAL = {
    "codes": "GB 1-2000 ",
    "segments": "-1",
    "brackets": "(",
    "dashes": "一",
    "han": "水",
    "quotes": "《",
    "books": "《甲乙》",
    "notices": "公告第1号",
    "letters": "A",
    "slashes": "T/",
    "blanks": " ",
    "limits": "只用第一法、",
    "adoptions": "GB 1-2000/ISO 1-2000",
}


@pytest.mark.parametrize("unit", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_a_hostile_hundred_kilobytes_end_quickly(unit: str) -> None:
    text = "GB 1" + unit * (100_000 // len(unit.encode()))
    begin = time.process_time()
    find_references(text)
    assert time.process_time() - begin < 3


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(standards).failed == 0


@pytest.mark.skipif(not TABLE.is_file(), reason="the table is not beside the project")
def test_every_line_of_the_table() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) > 40
    for line in lines:
        printed, stated, amendment, clause = [*line.split("\t"), "", "", ""][:4]
        found = find_all(printed)
        assert [ref.key for ref in found] == (stated.split(";") if stated else []), printed
        assert [ref.amendment for ref in found if ref.amendment] == ([amendment] if amendment else []), printed
        assert [ref.clause for ref in found if ref.clause] == ([clause] if clause else []), printed


@pytest.mark.skipif(not EXCERPT.is_file(), reason="the corpus is not beside the project")
def test_a_real_annex() -> None:
    found = {ref.key for ref in find_all(EXCERPT.read_text(encoding="utf-8"))}
    assert {f"GB/T 5009.{part}-2003" for part in (3, 4, 5, 6, 8, 11, 12, 13)} <= found
    assert {"GB/T 5413.1-1997", "GB/T 5413.7-1997", "GB/T 5413.8-1997"} <= found
