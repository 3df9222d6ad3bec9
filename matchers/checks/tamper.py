"""Hints that a file was worked on (TP): never enough to refuse, worth a second look where several meet."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES
from matchers.check import Remarks, check
from matchers.hint import Hint, Sign
from matchers.hints import conflicts_of, hints_of
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable
from models.case import Case
from models.finding import Remark, Severity, Side

_BASIS = CMA_RULES.article(33)
_ADVICE = (
    "单独一项不足以说明文件被改动；请核对原件，并与登记信息、CNAS 名录比对。",
    "No proof by itself; compare the original, the register and the CNAS directory.",
)


def _told(sign: Sign, case: Case, rules: Rules, clean: tuple[str, str]) -> Iterator[Remark]:
    """The hints of one kind; 重要 where the same file shows an independent one too, or the file contradicts itself or a register."""
    if not case.files:
        yield not_applicable(
            "没有可供查看的上传文件（申请数据由系统录入）。", "No file was uploaded that could be looked at."
        )
        return
    hints = case.once(hints_of, rules)
    conflicts = case.once(conflicts_of)
    mine = [hint for hint in hints if hint.sign is sign]
    for hint in mine:
        others = sorted({other.said.zh for other in hints if other.supports(hint)})
        conflict = conflicts.get(hint.sha256)
        yield _remark(hint, [*others, *([conflict] if conflict else [])])
    if not mine:
        yield match(*clean, Side("已查看的文件", f"{len(case.files)} 份"))


def _remark(hint: Hint, beside: list[str]) -> Remark:
    zh, en = f"“{hint.file}”：{hint.said.zh}。", f"“{hint.file}”: {hint.said.en}."
    if beside:
        zh, en = f"{zh}同一文件另有：{'；'.join(beside)}。", f"{en} The same file shows other signs too."
    severity = Severity.MAJOR if beside or hint.grave else Severity.MINOR
    return mismatch(zh, en, hint.left, hint.right, severity=severity, subject=hint.file)


@check("TP-01", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def files_come_from_no_editor(case: Case, rules: Rules) -> Remarks:
    """文件不是由编辑软件写出。 No file was written by an editing program."""
    return _told(Sign.EDITOR, case, rules, ("各文件均不是由编辑软件写出。", "No file was written by an editor."))


@check("TP-02", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def files_were_not_changed_later(case: Case, rules: Rules) -> Remarks:
    """文件制作后没有再修改。 No file was changed long after it was made."""
    return _told(
        Sign.SAVED_AGAIN, case, rules, ("各文件制作后没有再修改保存。", "No file was changed after it was made.")
    )


@check("TP-03", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def pages_are_of_one_size(case: Case, rules: Rules) -> Remarks:
    """同一材料各页尺寸一致。 The pages of a paper are of one size."""
    return _told(Sign.PAGE_SIZE, case, rules, ("同一材料各页尺寸一致。", "The pages of each paper are of one size."))


@check("TP-04", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def pages_are_of_one_making(case: Case, rules: Rules) -> Remarks:
    """同一材料各页的形成方式一致。 The pages of a paper are all digital or all scanned."""
    return _told(Sign.MIXED, case, rules, ("同一材料各页形成方式一致。", "No paper mixes digital and scanned pages."))


@check("TP-05", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def nothing_is_hidden(case: Case, rules: Rules) -> Remarks:
    """页面没有隐藏的文字。 No digital page holds hidden characters."""
    return _told(
        Sign.HIDDEN_TEXT, case, rules, ("电子页面没有隐藏的文字。", "No digital page holds hidden characters.")
    )


@check("TP-06", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def nothing_was_appended(case: Case, rules: Rules) -> Remarks:
    """文件写成后没有追加内容。 Nothing was appended to a file after it was written."""
    return _told(Sign.APPENDED, case, rules, ("各文件写成后没有追加内容。", "Nothing was appended to any file."))


@check("TP-07", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def furniture_is_alike(case: Case, rules: Rules) -> Remarks:
    """附件各页的页码位置一致。 The annex's pages bear their numbers at the same place."""
    return _told(Sign.FURNITURE, case, rules, ("附件各页页码位置一致。", "The page numbers stand at the same place."))


@check("TP-08", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def files_are_no_older_than_their_papers(case: Case, rules: Rules) -> Remarks:
    """文件不早于其中所印的签发日期。 No file is older than the date of issue printed in it."""
    return _told(Sign.BEFORE_ISSUE, case, rules, ("各文件均不早于所印签发日期。", "No file is older than its paper."))


@check("TP-09", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def codes_say_what_is_printed(case: Case, rules: Rules) -> Remarks:
    """二维码内容与纸面所印一致。 QR codes say what is printed."""
    clean = ("所识读的二维码与纸面所印没有矛盾。", "No QR code that was read contradicts the print.")
    return _told(Sign.CODE, case, rules, clean)


@check("TP-10", severity=Severity.MINOR, basis=_BASIS, on=(Case, Rules), advice=_ADVICE)
def digital_signatures_hold(case: Case, rules: Rules) -> Iterator[Remark]:
    """已有的数字签名有效并覆盖整个文件。 Digital signatures, where there are any, hold and cover the whole file."""
    unjudged = [file for file in case.files if file.signatures and file.signature_valid is None]
    for file in unjudged:
        zh = f"“{file.file}”有数字签名，但其算法（如国密 SM2）或结构无法在此验证，未作判断；没有数字签名也属正常。"
        yield not_applicable(zh, f"The digital signature of “{file.file}” cannot be verified here.", subject=file.file)
    signed = [f"“{file.file}”（{file.signed_by or '签名人未载明'}）" for file in case.files if file.signature_valid]
    held = f"数字签名有效：{'、'.join(signed)}。" if signed else "没有可验证的数字签名（打印件和附件通常没有）。"
    yield from _told(Sign.SIGNATURE, case, rules, (held, "No digital signature is broken."))
