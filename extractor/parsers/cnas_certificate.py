"""CNAS 实验室认可证书 / 检验机构认可证书, Chinese or English -> CnasCertificate."""

import datetime as dt
import re
from collections.abc import Sequence

from extractor.labels import doubted, first, values_beside
from extractor.lines import lines_of
from extractor.passages import Passage, unread
from extractor.values import day_value, text_value
from models.codes import cnas_number
from models.field import Field
from models.layout import Document
from models.papers import CnasCertificate, PaperSource

_DATES = {
    "effective_on": ("生效日期", "签发日期", "颁证日期", "发证日期", "EffectiveDate", "DateofIssue"),
    "expires_on": ("截止日期", "有效期至", "有效期限", "有效日期", "ExpiryDate", "DateofExpiry", "ExpirationDate"),
    "other": ("更新日期", "初次认可", "首次认可日期", "首次认可", "DateofInitialAccreditation", "DateofUpdate"),
}
_NUMBER = re.compile(
    r"(?:注册号|注册编号|Registration\s*No\.?|No\.)\s*[:：.]?\s*(?:CNAS)?\s*[A-Z1I][A-Z]?\s*[0O]*\d{1,5}", re.IGNORECASE
)
_OPENING = re.compile(r"兹\s*证\s*明|[Tt]his\s*is\s*to\s*certify|hereby\s*certif", re.IGNORECASE)
_ENTITY = re.compile(
    r"[(（]\s*(?:法\s*人(?:单位)?(?:名称)?|所属法人(?:单位)?|Legal\s*Entity)\s*[:：]\s*(.+?)\s*[)）]?\s*$",
    re.IGNORECASE,
)
_ENTITY_LINE = re.compile(r"^\s*(?:法\s*人\s*单\s*位(?:名称)?|Legal\s*Entity)\s*[:：]\s*(.+)$", re.IGNORECASE)
_CRITERIA = re.compile(
    r"符合|accordance\s*with|complies\s*with|conform|meets?\s*the\s*requirements|satisf|competent", re.IGNORECASE
)
_STANDARD = re.compile(r"(IS[O0](?:/IEC)?|GB/T)\s*(\d{4,5})\s*(?:[:：\-—]\s*((?:19|20)\d{2}))?", re.IGNORECASE)
_POSTCODE = re.compile(
    r"(?:邮\s*编|邮政编码|[Pp]ostcode|[Pp]ostal\s*[Cc]ode)\s*[:：]?\s*(\d{6})|(?<!\d)(\d{6})(?!\d)\s*[)）]?\s*(?:,\s*China)?\.?\s*$"
)
_ADDRESS = re.compile(r"^\s*[(（]?\s*(?:地\s*址|Address|ADDRESS)\s*[:：]\s*")


def parse(document: Document, source: PaperSource) -> CnasCertificate:
    """The certificate's face: below 兹证明 stand the body's name, its legal person, its address; then the criteria and the dates."""
    page = next(page for page in document.pages if page.number in set(source.pages))
    sha = document.sha256
    lines = [Passage.of(line.words, page.number) for line in lines_of(page.all_words())]
    chinese = sum("一" <= c <= "鿿" for line in lines for c in line.text)
    language = "zh" if chinese * 4 > sum(len(line.text) for line in lines) else "en"
    block = _holder_block(lines)
    entity = _match_in(block, (_ENTITY, _ENTITY_LINE))
    name, address = _name_and_address(
        [line for line in block if not (_ENTITY.search(line.text) or _ENTITY_LINE.search(line.text))]
    )
    dates = values_beside(page, _DATES, page.all_words())

    def date_of(field: str) -> Field[dt.date]:
        labelled = first(dates, field)
        if labelled is None:
            return unread(_DATES[field][0])
        return labelled.value.stripped().field(sha, day_value, label=labelled.label.spelling)

    postcode = _POSTCODE.search(address.text) if address else None
    span = next((postcode.span(g) for g in (1, 2) if postcode and postcode.group(g)), None)
    if address and postcode and span:
        number, address = address.slice(*span), _trimmed(address.slice(0, postcode.start()))
    return CnasCertificate(
        source=source,
        registration_number=_registration_number(lines, sha),
        name=name.field(sha, text_value) if name else unread("名称"),
        address=address.field(sha, text_value) if address else unread("地址"),
        criteria=_criteria(lines, sha),
        effective_on=date_of("effective_on"),
        expires_on=date_of("expires_on"),
        language=language,
        legal_entity=entity.field(sha, text_value, label="法人") if entity else None,
        postcode=number.field(sha, text_value) if span else None,
    )


def _holder_block(lines: Sequence[Passage]) -> list[Passage]:
    """The lines between 兹证明 (on the same line too) and the sentence that begins with 符合."""
    block: list[Passage] = []
    inside = False
    for line in lines:
        opening = _OPENING.search(line.text)
        if opening and not inside:
            inside = True
            line = line.slice(opening.end(), len(line.text)).stripped(" :：that")
        if not inside:
            continue
        criteria = _CRITERIA.search(line.text)
        if criteria:
            before = line.slice(0, criteria.start())
            if re.sub(r"is\s*accredited\s*in|\W", "", before.text).strip():
                block.append(before)
            break
        if line:
            block.append(line)
    return block


def _name_and_address(block: Sequence[Passage]) -> tuple[Passage | None, Passage | None]:
    """The first lines are the name, up to where an address begins: its label, a place name with a number or road, or a smaller gap."""
    start = next((i for i, line in enumerate(block) if i and _begins_address(line, block[0])), min(1, len(block)))
    name, address = _merged(block[:start]), _merged(block[start:])
    label = _ADDRESS.match(address.text) if address else None
    if address and label:
        address = address.slice(label.end(), len(address.text))
    return name, address and _trimmed(address)


def _begins_address(line: Passage, name: Passage) -> bool:
    text = line.text
    if _ADDRESS.match(text):
        return True
    if re.search(r"[一-鿿]", text):
        place = re.match(r"\s*(?:中国)?[一-鿿]{2,8}?(?:省|市|自治区|自治州|县|区|镇|乡|路|大道|街)", text)
        return bool(place) and bool(re.search(r"[路街道号村镇区]|\d", text))
    return bool(re.search(r"\d|Road|Street|District|Building|Avenue", text)) and name.text != text


def _merged(lines: Sequence[Passage]) -> Passage | None:
    if not lines:
        return None
    return Passage.of(doubted([w for line in lines for w in line.words]), lines[0].page)


def _trimmed(passage: Passage) -> Passage:
    end = len(passage.text.rstrip(" ,，;；、(（"))
    return passage.slice(0, end).stripped()


def _match_in(lines: Sequence[Passage], patterns: Sequence[re.Pattern[str]]) -> Passage | None:
    """What stands behind (法人：…, also where it goes on in the next line up to the closing bracket."""
    for i, line in enumerate(lines):
        for pattern in patterns:
            match = pattern.search(line.text)
            if not match:
                continue
            if (
                not re.search(r"[)）]\s*$", line.text)
                and i + 1 < len(lines)
                and re.search(r"[)）]\s*$", lines[i + 1].text)
            ):
                joined = _merged(lines[i : i + 2])
                again = pattern.search(joined.text) if joined else None
                if joined and again:
                    return joined.slice(*again.span(1))
            return line.slice(*match.span(1))
    return None


def _registration_number(lines: Sequence[Passage], document: str) -> Field[str]:
    for line in lines:
        match = _NUMBER.search(line.text)
        if match:
            return line.slice(*match.span()).field(document, cnas_number.find, label="注册号")
    for line in lines:
        if cnas_number.find(line.text) and "CNAS-" not in line.text:
            return line.field(document, cnas_number.find, label="注册号")
    return unread("注册号")


def _criteria(lines: Sequence[Passage], document: str) -> Field[str]:
    """The standard of competence, `ISO/IEC 17025:2017` as printed."""
    for line in lines:
        match = _STANDARD.search(line.text)
        if match:
            return line.slice(*match.span()).field(document, _standard)
    return unread("认可准则")


def _standard(text: str) -> str | None:
    match = _STANDARD.search(text)
    if match is None:
        return None
    body, number, year = match.group(1).upper().replace("IS0", "ISO"), match.group(2), match.group(3)
    return f"{body} {number}:{year}" if year else f"{body} {number}"
