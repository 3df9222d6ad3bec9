"""Which papers a document holds: each page's own title decides, pages without one continue the paper before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.headers import recognise, squeeze
from extractor.lines import lines_of
from extractor.passages import fragments
from models.field import Region
from models.layout import Document, Page
from models.papers import PaperSource, Section

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes a page the beginning of a kind of paper.

    One of `titles` must stand on a line of its own (squeezed, whole line), at least `needed` of `words` must occur somewhere,
    none of `never` may.
    """

    kind: str
    titles: tuple[str, ...]
    words: tuple[str, ...] = ()
    needed: int = 0
    never: tuple[str, ...] = ()


# In order: the first mark that fits decides. Patterns are matched on squeezed text (no blanks, half-width, lower case).
_MARKS = (
    Mark(
        "commitment_letter", (r".*告知承诺(?!程序|方式|制).*", r"承诺书"), ("承诺", "申请"), 2, ("证书附件", "申请书")
    ),
    Mark("application_form", (r".*资质认定申请书?", r"检验检测机构.*申请书"), ("申请", "机构名称|机构", "检验检测"), 2),
    # The widely spaced letters of 申请书 are easily missed on a photo: then the labels of its cover decide.
    Mark(
        "application_form",
        (r".*专业领域类别.*", r".*希望评审日期.*"),
        ("机构名称", "主管部门", "申请日期|填表日期", "专业领域类别", "希望评审日期"),
        4,
        ("承诺书",),
    ),
    Mark(
        "cma_annex",
        (r"批准.*(能力范围|领域).*", r".*资质认定证书附表.*", r"检验检测机构资质认定.*附表.*", r"证书附表"),
        ("证书编号|检验检测能力|授权签字人",),
        1,
        (r"cnas-pd", "认可证书附件"),
    ),
    Mark(
        "cma_certificate",
        (r".*资质认定证书", r"资质认定", r".*计量认证证书"),
        ("经审查|特发此证|具有证明作用", "发证日期|有效期至|发证机关"),
        2,
    ),
    Mark(
        "cnas_annex",
        (
            r".*(实验室|检验机构|机构)?认可证书(的)?附件.*",
            r".*iso/iec170\d\d认可证书.*",
            r".*cnas-pd\d\d/\d\d.*",
            r".*(scheduleof|appendix(to|of)?|annexto).*accreditation.*certificate.*",
            r".*获准认可能力索引.*",
            r".*indexof(accredited|accreditation).*",
            r".*附件[\d一二三四五六七八九十\-]*[:：.]?认可的.*",
        ),
        (r"cnasl\d+|cnasib\d+|cnas[a-z]{1,2}\d{3,5}|注册号:?l\d+|注册号:?ib\d+|no\.?:?l\d{3,5}|registrationno",),
        1,
    ),
    Mark(
        "cnas_certificate",
        (
            r"(检测|校准|检测和校准)?实验室认可证书.*",
            r"检验机构认可证书.*",
            r"(医学|标准物质|能力验证).*认可证书.*",
            r"(laboratory|inspectionbody).*accreditationcertificate.*",
            r".*certificateofaccreditation.*",
            r"认可证书",
        ),
        (
            "中国合格评定国家认可委员会|chinanationalaccreditationservice",
            "兹证明|thisistocertify|予以认可|isaccredited",
            r"注册号|registrationno|cnas(l|ib)\d+",
        ),
        3,
        ("附件1", "认证证书"),
    ),
    Mark(
        "business_licence",
        (
            r"营业执照.*",
            r"事业单位法人证书.*",
            r"民办非企业单位(\(法人\))?登记证书.*",
            r"社会团体法人登记证书.*",
            r"社会服务机构(法人)?登记证书.*",
        ),
        (
            "统一社会信用代码|注册号",
            "法定代表人|负责人|投资人|经营者|执行事务合伙人",
            "经营范围|业务范围",
            "登记机关|登记管理机关|发证机关",
            "住所|经营场所|营业场所",
            "名称",
        ),
        3,
    ),
    # Large, widely spaced title letters are easily missed on a photo: then the preprinted notices and nearly all labels decide.
    Mark(
        "business_licence",
        (r".*国家企业信用信息公示系统.*", r".*总局监制.*"),
        (
            "统一社会信用代码|注册号",
            "法定代表人|负责人|投资人|经营者|执行事务合伙人",
            "经营范围|业务范围",
            "登记机关",
            "住所|经营场所|营业场所",
            "名称",
        ),
        5,
        ("申请书", "承诺书"),
    ),
)


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: str
    words: tuple[str, ...]
    confidence: float


def classify(document: Document) -> tuple[tuple[str, PaperSource], ...]:
    """The papers of a document in page order: (kind, where it stands). Together they cover every page that was read."""
    runs: list[tuple[_Verdict, list[int]]] = []
    previous: Page | None = None
    for page in document.pages:
        verdict = _page_kind(page)
        last = runs[-1] if runs else None
        if last is not None and _continues(verdict, last[0], page, previous):
            last[1].append(page.number)
        else:
            runs.append((verdict or _Verdict(UNKNOWN, _largest_words(page), 0.0), [page.number]))
        previous = page
    return tuple(
        (
            verdict.kind,
            PaperSource(
                document.name,
                document.sha256,
                tuple(pages),
                verdict.words,
                verdict.confidence,
                _barcodes(document, pages),
            ),
        )
        for verdict, pages in runs
    )


def _barcodes(document: Document, numbers: Sequence[int]) -> tuple[Region, ...]:
    return tuple(
        Region(document.sha256, page.number, code.box, code.text)
        for page in document.pages
        if page.barcodes and page.number in numbers
        for code in page.barcodes
    )


def _page_kind(page: Page) -> _Verdict | None:
    """The kind that the page's own words name; None where no mark fits."""
    lines = [squeeze(line.text) for line in lines_of(page.words)]
    pieces = [squeeze(piece.text) for piece in fragments(page.words, page.number)]
    lines += pieces
    lines += [a + b for a, b in pairwise(lines)]  # a title on two lines
    lines += [squeeze(cell.text) for table in page.tables for cell in table.cells[:6]]
    text = "\n".join(lines)
    everything = text.replace("\n", "")
    if page.tables:
        everything += "".join(squeeze(cell.text) for table in page.tables for cell in table.cells[:60])
    for mark in _MARKS:
        verdict = _fits(mark, lines, everything)
        if verdict is not None:
            return verdict
    return None


def _fits(mark: Mark, lines: Sequence[str], everything: str) -> _Verdict | None:
    title = next(
        (line for line in lines for pattern in mark.titles if len(line) <= 60 and re.fullmatch(pattern, line)), None
    )
    if title is None or any(re.search(word, everything) for word in mark.never):
        return None
    hits = [m.group() for word in mark.words if (m := re.search(word, everything))]
    if len(hits) < mark.needed:
        return None
    return _Verdict(mark.kind, (title, *hits), min(1.0, 0.9 + 0.1 * len(hits) / max(1, len(mark.words))))


def _continues(verdict: _Verdict | None, last: _Verdict, page: Page, previous: Page | None) -> bool:
    """Whether a page belongs to the paper before: it names nothing itself, or the same paper of several pages again."""
    if verdict is None:
        return last.kind not in (UNKNOWN, "business_licence", "cma_certificate", "cnas_certificate") or (
            last.kind == UNKNOWN and previous is not None and not _has_capability_table(page)
        )
    if verdict.kind != last.kind:
        return last.kind == "application_form" and verdict.kind in ("cma_annex",)
    return verdict.kind in ("cnas_annex", "cma_annex", "application_form", "commitment_letter")


def _has_capability_table(page: Page) -> bool:
    headers = [recognise(table) for table in page.tables]
    return any(
        h is not None and h.section in (Section.TESTING, Section.CALIBRATION, Section.INSPECTION) for h in headers
    )


def _largest_words(page: Page) -> tuple[str, ...]:
    """What stands largest on a page that is no paper we know: its title, for the person who must find out what it is."""
    lines = sorted(lines_of(page.all_words()), key=lambda line: -line.box.height)
    return tuple(text for line in lines[:8] if (text := line.text.strip()) and len(text) > 1)[:4]
