"""Whether digital files say in their text what their pages show (CC-04)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES
from matchers.check import check
from matchers.layers import contradicts
from matchers.sides import match, mismatch, not_applicable
from models.case import Case
from models.field import Region
from models.file_facts import FileFacts, PageFacts
from models.finding import Remark, Severity, Side
from models.layout import Origin, TwoReadings

_SHOWN = 5
"""Places that a message names."""


@check(
    "CC-04",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(33),
    on=(Case,),
    advice=(
        "请打开文件，比对所示位置页面显示的内容与可复制的文字；以原件和登记信息为准。",
        "Open the file and compare what is shown with the text that can be copied; the original and the registers decide.",
    ),
)
def text_layers_say_what_is_shown(case: Case) -> Iterator[Remark]:
    """电子文件的文字与页面所显示的一致。 The text of a digital file is what its pages show."""
    read = 0
    sound = True
    for file in case.files:
        places = [(page, reading) for page in file.pages for reading in page.readings or ()]
        read += len(places)
        odd = [(page, reading) for page, reading in places if contradicts(reading)]
        if odd:
            sound = False
            yield _contradiction(file, odd)
    if not read:
        yield not_applicable(
            "没有既有文字层又经图像识别比对的页面。", "No page with a text layer was read in its picture too."
        )
    elif sound:
        yield match(
            f"抽查电子页面{read}处，文字层与页面显示一致。",
            f"At {read} places the text layer says what the page shows.",
            Side("已比对的位置", f"{read} 处"),
        )


def _contradiction(file: FileFacts, odd: list[tuple[PageFacts, TwoReadings]]) -> Remark:
    held, seen = ("；".join(texts) for texts in zip(*((r.layer, r.picture) for _, r in odd[:_SHOWN]), strict=True))
    said = "；".join(f"第{page.number}页文字为“{r.layer}”，显示为“{r.picture}”" for page, r in odd[:_SHOWN])
    more = f"等{len(odd)}处" if len(odd) > _SHOWN else ""
    evidence = tuple(Region(file.sha256, page.number, r.box, r.layer) for page, r in odd)
    sure = min(r.confidence for _, r in odd)
    return mismatch(
        f"“{file.file}”的文字与页面所显示的不一致：{said}{more}。",
        f"The text of “{file.file}” is not what its pages show, at {len(odd)} places.",
        Side("文件中的文字", held, held, Origin.TEXT, evidence),
        Side("页面显示（识别）", seen, seen, Origin.OCR, evidence, sure),
        subject=file.file,
    )
