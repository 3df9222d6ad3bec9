"""CNAS annexes of all generations: headers, merged cells, rows that a page break split, sites, signatories, index."""

import datetime as dt

from models.papers import Section
from tests.extractor.annex_pages import TOP, XS, annex_of, foot, merged_header
from tests.extractor.pages import page


def test_first_generation_with_rows_over_pages() -> None:
    first = page(
        [
            *TOP,
            (60, 60, "(No. CNAS L0867)"),
            (60, 75, "名称：海口青禾检测技术中心"),
            (60, 90, "地址：海南省海口市龙华区南海大道8号"),
            (60, 105, "签发日期：2009年02月10日 有效期至：2012年02月09日"),
            (60, 125, "附件1-1 认可的检测能力范围"),
        ],
        [
            (
                140,
                XS,
                merged_header(
                    [
                        ["1", "食品", "1.1", "水分", "0226", "食品中水分的测定 GB/T5009.3-2003", "只用第一法", ""],
                        [None, None, "1.2", "灰分", "0226", "食品中灰分的测定GB/T 5009.4-2003", "", ""],
                        [None, None, "1.3", "总砷", "0227\n.01", "食品中总砷及无机砷的测定", "", ""],
                    ]
                ),
            )
        ],
    )
    second = page(
        [*TOP, *foot(2, 2)],
        [
            (
                140,
                XS,
                merged_header(
                    [
                        ["", "", "", "", "", "GB/T 5009.11-2003", "", ""],
                        ["", "", "1.4", "铅", "0227.01", "食品中铅的测定GB/T5009.12-2003", "", ""],
                        ["2", "饲料", "2.1", "汞", "0221.01", "饲料中汞的测定GB/T 13081-2006", "", ""],
                        ["", "", "", "", "", "饲料中汞的测定 原子荧光法 SN/T 2004.2-2005", "不做乳品", ""],
                    ]
                ),
            )
        ],
        number=2,
    )
    annex = annex_of(first, second)
    assert annex.registration_number.value == "CNAS L0867"
    assert annex.name is not None
    assert annex.name.value == "海口青禾检测技术中心"
    assert annex.expires_on is not None
    assert annex.expires_on.value == dt.date(2012, 2, 9)
    assert annex.issued_on is not None
    assert annex.issued_on.value == dt.date(2009, 2, 10)
    rows = [
        (
            r.object_number,
            r.object,
            r.parameter_number,
            r.parameter,
            r.field_code,
            [s.key for s in r.standards],
            r.limitation,
        )
        for r in annex.rows
    ]
    assert rows == [
        ("1", "食品", "1.1", "水分", "0226", ["GB/T 5009.3-2003"], "只用第一法"),
        ("1", "食品", "1.2", "灰分", "0226", ["GB/T 5009.4-2003"], None),
        ("1", "食品", "1.3", "总砷", "0227.01", ["GB/T 5009.11-2003"], None),
        ("1", "食品", "1.4", "铅", "0227.01", ["GB/T 5009.12-2003"], None),
        ("2", "饲料", "2.1", "汞", "0221.01", ["GB/T 13081-2006"], None),
        ("2", "饲料", "2.1", "汞", "0221.01", ["SN/T 2004.2-2005"], "不做乳品"),
    ]
    assert [(s.page, s.number, s.total, s.registration_number) for s in annex.stamps] == [
        (1, None, None, "CNAS L0867"),
        (2, 2, 2, "CNAS L0867"),
    ]
    assert annex.rows[2].evidence[0].page == 1
    assert annex.rows[2].evidence[-1].page == 2


def test_second_generation_index_sites_and_english_section() -> None:
    index = page(
        [
            (60, 20, "ISO/IEC 17025 认可证书"),
            (640, 20, "CNAS-PD20/09-B/1"),
            (60, 50, "机构名称：三亚澄海检测有限公司"),
            (500, 50, "注册号：L1856"),
            (60, 70, "地 址： A:海南省三亚市吉阳区迎宾路1号 B:海南省三亚市崖州区创新路9号"),
            (330, 100, "获准认可能力索引"),
            *foot(1, 4, "CNAS L1856"),
        ],
        [
            (
                120,
                [60, 120, 180, 400, 560, 760],
                [
                    ["序号", "地址", "能力范围", "评审类型", "更新时间"],
                    ["1", "一A ,", "授权签字人(中文)", "复评", "2012年12月10日"],  # signs of the rules
                    ["2", None, "检测能力(中文)", "复评+扩项", "2014年03月27日"],
                    ["3", "B", "检测能力(中文)", "监督", "2014年03月27日"],
                ],
            )
        ],
    )
    people = page(
        [
            (60, 20, "ISO/IEC 17025 认可证书"),
            (60, 50, "认可的授权签字人及领域"),
            (60, 70, "地址：A"),
            *foot(2, 4, "CNAS L1856"),
        ],
        [
            (
                120,
                [60, 120, 240, 560, 760],
                [
                    ["序号", "姓名", "授权签字领域", "说明"],
                    ["1", "符 明远", "食品检测", ""],
                    ["2", "羊晓棠", "全部检测项目", "维持"],
                ],
            )
        ],
        number=2,
    )
    tests = page(
        [
            (60, 20, "ISO/IEC 17025 认可证书"),
            (60, 50, "认可的检测能力范围(中文)"),
            (60, 70, "地址：A"),
            *foot(3, 4, "CNAS L1856"),
        ],
        [
            (
                120,
                XS,
                merged_header(
                    [["1", "煤焦油", "1", "密度", "0303", "煤焦油类产品密度试验方法 GB/T 2281-2008", "", ""]]
                ),
            )
        ],
        number=3,
    )
    english = page(
        [(60, 20, "ISO/IEC 17025 认可证书"), (60, 50, "APPENDIX ACCREDITED TESTING SCOPE"), *foot(4, 4, "CNAS L1856")],
        [
            (
                120,
                [60, 120, 240, 300, 400, 640, 760],
                [
                    ["№", "Test Object", "Item/Parameter", "", "Title, Code of Standard or Method", "Limitation"],
                    [None, None, "No.", "Item/ Parameter", None, None],
                    ["1", "Coal tar", "1", "Density", "Test method for density GB/T 2281-2008", ""],
                ],
            )
        ],
        number=4,
    )
    annex = annex_of(index, people, tests, english)
    assert [(s.code, s.address) for s in annex.sites] == [
        ("A", "海南省三亚市吉阳区迎宾路1号"),
        ("B", "海南省三亚市崖州区创新路9号"),
    ]
    assert [(e.site, e.kind, e.language, e.assessment, str(e.updated_on)) for e in annex.index] == [
        ("A", Section.SIGNATORIES, "zh", "复评", "2012-12-10"),
        ("A", Section.TESTING, "zh", "复评+扩项", "2014-03-27"),
        ("B", Section.TESTING, "zh", "监督", "2014-03-27"),
    ]
    assert [(p.name, p.field, p.site) for p in annex.signatories] == [
        ("符明远", "食品检测", "A"),
        ("羊晓棠", "全部检测项目", "A"),
    ]
    assert [(r.site, r.language, r.parameter) for r in annex.rows] == [("A", "zh", "密度"), (None, "en", "Density")]
    assert [(s.kind, s.language, s.pages) for s in annex.sections] == [
        (Section.SIGNATORIES, "zh", (2,)),
        (Section.TESTING, "zh", (3,)),
        (Section.TESTING, "en", (4,)),
    ]
    assert annex.page_count_stated is not None
    assert annex.page_count_stated.value == 4


def test_calibration_columns() -> None:
    sheet = page(
        [
            (60, 20, "中国合格评定国家认可委员会"),
            (60, 40, "认可证书附件"),
            (60, 55, "(注册号：CNAS L0290)"),
            (60, 70, "附件4 认可的校准和测量能力范围"),
        ],
        [
            (
                120,
                [60, 100, 220, 320, 480, 600, 700, 780],
                [
                    ["序号", "测量仪器名称", "被测量", "规范名称及代号", "测量范围", "扩展不确定度(k=2)", "说明"],
                    ["1", "砝码", "质量", "砝码 JJG 99-2022", "(1~500)mg", "0.02 mg", ""],
                ],
            )
        ],
    )
    (row,) = annex_of(sheet).rows
    assert row.section is Section.CALIBRATION
    assert (row.object, row.parameter, row.limitation, row.note) == ("砝码", "质量", "(1~500)mg", "0.02 mg")
    assert [s.key for s in row.standards] == ["JJG 99-2022"]


def test_a_table_without_header_goes_on_with_the_columns_before() -> None:
    first = page(
        [(60, 20, "认可证书附件"), (60, 40, "(注册号：CNAS L0290)"), (60, 60, "附件3 认可的检测能力范围")],
        [(120, XS, merged_header([["1", "水", "1.1", "pH值", "", "水质 pH值的测定 HJ 1147-2020", "", ""]]))],
    )
    second = page(
        [],
        [
            (
                40,
                XS,
                [
                    ["", "", "1.2", "色度", "", "水质 色度的测定 GB/T 11903-1989", "", ""],
                    ["", "", "1.3", "氨氮", "", "HJ 535-2009", "", ""],
                ],
            )
        ],
        number=2,
    )
    rows = annex_of(first, second).rows
    assert [(r.object, r.parameter_number, r.parameter) for r in rows] == [
        ("水", "1.1", "pH值"),
        ("水", "1.2", "色度"),
        ("水", "1.3", "氨氮"),
    ]


def test_a_split_row_goes_on_where_its_limit_or_its_next_title_is_open() -> None:
    first = page(
        [(60, 20, "认可证书附件"), (60, 40, "(注册号：CNAS L0290)"), (60, 60, "附件3 认可的检测能力范围")],
        [
            (
                120,
                XS,
                merged_header(
                    [["1", "水果", "1.1", "铬", "", "食品中铬的测定 GB 5009.123-2023 第一法", "GB 5009.268-", ""]]
                ),
            )
        ],
    )
    second = page(
        [],
        [
            (
                40,
                XS,
                [
                    ["", "", "", "", "", "食品中多元素的测定 GB 5009.268-2016", "2016只用第一法", ""],
                    ["", "", "1.2", "环丙沙星", "", "喹诺酮残留 GB/T 21312-2007 四环素类残留量的测定", "", ""],
                ],
            )
        ],
        number=2,
    )
    third = page([], [(40, XS, [["", "", "", "", "", "液相色谱法 GB 31658.17-2021", "", ""]])], number=3)
    rows = annex_of(first, second, third).rows
    assert [(r.parameter, [s.key for s in r.standards], r.limitation) for r in rows] == [
        ("铬", ["GB 5009.123-2023", "GB 5009.268-2016"], "GB 5009.268-2016只用第一法"),
        ("环丙沙星", ["GB/T 21312-2007", "GB 31658.17-2021"], None),
    ]


def test_several_methods_of_one_parameter_over_a_page_break_stay_rows_of_their_own() -> None:
    first = page(
        [(60, 20, "认可证书附件"), (60, 40, "(注册号：CNAS L0290)"), (60, 60, "附件3 认可的检测能力范围")],
        [(120, XS, merged_header([["1", "水果", "1.1", "铬", "", "食品中铬的测定 GB 5009.123-2023 第一法", "", ""]]))],
    )
    second = page(
        [],
        [
            (
                40,
                XS,
                [
                    ["", "", "", "", "", "食品中多元素的测定 GB 5009.268-2016", "只用第一法", ""],
                    ["2", "水", "2.1", "氯", "", "GB/T 5750.5-2023(5.1)", "", ""],
                ],
            )
        ],
        number=2,
    )
    rows = annex_of(first, second).rows
    assert [(r.parameter, [s.key for s in r.standards], r.limitation) for r in rows] == [
        ("铬", ["GB 5009.123-2023"], None),
        ("铬", ["GB 5009.268-2016"], "只用第一法"),
        ("氯", ["GB/T 5750.5-2023"], None),
    ]


def test_a_split_row_whose_numbers_are_repeated_on_the_next_page() -> None:
    first = page(
        [(60, 20, "认可证书附件"), (60, 40, "(注册号：CNAS L0290)"), (60, 60, "附件3 认可的检测能力范围")],
        [(120, XS, merged_header([["1", "椰子", "1.1", "O157:H7", "0228", "大肠埃希氏菌检验 GB 4789.36-", "", ""]]))],
    )
    second = page(
        [],
        [
            (
                40,
                XS,
                [
                    ["1", "椰子", "1.1", "O157:H7", "0228", "2016", "", ""],
                    ["1", "椰子", "1.1", "O157:H7", "0228", "快速法 SN/T 1059.5-2006", "", ""],
                ],
            )
        ],
        number=2,
    )
    rows = annex_of(first, second).rows
    assert [(r.parameter, [s.key for s in r.standards]) for r in rows] == [
        ("O157:H7", ["GB 4789.36-2016"]),
        ("O157:H7", ["SN/T 1059.5-2006"]),
    ]


def test_a_split_row_goes_on_after_the_beginning_of_an_english_title() -> None:
    open_title = "电子产品中镉的测定 SN/T 2004.2-2005 Determination of certain substances in electrotechnical"
    rest = "products Part 5: Cadmium in polymers IEC 62321-5:2013"
    closed = "水质 镉的测定 GB/T 7475-1987 Method 2 Part 1"
    further = "Water quality Determination of cadmium ISO 8288:1986"
    first = page(
        [*TOP, (60, 60, "附件1 认可的检测能力范围"), *foot(1, 3)],
        [(140, XS, merged_header([["1", "电子产品", "1.1", "镉", "0221", open_title, "", ""]]))],
    )
    second = page(
        [*TOP, *foot(2, 3)],
        [
            (
                140,
                XS,
                merged_header([["", "", "", "", "", rest, "", ""], ["2", "水", "2.1", "镉", "0211", closed, "", ""]]),
            )
        ],
        number=2,
    )
    third = page([*TOP, *foot(3, 3)], [(140, XS, merged_header([["", "", "", "", "", further, "", ""]]))], number=3)
    assert [
        (row.parameter_number, [ref.key for ref in row.standards]) for row in annex_of(first, second, third).rows
    ] == [
        ("1.1", ["SN/T 2004.2-2005", "IEC 62321-5-2013"]),
        ("2.1", ["GB/T 7475-1987"]),
        ("2.1", ["ISO 8288-1986"]),
    ]


def test_one_address_that_names_a_national_zone_is_one_site() -> None:
    address = "海南省海口市秀英区药谷三路6号海口国家高新技术产业开发区综合楼3栋401房"
    first = page(
        [*TOP, (60, 60, "(No. CNAS L0867)"), (60, 75, "名称：海口青禾检测技术中心"), (60, 90, f"地址：{address}")],
        [(140, XS, merged_header([["1", "食品", "1.1", "水分", "0226", "食品中水分的测定 GB/T5009.3-2003", "", ""]]))],
    )
    assert [(site.code, site.address) for site in annex_of(first).sites] == [(None, address)]


def test_a_row_whose_title_stands_behind_its_code_is_complete() -> None:
    first = page(
        [*TOP, (60, 60, "附件1 认可的检测能力范围"), *foot(1, 2)],
        [(140, XS, merged_header([["1", "水", "1.1", "镉", "0211", "GB/T 7475-1987 水质 镉的测定", "", ""]]))],
    )
    second = page(
        [*TOP, *foot(2, 2)],
        [(140, XS, merged_header([["", "", "", "", "", "HJ 700-2014 水质 65种元素的测定", "", ""]]))],
        number=2,
    )
    assert [[ref.key for ref in row.standards] for row in annex_of(first, second).rows] == [
        ["GB/T 7475-1987"],
        ["HJ 700-2014"],
    ]


def test_a_house_number_is_no_registration_number() -> None:
    first = page(
        [
            *TOP,
            (60, 60, "APPENDIX 1 ACCREDITED TESTING"),
            (60, 80, "ADDRESS: No.136, Hailang Road, Haikou"),
            *foot(1, 1),
        ],
        [(140, XS, merged_header([["1", "食品", "1.1", "水分", "0226", "食品中水分的测定 GB/T5009.3-2003", "", ""]]))],
    )
    (stamp,) = annex_of(first).stamps
    assert stamp.registration_number == "CNAS L0867"
    assert not [region for region in stamp.evidence if "136" in region.text]


def test_a_split_row_goes_on_after_a_title_that_an_earlier_standard_of_the_cell_bears_too() -> None:
    open_title = "Determination of chlorpyrifos in tea GB 23200.113-2018 Determination of chlorpyrifos in tea"
    first = page(
        [*TOP, (60, 60, "附件1 认可的检测能力范围"), *foot(1, 2)],
        [(140, XS, merged_header([["1", "茶叶", "1.1", "毒死蜱", "0226", open_title, "", ""]]))],
    )
    second = page(
        [*TOP, *foot(2, 2)],
        [(140, XS, merged_header([["", "", "", "", "", "GB 23200.121-2021", "", ""]]))],
        number=2,
    )
    assert [[ref.key for ref in row.standards] for row in annex_of(first, second).rows] == [
        ["GB 23200.113-2018", "GB 23200.121-2021"]
    ]
