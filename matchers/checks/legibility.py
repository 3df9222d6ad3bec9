"""Whether the pages can be read well enough to be judged by (CP-06)."""

from collections.abc import Iterator

from matchers.basis import LICENSING_LAW
from matchers.check import check
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable
from models.case import Case
from models.field import Region
from models.file_facts import FileFacts, PageFacts
from models.finding import Remark, Severity, Side
from models.layout import Box


@check(
    "CP-06",
    severity=Severity.MAJOR,
    basis=LICENSING_LAW.article(32),
    on=(Case, Rules),
    advice=("请申请人重新扫描或拍摄后上传清晰、端正、完整的文件。", "Ask for a clear, straight and complete scan."),
)
def pages_are_legible(case: Case, rules: Rules) -> Iterator[Remark]:
    """材料各页清晰可辨。 Every page is legible."""
    if not case.files:
        yield not_applicable(
            "没有可供查看的上传文件（申请数据由系统录入）。", "No file was uploaded that could be looked at."
        )
        return
    fine = True
    for file in case.files:
        poor = [(page, why) for page in file.pages if (why := _poor(page, rules))]
        if poor or file.unread_pages:
            fine = False
            yield _poor_file(file, poor)
    if fine:
        yield match("各文件清晰可辨。", "Every file is legible.", Side("已查看的文件", f"{len(case.files)} 份"))


def _poor(page: PageFacts, rules: Rules) -> str:
    """What is wrong with a recognised page; empty where nothing is."""
    found = []
    if page.confidence is not None and page.confidence < rules.least_legible:
        found.append(f"平均识别置信度 {page.confidence:.2f}，低于 {rules.least_legible:.2f}")
    if abs(page.skew) > rules.most_skew:
        found.append(f"歪斜 {abs(page.skew):.1f}°，超过 {rules.most_skew:.0f}°")
    return "、".join(found)


def _poor_file(file: FileFacts, poor: list[tuple[PageFacts, str]]) -> Remark:
    said = [f"第{page.number}页{why}" for page, why in poor]
    said += [f"第{number}页无法读取" for number in file.unread_pages]
    evidence = [Region(file.sha256, page.number, page.box) for page, _ in poor]
    evidence += [Region(file.sha256, number, Box(0.0, 0.0, 0.0, 0.0)) for number in file.unread_pages]
    shown = "；".join(said)
    zh = f"“{file.file}”不够清晰，可能影响判断：{shown}。"
    en = f"“{file.file}” is hard to read on {len(said)} pages."
    return mismatch(zh, en, Side("难以辨认的页", shown, shown, evidence=tuple(evidence)), subject=file.file)
