"""A check is a value: what it judges, the law it rests on, and the one runner that turns its remarks into findings."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from matchers.lag import with_lag
from matchers.lookup import accreditation_by_number, cnas_number_of, enterprise_by_code
from matchers.rules import Rules, load_rules
from matchers.sides import PAPER_NAMES, UnreadField, not_applicable, not_provided, unavailable, unreadable, value_of
from models.case import Case, Purpose
from models.errors import Unread
from models.finding import Basis, Bilingual, Finding, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CapabilityRow, CnasCertificate
from models.records import AccreditationRecord, EnterpriseRecord, RegistryKind

logger = logging.getLogger(__name__)

CONFIDENCE_FLOOR = 0.95
"""A mismatch that rests on a reading less sure than this is marked 疑似识别错误 and lowered one step.

Confidence is the share of such readings that were right, so what is not doubted was misread less than once in twenty times.
"""

Remarks = Iterable[Remark]
"""What the function of a check yields."""

_COMPARED = {Outcome.MATCH, Outcome.TOLERATED, Outcome.MISMATCH}
_RECORDS: dict[type, RegistryKind] = {
    EnterpriseRecord: RegistryKind.ENTERPRISES,
    AccreditationRecord: RegistryKind.CNAS,
}


@dataclass(frozen=True, slots=True)
class Every:
    """All papers of a kind as one non-empty tuple, instead of the one that prevails."""

    kind: type


Subject = type | Every
"""What a check may be called with: a paper, a record, `Case`, `Rules`, or every paper of a kind."""


def every(kind: type) -> Every:
    """All papers of `kind` at once; `every(CapabilityRow)` are the claimed rows."""
    return Every(kind)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the catalogue. `on` says what it is called with, `needs` which registries must have answered.

    It is called once for each business licence (every copy must hold), with the certificate and the form that prevail,
    with the records that belong to them, and with `Case` and `Rules` as they are. `title` says what holds when it passes.
    """

    id: str
    title: Bilingual
    severity: Severity
    basis: tuple[Basis, ...]
    on: tuple[Subject, ...]
    needs: tuple[RegistryKind, ...]
    advice: Bilingual | None
    function: Callable[..., Remarks]
    purpose: Purpose | None = None
    """The only purpose of a case for which the check is meant; None = any."""

    def __call__(self, case: Case, rules: Rules | None = None) -> list[Finding]:
        return self.run(case, rules)

    def run(self, case: Case, rules: Rules | None = None) -> list[Finding]:
        """The findings on a case, one at least; never raises: what goes wrong inside becomes a finding of its own."""
        absent = self._absent(case)
        if absent is not None:
            return [self._finding(absent, "")]
        licences = case.all(BusinessLicence) if BusinessLicence in self.on else (None,)
        findings: list[Finding] = []
        for licence in licences:
            subject = _copy_name(licence) if licence is not None and len(licences) > 1 else ""
            remarks = self._remarks(case, rules or load_rules(), licence)
            findings.extend(self._finding(with_lag(case, remark), subject) for remark in remarks)
        return findings

    def _absent(self, case: Case) -> Remark | None:
        """What says that the check is not meant for the case, that a paper is missing, or that a registry could not be asked."""
        if self.purpose is not None and case.purpose is not self.purpose:
            return _OTHER_PURPOSE[self.purpose]
        for kind in self.on:
            if (paper := kind.kind if isinstance(kind, Every) else kind) in PAPER_NAMES and not _papers(case, paper):
                name = PAPER_NAMES[paper]
                return not_provided(
                    f"未提交{name.zh}，无法核对本项。", f"There is no {name.en}, so this could not be checked."
                )
        for registry in (
            *self.needs,
            *(_RECORDS[kind] for kind in self.on if isinstance(kind, type) and kind in _RECORDS),
        ):
            answer = getattr(case.registries, registry.value)
            if not answer.available:
                return unavailable(registry, answer)
        return None

    def _remarks(self, case: Case, rules: Rules, licence: BusinessLicence | None) -> Iterator[Remark]:
        try:
            arguments = [_argument(kind, case, rules, licence) for kind in self.on]
            if None in arguments:
                yield _NO_RECORD
                return
            yield from self.function(*arguments)
        except UnreadField as unread:
            yield unreadable(unread.side)
        except Unread as unread:
            yield unreadable(Side(str(unread), None))
        except Exception:
            logger.exception("check %s failed", self.id)
            yield _FAILED

    def _finding(self, remark: Remark, subject: str) -> Finding:
        severity, message = remark.severity or self.severity, remark.message
        if remark.outcome not in _COMPARED and remark.severity is None and severity is Severity.BLOCKING:
            severity = Severity.MAJOR
        sure = min((side.confidence for side in (remark.left, remark.right) if side is not None), default=1.0)
        suspected = remark.outcome is Outcome.MISMATCH and sure < CONFIDENCE_FLOOR
        if suspected:
            severity, message = severity.lowered(), _doubted(message, sure)
        return Finding(
            check=self.id,
            title=self.title,
            outcome=remark.outcome,
            severity=severity,
            message=message,
            basis=self.basis,
            left=remark.left,
            right=remark.right,
            comparison=remark.comparison,
            advice=remark.advice or (self.advice if remark.outcome is Outcome.MISMATCH else None),
            rows=remark.rows,
            subject=" ".join(part for part in (subject, remark.subject) if part),
            suspected_misreading=suspected,
        )


def check(
    id: str,
    *,
    severity: Severity,
    basis: Basis | tuple[Basis, ...],
    on: tuple[Subject, ...],
    needs: tuple[RegistryKind, ...] = (),
    advice: tuple[str, str] | None = None,
    purpose: Purpose | None = None,
) -> Callable[[Callable[..., Remarks]], Check]:
    """Make a check of a function that yields remarks; the first line of its docstring is the title, Chinese then English."""

    def decorate(function: Callable[..., Remarks]) -> Check:
        return Check(
            id=id,
            title=_title(function),
            severity=severity,
            basis=basis if isinstance(basis, tuple) else (basis,),
            on=on,
            needs=needs,
            advice=Bilingual(*advice) if advice else None,
            function=function,
            purpose=purpose,
        )

    return decorate


def _title(function: Callable[..., Remarks]) -> Bilingual:
    line = (function.__doc__ or "").strip().partition("\n")[0]
    zh, stop, en = line.partition("。")
    if not stop or not en.strip():
        raise ValueError(f"{function.__name__}: the docstring's first line must be `中文。 English.`")
    return Bilingual(zh, en.strip().removesuffix("."))


def _papers(case: Case, kind: type) -> tuple[Any, ...]:
    return case.claimed_rows if kind is CapabilityRow else case.all(kind)


def _argument(kind: Subject, case: Case, rules: Rules, licence: BusinessLicence | None) -> Any:
    """What stands for one entry of `on`; None only for a record that an available registry does not hold."""
    if isinstance(kind, Every):
        return _papers(case, kind.kind)
    if kind is EnterpriseRecord:
        return _registered(case, licence or case.licence)
    chief: dict[type, Callable[[], Any]] = {
        Case: lambda: case,
        Rules: lambda: rules,
        BusinessLicence: lambda: licence,
        CnasCertificate: lambda: case.certificate,
        ApplicationForm: lambda: case.application,
        AccreditationRecord: lambda: _accredited(case),
    }
    return chief[kind]()


def _registered(case: Case, licence: BusinessLicence | None) -> EnterpriseRecord | None:
    if licence is None:
        return None
    return enterprise_by_code(case, value_of("营业执照的统一社会信用代码", licence.unified_social_credit_code))


def _accredited(case: Case) -> AccreditationRecord | None:
    number = cnas_number_of(case)
    return accreditation_by_number(case, value_of("CNAS 注册号", number)) if number is not None else None


def _copy_name(licence: BusinessLicence) -> str:
    copy = licence.copy.value if licence.copy is not None else None
    return f"营业执照（{copy or licence.source.file}）"


def _doubted(message: Bilingual, sure: float) -> Bilingual:
    return Bilingual(
        f"{message.zh}（识别置信度 {sure:.2f}，疑似识别错误，请对照原件核实。）",
        f"{message.en} (Read with confidence {sure:.2f}; perhaps a misreading: compare the original.)",
    )


_NO_RECORD = not_applicable(
    "登记数据中没有查到该主体，无法与之比对（查无记录本身另由 ID-02、VA-03、VA-07 说明）。",
    "The register holds no such entity, so there is nothing to compare with (ID-02, VA-03 and VA-07 say so).",
)
_OTHER_PURPOSE = {
    Purpose.APPLICATION: not_applicable("本项仅在审查申请时适用。", "Only for an application."),
    Purpose.AUDIT: not_applicable(
        "本项仅在对已发资质认定证书进行监督检查时适用。", "Only for the audit of an issued certificate."
    ),
}
_FAILED = Remark(
    Outcome.ERROR,
    Bilingual(
        "本项检查运行出错，未得出结论，请人工核对。",
        "This check failed and reached no conclusion; please check by hand.",
    ),
)
