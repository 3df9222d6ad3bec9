"""营业执照, 事业单位法人证书, 社会团体法人登记证书, 民办非企业单位登记证书 -> BusinessLicence."""

import datetime as dt
import re
import statistics
from collections.abc import Sequence

from rapidfuzz import fuzz

from extractor.labels import Labelled, first, values_beside
from extractor.lines import lines_of
from extractor.passages import Passage, fragments, unread
from extractor.scope_marks import mended
from extractor.scopes import read_activities
from extractor.values import code_in, credit_code, day_value, text_value, without_blanks
from models.dates import find_dates, parse_period
from models.field import Field
from models.layout import Document, Origin, Page, Word
from models.money import Money, parse_money
from models.papers import BusinessLicence, PaperSource

_LABELS = {
    "unified_social_credit_code": ("统一社会信用代码", "社会信用代码", "注册号"),
    "name": ("名称", "单位名称", "企业名称", "字号名称"),
    "entity_type": ("类型", "主体类型", "企业类型", "公司类型", "经济性质"),
    "responsible_person": (
        "法定代表人",
        "法定代表人姓名",
        "负责人",
        "投资人",
        "投资人姓名",
        "经营者",
        "经营者姓名",
        "执行事务合伙人",
    ),
    "registered_capital": ("注册资本", "注册资金", "出资额", "成员出资总额", "开办资金"),
    "established_on": ("成立日期", "注册日期"),
    "term": ("营业期限", "合伙期限", "经营期限", "有效期", "有效期限", "证书有效期"),
    "address": ("住所", "营业场所", "经营场所", "主要经营场所", "住所(经营场所)", "住所（经营场所）"),
    "business_scope": ("经营范围", "业务范围", "宗旨和业务范围", "经营范围及方式"),
    "registration_authority": ("登记机关", "登记管理机关", "发证机关"),
    "issued_on": ("核准日期", "登记日期", "发证日期"),
    "serial_number": ("证照编号", "证书编号", "编号"),
    "other": ("宗旨和", "组成形式", "经费来源", "举办单位", "业务主管单位", "活动地域", "说明", "重要提示", "实收资本"),
}
_FORMS = (
    ("public_institution", re.compile(r"事业单位法人证书")),
    ("private_non_enterprise", re.compile(r"民办非企业单位(\(法人\))?登记证书|社会服务机构(法人)?登记证书")),
    ("social_organisation", re.compile(r"社会团体法人登记证书")),
)
_WITHOUT_CAPITAL = re.compile(r"分公司|分支机构|个体工商户|个人独资|分所|代表处|办事处")
_COPY = re.compile(r"[(（]\s*([正副])\s*本\s*[)）]|(?<![一-鿿])([正副])\s*本(?![一-鿿])")
_WATERMARK, _MEANING = "SCJDGL", "市场监督管理"
"""Printed all over the paper, and what the letters stand for, once in the middle."""
_LARGE = 2.2
"""How many times as tall as most words, and as wide, a letter or two of a watermark (营业执照, large across the sheet) are."""
_ONE_LETTER, _LETTER = re.compile("[A-Za-z]"), 1.4
"""A single Latin letter is none of a value where it is so much taller than most words: it was seen in the pattern of the paper."""
_LEAST_CAPITAL = 10_000
_MONEY = re.compile(r"(?:\d[\d.,]*[万亿]?|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,})元")
_BESIDE_A_TYPE = re.compile(r"(?<=[一-鿿)）])[0-9A-Za-z|]{1,2}$")
_NOTICE = re.compile(r"年度报告|公示系统|扫描|http|监制|打印|数字签名|仅供|www\.")


def parse(document: Document, source: PaperSource) -> BusinessLicence:
    """The page named in `source` as a licence. A label that this form does not carry gives no field at all."""
    pages = [page for page in document.pages if page.number in set(source.pages)]
    found = [item for page in pages for item in values_beside(page, _LABELS, _printed_words(page))]
    page, sha = pages[0], document.sha256
    form = _form(page)

    def text_field(name: str, *, required: bool = False) -> Field[str] | None:
        labelled = first(found, name)
        if labelled is None or not (labelled.value or required):
            return unread(_LABELS[name][0]) if required else None
        return labelled.value.stripped().field(sha, text_value, label=labelled.label.spelling)

    entity_type = text_field("entity_type")
    if entity_type is not None and entity_type.origin is Origin.OCR:
        entity_type = entity_type.map(_as_a_type)
    capital = text_field("registered_capital", required=form == "business_licence" and _needs_capital(entity_type))
    person = text_field("responsible_person", required=True)
    person = _without_money(person) if person is not None else None
    established = text_field("established_on")
    term = text_field("term")
    scope = text_field("business_scope", required=True)
    scope = mended(scope) if scope else None
    return BusinessLicence(
        source=source,
        form=form,
        unified_social_credit_code=_code(pages, found, sha),
        name=text_field("name", required=True) or unread("名称"),
        entity_type=entity_type,
        responsible_person=person.map(lambda t: without_blanks(t) if _is_chinese(t) else t) if person else None,
        registered_capital=_capital(capital) if capital else None,
        established_on=established.map(day_value) if established else None,
        term=term.map(parse_period) if term else None,
        address=text_field("address", required=True),
        business_scope=scope,
        registration_authority=_authority(found, sha),
        issued_on=_issued_on(pages, found, sha, form),
        serial_number=text_field("serial_number"),
        copy=_copy(page, sha),
        activities=read_activities(scope.value) if scope is not None and scope.value else None,
    )


def _printed_words(page: Page) -> list[Word]:
    """All words but watermarks and the notices along the edge, which are no value of any field."""
    words = [word for word in page.all_words() if not (_NOTICE.search(word.text) or _is_watermark(word.text))]
    usual = statistics.median(word.box.height for word in words) if words else 0.0
    return [
        word
        for word in words
        if len(word.text) > 2
        or min(word.box.width, word.box.height) <= (_LETTER if _ONE_LETTER.fullmatch(word.text) else _LARGE) * usual
    ]


def _is_watermark(text: str) -> bool:
    letters = re.sub(r"\s", "", text)
    if not letters.isascii():
        return len(letters) > 1 and letters in _MEANING
    return 3 <= len(letters) <= 8 and fuzz.ratio(letters, _WATERMARK) >= 60


def _form(page: Page) -> str:
    text = re.sub(r"\s+", "", "".join(w.text for w in page.all_words()))
    return next((form for form, title in _FORMS if title.search(text)), "business_licence")


def _needs_capital(entity_type: Field[str] | None) -> bool:
    kind = (entity_type.value if entity_type else "") or ""
    return "公司" in kind and not _WITHOUT_CAPITAL.search(kind)


def _without_money(person: Field[str]) -> Field[str]:
    """A recognised name without the capital that runs on from below, where the label of that was not read.

    陆元九 and 万陆元 are names: what is cut off stands behind two letters at least; all of a value is money only with a digit or 整.
    """
    money = _MONEY.search(person.value or "") if person.origin is Origin.OCR else None
    if money is None:
        return person
    if money.start() >= 2:
        return person.map(lambda text: text[: money.start()]).flagged("repaired")
    return unread("法定代表人") if re.search(r"\d|整$", person.value or "") else person


def _as_a_type(text: str) -> str:
    """A recognised kind of body without what none has: a point for 、, or a digit of the paper's pattern behind it."""
    return _BESIDE_A_TYPE.sub("", text.replace("·", "、"))


def _capital(printed: Field[str]) -> Field[Money]:
    """The capital; so little of it as no body has is strange where it was recognised: a 万 may be lost."""
    capital = printed.map(parse_money)
    little = capital.value is not None and capital.value.amount < _LEAST_CAPITAL
    return capital.flagged("low_confidence") if little and capital.origin is Origin.OCR else capital


def _is_chinese(text: str) -> bool:
    return bool(re.fullmatch(r"[一-鿿·•.\s]+", text))


def _code(pages: Sequence[Page], found: Sequence[Labelled], document: str) -> Field[str]:
    """Beside its label, else below it, else wherever on the page a code stands (nearest to the label first)."""
    labelled = first(found, "unified_social_credit_code")
    label = labelled.label.spelling if labelled else "统一社会信用代码"
    if labelled and code_in(labelled.value.text):
        match = code_in(labelled.value.text)
        assert match is not None
        return credit_code(labelled.value.slice(*match.span()).field(document, without_blanks, label=label))
    passages = [Passage.of(line.words, page.number) for page in pages for line in lines_of(page.all_words())]
    hits = [p.slice(*m.span()) for p in passages if (m := code_in(p.text))]
    if hits:
        near = min(hits, key=lambda p: abs(p.box.top - labelled.label.box.bottom) if labelled else p.box.top)
        return credit_code(near.field(document, without_blanks, label=label))
    if labelled and labelled.value:
        return labelled.value.stripped().field(document, without_blanks, label=label)
    return unread(label)


def _authority(found: Sequence[Labelled], document: str) -> Field[str] | None:
    """The printed authority; on paper licences it stands in the seal only, then there is no field."""
    labelled = first(found, "registration_authority")
    if labelled is None:
        return None
    dates = find_dates(labelled.value.text)
    value = labelled.value.slice(0, dates[0][1]) if dates else labelled.value
    authority = re.match(r"[\s:：]*([一-鿿()（）\s]{4,}?(?:局|委员会|厅|部|办公室|中心|院|处))", value.text)
    if not authority:
        return None
    return value.slice(*authority.span(1)).field(document, text_value, label=labelled.label.spelling)


def _issued_on(pages: Sequence[Page], found: Sequence[Labelled], document: str, form: str) -> Field[dt.date] | None:
    """The date under the 登记机关: the lowest text that is a date and little else, and no other field's value."""
    labelled = first(found, "issued_on")
    if labelled and labelled.value and day_value(labelled.value.text):
        return labelled.value.stripped().field(document, day_value, label=labelled.label.spelling)
    taken = [item.value.box for item in found if item.label.name in ("established_on", "term") and item.value]
    authority = first(found, "registration_authority")
    lowest: Passage | None = None
    for page in pages:
        for passage in fragments(page.all_words(), page.number):
            for _, start, end in find_dates(passage.text):
                candidate = passage.slice(start, end)
                alone = len(re.sub(r"\s", "", passage.text)) - (end - start) <= 14 and not _NOTICE.search(passage.text)
                free = not any(box.intersects(candidate.box) for box in taken)
                below = authority is None or candidate.box.bottom > authority.label.box.top
                if alone and free and below and (lowest is None or candidate.box.top >= lowest.box.top):
                    lowest = candidate
    if lowest is None:
        return unread("登记日期") if form == "business_licence" else None
    return lowest.field(document, day_value, label="登记日期")


def _copy(page: Page, document: str) -> Field[str] | None:
    for line in lines_of(page.all_words()):
        passage = Passage.of(line.words, page.number)
        match = _COPY.search(passage.text)
        if match and len(re.sub(r"\s", "", passage.text)) <= 20:
            return passage.slice(*match.span()).field(document, lambda t: "副本" if "副" in t else "正本")
    return None
