"""Hints in what machines put into a file: parts appended to it, QR codes that say otherwise than the print, broken signatures."""

import re
from collections.abc import Iterator, Sequence

from matchers.hint import Hint, Sign, of_file
from matchers.lookup import same_code, same_registration
from matchers.rules import Rules
from matchers.sides import side_of
from models.codes import cnas_number, uscc
from models.field import Field, Region
from models.file_facts import FileFacts
from models.finding import Bilingual, Side
from models.papers import BusinessLicence, CnasAnnex, CnasCertificate, Paper

_HOST = re.compile(r"https?://([^/?#:]+)", re.IGNORECASE)


def appended_parts(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """The file was saved by appending to it more often than signatures account for, of which each appends once."""
    more = (file.revisions or 1) - 1 - file.signatures
    if more > 0:
        zh, en = (
            f"文件写成后又追加保存{more}次",
            f"Something was appended to the file {more} times after it was written",
        )
        left = of_file(file, "追加保存", f"{more} 次")
        yield Hint(Sign.APPENDED, file.file, file.sha256, Bilingual(zh, en), left)


def broken_signatures(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """What was signed was changed afterwards, or something was added that no signature covers.

    A signature of an algorithm that cannot be computed here (SM2) gives no hint, nor does a file without one.
    """
    signer = file.signed_by or "未载明"
    if file.signature_valid is False:
        zh = f"数字签名（签名人：{signer}）验证不通过，签名后内容有改动"
        en = f"A digital signature ({signer}) does not fit what it signed: the file was changed after it"
        left = of_file(file, "数字签名", "验证不通过")
        yield Hint(Sign.SIGNATURE, file.file, file.sha256, Bilingual(zh, en), left, grave=True)
    elif file.signatures and file.signature_covers_all is False:
        zh = f"数字签名（签名人：{signer}）未覆盖整个文件，签名后又有追加内容"
        en = f"No digital signature ({signer}) covers the whole file: something was appended after it"
        left = of_file(file, "数字签名", "未覆盖整个文件")
        yield Hint(Sign.SIGNATURE, file.file, file.sha256, Bilingual(zh, en), left)


def contradicting_codes(file: FileFacts, papers: Sequence[Paper], rules: Rules) -> Iterator[Hint]:
    """A QR code names another body than the print, or leads to a strange place from an accreditation."""
    for paper in papers:
        if isinstance(paper, BusinessLicence):
            codes = [number for number in paper.source.coded_numbers if uscc.is_valid(number)]
            yield from _contradicting(file, paper, paper.unified_social_credit_code, codes)
        elif isinstance(paper, CnasCertificate | CnasAnnex):
            codes = [number for number in paper.source.coded_numbers if cnas_number.is_valid(number)]
            yield from _contradicting(file, paper, paper.registration_number, codes)
            yield from _strange_hosts(file, paper, rules)


def _contradicting(file: FileFacts, paper: Paper, printed: Field[str], codes: Sequence[str]) -> Iterator[Hint]:
    if printed.value is None or not codes or any(_same(printed.value, code) for code in codes):
        return
    zh = f"二维码中的号码“{'、'.join(codes)}”与纸面所印的“{printed.value}”不同"
    en = f"The QR code says “{', '.join(codes)}”, the print “{printed.value}”"
    left = Side("二维码中的号码", codes[0], codes[0], evidence=_saying(paper, codes[0]))
    right = side_of("纸面所印的号码", printed)
    yield Hint(Sign.CODE, file.file, file.sha256, Bilingual(zh, en), left, right, grave=True)


def _same(left: str, right: str) -> bool:
    return same_code(left, right) or (cnas_number.is_valid(left) and same_registration(left, right))


def _saying(paper: Paper, number: str) -> tuple[Region, ...]:
    """The codes in which a number stands, else all: their texts may write it in other ways."""
    codes = paper.source.barcodes
    return tuple(code for code in codes if number in code.text.upper()) or codes


def _strange_hosts(file: FileFacts, paper: Paper, rules: Rules) -> Iterator[Hint]:
    for code in paper.source.barcodes:
        host = _HOST.match(code.text.strip())
        name = host.group(1).lower() if host else ""
        if name and not any(name == known or name.endswith(f".{known}") for known in rules.accreditation_hosts):
            zh = f"认可证书或附件上的二维码指向“{name}”，不是 CNAS 网站"
            en = f"A QR code on the accreditation leads to “{name}”, not to CNAS"
            left = Side("二维码", name, code.text, evidence=(code,))
            yield Hint(Sign.CODE, file.file, file.sha256, Bilingual(zh, en), left)
            return
