"""Which licences are a branch's, and which file authorises a body that is no legal person."""

from matchers.rules import Rules
from models.case import Case
from models.papers import BusinessLicence, UnknownPaper
from models.text import key

_BRANCH_TYPES = ("分公司", "分支机构", "分所", "分院", "分中心")


def is_branch(licence: BusinessLicence) -> bool:
    """Whether the licence is a branch's: by its type, else by the end of its name."""
    kind = key(licence.entity_type.value or "") if licence.entity_type is not None else ""
    if kind:
        return any(word in kind for word in _BRANCH_TYPES)
    return key(licence.name.value or "").endswith(_BRANCH_TYPES)


def authorisation_of(case: Case, rules: Rules) -> UnknownPaper | None:
    """The first file that reads like a 法人授权书, 设立批文 or 任命文件; papers of known kinds are none."""
    for paper in case.all(UnknownPaper):
        text = key(f"{paper.source.file} {paper.opening}")
        if any(word in text for word in rules.authorisation_words):
            return paper
    return None
