"""The two sides of a comparison as people see them: labels, values, evidence; and the remarks that put them together."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from models.errors import Unread
from models.field import Field, Snapshot
from models.finding import Bilingual, Comparison, Outcome, Remark, Severity, Side
from models.layout import Origin
from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CmaAnnex,
    CmaCertificate,
    CnasAnnex,
    CnasCertificate,
    CommitmentLetter,
    Signatory,
    Site,
)
from models.records import Answer, RegistryKind

T = TypeVar("T")

PAPER_NAMES: dict[type, Bilingual] = {
    BusinessLicence: Bilingual("营业执照", "business licence"),
    CnasCertificate: Bilingual("CNAS 认可证书", "CNAS certificate"),
    CnasAnnex: Bilingual("CNAS 认可证书附件", "annex of the CNAS certificate"),
    CmaCertificate: Bilingual("资质认定证书", "CMA certificate"),
    CmaAnnex: Bilingual("资质认定证书附表", "annex of the CMA certificate"),
    ApplicationForm: Bilingual("资质认定申请书", "application form"),
    CommitmentLetter: Bilingual("告知承诺书", "commitment letter"),
    CapabilityRow: Bilingual("能力项（申请书能力表或 CNAS 附件）", "capability rows (in the form or the CNAS annex)"),
}
REGISTRY_NAMES: dict[RegistryKind, Bilingual] = {
    RegistryKind.ENTERPRISES: Bilingual("企业登记信息", "enterprise register"),
    RegistryKind.CREDIT: Bilingual("信用信息", "credit records"),
    RegistryKind.CNAS: Bilingual("CNAS 获认可机构名录", "CNAS directory"),
    RegistryKind.CNAS_ROWS: Bilingual("CNAS 名录能力范围", "scope in the CNAS directory"),
    RegistryKind.CMA: Bilingual("已发资质认定证书信息", "issued CMA certificates"),
    RegistryKind.CMA_ROWS: Bilingual("已发资质认定能力项", "scope of issued CMA certificates"),
    RegistryKind.ITEMS: Bilingual("资质认定事项清单", "list of matters"),
    RegistryKind.LIBRARY: Bilingual("能力项目库", "capability library"),
    RegistryKind.STANDARDS: Bilingual("标准状态信息", "status of standards"),
    RegistryKind.EXPERTS: Bilingual("评审员库", "list of assessors"),
    RegistryKind.VERIFICATIONS: Bilingual("承诺核查记录", "verified promises"),
}


class UnreadField(Unread):
    """字段未能读取。 The field could not be read."""

    def __init__(self, side: Side) -> None:
        super().__init__(side.label)
        self.side = side


def written(value: Any) -> str:
    """A value as a report shows it: dates in ISO 8601."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def side_of(label: str, field: Field[Any]) -> Side:
    """A field as one side of a comparison."""
    value = None if field.value is None else written(field.value)
    return Side(label, value, field.text, field.origin, field.evidence, field.confidence)


def value_of(label: str, field: Field[T]) -> T:
    """The field's value; raises `UnreadField`, which the runner reports as 未能识别, where there is none."""
    if field.value is None:
        raise UnreadField(side_of(label, field))
    return field.value


def shown(label: str, field: Field[T]) -> tuple[T, Side]:
    """The field's value and the field as one side; raises `UnreadField` as `value_of` does."""
    return value_of(label, field), side_of(label, field)


def recorded(label: str, value: Any, snapshot: Snapshot | None) -> Side:
    """What a registry holds as one side of a comparison."""
    shown = None if value is None else written(value)
    return Side(label, shown, shown or "", None, (snapshot,) if snapshot else ())


def row_side(label: str, rows: Iterable[CapabilityRow], value: str) -> Side:
    """Some capability rows as one side; only the first evidence of each, as sure as the least sure of them."""
    listed = list(rows)
    evidence = tuple(row.evidence[0] for row in listed[:_EVIDENCE_SHOWN] if row.evidence)
    confidence = min((row.confidence for row in listed), default=1.0)
    return Side(label, value, value, listed[0].origin if listed else None, evidence, confidence)


def place_side(label: str, place: Site | Signatory, value: str) -> Side:
    """A site or a signatory as one side of a comparison."""
    return Side(label, value, value, place.origin, place.evidence, place.confidence)


def match(zh: str, en: str, left: Side | None = None, right: Side | None = None, **more: Any) -> Remark:
    """What was compared and found in order."""
    return Remark(Outcome.MATCH, Bilingual(zh, en), left, right, **more)


def mismatch(zh: str, en: str, left: Side | None = None, right: Side | None = None, **more: Any) -> Remark:
    """What was compared and found to differ."""
    return Remark(Outcome.MISMATCH, Bilingual(zh, en), left, right, **more)


def not_applicable(zh: str, en: str, left: Side | None = None, subject: str = "") -> Remark:
    """Why there is nothing to compare here, by law or by the kind of paper."""
    return Remark(Outcome.NOT_APPLICABLE, Bilingual(zh, en), left, subject=subject)


def not_provided(zh: str, en: str, severity: Severity | None = None, subject: str = "") -> Remark:
    """What should have been submitted and was not."""
    return Remark(Outcome.NOT_PROVIDED, Bilingual(zh, en), severity=severity, subject=subject)


def unreadable(side: Side) -> Remark:
    """A field that is there and could not be read."""
    return Remark(
        Outcome.UNREADABLE,
        Bilingual(
            f"「{side.label}」未能识别，无法比对。", f"“{side.label}” could not be read, so it could not be compared."
        ),
        left=side,
        advice=Bilingual(
            "请对照原件人工核对该字段，或要求申请人重新上传清晰文件。",
            "Compare the original by eye, or ask for a clearer file.",
        ),
    )


def unavailable(kind: RegistryKind, answer: Answer[Any]) -> Remark:
    """A registry that could not be asked."""
    name, why = REGISTRY_NAMES[kind], answer.unavailable
    return Remark(
        Outcome.SOURCE_UNAVAILABLE,
        Bilingual(
            f"未能查询{name.zh}{f'（{why}）' if why else ''}，本项未核验。",
            f"The {name.en} could not be asked{f' ({why})' if why else ''}; this was not verified.",
        ),
        advice=Bilingual(
            f"请人工查询{name.zh}，或导入该数据后重新审查。",
            f"Look it up in the {name.en} by hand, or import it and review again.",
        ),
        subject=kind.value,
    )


def compared(what: Bilingual, comparison: Comparison, left: Side, right: Side, **more: Any) -> Remark:
    """A comparison in words: what was compared with what, both values, and what differs or was tolerated."""
    comparison = _as_recognised(comparison, left, right)
    if comparison.outcome is Outcome.MATCH:
        zh = f"{what.zh}一致：{left.label}与{right.label}均为“{left.text or left.value}”。"
        en = f"The {what.en} agrees on both papers: “{left.value}”."
    else:
        verdict_zh = "视为一致" if comparison.outcome is Outcome.TOLERATED else "不一致"
        verdict_en = "is taken to agree" if comparison.outcome is Outcome.TOLERATED else "differs"
        zh = f"{what.zh}{verdict_zh}：{left.label}为“{left.value}”，{right.label}为“{right.value}”。{comparison.detail.zh}"
        en = f"The {what.en} {verdict_en}: “{left.value}” and “{right.value}”. {comparison.detail.en}"
    return Remark(comparison.outcome, Bilingual(zh, en), left, right, comparison, **more)


def _as_recognised(comparison: Comparison, left: Side, right: Side) -> Comparison:
    """A difference such as recognition makes is tolerated where one side was recognised, and said."""
    recognised = Origin.OCR in (left.origin, right.origin)
    if comparison.outcome is not Outcome.MISMATCH or not comparison.misread or not recognised:
        return comparison
    detail = Bilingual(
        f"{comparison.detail.zh}疑似识别错误，请对照原件。",
        f"{comparison.detail.en} Perhaps a misreading: compare the original.",
    )
    return replace(comparison, outcome=Outcome.TOLERATED, detail=detail, tolerance="疑似识别错误")


_EVIDENCE_SHOWN = 20
