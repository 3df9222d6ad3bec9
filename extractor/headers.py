"""Header rows of capability tables: which column means what, in every generation of annex, in Chinese and English."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.layout import Cell, Table
from models.papers import Section

_SPACES = re.compile(r"[\s　]+")
_STROKES = re.compile(r"[1l丨_\-—]|(?<=[一-鿿])[a-z0-9](?=[一-鿿])")
"""What a rule that runs through a Chinese heading is read as."""

# Column -> spellings of its header, squeezed (no blanks, half-width brackets, lower case). The first that fits wins.
_COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "site",
        (r"(检测|检验|实验|所在)?(实验)?(场所|地点)", r"所在实验场所", r"地址代码", r"场所代码", r"sitecode", r"code"),
    ),
    ("field_code", (r"领域代码", r"fieldcode", r"codeoffield")),
    ("parameter_number", (r".*(项目|参数|item|parameter).*[|](序号|no\.?)",)),
    ("parameter", (r".*(项目|参数|item|parameter).*[|](名称|name)",)),
    ("object_number", (r".*(对象|产品|类别|object).*[|](序号|no\.?)",)),
    ("object", (r".*(对象|产品|类别|object).*[|](名称|name)",)),
    ("standard_title", (r"(检测)?(标准|方法|标准\(方法\))名称",)),
    ("standard_code", (r"(检测)?(标准|方法|标准\(方法\))(编号|代号)(\(含年号\))?",)),
    (
        "method",
        (
            r"(依据的?|检测|检验|校准|测量)?(标准|规范|方法).*",
            r".*标准\(方法\).*",
            r"规范名称及?代号.*",
            r"(title|standard|code).*(standard|method|code).*",
            r"(testing|test|calibration)?(standard|method|procedure).*",
        ),
    ),
    ("instrument", (r"测量仪器(名称)?.*", r"仪器名称", r"(measuring)?instrument.*")),
    ("measurand", (r"被测量.*", r"measurand.*")),
    ("range", (r"测量范围.*", r"(measurement)?range.*")),
    ("uncertainty", (r"扩展不确定度.*", r"(expanded)?uncertainty.*", r"cmc.*")),
    ("limitation", (r"限制(范围)?(或说明)?", r"限制说明", r"limitation.*", r"restriction.*")),
    (
        "object",
        (
            r"(产品|检测产品|检测对象|检验对象|检验检测对象|产品/?产品类别|类别.*产品.*|.*(检测|检验)对象.*|产品类别|(产品)?类别\(.*\))",
            r"testobject.*",
            r"(object|product).*",
        ),
    ),
    ("group", (r"(一级)?分类", r"大类", r"分组", r"类别", r"领域(名称)?", r"group", r"category")),
    (
        "parameter",
        (
            r"(产品/)?(检测|检验)?(项目|参数)(/参数)?(名称)?",
            r"(检测|检验)项目/?参数.*",
            r"产品/项目/参数.*",
            r"(item|parameter).*",
        ),
    ),
    ("effective_on", (r"生效日期.*", r"effectivedate")),
    ("assessment", (r"评审类型", r"type(ofassessment)?")),
    ("updated_on", (r"更新(时间|日期)", r"update(d)?(date|on)?")),
    ("capability", (r"能力范围", r"range")),
    ("person", (r"姓名", r"授权签字人(姓名)?", r"name")),
    ("title", (r"职务.*", r"职称", r"position.*")),
    ("signing_field", (r"(授权)?签字领域", r"授权签字(领域|范围).*", r"authorizedscope.*", r"scopeofsignature")),
    ("address", (r"地址", r"address")),
    ("postcode", (r"邮编", r"邮政编码", r"postcode")),
    ("features", (r"设施特点", r"features?.*")),
    ("activities", (r"主要活动", r"activit.*")),
    ("note", (r"说明", r"备注", r"note.*", r"remarks?")),
    ("status", (r"状态", r"status")),
    ("number", (r"序号.*", r"no\.?")),
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile("|".join(f"(?:{s})" for s in spellings))) for name, spellings in _COLUMNS)


@dataclass(frozen=True, slots=True)
class Header:
    """What a table lists and the meaning of each column (None where the header is not known); `rows` header rows stand on top.

    `columns[i]` is one of the canonical names: object_number, object, parameter_number, parameter, field_code, method, standard_title,
    standard_code, limitation, note, effective_on, site, group; instrument, measurand, range, uncertainty; person, title, signing_field;
    address, postcode, features, activities; capability, assessment, updated_on; number, status.
    """

    section: Section
    columns: tuple[str | None, ...]
    rows: int
    language: str

    def column(self, name: str) -> int | None:
        return self.columns.index(name) if name in self.columns else None


def squeeze(text: str) -> str:
    """Without blanks, half-width, lower case: how header texts are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).lower()


def recognise(table: Table) -> Header | None:
    """The header of a table, one to three rows of it; None where its top row is no header that we know."""
    grid = table.grid()
    best: Header | None = None
    for height in range(1, min(3, table.rows - 1) + 1):
        if height > 1 and not _is_header_row(grid[height - 1], grid[height - 2]):
            break
        header = _header_of(grid, height)
        if header is not None:
            best = header
    return best


def _is_header_row(line: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """A further header row hangs in spans from the row above and holds header words; scraps of a torn heading do not count."""
    own = {id(c): c for c in line if not any(c is a for a in above)}.values()
    texts = [text for c in own if (text := squeeze(c.text))]
    unknown = [text for text in texts if text not in _SUB_HEADERS and _column_of(text) is None]
    hangs = any(c is a for c, a in zip(line, above, strict=True))
    return hangs and all(len(text) <= _SCRAP for text in unknown) and 2 * len(unknown) <= len(texts)


_SCRAP = 2
"""A stroke that runs through a narrow heading tears it into pieces of this many letters."""
_SUB_HEADERS = {"序号", "名称", "no.", "no", "name", "编号", "代号"}


def _header_of(grid: list[list[Cell]], height: int) -> Header | None:
    columns: list[str | None] = []
    texts: list[str] = []
    for c in range(len(grid[0])):
        stack = list({id(grid[r][c]): grid[r][c] for r in range(height)}.values())
        parts = [squeeze(cell.text) for cell in stack]
        text = "|".join(p for p in parts if p)
        if text in _SUB_HEADERS and texts and "|" in texts[-1]:  # the rule over a heading of two columns may be missing
            text = f"{texts[-1].split('|')[0]}|{text}"
        texts.append(text)
        columns.append(_column_of(texts[-1]))
    section = _section_of(columns)
    if section is None:
        return None
    if section is Section.TESTING:
        columns = [
            "number" if name is None and 0 < len(text.replace("|", "")) <= 2 * _SCRAP else name
            for name, text in zip(columns, texts, strict=True)
        ]
    latin = sum(c.isascii() and c.isalpha() for t in texts for c in t)
    chinese = sum("一" <= c <= "鿿" for t in texts for c in t)
    return Header(section, tuple(_settle(columns, section)), height, "en" if latin > chinese else "zh")


def column_named(text: str) -> str | None:
    """The column that a heading names, before its neighbours are asked."""
    return _column_of(squeeze(text))


def _column_of(text: str) -> str | None:
    if not text:
        return None
    for name, pattern in _patterns():
        if pattern.fullmatch(text):
            return name
    without_stack = text.split("|")[-1]
    if without_stack != text:
        return _column_of(without_stack) or _column_of(text.replace("|", ""))
    without_strokes = _STROKES.sub("", text)
    return _column_of(without_strokes) if without_strokes != text and not without_strokes.isascii() else None


def _section_of(columns: Sequence[str | None]) -> Section | None:
    names = set(columns)
    if {"instrument", "measurand"} & names and ("method" in names or "range" in names):
        return Section.CALIBRATION
    if "person" in names and "signing_field" in names:
        return Section.SIGNATORIES
    if "assessment" in names and ({"updated_on", "capability", "range"} & names):
        return Section.INDEX
    if ({"method", "standard_code"} & names) and ({"parameter", "object", "group"} & names):
        return Section.TESTING
    if "address" in names and ({"postcode", "features", "activities"} & names or "site" in names):
        return Section.SITES
    return None


def _settle(columns: Sequence[str | None], section: Section) -> list[str | None]:
    """What the neighbours decide: a 序号 before the object is its number, one before the parameter the parameter's."""
    settled = list(columns)
    if section is Section.INDEX:
        return ["capability" if c == "range" else "site" if c == "address" else c for c in settled]
    if section is Section.CALIBRATION:
        renamed = {
            "instrument": "object",
            "measurand": "parameter",
            "range": "limitation",
            "uncertainty": "note",
            "number": "object_number",
        }
        if "note" in settled and "uncertainty" in settled:
            settled = [None if c == "note" else c for c in settled]
        return [renamed.get(c or "", c) for c in settled]
    if section is not Section.TESTING:
        return settled
    if "object" not in settled and "group" in settled:
        settled[settled.index("group")] = "object"
    for i, name in enumerate(settled):
        if name != "number":
            continue
        following = settled[i + 1] if i + 1 < len(settled) else None
        settled[i] = (
            "parameter_number"
            if following == "parameter"
            else "object_number"
            if "object_number" not in settled
            else None
        )
    return settled
