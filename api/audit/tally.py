"""The figures of an audit over all its certificates, counted one certificate at a time."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.audit.lines import SETTLED, Line

EXPIRIES = (
    ("已过期 expired", -1),
    ("三个月内 in 3 months", 92),
    ("三至十二个月 3–12 months", 365),
    ("一至二年 in 2 years", 730),
    ("二至四年 in 4 years", 1_461),
    ("四年以上 later", None),
)
"""How soon certificates expire: name and last day of each span, from the day of the audit. Renewal is asked for three months before."""
VERIFIED, OVERDUE, LATER, UNDATED = "已核查 verified", "已逾期 overdue", "以后 later", "不明 unknown"
_WEEKS = 8


@dataclass(slots=True)
class Tally:
    """What the summary shows. Counts by check, district and field are of objections; the others are of certificates."""

    as_of: dt.date
    states: Counter[str] = field(default_factory=Counter)
    checks: dict[str, Counter[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    districts: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    expiries: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    rows: int = 0

    def add(self, line: Line, findings: Iterable[Line], rows: int) -> None:
        """Count one certificate."""
        self.states[
            "with_findings" if line["blocking"] + line["major"] and line["state"] == "done" else line["state"]
        ] += 1
        self.rows += rows
        for finding in findings:
            self.findings += 1
            if finding["outcome"] in SETTLED:
                continue
            self.checks.setdefault(finding["check"], Counter())[finding["severity"]] += 1
            self.titles[finding["check"]] = finding["title"]
            self.districts[line["district"]] += 1
            self.fields[line["field"]] += 1
        if line["days_to_expiry"] is not None:
            self.expiries[_span(line["days_to_expiry"])] += 1
        self.due[self._due(line)] += 1

    def _due(self, line: Line) -> str:
        """Whether promises were verified, and else the week in which that is due."""
        if line["verified_on"]:
            return VERIFIED
        if not line["verification_due_on"]:
            return UNDATED
        due = dt.date.fromisoformat(line["verification_due_on"])
        if due < self.as_of:
            return OVERDUE
        week = (due - self.as_of).days // 7
        return LATER if week >= _WEEKS else f"{self.as_of + dt.timedelta(days=7 * week)} 起一周 week"

    def due_in_order(self) -> list[tuple[str, int]]:
        """Overdue, week by week, later, unknown, verified."""
        last = {OVERDUE: "", LATER: "9", UNDATED: "9a", VERIFIED: "9b"}
        return sorted(self.due.items(), key=lambda pair: last.get(pair[0], pair[0]))

    def expiries_in_order(self) -> list[tuple[str, int]]:
        return [(name, self.expiries[name]) for name, _ in EXPIRIES]


def _span(days: int) -> str:
    return next(name for name, last in EXPIRIES if last is None or days <= last)
