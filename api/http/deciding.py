"""What people and programs do to a case, the same for the page and the API: words, rows, corrections, the decision, undo, documents."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request

from api import clock
from api.clock import BEIJING
from api.http.context import Context, context_of
from api.http.pages.opened import Case, open_case
from api.http.pages.rows import DECISION
from api.http.problems import Refused, Said
from api.jobs import parcels
from api.store import decisions
from api.store.acts import Act, Kind
from api.store.decisions import Rejudged, Who
from api.store.errors import EditConflict, EntryMissing
from api.store.people import names_by_actor
from api.store.standing import Standing, packed_bytes
from api.store.verdicts import VerdictRow, history_of
from models.finding import Verdict
from models.report import Decision, Recommendation

T = TypeVar("T")
Json = dict[str, Any]

VERDICTS: Mapping[str, Said] = {
    "confirmed": Said("确认", "confirmed"),
    "dismissed": Said("排除", "dismissed"),
    "unsure": Said("存疑", "unsure"),
    "": Said("撤销", "taken back"),
}
ACTS: Mapping[Kind, Said] = {
    Kind.ROWS: Said("决定了能力项", "decided rows"),
    Kind.CORRECTION: Said("更正了字段", "corrected a field"),
    Kind.FINAL: Said("作出了决定", "decided the case"),
    Kind.SECOND: Said("复核了决定", "seconded the decision"),
    Kind.INSPECTION: Said("完成了复查", "re-inspected the case"),
    Kind.UNDO: Said("撤销了一步", "took a step back"),
}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction, or taking one back, changed: `changes` as the desk tells them, `case` as it now stands."""

    act: Act
    changes: list[Json]
    case: Case


def say(
    request: Request,
    review_id: str,
    fingerprint: str,
    verdict: Verdict | None,
    who: Who,
    seen_version: int,
    reason: str = "",
) -> VerdictRow:
    """A word on a finding. EntryMissing where the report has none such; a conflict is told with who was faster, and when."""
    case = open_case(request, review_id)
    finding = finding_of(case, fingerprint)
    store = context_of(request).store

    def faster() -> tuple[str, Any, Said] | None:
        for newest in reversed(history_of(store, review_id, fingerprint)):
            return newest.actor, newest.at, VERDICTS[newest.verdict.value if newest.verdict else ""]
        return None

    return _told(
        request,
        lambda: decisions.say(
            store,
            review_id,
            fingerprint,
            verdict,
            who,
            now=clock.now(),
            seen_version=seen_version,
            reason=reason,
            facts=_finding_facts(finding),
        ),
        faster,
        Said("该发现", "This finding"),
    )


def finding_of(case: Case, fingerprint: str) -> Json:
    """A finding of the report that counts. EntryMissing."""
    try:
        return case.dossier.finding(fingerprint)
    except KeyError:
        raise EntryMissing from None


def decide_rows(
    request: Request, review_id: str, rows: Collection[int], decision: Decision, who: Who, seen: int, reason: str
) -> Act:
    """Decide on claimed rows by their places in the report. EntryMissing for a row that is not there."""
    case, store = open_case(request, review_id), context_of(request).store
    proposed = {row[0]: row[DECISION] for row, _ in case.opened.rows()}
    if not set(rows) <= proposed.keys():
        raise EntryMissing
    overrules = any(proposed[row] != decision for row in rows)
    return _told(
        request,
        lambda: decisions.decide_rows(
            store, review_id, rows, decision, who, now=clock.now(), seen=seen, reason=reason, overrules=overrules
        ),
        lambda: _last_act(request, case, {Kind.ROWS, Kind.UNDO}),
        Said("所选能力项", "These rows"),
    )


def places(request: Request, case: Case, fingerprint: str | None) -> list[Json]:
    """What a person may put right: what a finding compares, or every field of every paper."""
    blobs = _packed(context_of(request), case, first=True)
    answer, _ = context_of(request).desks.do({"task": "places", "fingerprint": fingerprint}, blobs)
    found: list[Json] = answer["places"]
    return found


def correct(
    request: Request, review_id: str, place: str, value: str | None, who: Who, seen: int, reason: str = ""
) -> Corrected:
    """Put a value right (None: it is illegible), have everything judged again, and keep both in one step."""
    case = open_case(request, review_id)
    context, now = context_of(request), case.standing
    if now.number != seen:
        _refuse_if_outdated(request, case, seen)
    values = {key: each.value for key, each in now.corrections.items()} | {place: value}
    answer, rejudged = _rejudge(context, case, values, place)
    read = answer["read"]
    act = _told(
        request,
        lambda: decisions.correct(
            context.store,
            review_id,
            place,
            value,
            who,
            now=clock.now(),
            seen=seen,
            rejudged=rejudged,
            before=read["text"] or "",
            reason=reason,
            facts={**read, "corrected": value},
        ),
        lambda: _last_act(request, case, {Kind.CORRECTION, Kind.UNDO, Kind.FINAL}),
        Said("本案", "This case"),
    )
    return Corrected(act, answer["changes"], open_case(request, review_id))


def undo(request: Request, review_id: str, number: int, who: Who, seen: int, reason: str = "") -> Corrected:
    """Take an act back; where it was a correction, everything is judged again without it."""
    case, context = open_case(request, review_id), context_of(request)
    act = next((one for one in case.standing.acts if one.number == number), None)
    if act is None:
        raise EntryMissing
    changes: list[Json] = []
    rejudged = None
    if act.kind is Kind.CORRECTION:
        values = {key: each.value for key, each in _without(case.standing, number).items()}
        answer, made = _rejudge(context, case, values, None)
        changes, rejudged = answer["changes"], made if values else None
    done = _told(
        request,
        lambda: decisions.undo(
            context.store, review_id, number, who, now=clock.now(), reason=reason, seen=seen, rejudged=rejudged
        ),
        lambda: _last_act(request, case, set(Kind)),
        Said("本案", "This case"),
    )
    return Corrected(done, changes, open_case(request, review_id))


def outlook(request: Request, case: Case) -> Json:
    """Where the case stands with all that people decided: recommendation, rows, what is still open, whether two must decide."""
    context = context_of(request)
    packed = _packed(context, case, first=True)
    said = parcels.pack(case.standing.decided)
    answer, _ = context.desks.do({"task": "outlook"}, [said, *packed])
    return answer


def decide(
    request: Request,
    review_id: str,
    decision: Recommendation,
    who: Who,
    seen: int,
    seen_words: int,
    reason: str = "",
) -> Act:
    """The final decision; whether it overrules the recommendation and needs a second person follows from how the case stands."""
    case, store = open_case(request, review_id), context_of(request).store
    stands = outlook(request, case)
    return _told(
        request,
        lambda: decisions.decide(
            store,
            review_id,
            decision,
            who,
            now=clock.now(),
            seen=seen,
            seen_words=seen_words,
            needs_second=stands["needs_second"],
            overrules=stands["recommendation"] != decision,
            reason=reason,
        ),
        lambda: _last_step(request, case),
        Said("本案", "This case"),
    )


def second(request: Request, review_id: str, number: int, who: Who) -> Act:
    """Agree with the final decision of another person."""
    case, store = open_case(request, review_id), context_of(request).store
    return _told(
        request,
        lambda: decisions.second(store, review_id, number, who, now=clock.now()),
        lambda: _last_act(request, case, {Kind.FINAL, Kind.SECOND, Kind.UNDO}),
        Said("本案的决定", "The decision"),
    )


FORMS: Mapping[str, str] = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "annex.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "annex.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "notice.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The documents and their media types."""


def document(request: Request, case: Case, form: str, unmask: bool = False) -> bytes:
    """One of `FORMS` from the decided state."""
    context = context_of(request)
    named = case.standing.decided.named(namer(context))
    wants_files = form in ("report.html", "report.pdf")
    files = [context.store.blobs.get(f.sha256) for f in case.review.files if f.deleted_at is None and wants_files]
    blobs = [*_packed(context, case), parcels.pack(named), *files]
    _, (content,) = context.desks.do({"task": "document", "form": form, "unmask": unmask}, blobs)
    return content


def namer(context: Context) -> Callable[[str], str]:
    """The name of whoever stands behind an actor of the log; an API key is named as one."""
    names = names_by_actor(context.store)
    return lambda actor: names.get(actor) or actor.replace("key:", "API ", 1)


def _packed(context: Context, case: Case, first: bool = False) -> list[bytes]:
    """The packed report that counts; with `first` also the one before any correction, where that is another."""
    packed = [packed_bytes(context.store, case.standing) or b""]
    began = case.review.packed_sha256
    if first and began is not None and began != case.standing.packed_sha256:
        packed.append(context.store.blobs.get(began))
    return packed


def _rejudge(
    context: Context, case: Case, values: Mapping[str, str | None], place: str | None
) -> tuple[Json, Rejudged]:
    review = case.review
    header: Json = {"task": "rejudge", "values": dict(values), "purpose": review.purpose, "review": review.id}
    if place is not None:
        header["place"] = place
    answer, made = context.desks.do(header, list(reversed(_packed(context, case, first=True))))
    report, packed = context.store.keep(review.id, made, clock.now())
    return answer, Rejudged(report, packed)


def _without(now: Standing, number: int) -> Mapping[str, Any]:
    """The corrections that hold once act `number` is taken back: an earlier one of the same place holds again."""
    taken_back = {act.about for act in now.acts if act.kind is Kind.UNDO} | {number}
    return {act.place: act for act in now.acts if act.kind is Kind.CORRECTION and act.number not in taken_back}


def _finding_facts(finding: Json) -> Json:
    """What is kept beside a word for calibration: what the machine said and how sure it was; values of both sides."""
    sides = {name: finding[name] and _side_facts(finding[name]) for name in ("left", "right")}
    kept = ("check", "outcome", "severity", "subject", "score", "tolerance", "suspected_misreading")
    return {**{name: finding[name] for name in kept}, **sides}


def _side_facts(side: Json) -> Json:
    return {name: side[name] for name in ("label", "value", "confidence", "source")}


def _refuse_if_outdated(request: Request, case: Case, seen: int) -> None:
    """Before everything is judged again: whether that would be in vain."""
    newer = [act for act in case.standing.acts if act.number > seen and act.kind in {Kind.CORRECTION, Kind.UNDO}]
    if newer:
        raise _conflict(request, (newer[-1].actor, newer[-1].at, ACTS[newer[-1].kind]), Said("本案", "This case"))


def _told(request: Request, work: Callable[[], T], faster: Callable[[], tuple[str, Any, Said] | None], what: Said) -> T:
    """What `work` gives; where somebody was faster, a problem that says who, when and what he did."""
    try:
        return work()
    except EditConflict as error:
        if type(error) is not EditConflict:
            raise
        raise _conflict(request, faster(), what) from error


def _conflict(request: Request, last: tuple[str, Any, Said] | None, what: Said) -> Refused:
    if last is None:
        zh, en = f"{what.zh}刚被他人处理。", f"{what.en} was dealt with by somebody else just now."
    else:
        who, at = namer(context_of(request))(last[0]), last[1].astimezone(BEIJING).strftime("%H:%M")
        zh = f"{what.zh}刚由{who}于 {at} 处理（{last[2].zh}）。"
        en = f"{what.en}: {who} dealt with it at {at} ({last[2].en})."
    said = Said(f"{zh}已显示最新情况，请查看后再决定。", f"{en} Look at how it stands now, then decide.")
    return Refused(409, EditConflict.code, said)


def _last_act(request: Request, case: Case, kinds: Collection[Kind]) -> tuple[str, Any, Said] | None:
    newest = open_case(request, case.review.id).standing.acts
    found = ((act.actor, act.at, ACTS[act.kind]) for act in reversed(newest) if act.kind in kinds)
    return next(found, None)


def _last_step(request: Request, case: Case) -> tuple[str, Any, Said] | None:
    """The newest act or word on the case."""
    now = open_case(request, case.review.id).standing
    steps = [(act.actor, act.at, ACTS[act.kind]) for act in now.acts]
    steps += [(each.by, each.at, VERDICTS[each.verdict.value]) for each in now.words.values()]
    return max(steps, key=lambda step: step[1], default=None)


def standing_json(case: Case, name: Callable[[str], str]) -> Json:
    """How a case stands, for programs."""
    now = case.standing
    final = now.final
    return {
        "seen": now.number,
        "seen_words": now.words_said,
        "verdicts": [
            {
                "fingerprint": each.fingerprint,
                "version": each.version,
                "verdict": each.verdict.value,
                "reason": each.reason,
                "by": name(each.by),
                "at": each.at.isoformat(),
                "seconded_by": each.seconded_by and name(each.seconded_by),
            }
            for each in now.words.values()
        ],
        "rows": [
            {
                "row": each.row,
                "decision": each.decision.value,
                "reason": each.reason,
                "by": name(each.by),
                "act": each.act,
            }
            for _, each in sorted(now.rows.items())
        ],
        "corrections": [
            {
                "place": each.place,
                "value": each.value,
                "before": each.before,
                "reason": each.reason,
                "by": name(each.by),
                "act": each.act,
            }
            for each in now.corrections.values()
        ],
        "decision": final
        and {
            "decision": final.decision.value,
            "reason": final.reason,
            "by": name(final.by),
            "at": final.at.isoformat(),
            "act": final.act,
            "stands": final.stands,
            "seconded_by": final.seconded_by and name(final.seconded_by),
        },
    }
