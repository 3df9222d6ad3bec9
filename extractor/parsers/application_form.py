"""检验检测机构资质认定申请书 -> ApplicationForm: a form of labelled cells, tick boxes, and tables of what is claimed."""

import re
from collections.abc import Sequence

from extractor.labels import Labelled, first, preferred, values_beside, values_in_table
from extractor.passages import unread
from extractor.sections import SectionWalk, pages_of, sites_in
from extractor.values import CHOSEN, OPEN, credit_code, date_value, text_value, without_blanks
from models.codes import cma_number, cnas_number
from models.field import Field
from models.layout import Document, Page
from models.papers import ApplicationForm, LegalEntity, PaperSource, Site

_LABELS = {
    "name": ("机构名称", "检验检测机构名称", "申请机构名称", "申请单位", "申请机构", "名称"),
    "unified_social_credit_code": ("统一社会信用代码", "社会信用代码"),
    "address": ("地址", "机构地址", "注册地址", "通讯地址", "检验检测机构地址"),
    "responsible_person": ("法定代表人", "法定代表人姓名", "法定代表人/负责人", "负责人(登记)", "登记负责人", "负责人", "机构负责人"),
    "legal_entity": ("所属法人单位名称", "法人单位名称", "所属法人单位", "所属法人名称"),
    "legal_entity_address": ("所属法人单位地址", "法人单位地址"),
    "legal_entity_person": ("所属法人单位负责人", "法人单位负责人", "所属法人负责人", "所属法人单位法定代表人"),
    "legal_entity_code": ("所属法人单位统一社会信用代码", "法人单位统一社会信用代码", "所属法人单位社会信用代码"),
    "application_type": ("申请类型", "申请类别"),
    "legal_status": ("法人地位", "法律地位", "机构法人性质", "法人性质", "法人类型", "机构性质"),
    "features": ("设施特点", "场所特点"),
    "legal_class": ("法人类别",),
    "cma_expires_on": ("有效期截止日", "有效截止日", "有效截止日期", "原证书有效期至", "有效期至"),
    "cnas_number": ("CNAS注册号", "认可注册号", "CNAS认可注册号", "CNAS证书编号", "认可证书注册号",
                    "CNAS认可证书编号", "CNAS认可证书注册号"),
    "cma_number": ("原证书编号", "资质认定证书编号", "原资质认定证书编号"),
    "applied_on": ("申请日期", "填表日期"),
    "sites": ("检验检测场所", "检测场所", "场所地址", "实验室地址", "检验检测场所地址", "检验检测地址"),
    "other": ("邮编", "邮政编码", "传真", "电话", "固话", "手机", "职务", "联络人", "联系人", "主管部门", "主管单位", "主管单位名称",
              "专业领域类别", "Email", "E-mail", "电子邮箱", "希望评审日期", "单位名称", "职称"),
}  # fmt: skip
_OF_OWNER = re.compile(r"所属法人|法人单位")
_BLANK = ("无", "/", "／", "—", "-", "", "1", "l", "I", "|", "丨", "丿", "\\")
"""What stands where nothing is meant to stand: 无, or a stroke whatever it was recognised as; no name, code or date is so short."""
_CHOICE = re.compile(rf"([{CHOSEN}{OPEN}])\s*([^{CHOSEN}{OPEN}\s]+)")
_OPTION = re.compile(
    "首次|扩项|复查|换证|(?:地址|标准|授权签字人|人员|名称|法人)变更|(?:企业|事业|社团|机关)法人|固定|临时|可?移动|多场所|其他"
)
_FADED = re.compile(rf"[二三口囗日=＝]\s*(?={_OPTION.pattern})")
_WITHOUT_BOX = re.compile(rf"(?<![{CHOSEN}{OPEN}\s])\s*其他\s*$")
_LISTED = re.compile(r"[、，,；;/+和及与]")
"""Between choices that somebody wrote out; the printed ones of a form stand beside each other."""
_RELIABLE = 0.5
"""What was read with less certainty says nothing of 独立法人: of its boxes there is no evidence that would carry the doubt along."""


def parse(document: Document, source: PaperSource) -> ApplicationForm:
    """The pages named in `source` as one application."""
    pages = pages_of(document.pages, source.pages)
    sha = document.sha256
    walk = SectionWalk(sha)
    for page in pages:
        walk.feed(page)
    found = [item for page in pages for item in _labelled(page)]
    own = [item for item in found if not _OF_OWNER.search(item.label.heading)]

    def text(name: str) -> Field[str] | None:
        labelled = preferred(own, name, _LABELS)
        if labelled is None or not labelled.value:
            return None
        return labelled.value.stripped().field(sha, text_value, label=labelled.label.spelling)

    code, cnas, cma, cma_ends, applied = (
        text(n) for n in ("unified_social_credit_code", "cnas_number", "cma_number", "cma_expires_on", "applied_on")
    )
    person = text("responsible_person")
    return ApplicationForm(
        source=source,
        name=text("name") or unread("机构名称"),
        unified_social_credit_code=credit_code(code) if code else None,
        address=text("address"),
        responsible_person=person.map(without_blanks) if person else None,
        rows=walk.rows(),
        signatories=tuple(walk.signatories),
        sites=_sites(walk, first(own, "sites"), sha),
        legal_entity=_legal_entity(found, sha),
        application_type=_choice(first(own, "application_type"), sha),
        independent=_independent(pages),
        cnas_number=cnas.map(cnas_number.find) if cnas else None,
        cma_number=cma.map(cma_number.find) if cma and not _is_blank(cma) else None,
        cma_expires_on=cma_ends.map(date_value) if cma_ends and not _is_blank(cma_ends) else None,
        legal_class=_choice(first(own, "legal_class"), sha),
        features=_choice(first(own, "features"), sha),
        applied_on=applied.map(date_value) if applied else None,
    )


def _labelled(page: Page) -> list[Labelled]:
    """Labels in the cells of forms and beside free text, those of other bodies' blocks (主管单位) left out."""
    in_forms = [item for table in page.tables for item in values_in_table(table, page.number, _LABELS)]
    beside = values_beside(page, _LABELS)
    return [item for item in [*in_forms, *beside] if not re.search(r"主管|联络|联系", item.label.heading)]


def _is_blank(field: Field[str]) -> bool:
    """Whether nothing is meant to stand there: a stroke or 无."""
    return field.text.strip() in _BLANK


def _legal_entity(found: Sequence[Labelled], document: str) -> LegalEntity | None:
    """所属法人单位: its own labels, or the common labels under its heading."""
    inside = [item for item in found if _OF_OWNER.search(item.label.heading)]

    def text(own: str, common: str) -> Field[str] | None:
        labelled = first(found, own) or first(inside, common)
        if labelled is None or not labelled.value or labelled.value.text.strip() in _BLANK:
            return None
        return labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)

    name = text("legal_entity", "name") or text("legal_entity", "other")
    if name is None:
        return None
    code = text("legal_entity_code", "unified_social_credit_code")
    return LegalEntity(
        name=name,
        address=text("legal_entity_address", "address"),
        responsible_person=text("legal_entity_person", "responsible_person"),
        unified_social_credit_code=credit_code(code) if code else None,
    )


def _choice(labelled: Labelled | None, document: str) -> Field[str] | None:
    """The ticked choices of a row of boxes, joined by `、`; the text itself where it has no boxes.

    No value where the boxes of several choices were lost: which of them is ticked cannot be known then. Where others are there, what
    is left of a box is an empty one, and so is that of 其他, the last and seldom ticked; the value is then flagged `repaired`.
    """
    if labelled is None or not labelled.value:
        return None
    printed = labelled.value.field(document, text_value, label=labelled.label.spelling)
    whole = _with_boxes(printed.text)
    field = printed.map(lambda _: _ticked(whole))
    return field if whole == printed.text else field.flagged("repaired")


def _with_boxes(text: str) -> str:
    """The text with the empty boxes that recognition took for letters or passed over, if it saw a ticked one."""
    if not any(mark in text for mark in CHOSEN):
        return text
    return _WITHOUT_BOX.sub("□其他", _FADED.sub("□", text))


def _ticked(text: str) -> str | None:
    choices = _CHOICE.findall(text)
    if any(_are_several(part) for part in re.split(rf"[{CHOSEN}{OPEN}]", text)):
        return None
    if not choices:
        return text_value(text)
    return "、".join(word for mark, word in choices if mark in CHOSEN) or None


def _are_several(text: str) -> bool:
    """Whether choices that a form prints stand beside each other, without a box between; what follows 其他 says what else."""
    parts = (_OPTION.findall(part) for part in _LISTED.split(text))
    return any(len(options) > 1 and options[0] != "其他" for options in parts)


def _independent(pages: Sequence[Page]) -> bool | None:
    """Which of 独立法人 and 非独立法人 is ticked; None where neither or both are, and where the boxes were read with doubt."""
    words = [word for page in pages for word in page.all_words() if word.confidence >= _RELIABLE]
    text = " ".join(re.sub(r"\s+", "", word.text) for word in words)
    marked = {
        word.startswith("非独立") for mark, word in _CHOICE.findall(text) if mark in CHOSEN and "独立法人" in word
    }
    return None if len(marked) != 1 else not marked.pop()


def _sites(walk: SectionWalk, labelled: Labelled | None, document: str) -> tuple[Site, ...]:
    """The places of work that are applied for: their table, else the labelled line (`A:… B:…`)."""
    if walk.sites or labelled is None or not labelled.value:
        return tuple(walk.sites)
    printed = labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)
    return sites_in(printed)
