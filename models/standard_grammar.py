"""The grammar of standard numbers and of what follows them, as compiled patterns; built once, from the prefix table.

Every pattern runs on text that `models.text.aligned` has folded. No quantifier nests in another over the same
characters, and each repeat is bounded, so a pattern's time grows with the text's length only.
"""

import re
from functools import cache

from models.data import read_rows

__all__ = [
    "ADOPTED",
    "ALIAS_GAP",
    "BOOK",
    "CODE_YEAR",
    "LIMITATION",
    "NOTICE",
    "PHARMACOPOEIA",
    "SEGMENT",
    "TAIL",
    "Prefix",
    "code_pattern",
    "issuers",
    "prefixes",
]

Prefix = tuple[str, str]
"""(family, canonical prefix)."""

_COUNT = "[一二三四五六七八九十0-9]"
_SEGMENT = r"\s{0,2}[-:]\s{0,2}[A-Z]{0,2}[0-9]{1,5}(?:[A-Z]{1,2}(?![A-Za-z/]|\s?法)|[a-zε](?![a-z])[0-9]?)?"
SEGMENT = re.compile(r"\s*([-:])\s*([A-Z]*[0-9]+[A-Za-zε]*[0-9]?)")
"""One `-5` or `:2013` after a number: separator, part."""

CODE_YEAR = re.compile(r"((?:19|20)[0-9]{2})((?:[A-Z]{1,2}|[a-zε][0-9]?)?)")
"""A segment that is a year with its revision: `2010A`, `2021e1`."""

_METHOD = rf"第\s?{_COUNT}{{1,3}}\s?法"
_ITEM = (
    rf"第\s?{_COUNT}{{1,3}}(?:\.[0-9]{{1,3}}){{0,4}}\s?(?:法|篇|章|条|节|款|部分(?!\s?:))"
    r"|附\s?录\s?[A-Z]{1,2}(?:\.[0-9]{1,3}){0,4}"
    rf"|方法\s?(?:[A-Z](?![A-Za-z])|{_COUNT}{{1,3}})|[A-Z]\s?法(?![\u4e00-\u9fff])"
    r"|(?:Annex|Appendix|Method|Clause|Procedure)\s?(?:[A-Z](?![A-Za-z])|[0-9]{1,2})(?:\.[0-9]{1,3}){0,4}"
    r"|\([0-9]{1,2}(?:\.[0-9]{1,3}){0,4}\)|T\s?[0-9]{4}(?:-[0-9]{4})?(?![0-9.])"
    r"|[0-9]{1,2}(?:\.[0-9]{1,3}){0,4}\s?[条章节](?![\u4e00-\u9fff])"
)
_DOTTED = r"(?<=\s)[0-9]{1,2}(?:\.[0-9]{1,3}){1,4}(?![0-9.%])(?=[\s;,、)\u4e00-\u9fff]|$)"
_BARE = r"(?<=\s)[0-9]{1,2}(?=\s{0,3}(?:[;,、)]|$))"
_LIMIT = (
    rf"(?:只|仅)(?:能)?(?:用|做|测|限|采用|使用)\s?(?:{_METHOD}(?:[、,和及]\s?第?\s?{_COUNT}{{1,3}}\s?法){{0,5}}|[^\s;,。()]{{1,40}})"
    rf"|不(?:能)?(?:用|做|测)\s?(?:{_METHOD}|[^\s;,。()]{{1,40}})"
    r"|除[^\s;。()]{1,30}?(?:以)?外|限[^\s;,。()]{1,20}?(?:以下|以上|以内)"
)
_AMENDMENT = (
    r"/?\s?XG\s?[0-9]{1,2}\s?-\s?[0-9]{4}|[+/]\s?A[0-9]{1,2}(?:\s?:\s?[0-9]{4})?(?![0-9A-Za-z])"
    r"|[/+]\s?(?:Amd|AMD|Amendment|Cor|COR)\.?\s?[0-9]{1,2}(?:\s?:\s?[0-9]{4})?"
    r"|第\s?[一二三四五六0-9]{1,2}\s?号\s?(?:修改单|修订单|勘误表?)"
)

TAIL = re.compile(
    rf"\s{{0,3}}\)?\s?[,、]?\s?[(]?(?:及其?|和|含|包括)?\s?(?:(?P<amendment>{_AMENDMENT})"
    rf"|(?P<limitation>{_LIMIT}))\)?"
    rf"|\s{{0,3}}\)?\s?[,、]?\s?(?P<open>\()?\s?(?P<clause>(?:{_ITEM})(?:\s?[、,和及~]\s?(?:{_ITEM})){{0,8}})(?(open)\))"
    rf"|\s{{0,3}}(?P<number>{_DOTTED}|{_BARE})"
)
"""What belongs to a code and follows it: an amendment, a limitation, a clause."""

LIMITATION = re.compile(
    rf"\(?((?:只|仅|不)(?:能)?(?:用|做|测)\s?{_METHOD}(?:[、,和及]\s?第?\s?{_COUNT}{{1,3}}\s?法){{0,5}})\)?"
)
"""A limitation that stands inside a title, where a neighbouring column ran into the cell."""

ADOPTED = re.compile(r"[\s,]{0,4}\(?\s?(?:idt|IDT|eqv|EQV|mod|MOD|neq|NEQ)\b\s?\)?")
ALIAS_GAP = re.compile(r"\s{0,2}(?:(?P<slash>/)|\(\s?(?:(?:等同)?(?:采用|于)?|idt|IDT|eqv|EQV|mod|MOD|neq|NEQ)\s?)\s?")
"""Between a code and the code it adopts: `/`, `(`, `(IDT `."""

_HAN = r"[\u4e00-\u9fff]"
PHARMACOPOEIA = re.compile(
    r"《?(?<![A-Za-z])(?P<name>中华人民共和国药典|中国药典|ChP|USP|EP|BP)》?\s?"
    r"(?:\(?(?P<year>(?:19|20)[0-9]{2})\s?年?\s?版?\)?)?[\s,]?(?:第?(?P<volume>[一二三四])\s?部)?[\s,]?"
    r"\(?(?P<chapter>(?:通则\s?)?[0-9]{4}(?![0-9])|附录\s?[A-ZⅠ-Ⅻ ]{1,6})?\)?"
)
NOTICE = re.compile(
    rf"(?P<issuer>{_HAN}{{1,24}}?)(?:"
    r"第?(?P<before>[0-9]{1,5})号公告(?P<before_part>-[0-9]{1,3}(?![0-9]))?(?:-(?P<before_year>(?:19|20)[0-9]{2}))?"
    r"|公告\s?\(?(?:(?P<first_year>(?:19|20)[0-9]{2})\s?年?)?\)?,?\s?第?\s?(?P<after>[0-9]{1,5})\s?号"
    r"(?P<after_part>-[0-9]{1,3}(?![0-9]))?(?:-(?P<after_year>(?:19|20)[0-9]{2}))?"
    r"|\((?P<letter_year>(?:19|20)[0-9]{2})\)\s?第?(?P<letter>[0-9]{1,5})号)"
)
"""农业部783号公告-1-2006, 总局公告2017年第24号, 卫法监发(2003)42号."""

BOOK = re.compile(
    rf"(?:《(?P<quoted>[^《》]{{2,60}})》|(?<!{_HAN})(?P<plain>{_HAN}{{4,30}})(?=\s?\(第[一二三四五六七八九十]+版))"
    r"\s?(?:\(?(?P<edition>第\s?[一二三四五六七八九十]+\s?版\s?(?:增补版|增补|修订版)?)\)?)?"
    rf"(?:[\s,(]{{0,3}}{_HAN}{{0,20}}[\s,(]{{0,3}}(?P<year>(?:19|20)[0-9]{{2}})\s?年?\)?)?"
)


@cache
def prefixes() -> dict[str, Prefix]:
    """Written prefix without blanks, upper case -> (family, canonical prefix)."""
    rows = read_rows("standard_prefixes.tsv")
    return {_bare(written): (family, canonical or written) for written, family, canonical in rows}


@cache
def code_pattern() -> re.Pattern[str]:
    """One pattern for a standard number of any family: its prefix groups, `number` and `rest` (parts and year)."""
    by_family: dict[str, list[str]] = {}
    for written, family, _ in sorted(read_rows("standard_prefixes.tsv"), key=lambda row: len(row[0]), reverse=True):
        by_family.setdefault(family.rstrip("2"), []).append(
            re.escape(written).replace(r"\ ", r"\s?").replace("/", r"\s?/\s?")
        )
    national, industry, other = (
        "|".join(names)
        for names in (by_family["national"], by_family["industry"], by_family["foreign"] + by_family["plain"])
    )
    return re.compile(
        r"(?=[A-Zgp])(?<![A-Za-z0-9])(?<![A-Za-z]/)(?:"
        r"(?P<local>DBS?)\s?(?P<area>[0-9]{2}(?:[0-9]{2})?)(?:\s?/\s?(?P<local_type>[TZ](?![A-Za-z]))?|\s)"
        r"|(?P<group>T\s?/\s?[A-Z]{2,12}|Q\s?/\s?[A-Z]{1,12})"
        r"|(?P<metrology>JJ[GF])(?:\s?\(\s?(?P<area_of>[\u4e00-\u9fff]{1,6})\s?\))?"
        rf"|(?P<national>(?i:{national}))(?:\s?/?\s?(?P<national_type>[TZJtzj]))?(?![A-Za-z])"
        rf"|(?P<other>{other})(?![a-z])"
        rf"|(?P<industry>{industry})(?:\s?/\s?(?P<industry_type>[TZJ])|(?P<bare_type>[TZ])(?=\s?[0-9]))?(?![A-Za-z]{{2}})"
        r")\s{0,2}(?P<number>[A-Z]{0,2}[\s-]?[0-9]{1,8}(?:[A-Z]{1,2}(?![A-Za-z/]))?(?:\.[0-9]{1,4}[A-Z]?){0,4}(?:/[0-9]{1,2}(?=\s?-))?)"
        rf"(?P<rest>(?:{_SEGMENT}){{0,4}})"
        r"(?P<bracketed>\s?\(R?(?:19|20)[0-9]{2}\)(?:e[0-9])?)?(?:\((?:E|EN|F|C|CN)\))?"
    )


@cache
def issuers() -> frozenset[str]:
    """Authorities whose notices lay down methods, as they sign them."""
    return frozenset(row[0] for row in read_rows("notice_issuers.tsv"))


def _bare(prefix: str) -> str:
    return re.sub(r"\s", "", prefix).upper()
