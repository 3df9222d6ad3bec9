"""One ladder of text normalisation, each rung a pure function: what was read, what it says, what equality compares.

The three landings are `clean` (safe for everything that was read, close to the print), `canonical` (one spelling of
punctuation and spacing) and `key` (what two texts are compared by). Each is idempotent. `aligned` folds one character
to exactly one character, so that offsets found in its result hold in its argument.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from models.data import read_rows

__all__ = [
    "CJK",
    "aligned",
    "canonical",
    "clean",
    "fold_forms",
    "has_encoding_variant",
    "key",
    "spell_out_powers",
    "squeeze_labels",
    "tighten",
    "to_simplified",
    "unify_marks",
    "upper_ascii",
]

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"  # inside a character class
_CJK_MARKS = "\u3001\u3002\u300a\u300b"  # 、。《》 stand next to ideographs without a space

# Width, vertical, narrow and ligature forms say nothing the plain form does not. Superscripts, circled numbers,
# fractions, unit signs (℃, ㎡) and Roman numerals do: NFKC would turn 10² into 102, so they are left as printed here.
_FORMS = frozenset({"wide", "narrow", "vertical", "small", "noBreak", "font"})
_LIGATURES = range(0xFB00, 0xFB07)
_PRINTED_WIDE = frozenset("（），：；！？～")  # ordinary Chinese punctuation keeps its printed form in `clean`
_IGNORABLE = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))  # variation selectors
_SCANNED = (range(0x10000), range(0x1D400, 0x1D800), range(0xE0000, 0xE0080))  # where forms and controls live
_VARIANTS = re.compile("[\u2e80-\u2fd5\u31c0-\u31ef\uf900-\ufaff\U0002f800-\U0002fa1f]")
_UNIFIED_COMPATIBILITY = frozenset("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩")  # twelve of that block are ordinary ideographs

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2e3a\u2e3b\u2500"
_MARKS: dict[str, int | str] = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("“”„‟〝〞″＂", '"'),
    **dict.fromkeys("‘’‚‛′´`＇", "'"),
    **dict.fromkeys("（〔【［〖｛{[﹙﹝", "("),
    **dict.fromkeys("）〕】］〗｝}]﹚﹞", ")"),
    **dict.fromkeys("〈＜﹤", "<"),
    **dict.fromkeys("〉＞﹥", ">"),
    **dict.fromkeys("•・‧∙⋅●", "·"),
    **dict.fromkeys("∕⁄／", "/"),
    **dict.fromkeys("～∼〜", "~"),
    "∶": ":",
    "，": ",",
    "：": ":",
    "；": ";",
    "！": "!",
    "？": "?",
}

# Most of what is read needs no folding at all; one pass of a character class says so far sooner than a table does.
_PLAIN = re.compile("[ -~\n\u4e00-\u9fff、。《》（），：；“”—·]*")
_PLAINEST = re.compile("[ -Z\\\\^_a-z|~\n\u4e00-\u9fff、。《》]*")

_SPACES = re.compile(r"[ \t\x0b\f\u3000\xa0]+")
_BLANKS = re.compile(r"\s+")
_LINE_ENDS = re.compile(r" ?\n\s*")
_INNER_SPACE = re.compile(f"(?<=[{CJK}{_CJK_MARKS}]) +(?=[{CJK}{_CJK_MARKS}])")
_SPACED_LABEL = re.compile(rf"(?<![{CJK}])[{CJK}](?:[ \t\u3000\xa0]+[{CJK}](?![{CJK}]))+")
_POWER = re.compile(r"(?<=[0-9])(?=[⁰¹²³⁴-⁹⁺⁻])")
_MIXED_FRACTION = re.compile(r"(?<=[0-9])(?=[¼-¾⅐-⅟↉])")
_ASCII_MARKS = re.compile(r"[\[\]{}`]")
_KEPT = 1 << 16
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SEPARATORS = str.maketrans("、,", ";;", "《》")


def clean(text: str, *, keep_lines: bool = False) -> str:
    """The text as printed, without what encodings and fonts did to it.

    Radicals and compatibility forms become the characters they stand for; controls and zero-width characters go; runs
    of blanks become one space. Line breaks become spaces too, unless `keep_lines`. Full-width punctuation,
    superscripts, circled numbers and unit signs stay as printed.
    """
    text = fold_forms(text)
    if keep_lines:
        return _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()
    return _BLANKS.sub(" ", text).strip()


def canonical(text: str) -> str:
    """`clean`, then one spelling of quotes, dashes, brackets and width, and no spaces between Chinese characters."""
    return tighten(unify_marks(clean(text)))


@lru_cache(maxsize=_KEPT)  # rows of an annex repeat their objects, parameters and methods thousands of times
def key(text: str) -> str:
    """What equality compares: `canonical`, full NFKC, simplified, ASCII upper case, no spaces, no title quotes.

    List separators are one (`;`). A power stays a power (10² is 10^2, not 102), while m² and m2 are the same.
    """
    text = unicodedata.normalize("NFKC", spell_out_powers(canonical(text)))
    text = to_simplified(unify_marks(text)).translate(_SEPARATORS)
    text = unicodedata.normalize("NFC", _BLANKS.sub("", text))
    return upper_ascii(text)


def fold_forms(text: str) -> str:
    """Radicals, presentation forms and ligatures to plain characters, ignorable characters dropped, NFC."""
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", text.translate(_form_table()))


def unify_marks(text: str) -> str:
    """One spelling of quotes, dashes, brackets, slashes and middle dots; never a change of length."""
    return text if text.isascii() and not _ASCII_MARKS.search(text) else text.translate(_mark_table())


def tighten(text: str) -> str:
    """No spaces between Chinese characters, one space elsewhere, none at the ends."""
    return _INNER_SPACE.sub("", _BLANKS.sub(" ", text)).strip()


def spell_out_powers(text: str) -> str:
    """`10²` as `10^²` and `1½` as `1+½`, so that folding the small digits cannot change the number."""
    return _MIXED_FRACTION.sub("+", _POWER.sub("^", text))


def to_simplified(text: str) -> str:
    """Traditional characters replaced by their simplified forms, one for one (OpenCC's first candidate)."""
    return text if text.isascii() else text.translate(_simplified_table())


def upper_ascii(text: str) -> str:
    """ASCII letters in upper case; others (µ, ß) keep theirs, for upper-casing them changes length or meaning."""
    return text.translate(_UPPER)


def has_encoding_variant(text: str) -> bool:
    """Whether the text holds radicals or compatibility ideographs where plain ideographs belong."""
    return not text.isascii() and any(found[0] not in _UNIFIED_COMPATIBILITY for found in _VARIANTS.finditer(text))


def squeeze_labels(text: str) -> str:
    """Letter-spaced words joined: `名　　称` is `名称`; `名 称 海口某公司` keeps its second gap."""
    return _SPACED_LABEL.sub(lambda found: _BLANKS.sub("", found[0]), text)


def aligned(text: str) -> str:
    """Forms and marks folded one character to one, ignorable characters to spaces: offsets hold in the original."""
    return text if _PLAINEST.fullmatch(text) else text.translate(_aligned_table())


def _forms() -> Iterator[tuple[int, str]]:
    """Each character that `fold_forms` rewrites, and what it becomes; ignorable ones become nothing."""
    for point in (point for block in _SCANNED for point in block):
        char = chr(point)
        category = unicodedata.category(char)
        if category == "Zs" or char in "\x85\u2028\u2029":
            yield point, " " if category == "Zs" else "\n"
        elif char == "\r" or category == "Cf" or (category == "Cc" and not char.isspace()):
            yield point, ""
        elif category == "Cs":
            yield point, "\ufffd"
        elif char not in _PRINTED_WIDE and (_form(char) in _FORMS or point in _LIGATURES):
            yield point, unicodedata.normalize("NFKC", char)
    yield from ((point, "") for point in _IGNORABLE)


def _form(char: str) -> str:
    """The tag of a compatibility decomposition: `wide` for `<wide> 0041`, empty where there is none."""
    return unicodedata.decomposition(char).partition(">")[0].lstrip("<")


@cache
def _form_table() -> dict[int, str]:
    radicals = {ord(radical): ideograph for radical, ideograph in read_rows("cjk_radicals.tsv")}
    return dict(_forms()) | {ord("\r"): "\n"} | radicals


@cache
def _mark_table() -> dict[int, int | str]:
    return str.maketrans(_MARKS)


@cache
def _aligned_table() -> dict[int, int | str]:
    forms: dict[int, int | str] = {point: to or " " for point, to in _form_table().items() if len(to) <= 1}
    compatibility = (chr(point) for point in range(0xF900, 0xFB00))
    ideographs = {ord(char): unicodedata.normalize("NFC", char) for char in compatibility}
    blanks = {ord(char): " " for char in "\t\x0b\f\x1c\x1d\x1e\x1f\r"}
    return forms | {point: to for point, to in ideographs.items() if len(to) == 1} | blanks | _mark_table()


@cache
def _simplified_table() -> dict[int, str]:
    return {ord(traditional): simplified for traditional, simplified in read_rows("traditional_simplified.tsv")}
