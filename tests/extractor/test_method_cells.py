"""Method cells: titles, numbers, clauses and limits as a table of cases; the grammar of `models.standards` against a spaCy pipeline.

Numbers of standards are a formal language, so a grammar reads them. The pipeline here is what span rules can do for them with the same
prefixes: it is kept to show that they read fewer of these cells, and more slowly.
"""

import re
import time

import pytest
from spacy.language import Language

from extractor.phrases import _spacy, _Tokens
from models.standard_grammar import prefixes
from models.standards import find_references

Cell = list[tuple[str, str | None]]
"""(key, title) of each standard of a cell, in order."""

CELLS: dict[str, Cell] = {
    "食品中水分的测定GB/T5009.3-2003 婴幼儿配方食品和乳粉水分的测定GB/T5413.8-1997": [
        ("GB/T 5009.3-2003", "食品中水分的测定"),
        ("GB/T 5413.8-1997", "婴幼儿配方食品和乳粉水分的测定"),
    ],
    "食品中铅的测定GB/T5009.12-2003": [("GB/T 5009.12-2003", "食品中铅的测定")],
    "电器产品中铅、镉、铬的测定SN/T2004.2-2005; 电感耦合等离子体发射光谱法 US EPA6010B-1996": [
        ("SN/T 2004.2-2005", "电器产品中铅、镉、铬的测定"),
        ("USEPA 6010B-1996", "电感耦合等离子体发射光谱法"),
    ],
    "锌、镉、铝锌合金和锌铝合金的铬酸盐转化镀层.试验方法ISO3613-2000(E)": [
        ("ISO 3613-2000", "锌、镉、铝锌合金和锌铝合金的铬酸盐转化镀层.试验方法")
    ],
    "食品安全国家标准 食品中水分的测定\nGB 5009.3-2016 第一法": [
        ("GB 5009.3-2016", "食品安全国家标准 食品中水分的测定")
    ],
    "《水质 pH值的测定 电极法》（HJ 1147-2020）": [("HJ 1147-2020", "水质 pH值的测定 电极法")],
    "水质 氨氮的测定 纳氏试剂分光光度法 HJ 535—2009": [("HJ 535-2009", "水质 氨氮的测定 纳氏试剂分光光度法")],
    "生活饮用水标准检验方法 第6部分：金属和类金属指标 GB/T 5750.6-2023 4.1 铬天青S分光光度法": [
        ("GB/T 5750.6-2023", "生活饮用水标准检验方法 第6部分:金属和类金属指标")
    ],
    "GB/T 7573-2009 纺织品 水萃取液pH值的测定": [("GB/T 7573-2009", "纺织品 水萃取液pH值的测定")],
    "GB 1-2003 食品中铅的测定\nGB 2-2003 食品中铜的测定": [
        ("GB 1-2003", "食品中铅的测定"),
        ("GB 2-2003", "食品中铜的测定"),
    ],
    "食品中铅的测定 GB 1-2003、GB 2-2003": [("GB 1-2003", "食品中铅的测定"), ("GB 2-2003", None)],
    "食品中铜的测定 GB/T\n5009.13-2003": [("GB/T 5009.13-2003", "食品中铜的测定")],
    "婴幼儿配方食品和乳粉\n水分的测定\nGB/T5413.8-1997": [("GB/T 5413.8-1997", "婴幼儿配方食品和乳粉水分的测定")],
    "水泥胶砂强度检验方法（ISO法） GB/T 17671-2021/ISO 679:2009": [
        ("GB/T 17671-2021", "水泥胶砂强度检验方法（ISO法）")
    ],
    "生活饮用水卫生标准 GB 5749-2022": [("GB 5749-2022", "生活饮用水卫生标准")],
    "公路工程沥青及沥青混合料试验规程 JTG E20-2011 T 0709-2011": [("JTG E20-2011", "公路工程沥青及沥青混合料试验规程")],
    "水泥胶砂振实台检定规程 JJG(交通) 017-2009": [("JJG(交通) 017-2009", "水泥胶砂振实台检定规程")],
    "数字温度计校准规范 JJF(琼) 12-2019": [("JJF(琼) 12-2019", "数字温度计校准规范")],
    "海南粉检验规则 DB46/T 123-2018": [("DB46/T 123-2018", "海南粉检验规则")],
    "食品安全地方标准 椰子水 DBS46/ 001-2018": [("DBS46 001-2018", "食品安全地方标准 椰子水")],
    "建筑用光伏构件 T/CECS 10093-2020": [("T/CECS 10093-2020", "建筑用光伏构件")],
    "工作场所空气有毒物质测定 第1部分：总则 GBZ/T 300.1-2017": [
        ("GBZ/T 300.1-2017", "工作场所空气有毒物质测定 第1部分:总则")
    ],
    "食品中水分的测定只用第一法 GB/T5009.3-2003": [("GB/T 5009.3-2003", "食品中水分的测定")],
    "食品接触材料 GB 4806.7-2016/XG1-2020": [("GB 4806.7-2016", "食品接触材料")],
    "石油产品硫含量的测定 ASTM D4294-16e1": [("ASTM D4294-2016e1", "石油产品硫含量的测定")],
    "1) 食品中铅的测定 GB 5009.12-2023；2) 食品中镉的测定 GB 5009.15-2023": [
        ("GB 5009.12-2023", "食品中铅的测定"),
        ("GB 5009.15-2023", "食品中镉的测定"),
    ],
    "ＧＢ／Ｔ ５００９．３－２００３食品中水分的测定": [("GB/T 5009.3-2003", "食品中水分的测定")],
    "水产品中孔雀石绿的测定农业部783号公告-1-2006": [("农业部783号公告-1-2006", "水产品中孔雀石绿的测定")],
    "水和废水监测分析方法（第四版增补版）国家环境保护总局（2002年）": [
        ("水和废水监测分析方法 第四版增补版", "水和废水监测分析方法")
    ],
    "中华人民共和国药典 2020年版 四部 通则0512": [("中华人民共和国药典 2020 四部", "中华人民共和国药典")],
    "本机构自编方法 水分的快速测定": [],
    "食品 2016 水分 3.5": [],
}


def by_grammar(text: str) -> Cell:
    return [(ref.key, ref.title.replace("：", ":") if ref.title else None) for ref in find_references(text)]


class Spans:
    """Numbers as spans of tokens (prefix, slash and letter, number with parts, dash, year), titles as the words between them."""

    def __init__(self) -> None:
        self.language: Language = _spacy().blank("zh")
        self.language.tokenizer = _Tokens(self.language.vocab)
        ruler = self.language.add_pipe(
            "span_ruler", config={"spans_filter": {"@misc": "spacy.first_longest_spans_filter.v1"}}
        )
        heads = sorted({prefix for prefix in prefixes() if prefix.isalpha()} | {"DB46", "DBS46"})
        number = {"TEXT": {"REGEX": r"^[0-9]+(\.[0-9]+)?$"}}
        year = {"TEXT": {"REGEX": r"^(19|20)[0-9]{2}$"}}
        blank = {"TEXT": {"REGEX": r"^\s$"}, "OP": "*"}
        kind = [{"TEXT": "/"}, {"LOWER": {"IN": ["t", "z"]}}]
        dash = {"TEXT": {"IN": ["-", "—", "–", ":", "－"]}}
        for tail in ([number], [number, {"TEXT": "."}, number]):
            for middle in ([], kind):
                pattern = [{"TEXT": {"IN": heads}}, *middle, blank, *tail, blank, dash, blank, year]
                ruler.add_patterns([{"label": "number", "pattern": pattern}])

    def __call__(self, text: str) -> Cell:
        document = self.language(text)
        found: Cell = []
        at = 0
        for span in document.spans["ruler"]:
            title = re.sub(r"^[\s;；、《(（]+|[\s;；、》)）(（]+$", "", text[at : span.start_char]).replace("：", ":")
            printed = re.sub(r"\s", "", span.text).replace("—", "-").replace(":", "-")
            head = re.match(r"[A-Z]+(?:/T)?", printed)
            found.append((f"{head[0]} {printed[head.end() :]}" if head else printed, title or None))
            at = span.end_char
        return found


@pytest.mark.parametrize("text", CELLS)
def test_a_method_cell(text: str) -> None:
    assert by_grammar(text) == CELLS[text]


def test_the_grammar_reads_more_than_span_rules_and_faster() -> None:
    spans = Spans()
    spans("GB 1-2003")

    def timed(read: object) -> tuple[int, float]:
        start = time.process_time()
        right = sum(read(text) == cell for text, cell in CELLS.items())  # type: ignore[operator]
        return right, time.process_time() - start

    (grammar, grammar_seconds), (rules, rules_seconds) = timed(by_grammar), timed(spans)
    print(  # noqa: T201 - the figures are the point
        f"\nmethod cells read exactly: grammar {grammar}, span rules {rules} of {len(CELLS)}; "
          f"{1000 * grammar_seconds:.1f} and {1000 * rules_seconds:.1f} ms")  # fmt: skip
    assert grammar == len(CELLS)
    assert rules < grammar
    assert rules_seconds > grammar_seconds
