"""Names of bodies and of people: what two spellings have in common, and what no tolerance may cover.

A company name is 行政区划 + 字号 + 行业 + 组织形式 (企业名称登记管理规定 第六条), possibly with a branch or unit after it. Width, blanks,
brackets and traditional characters are spelling; a changed character of the 字号 is another company.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from matchers.data import read_lines, read_pairs
from matchers.likeness import confusable, likeness
from matchers.places import of_level
from models.finding import Bilingual, Comparison, Outcome
from models.records import Change
from models.text import canonical, key, upper_ascii

_BARE = re.compile(r"""[()"'.;:*·\-_/]""")
_WEIGHTS = {"division": 0.15, "core": 0.5, "industry": 0.2, "form": 0.1, "unit": 0.05}
_LABELS = {
    "division": Bilingual("行政区划", "place"),
    "core": Bilingual("字号", "trade name"),
    "industry": Bilingual("行业", "trade"),
    "form": Bilingual("组织形式", "form of organisation"),
    "unit": Bilingual("分支或内设部门", "branch or unit"),
}
_PRIVATE = 0xE000  # private use: no name holds such a character
_LONG_FORM = 4
"""Characters of a form of organisation that still tell which one it is when one is misread (有限公可, 特殊晋通合伙)."""
_SCORE_SPELLING, _SCORE_FORM, _SCORE_FORMER = 0.99, 0.97, 0.95


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name in its parts, each as `text.key` gives it, without brackets; empty where the name has no such part.

    `placed` is where the 行政区划 stands: `front`, `inside` (in brackets, `offset` characters behind the start) or empty.
    """

    division: str
    core: str
    industry: str
    form: str
    unit: str
    placed: str = ""
    offset: int = 0


class Relation(StrEnum):
    """How an accredited unit's name relates to a legal person's name."""

    SAME = "same"
    UNIT = "unit"
    UNPROVEN = "unproven"
    OTHER = "other"


def compare_names(left: str, right: str, *, former: Sequence[Change] = (), on: dt.date | None = None) -> Comparison:
    """Two names of bodies. `former` are registered changes of name; an old name is tolerated on a paper of a day up to the change."""
    if upper_ascii(canonical(left)) == upper_ascii(canonical(right)):
        return _verdict(Outcome.MATCH, 1.0, "名称相同。", "The names are equal.")
    if _bare(left) == _bare(right):
        return _tolerated(
            _SCORE_SPELLING, "括号、空格、全半角或繁简写法不同", "brackets, blanks, width or traditional characters"
        )
    a, b = parse_name(left), parse_name(right)
    parts = _parts(a, b)
    if (tolerance := _variant(a, b)) is not None:
        return _tolerated(_SCORE_FORM, *tolerance, parts=parts)
    if (change := _change_between(left, right, former)) is not None:
        return _renamed(change, on, parts)
    differing = [(name, x, y) for name, x, y, score in parts if score < 1.0]
    score = min(_SCORE_FORMER, round(sum(_WEIGHTS[name] * score for name, _, _, score in parts), 4))
    labelled = [(_LABELS[name], x, y) for name, x, y in differing] or [
        (Bilingual("字样或其位置", "wording"), left, right)
    ]
    zh = "；".join(f"{label.zh}“{x or '（无）'}”与“{y or '（无）'}”不同{_characters(x, y)}" for label, x, y in labelled)
    en = "; ".join(f"{label.en} “{x}” against “{y}”" for label, x, y in labelled)
    detail = Bilingual(f"{zh}。", f"Different: {en}.")
    return Comparison(Outcome.MISMATCH, score, detail, parts=parts, misread=_may_be_misread(left, right))


def parse_name(name: str) -> BodyName:
    """The parts of a body's name; total: what cannot be told apart stays in the 字号."""
    text = key(name)
    stem, form, unit = _split_form(text)
    stem, division, offset = _split_division(stem)
    placed = "inside" if offset else "front" if division else ""
    stem = _BARE.sub("", stem)
    start = min((at for word in read_lines("industry_words.txt") if (at := stem.find(word, 1)) > 0), default=len(stem))
    return BodyName(division, stem[:start], stem[start:], _BARE.sub("", form), _BARE.sub("", unit), placed, offset)


def unit_relation(unit: str, entity: str) -> Relation:
    """Whether `unit` is the legal person itself, a branch or laboratory named after it, perhaps one of its units, or another body."""
    whole, owner = _of_one_form(_bare(unit)), _of_one_form(_bare(entity))
    if compare_names(unit, entity).outcome is not Outcome.MISMATCH:
        return Relation.SAME
    parsed, named = parse_name(unit), parse_name(entity)
    owned = bool(owner) and whole.startswith(owner) and bool(named.form)
    if owned and whole.endswith(read_lines("unit_suffixes.txt")):
        return Relation.UNIT
    same_core = bool(named.core) and parsed.core == named.core and _same_place(parsed.division, named.division)
    return Relation.UNPROVEN if owned or same_core else Relation.OTHER


def former_names(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The registered changes of name among all changes."""
    return tuple(change for change in changes if "名称" in change.item)


def is_former_name(name: str, changes: Sequence[Change]) -> bool:
    """Whether the body bore this name before one of the registered changes."""
    return any(_bare(change.before) == _bare(name) for change in former_names(changes))


def compare_persons(left: str, right: str) -> Comparison:
    """Two names of people: only blanks, the dot of minority names and listed glyph variants are tolerated."""
    if _dotted(left) == _dotted(right):
        return _verdict(Outcome.MATCH, 1.0, "姓名相同。", "The names are equal.")
    if _person(left) == _person(right):
        return _tolerated(
            _SCORE_SPELLING, "间隔号、繁简或异体字写法不同", "the dot, traditional characters or glyph variants"
        )
    a, b = _dotted(left), _dotted(right)
    return Comparison(
        Outcome.MISMATCH,
        round(likeness(a, b), 4),
        Bilingual(f"姓名“{a}”与“{b}”不同{_characters(a, b)}。", f"Different people: “{a}” against “{b}”."),
    )


def _bare(name: str) -> str:
    return _BARE.sub("", key(name))


def _split_form(text: str) -> tuple[str, str, str]:
    """Stem, form and what follows: the first form with 公司, else the first other company form, else an institution's last word."""
    companies, institutions = _forms("company"), _forms("institution")
    found = [(at, -len(form), form) for form in companies if (at := _form_at(text, form)) > 0]
    found = [entry for entry in found if entry[2].endswith("公司")] or found  # 某某供销社某某有限公司
    if found:
        at, _, form = min(found)
        return text[:at], form, text[at + len(form) :]
    for form in institutions:
        if text.endswith(form) and len(text) > len(form):
            return text[: -len(form)], form, ""
    return text, "", ""


def _form_at(text: str, form: str) -> int:
    """Where a company form ends the legal name; `分公司` ends none."""
    at = text.find(form)
    return text.find(form, at + len(form)) if at > 0 and form == "公司" and text[at - 1] == "分" else at


def _split_division(stem: str) -> tuple[str, str, int]:
    """The stem without its 行政区划, the 行政区划, and how many characters stood before it where it stands in brackets."""
    rest, found = stem, ""
    for level in ("province", "city", "district"):
        name = next((name for name in of_level(level) if rest.startswith(name)), "")
        bare = name and found and name == of_level(level)[name].short
        after = rest[len(name) :]
        if bare and (not after or after.startswith(read_lines("industry_words.txt"))):
            break  # 海南琼海检测: with no other word left for it, the second place is the 字号
        rest, found = rest[len(name) :], found + name
    if found:
        return rest, found, 0
    for bracket in re.finditer(r"\(([^()]+)\)", stem):
        if any(bracket[1] in of_level(level) for level in ("province", "city", "district")):
            return stem[: bracket.start()] + stem[bracket.end() :], bracket[1], bracket.start()
    return stem, "", 0


def _variant(a: BodyName, b: BodyName) -> tuple[str, str] | None:
    """The tolerance under which two names are one: synonymous form, or the place with and without 省, 市, 县."""
    if (a.core, a.industry, a.unit, a.placed, a.offset) != (b.core, b.industry, b.unit, b.placed, b.offset):
        return None
    forms, divisions = _form_key(a.form) == _form_key(b.form), _same_place(a.division, b.division)
    if not forms or not divisions:
        return None
    if a.division != b.division:
        return "行政区划写法不同（省、市、县字样）", "the place with and without its level"
    return "组织形式为同义写法（有限公司、有限责任公司）", "synonymous forms of organisation"


def _same_place(a: str, b: str) -> bool:
    return _place_key(a) == _place_key(b)


def _place_key(division: str) -> str:
    """海南省海口市 and 海南海口 are one; the level words are dropped name by name."""
    rest, shorts = division, []
    for level in ("province", "city", "district"):
        name = next((name for name in of_level(level) if rest.startswith(name)), "")
        if name:
            shorts.append(of_level(level)[name].short)
            rest = rest[len(name) :]
    return "".join(shorts) + rest


def _change_between(left: str, right: str, former: Sequence[Change]) -> Change | None:
    """The registered change that makes the two names one body's: one is the name before it, the other a name after one."""
    later = {_bare(change.after) for change in former}
    for mine, other in ((_bare(left), _bare(right)), (_bare(right), _bare(left))):
        for change in former:
            if _bare(change.before) == mine and other in later:
                return change
    return None


def _renamed(change: Change, on: dt.date | None, parts: tuple[tuple[str, str, str, float], ...]) -> Comparison:
    """An old name with its registered change: fine on a paper up to that day, a paper not renewed after it."""
    if on is not None and change.on is not None and on <= change.on:
        since = change.on.isoformat()
        return _tolerated(
            _SCORE_FORMER,
            f"曾用名：登记信息载明于{since}由“{change.before}”变更而来",
            f"former name, changed on {since}",
            parts=parts,
        )
    when = change.on.isoformat() if change.on else "日期不详"
    return Comparison(
        Outcome.MISMATCH,
        0.9,
        Bilingual(
            f"一侧是曾用名“{change.before}”（{when}变更），但该材料的日期晚于变更或无法确定，证照未换发。",
            f"One is the former name “{change.before}”, but the paper is later than the change or bears no date.",
        ),
        parts=parts,
    )


def _parts(a: BodyName, b: BodyName) -> tuple[tuple[str, str, str, float], ...]:
    pairs = [(name, getattr(a, name), getattr(b, name)) for name in _WEIGHTS]
    return tuple((name, x, y, 1.0 if x == y else min(0.99, likeness(x, y))) for name, x, y in pairs)


def _characters(a: str, b: str) -> str:
    """Which characters differ where only one or two do; says so where the pair is easily misread."""
    pairs = [(x, y) for x, y in zip(a, b, strict=False) if x != y]
    if len(a) != len(b) or not 1 <= len(pairs) <= 2:
        return ""
    shown = "、".join(f"“{x}”≠“{y}”" for x, y in pairs)
    alike = "，字形相近" if all(frozenset(pair) in confusable() for pair in pairs) else ""
    return f"（{shown}{alike}）"


def _may_be_misread(left: str, right: str) -> bool:
    """One character behind the 字号 differs: in a word for the form of organisation, or a pair of one shape in any other word."""
    a, b = _bare(left), _bare(right)
    places = [at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(places) != 1:
        return False
    at = places[0]
    for name, text in ((parse_name(left), a), (parse_name(right), b)):
        told = max(text.find(name.core) + len(name.core), text.find(name.division) + len(name.division))
        form = text.rfind(name.form) if len(name.form) >= _LONG_FORM else len(text)
        if name.form and at >= told and (at >= form or frozenset((a[at], b[at])) in confusable()):
            return True
    return False


def _verdict(outcome: Outcome, score: float, zh: str, en: str) -> Comparison:
    return Comparison(outcome, score, Bilingual(zh, en))


def _tolerated(score: float, zh: str, en: str, parts: tuple[tuple[str, str, str, float], ...] = ()) -> Comparison:
    return Comparison(Outcome.TOLERATED, score, Bilingual(f"{zh}。", f"Tolerated: {en}."), zh, parts)


@cache
def _forms(kind: str) -> tuple[str, ...]:
    """The forms of one kind, longest first."""
    return tuple(sorted((row[1] for row in read_pairs("name_forms.tsv") if row[0] == kind), key=len, reverse=True))


@cache
def _synonyms() -> dict[str, str]:
    return {row[1]: row[2] for row in read_pairs("name_forms.tsv") if len(row) > 2 and row[2]}


def _of_one_form(name: str) -> str:
    """The name with every form of organisation in its usual wording."""
    for form, usual in _synonyms().items():
        name = name.replace(form, usual)
    return name


def _form_key(form: str) -> str:
    return _synonyms().get(form, form)


@cache
def _glyphs() -> dict[int, str]:
    return {ord(variant): group[0] for group in read_lines("person_glyphs.txt") for variant in group[1:]}


@cache
def _apart() -> dict[int, str]:
    return {ord(char): chr(_PRIVATE + at) for at, char in enumerate(read_lines("person_characters.txt"))}


def _dotted(name: str) -> str:
    return upper_ascii(canonical(name)).replace(" ", "")


def _person(name: str) -> str:
    """What two names of people are compared by; characters that simplification would merge into another are kept apart."""
    return key(name.translate(_apart())).translate(_glyphs()).replace(".", "").replace("·", "")
