"""Who may sign (SG)."""

from collections.abc import Iterator

from matchers.basis import HAINAN_DRAFT, REVIEW_CRITERIA
from matchers.check import check, every
from matchers.names import compare_persons
from matchers.sides import compared, mismatch, not_provided, place_side
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, CnasAnnex

_SIGNATORY = Bilingual("授权签字人姓名", "name of the signatory")


@check(
    "SG-01",
    severity=Severity.MAJOR,
    basis=(REVIEW_CRITERIA.article(9), HAINAN_DRAFT.whole()),
    on=(ApplicationForm, every(CnasAnnex)),
    advice=(
        "该签字人未获 CNAS 认可，不能随本次直接批准，请人工审查其资格。",
        "The person is no accredited signatory; examine by hand.",
    ),
)
def signatories_are_accredited(form: ApplicationForm, annexes: tuple[CnasAnnex, ...]) -> Iterator[Remark]:
    """申请的授权签字人均为 CNAS 认可的授权签字人。 Every applied signatory is an accredited signatory."""
    accredited = [person for annex in annexes for person in annex.signatories if person.language == "zh"]
    if not form.signatories or not accredited:
        which = "申请书未列" if not form.signatories else "CNAS 附件未见"
        yield not_provided(f"{which}授权签字人，无法比对。", "There are no signatories to compare.")
        return
    everyone = "、".join(dict.fromkeys(person.name for person in accredited))
    for person in form.signatories:
        left = place_side("申请的授权签字人", person, person.name)
        found = [(compare_persons(person.name, other.name), other) for other in accredited]
        comparison, nearest = max(found, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))
        if comparison.outcome is Outcome.MISMATCH:
            right = Side(
                "CNAS 认可的授权签字人", everyone, everyone, nearest.origin, nearest.evidence, nearest.confidence
            )
            zh = f"申请的授权签字人“{person.name}”不在 CNAS 认可的授权签字人（{everyone}）之中。"
            yield mismatch(
                zh,
                f"“{person.name}” is no accredited signatory.",
                left,
                right,
                comparison=comparison,
                subject=person.name,
            )
        else:
            right = place_side("CNAS 认可的授权签字人", nearest, nearest.name)
            yield compared(_SIGNATORY, comparison, left, right, subject=person.name)
