"""What the machine recommends on a whole case, as one table read from the top; it never decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.finding import Bilingual, Finding, Outcome, Severity
from models.report import Decision, Problem, Recommendation, RowDecision

_NO_ANSWER = frozenset({Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE, Outcome.ERROR})
_CORRECTABLE = frozenset({"ID-01", "ID-02", "ID-03", "AD-02", "CP-01", "CP-02", "CP-03", "CC-01", "DU-01"})
"""Blocking findings that the applicant can put right by other papers, as anything that was not provided; the rest bar this route."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a recommendation rests on."""

    findings: tuple[Finding, ...]
    rows: tuple[RowDecision, ...]
    problems: tuple[Problem, ...]

    def blocking(self, *, correctable: bool) -> list[str]:
        """Checks that block the whole case, not single rows, and whether better papers could remedy that."""
        found = (Outcome.MISMATCH, Outcome.NOT_PROVIDED)
        blocked = [f for f in self.findings if f.outcome in found and f.severity is Severity.BLOCKING and not f.rows]
        return _ids(f for f in blocked if (f.check in _CORRECTABLE or f.outcome is Outcome.NOT_PROVIDED) is correctable)

    def unanswered(self) -> list[str]:
        """Checks that could not read or could not ask, whatever their severity."""
        return _ids(f for f in self.findings if f.outcome in _NO_ANSWER)

    def misread(self) -> list[str]:
        """Checks whose objection rests on a doubtful reading, whatever its severity was lowered to."""
        return _ids(f for f in self.findings if f.suspected_misreading)

    def doubtful(self) -> list[str]:
        """Checks whose objection a person must weigh; blocked rows are left out of the certificate and need none."""
        return _ids(f for f in self.findings if f.is_objection and not (f.rows and f.severity is Severity.BLOCKING))

    def count(self, decision: Decision) -> int:
        """How many claimed rows have this decision."""
        return sum(row.decision is decision for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table: recommended where `when` yields anything, which then stands in the explanation."""

    recommend: Recommendation
    when: Callable[[Grounds], str]
    zh: str
    en: str


_TABLE = (
    _Line(
        Recommendation.REFUSE_ROUTE,
        lambda g: "、".join(g.blocking(correctable=False)),
        "存在不能按本路径办理的情形（{what}）。",
        "This route is barred ({what}).",
    ),
    _Line(
        Recommendation.CORRECT,
        lambda g: "、".join(g.blocking(correctable=True)),
        "材料缺失或不符，需申请人补正（{what}）。",
        "Papers are missing or contradict each other; the applicant must put that right ({what}).",
    ),
    _Line(
        Recommendation.REFUSE_ROUTE,
        lambda g: str(len(g.rows)) if g.rows and g.count(Decision.EXCLUDE) == len(g.rows) else "",
        "申请的{what}项能力均不能按本路径发证。",
        "None of the {what} claimed rows can be issued by this route.",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: "、".join(dict.fromkeys(problem.file for problem in g.problems)),
        "有文件、页面或数据源未能处理，结论不完整，需人工审查（{what}）。",
        "Some files, pages or sources could not be used, so a person must review ({what}).",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: "、".join(g.unanswered()),
        "部分内容未能识别或未能查询，需人工核实（{what}）。",
        "Something could not be read or could not be asked; a person must verify ({what}).",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: "、".join(g.misread()),
        "部分内容疑似识别错误，需人工对照原件（{what}）。",
        "Something was perhaps misread; a person must compare the original ({what}).",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: "、".join(g.doubtful()),
        "存在需要人工判断的问题（{what}）。",
        "A person must decide ({what}).",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: str(g.count(Decision.HUMAN) or ""),
        "有{what}项能力需要人工判断。",
        "{what} rows need a person's decision.",
    ),
    _Line(
        Recommendation.HUMAN,
        lambda g: "" if g.rows else "0",
        "没有可供审批的能力项，需人工审查。",
        "There is no row to approve; a person must review.",
    ),
    _Line(
        Recommendation.APPROVE_IN_PART,
        lambda g: str(g.count(Decision.EXCLUDE) or ""),
        "可以批准，但须剔除{what}项不能发证的能力。",
        "Can be approved without {what} rows that cannot be issued.",
    ),
    _Line(
        Recommendation.APPROVE,
        lambda g: str(g.count(Decision.ISSUE)),
        "各项检查均未发现问题，申请的{what}项能力可以批准。",
        "Nothing was found against it; all {what} rows can be approved.",
    ),
)


def recommend(
    findings: Iterable[Finding], rows: Iterable[RowDecision], problems: Iterable[Problem] = ()
) -> tuple[Recommendation, Bilingual]:
    """The first line of the table that applies, and why. What could not be read or asked never leads to approval."""
    grounds = Grounds(tuple(findings), tuple(rows), tuple(problems))
    line, what = next((line, what) for line in _TABLE if (what := line.when(grounds)))
    return line.recommend, Bilingual(line.zh.format(what=what), line.en.format(what=what))


def _ids(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.check for finding in findings))
