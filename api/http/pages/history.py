"""The steps of a case in words, from the audit log. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.masking import masked
from api.render.words import word
from api.store.acts import row_numbers
from api.store.log import Entry
from models.finding import Bilingual

ACTS = {
    "review.created": Bilingual("提交审查", "Handed in"),
    "review.done": Bilingual("核查完成", "Checked"),
    "review.failed": Bilingual("核查未能完成", "Not checked"),
    "review.cancelled": Bilingual("已撤销", "Cancelled"),
    "review.unmasked": Bilingual("查看完整个人信息", "Personal data seen in full"),
    "papers.deleted": Bilingual("材料保存期满，已删除", "Papers deleted, their time being over"),
    "hold.placed": Bilingual("保全", "Legal hold"),
    "hold.lifted": Bilingual("解除保全", "Legal hold lifted"),
    "verdict": Bilingual("对发现作出判断", "Word on a finding"),
    "case.rows": Bilingual("对能力项作出决定", "Decision on rows"),
    "case.correction": Bilingual("更正读出的值", "Value corrected"),
    "case.undo": Bilingual("撤销", "Taken back"),
    "case.final": Bilingual("作出决定", "Decision on the case"),
    "case.second": Bilingual("复核同意", "Second person agreed"),
    "case.inspection": Bilingual("抽查", "Re-inspection"),
}
_TOLD = {
    "reason": Bilingual("理由", "reason"),
    "value": Bilingual("值", "value"),
    "before": Bilingual("原读数", "read as"),
    "rows": Bilingual("能力项", "rows"),
    "decision": Bilingual("决定", "decision"),
    "recommendation": Bilingual("建议", "recommendation"),
    "finding": Bilingual("发现", "finding"),
    "what": Bilingual("内容", "what"),
    "code": Bilingual("原因", "reason"),
}
_VERDICTS = {
    "confirmed": Bilingual("确认", "confirmed"),
    "dismissed": Bilingual("排除", "dismissed"),
    "unsure": Bilingual("看不清", "unreadable"),
    None: Bilingual("收回", "taken back"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the log: what was done, by whom, and what is worth telling of its details."""

    at: dt.datetime
    act: Bilingual
    by: str
    details: tuple[tuple[Bilingual, str], ...]


def steps(entries: Sequence[Entry], names: Mapping[str, str], *, english: bool) -> list[Step]:
    """The entries, newest first; numbers of persons masked."""
    return [
        Step(
            entry.at,
            ACTS.get(entry.action) or Bilingual(entry.action, entry.action),
            names.get(entry.actor, entry.actor),
            tuple(_details(entry.action, entry.details or {}, english)),
        )
        for entry in reversed(entries)
    ]


def _details(action: str, details: Mapping[str, Any], english: bool) -> list[tuple[Bilingual, str]]:
    told: list[tuple[Bilingual, str]] = []
    after = details.get("after")
    if isinstance(after, dict):  # of a verdict
        said = _VERDICTS.get(after.get("verdict")) or Bilingual(str(after["verdict"]), str(after["verdict"]))
        told.append((Bilingual("判断", "verdict"), said.en if english else said.zh))
        details = {**details, "reason": after.get("reason"), "before": None}
    for key, label in _TOLD.items():
        value = details.get(key)
        if isinstance(value, str) and value and (key != "code" or action == "review.failed"):
            told.append((label, masked(_said(key, value, english))))
    return told


def _said(key: str, value: str, english: bool) -> str:
    if key == "rows":
        numbers = row_numbers(value)
        shown = ", ".join(str(number + 1) for number in numbers[:12])
        return f"{shown} … ({len(numbers)})" if len(numbers) > 12 else shown
    if key in {"decision", "recommendation"}:
        found = word("decisions", value) if value in {"issue", "exclude", "human"} else word("recommendations", value)
        return found.en if english else found.zh
    return value
