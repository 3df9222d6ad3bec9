"""Hints that a file was worked on: each seen in what the file says of itself, none a proof."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from matchers.hint import Hint, Seeker, Sign, numbers_of, of_file, of_pages
from matchers.imprints import appended_parts, broken_signatures, contradicting_codes
from matchers.lookup import accreditation_of, enterprise_of
from matchers.rules import Rules
from matchers.sides import side_of, written
from models.case import Case
from models.field import Field, Region
from models.file_facts import FileFacts, PageFacts
from models.finding import Bilingual, Side
from models.layout import Origin
from models.papers import BusinessLicence, CmaAnnex, CmaCertificate, CnasAnnex, CnasCertificate, Paper
from models.text import key

_FEW = 0.25
"""A deviation is odd where at most this share of a paper's pages shows it; more is how the paper was made."""
_SIZE = 0.03
"""Pages are of one size within this share of their sides; scanners cut that exactly."""
_FURNITURE = 3.0
"""Points by which the page number of a digital page may lie elsewhere than on the other pages."""
_CLOCK = dt.timedelta(days=1)
"""What clocks and time zones may be wrong by."""


def hints_of(case: Case, rules: Rules) -> tuple[Hint, ...]:
    """Every hint on every file, in the order of the files."""
    return tuple(hint for file in case.files for seek in _SEEKERS for hint in seek(file, _papers(case, file), rules))


def conflicts_of(case: Case) -> dict[str, str]:
    """Files (by sha256) one of whose papers contradicts a register in a date or an amount -> what differs, in Chinese."""
    found: dict[str, str] = {}
    record = accreditation_of(case)
    accredited: tuple[CnasCertificate | CnasAnnex, ...] = (*case.all(CnasCertificate), *case.annexes)
    for paper in accredited:
        field, registered = paper.expires_on, record.expires_on if record is not None else None
        if field is not None and field.value and registered and field.value != registered:
            found[paper.source.sha256] = f"有效期截止日期{field.value}与 CNAS 名录的{registered}不同"
    for licence in case.all(BusinessLicence):
        entity = enterprise_of(case, licence)
        established = licence.established_on.value if licence.established_on is not None else None
        if entity is not None and established and entity.established_on and established != entity.established_on:
            found[licence.source.sha256] = f"成立日期{established}与登记的{entity.established_on}不同"
    return found


def _papers(case: Case, file: FileFacts) -> tuple[Paper, ...]:
    return tuple(paper for paper in case.papers if paper.source.sha256 == file.sha256)


def _editor(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """The file was written by a program whose purpose is to change pages or pictures."""
    for said, program in (("制作程序", file.creator), ("生成程序", file.producer)):
        name = next((word for word in rules.editing_programs if key(word) in key(program)), None)
        if name is not None:
            zh, en = f"文件由编辑软件“{program}”写出（{said}）", f"The file was written by an editor, “{program}”"
            yield Hint(Sign.EDITOR, file.file, file.sha256, Bilingual(zh, en), of_file(file, said, program))
            return


def _saved_again(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    made, saved = _clock(file.created, rules), _clock(file.modified, rules)
    if made is not None and saved is not None and saved - made > dt.timedelta(hours=rules.modified_after_hours):
        zh = f"文件制作于{made:%Y-%m-%d %H:%M}，又于{saved:%Y-%m-%d %H:%M}修改保存"
        en = f"Made on {made:%Y-%m-%d}, changed and saved on {saved:%Y-%m-%d}"
        left, right = of_file(file, "修改时间", saved.isoformat()), of_file(file, "制作时间", made.isoformat())
        yield Hint(Sign.SAVED_AGAIN, file.file, file.sha256, Bilingual(zh, en), left, right)


def _before_issue(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """The file is older than the paper in it says of itself; forms and letters may be dated ahead, certificates not."""
    made = _clock(file.created, rules)
    for paper in papers:
        issued = _issued_on(paper)
        if made is None or issued is None or issued.value is None:
            continue
        if made.date() + _CLOCK < issued.value:
            zh = f"文件制作于{made:%Y-%m-%d}，早于其中所印的签发日期{issued.value}"
            en = f"The file was made on {made:%Y-%m-%d}, before the date of issue printed in it, {issued.value}"
            left = side_of("所印签发日期", issued)
            yield Hint(
                Sign.BEFORE_ISSUE,
                file.file,
                file.sha256,
                Bilingual(zh, en),
                left,
                of_file(file, "制作时间", written(made)),
            )
            return


def _issued_on(paper: Paper) -> Field[dt.date] | None:
    if isinstance(paper, CnasAnnex | BusinessLicence | CmaCertificate):
        return paper.issued_on
    return paper.approved_on if isinstance(paper, CmaAnnex) else None


def _page_size(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """Some pages of a paper are of another size; a page turned to landscape is of the same size."""
    for every in _by_paper(file, papers):
        pages = [page for page in every if not page.photographed]
        if not pages:
            continue
        usual = Counter(_sides(page) for page in pages).most_common(1)[0][0]
        odd = [page for page in pages if not _alike(_sides(page), usual)]
        if _are_few(odd, pages):
            shown = "；".join(f"第{page.number}页 {page.width:.0f}×{page.height:.0f}" for page in odd)
            zh = f"纸面尺寸与其他各页（{usual[0]}×{usual[1]} 点）不同：{shown}"
            en = f"Pages {numbers_of(odd)} are of another size than the others ({usual[0]}×{usual[1]} pt)"
            right = of_pages(
                file, "其他页尺寸", [page for page in pages if page not in odd][:1], f"{usual[0]}×{usual[1]}"
            )
            yield Hint(
                Sign.PAGE_SIZE,
                file.file,
                file.sha256,
                Bilingual(zh, en),
                of_pages(file, "页面尺寸", odd, shown),
                right,
            )


def _mixed(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """Some pages of a digital paper are pictures, or some of a scanned one digital: pages may have been exchanged."""
    for pages in _by_paper(file, papers):
        seen = [page for page in pages if page.origin is Origin.TEXT or page.confidence is not None]
        pictures = [page for page in seen if page.origin is Origin.OCR]
        odd, kind = (
            (pictures, "扫描图像")
            if 2 * len(pictures) <= len(seen)
            else ([p for p in seen if p not in pictures], "电子文字")
        )
        if _are_few(odd, seen):
            zh = f"第{numbers_of(odd)}页是{kind}，其余各页不是，可能换过页"
            en = f"Pages {numbers_of(odd)} are of another making than the rest; they may have been exchanged"
            yield Hint(
                Sign.MIXED, file.file, file.sha256, Bilingual(zh, en), of_pages(file, f"{kind}页", odd, numbers_of(odd))
            )


def _hidden_text(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """A digital page holds characters that nobody sees: what was there before may lie under what is shown."""
    for pages in _by_paper(file, papers):
        odd = [page for page in pages if page.origin is Origin.TEXT and "invisible_text" in page.notes]
        if odd:
            zh, en = (
                f"第{numbers_of(odd)}页含有看不见的文字",
                f"Pages {numbers_of(odd)} hold characters that are not shown",
            )
            left = of_pages(file, "含隐藏文字的页", odd, numbers_of(odd))
            yield Hint(Sign.HIDDEN_TEXT, file.file, file.sha256, Bilingual(zh, en), left)


def _furniture(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """One page inside a digital section of the annex prints its page number elsewhere than all the others.

    Sections, and their first pages, have heads of their own and are not compared with each other.
    """
    sheets = {page.number: _sides(page) for page in file.pages if page.origin is Origin.TEXT}
    for annex in papers:
        if not isinstance(annex, CnasAnnex):
            continue
        places = {
            stamp.page: stamp.evidence[0]
            for stamp in annex.stamps
            if stamp.evidence and stamp.number is not None and stamp.page in sheets
        }
        for section in annex.sections:
            within = [number for number in section.pages[1:] if number in places]
            if (number := _apart(within, places, sheets)) is not None:
                top = places[number].box.top
                zh = f"第{number}页的页码位置与同一部分其他各页不同"
                en = f"The page number of page {number} stands elsewhere than on the other pages of its section"
                left = Side("页码位置", f"第{number}页 {top:.0f} 点", places[number].text, evidence=(places[number],))
                yield Hint(Sign.FURNITURE, file.file, file.sha256, Bilingual(zh, en), left)


def _apart(pages: Sequence[int], places: dict[int, Region], sheets: dict[int, tuple[int, int]]) -> int | None:
    """The one page whose number stands apart while three or more others, on sheets of its size, have it at one height."""
    for number in pages:
        others = [places[n].box.top for n in pages if n != number and sheets[n] == sheets[number]]
        if (
            len(others) > 2
            and max(others) - min(others) <= _FURNITURE
            and _gap(places[number].box.top, others) > _FURNITURE
        ):
            return number
    return None


def _gap(height: float, others: Sequence[float]) -> float:
    return min(abs(height - other) for other in others)


_SEEKERS: tuple[Seeker, ...] = (
    _editor,
    _saved_again,
    _page_size,
    _mixed,
    _hidden_text,
    appended_parts,
    _furniture,
    _before_issue,
    contradicting_codes,
    broken_signatures,
)


def _clock(moment: dt.datetime | None, rules: Rules) -> dt.datetime | None:
    """The moment, unless it is midnight of a day on which clocks that nobody set begin."""
    if moment is None or (moment.date().isoformat() in rules.unset_clocks and not moment.hour and not moment.minute):
        return None
    return moment


def _by_paper(file: FileFacts, papers: Sequence[Paper]) -> Iterator[list[PageFacts]]:
    for paper in papers:
        if pages := [page for page in file.pages if page.number in paper.source.pages]:
            yield pages


def _are_few(odd: Sequence[PageFacts], pages: Sequence[PageFacts]) -> bool:
    return 0 < len(odd) <= max(1.0, _FEW * len(pages)) and len(pages) > 2


def _sides(page: PageFacts) -> tuple[int, int]:
    """The shorter and the longer side, in whole points."""
    return round(min(page.width, page.height)), round(max(page.width, page.height))


def _alike(left: tuple[int, int], right: tuple[int, int]) -> bool:
    return all(abs(a - b) <= _SIZE * max(a, b, 1) for a, b in zip(left, right, strict=True))
