"""Whether everything is there: the papers, the pages of the annex, its sections (CP)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from matchers.applied import unread_in_annexes
from matchers.basis import CNAS_RULES, COMMITMENT, LICENSING_LAW
from matchers.capabilities import site_key
from matchers.check import check, every
from matchers.lookup import canonical_registration
from matchers.rules import Rules
from matchers.sides import PAPER_NAMES, match, mismatch, not_applicable, not_provided
from models.case import Case
from models.field import Region
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import AnnexSection, CnasAnnex, CommitmentLetter, IndexEntry, PageStamp, Section

_SUBMIT = Bilingual("请一次性告知申请人补正该材料。", "Tell the applicant to submit it.")
_SECTIONS = {
    Section.TESTING: Bilingual("检测能力", "testing scope"),
    Section.CALIBRATION: Bilingual("校准能力", "calibration scope"),
    Section.INSPECTION: Bilingual("检验能力", "inspection scope"),
    Section.SIGNATORIES: Bilingual("授权签字人", "signatories"),
    Section.SITES: Bilingual("关键场所", "sites"),
    Section.CRITERIA: Bilingual("判定标准", "criteria"),
}
_INDISPENSABLE = {Section.TESTING, Section.INSPECTION, Section.SIGNATORIES}


@check("CP-01", severity=Severity.BLOCKING, basis=(LICENSING_LAW.article(32), COMMITMENT.whole()), on=(Case, Rules))
def every_required_paper_is_there(case: Case, rules: Rules) -> Iterator[Remark]:
    """申请材料齐全。 Every required paper was submitted."""
    present = Counter(paper.kind for paper in case.papers)
    names = {kind.kind: name for kind, name in PAPER_NAMES.items() if hasattr(kind, "kind")}
    complete = True
    for kind in rules.required_papers:
        if not present[kind]:
            complete = False
            unread = f"（另有未能识别的文件：{'、'.join(case.unread_files)}）" if case.unread_files else ""
            remark = not_provided(
                f"缺少{names[kind].zh}{unread}。", f"The {names[kind].en} is missing.", Severity.BLOCKING, kind
            )
            yield Remark(remark.outcome, remark.message, severity=remark.severity, subject=kind, advice=_SUBMIT)
    for letter in case.all(CommitmentLetter):
        for what, done in (("签字", letter.signed), ("盖章", letter.sealed)):
            side = Side("告知承诺书", what if done else None)
            if done is None:
                zh = f"看不清告知承诺书是否已{what}，请核对原件。"
                yield Remark(
                    Outcome.UNREADABLE,
                    Bilingual(zh, "It cannot be seen whether the letter is signed and sealed."),
                    side,
                    subject=what,
                )
            elif not done:
                complete = False
                yield mismatch(
                    f"告知承诺书未{what}。",
                    "The commitment letter is not signed or sealed.",
                    side,
                    advice=_SUBMIT,
                    subject=what,
                )
    if complete:
        listed = "、".join(f"{names[kind].zh}{present[kind]}份" for kind in rules.required_papers)
        yield match(f"要求的材料已提交：{listed}。", "Every required paper was submitted.")


@dataclass(slots=True)
class _PrintJob:
    """The pages of one printing: those with the same registration number and the same total."""

    total: int
    files: dict[str, list[PageStamp]] = field(default_factory=dict)

    def numbers(self) -> Counter[int]:
        return Counter(stamp.number for stamps in self.files.values() for stamp in stamps if stamp.number is not None)


@check(
    "CP-02",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex), Case),
    advice=("附件缺页或重页，请要求申请人提交完整附件。", "Ask for the complete annex."),
)
def annex_pages_are_complete(annexes: tuple[CnasAnnex, ...], case: Case) -> Iterator[Remark]:
    """附件页码连续、无缺页重页。 The annex's pages run from the first to the last without gap or repetition."""
    if not any(annex.stamps for annex in annexes):
        yield not_applicable("附件为 Word 或 Excel 文件，没有印刷页码。", "Word and Excel files have no printed pages.")
        return
    jobs, unnumbered = _print_jobs(annexes)
    unnumbered += sum(len(pages) for _, pages in unread_in_annexes(case))
    if not jobs:
        zh = "附件各页均未读出“第 x 页 共 y 页”，无法核对是否缺页。"
        yield Remark(Outcome.UNREADABLE, Bilingual(zh, "No page bears a number, so gaps could not be looked for."))
    for number, job in jobs:
        yield _continuity(number, job, unnumbered)


def _print_jobs(annexes: tuple[CnasAnnex, ...]) -> tuple[list[tuple[str, _PrintJob]], int]:
    """Pages by registration number and total, over all files (a file uploaded twice counts once), and how many bear no number."""
    jobs: dict[tuple[str, int], _PrintJob] = {}
    unnumbered, seen = 0, set()
    for annex in annexes:
        if (annex.source.sha256, annex.source.pages) in seen:
            continue
        seen.add((annex.source.sha256, annex.source.pages))
        for stamp in annex.stamps:
            if stamp.number is None or stamp.total is None:
                unnumbered += 1
                continue
            printed = stamp.registration_number or annex.registration_number.value or ""
            job = jobs.setdefault((canonical_registration(printed), stamp.total), _PrintJob(stamp.total))
            job.files.setdefault(annex.source.file, []).append(stamp)
    return [(number, job) for (number, _), job in jobs.items()], unnumbered


def _continuity(number: str, job: _PrintJob, unnumbered: int) -> Remark:
    counted = job.numbers()
    missing = [page for page in range(1, job.total + 1) if page not in counted]
    twice = sorted(page for page, times in counted.items() if times > 1)
    beyond = sorted(page for page in counted if page > job.total or page < 1)
    evidence: tuple[Region, ...] = tuple(
        stamp.evidence[0] for stamps in job.files.values() for stamp in stamps if stamp.evidence
    )
    left = Side("附件实有页码", _ranges(sorted(counted)), evidence=evidence[:20])
    right, subject = Side("附件所印总页数", str(job.total)), f"{number} 共{job.total}页"
    if not (missing or twice or beyond):
        if unnumbered:
            zh = f"附件第 1–{job.total} 页齐全；另有{unnumbered}页未印页码（空白页等）。"
            return Remark(
                Outcome.TOLERATED,
                Bilingual(zh, f"All {job.total} pages; {unnumbered} more bear no number."),
                left,
                right,
                subject=subject,
            )
        return match(
            f"附件第 1–{job.total} 页齐全、连续。",
            f"Pages 1 to {job.total} are all there.",
            left,
            right,
            subject=subject,
        )
    said = [f"缺第 {_ranges(missing)} 页"] if missing else []
    said += [f"第 {_ranges(twice)} 页重复"] if twice else []
    said += [f"第 {_ranges(beyond)} 页超出总页数"] if beyond else []
    zh = f"附件页码不连续（共 {job.total} 页）：{'；'.join(said)}。"
    if missing and unnumbered >= len(missing) and not twice and not beyond:
        zh = f"{zh}另有{unnumbered}页的页码未能读出，缺的可能就是这些页。"
        return Remark(
            Outcome.UNREADABLE, Bilingual(zh, "Some page numbers could not be read."), left, right, subject=subject
        )
    en = f"Of {job.total} pages: missing {_ranges(missing) or 'none'}, repeated {_ranges(twice) or 'none'}."
    return mismatch(zh, en, left, right, subject=subject)


def _ranges(pages: list[int]) -> str:
    """1–3、7: consecutive pages as ranges."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


@check(
    "CP-03",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex),),
    advice=("请要求申请人补交缺少的附件部分。", "Ask for the missing sections."),
)
def every_indexed_section_is_there(annexes: tuple[CnasAnnex, ...]) -> Iterator[Remark]:
    """附件索引所列的各部分均已提交。 Every section that the annex's index lists was submitted."""
    found = [section for annex in annexes for section in annex.sections]
    entries = [entry for annex in annexes for entry in annex.index if entry.language == "zh"]
    if not entries:
        yield from _without_index(found)
        return
    lacking = [
        entry for entry in entries if entry.kind is not None and not any(_is_entry(entry, section) for section in found)
    ]
    for entry in lacking:
        name = (
            _SECTIONS.get(entry.kind, Bilingual(entry.text, entry.text))
            if entry.kind
            else Bilingual(entry.text, entry.text)
        )
        where = f"（场所 {entry.site}）" if entry.site else ""
        left = Side("附件索引", f"{entry.number} {entry.text}", entry.text, evidence=entry.evidence)
        yield mismatch(
            f"附件索引第 {entry.number} 项“{entry.text}”{where}未见于所提交的附件。",
            f"Entry {entry.number} of the index ({name.en}) is not among the sections submitted.",
            left,
            Side("已提交的部分", "、".join(section.title for section in found) or None),
            severity=None if entry.kind in _INDISPENSABLE else Severity.MAJOR,
            subject=f"{entry.number} {entry.text} {entry.site or ''}".strip(),
        )
    if len(lacking) < len(entries):
        there = len(entries) - len(lacking)
        yield match(
            f"附件索引所列{len(entries)}个中文部分中，{there}个已提交。",
            f"{there} of {len(entries)} indexed sections are there.",
        )


def _without_index(found: list[AnnexSection]) -> Iterator[Remark]:
    """An annex that prints no index must at least have a scope and its signatories."""
    kinds = {section.kind for section in found if section.language == "zh"}
    if not kinds:
        yield not_applicable(
            "附件没有索引，也没有识别出中文部分。", "The annex has neither an index nor a Chinese section."
        )
        return
    right = Side("已提交的部分", "、".join(section.title for section in found))
    lacking = [] if kinds & {Section.TESTING, Section.INSPECTION, Section.CALIBRATION} else [Section.TESTING]
    lacking += [] if Section.SIGNATORIES in kinds else [Section.SIGNATORIES]
    for kind in lacking:
        name = _SECTIONS[kind]
        yield mismatch(
            f"附件中没有{name.zh}部分。",
            f"The annex has no {name.en}.",
            Side("应有的部分", name.zh),
            right,
            subject=kind.value,
        )
    if not lacking:
        yield match("附件没有索引；能力范围和授权签字人部分均已提交。", "Scope and signatories are there.", None, right)


def _is_entry(entry: IndexEntry, section: AnnexSection) -> bool:
    """Whether a section is the one that the index means: kind and language, site and date where both state them."""
    same_site = entry.site is None or section.site is None or site_key(entry.site) == site_key(section.site)
    same_day = entry.updated_on is None or section.updated_on is None or entry.updated_on == section.updated_on
    return section.kind is entry.kind and section.language == entry.language and same_site and same_day
