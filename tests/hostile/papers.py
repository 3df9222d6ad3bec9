"""PDF files made to hurt: bombs, loops, depths, claims and nonsense, each a few kilobytes that ask for gigabytes or never end."""
# ruff: noqa: E501 - one hostile file a line

import zlib
from collections.abc import Iterator

from tests.extractor.drawn import file, pdf, stream, text

Made = tuple[str, bytes]
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
SOUND = pdf(text(20, 200, "Sound"))


def papers() -> Iterator[Made]:
    """Every hostile PDF with a name that says what it is."""
    for group in (_structures, _claims, _streams, _contents, _fonts_and_pictures, _actions, _signatures, _polyglots):
        for name, data in group():
            yield f"{name}.pdf", data


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def _pages(kids: bytes, count: bytes = b"1", **others: bytes) -> bytes:
    objects = {1: CATALOG, 2: b"<< /Type /Pages /Count %s /Kids [%s] >>" % (count, kids), 3: PAGE}
    return file(objects | {int(name[1:]): body for name, body in others.items()})


def _structures() -> Iterator[Made]:
    yield "kids that hold their parent", _pages(b"2 0 R")
    yield "kids that hold the catalogue", _pages(b"1 0 R")
    yield (
        "two nodes that hold each other",
        _pages(b"4 0 R", o4=b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [2 0 R] >>"),
    )
    deep = {n: b"<< /Type /Pages /Parent %d 0 R /Count 1 /Kids [%d 0 R] >>" % (n - 1, n + 1) for n in range(3, 5000)}
    yield (
        "a page tree 5000 deep",
        file({1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", **deep, 5000: PAGE}),
    )
    yield "a reference to itself for pages", file({1: b"<< /Type /Catalog /Pages 1 0 R >>", 2: PAGE})
    yield "no catalogue", file({1: b"null", 2: PAGE})
    for what, trailer in {
        "previous table is this one": b"/Prev 9",
        "previous table is far away": b"/Prev 99999999999999999999",
        "previous table is before the file": b"/Prev -7",
        "table as a stream that is none": b"/XRefStm 9",
    }.items():
        yield what, file({1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE}, trailer)
    yield "start of the table is itself", b"%PDF-1.7\nstartxref\n9\n%%EOF"
    yield (
        "start of the table is beyond all bounds",
        SOUND.rpartition(b"startxref")[0] + b"startxref\n" + b"9" * 400 + b"\n%%EOF",
    )
    yield "table of a thousand million entries", SOUND.replace(b"xref\n0 ", b"xref\n0 1000000000\n0 ", 1)
    yield "object stream that holds itself", file(
        {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE, 4: deflated(b"4 0 " + CATALOG, b"/Type /ObjStm /N 1 /First 4 /Extends 4 0 R ")}
    )  # fmt: skip
    listed = b" ".join(b"%d 0" % n for n in range(10, 200_000))
    yield "object stream of many objects", file(
        {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE, 4: deflated(listed + b" null", b"/Type /ObjStm /N 199990 /First %d " % len(listed))}
    )  # fmt: skip
    for what, opening in {"arrays": b"[", "dictionaries": b"<</A", "strings": b"("}.items():
        yield f"{what} in {what}", file({1: CATALOG, 2: opening * 300_000, 3: PAGE})
    yield "a length that is its own stream", file({1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE[:-2] + b"/Contents 4 0 R >>", 4: b"<< /Length 4 0 R >>\nstream\nq\nendstream"})  # fmt: skip


def _claims() -> Iterator[Made]:
    yield "a million pages claimed", _pages(b"3 0 R", b"1000000")
    yield "less than no pages claimed", _pages(b"3 0 R", b"-5")
    yield "pages without number", _pages(b"3 0 R", b"(many)")
    yield "one page ten thousand times", _pages(b"3 0 R " * 10_000, b"10000")
    boxes = {
        "huge": b"0 0 1000000000 1000000000", "beyond numbers": b"0 0 1e400 1e400", "empty": b"0 0 0 0", "inside out": b"400 300 0 0",
        "a hair": b"0 0 0.0001 14400", "far away": b"1e9 1e9 1.000001e9 1.000001e9", "words": b"/A /B /C /D", "endless": b"0 " * 100_000,
    }  # fmt: skip
    for what, box in boxes.items():
        yield f"page size {what}", pdf(text(20, 200, "Words") + b"0 0 100 100 re f", page=b"/MediaBox [%s]" % box)
    yield (
        "units as large as the moon",
        pdf(text(20, 200, "Words"), page=b"/MediaBox [0 0 400 300] /UserUnit 1000000000"),
    )
    yield "turned by 45 degrees", pdf(text(20, 200, "Words"), page=b"/MediaBox [0 0 400 300] /Rotate 45")
    yield "version from the future", SOUND.replace(b"%PDF-1.7", b"%PDF-99999999999")
    yield (
        "linearised by a liar",
        b"%PDF-1.4\n1 0 obj\n<< /Linearized 1 /L 9 /H [0 99999999] /O 77 /E 3 /N 99999 /T 1 >>\nendobj\n" + SOUND,
    )
    yield "ten thousand revisions", SOUND + b"\n%%EOF\nstartxref\n0\n%%EOF" * 10_000
    yield "encrypted by nothing known", file({1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE}, b"/Encrypt << /Filter /Standard /V 99 /R 99 /Length -1 /O (x) /U (x) /P 0 >> /ID [(a) (b)]")  # fmt: skip
    yield "facts full of markup", file({1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE, 4: b"<< /Producer (%s) /Creator 4 0 R /CreationDate (D:99999999999999) >>" % (b"<script>alert(1)</script>\\000" * 5000)}, b"/Info 4 0 R")  # fmt: skip


def _streams() -> Iterator[Made]:
    zeros = zlib.compress(b"\0" * 60_000_000, 9)
    one = {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE[:-2] + b"/Contents 4 0 R >>"}
    yield "content of 60 MB of nothing", file(one | {4: stream(zeros, b"/Filter /FlateDecode")})
    yield (
        "content deflated twice",
        file(one | {4: stream(zlib.compress(zeros, 9), b"/Filter [/FlateDecode /FlateDecode]")}),
    )
    yield (
        "content through forty filters",
        file(one | {4: stream(b"7>", b"/Filter [" + b"/ASCIIHexDecode " * 40 + b"]")}),
    )
    yield "content by run lengths", file(one | {4: stream(b"\x81 " * 500_000, b"/Filter /RunLengthDecode")})
    for what, parameters in {
        "columns": b"/Predictor 15 /Columns 2147483647",
        "colours": b"/Predictor 2 /Colors 2147483647 /Columns 9",
    }.items():
        yield (
            f"predictor of endless {what}",
            file(one | {4: deflated(b"\0" * 1000, b"/DecodeParms << %s >> " % parameters)}),
        )
    yield "content that is an array of itself", file(one | {4: b"[4 0 R 4 0 R 4 0 R]"})
    yield (
        "content listed a hundred thousand times",
        file(one | {3: PAGE[:-2] + b"/Contents [" + b"4 0 R " * 100_000 + b"] >>", 4: stream(b"q Q ")}),
    )
    yield "filter nobody knows", file(one | {4: stream(b"x", b"/Filter /Crypt /F (/etc/passwd)")})
    yield "content in a file elsewhere", file(one | {4: stream(b"", b"/F (/etc/passwd) /FFilter /ASCIIHexDecode")})


def _contents() -> Iterator[Made]:
    many = {
        "saves without restores": b"q " * 1_000_000,
        "a million tiny words": b"BT /F1 1 Tf " + b"1 0 Td (a) Tj " * 300_000 + b"ET",
        "two hundred thousand boxes": b"1 1 9 9 re f " * 200_000,
        "a lattice of ten thousand rules": b"".join(b"%d 0 m %d 300 l S 0 %d m 400 %d l S " % (n % 400, n % 400, n % 300, n % 300) for n in range(5000)),
        "one path of a million corners": b"0 0 m " + b"9 9 l 1 5 l " * 400_000 + b"S",
        "a dash as fine as dust": b"[0.0000001 0.0000001] 0 d 0 0 m 400 300 l S",
        "letters larger than the world": b"BT /F1 1e30 Tf 0 0 Td (Words) Tj ET",
        "a matrix that flattens all": b"0 0 0 0 0 0 cm BT /F1 9 Tf (Words) Tj ET",
        "marked content never ended": b"/A << /MCID 0 >> BDC " * 200_000,
        "operands without operators": b"9 " * 1_000_000,
        "inline picture without end": b"BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID " + b"x" * 1000,
        "one word of a million letters": b"BT /F1 9 Tf 9 99 Td (" + b"A" * 1_000_000 + b") Tj ET",
    }  # fmt: skip
    for what, content in many.items():
        objects = {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 4: deflated(content)}
        fonts = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        yield what, file(objects | {3: PAGE[:-2] + fonts + b" /Contents 4 0 R >>"})
    forms = {
        100 + n: stream(b"/X Do /X Do ", b"/Type /XObject /Subtype /Form /BBox [0 0 400 300] /Resources << /XObject << /X %d 0 R >> >>" % (101 + n))
        for n in range(40)
    }  # fmt: skip
    last = {140: stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 400 300]")}
    yield "forms that double forty times", pdf(b"/X Do", xobjects={"X": forms.pop(100)}, extra=forms | last)
    tile = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 .01 .01] /XStep .01 /YStep .01 /Resources << >>",
    )
    yield (
        "tiles as fine as dust",
        pdf(b"/Pattern cs /P scn 0 0 400 300 re f", page=b"/MediaBox [0 0 400 300] /Group 100 0 R", extra={100: tile}),
    )


def _fonts_and_pictures() -> Iterator[Made]:
    shown = text(20, 200, "Words", font="F3")
    descendant = b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Lost /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> >>]"
    for what, encoding in {
        "a path": b"/../../../../../etc/passwd",
        "a pickle": b"/..#2F..#2F..#2Ftmp#2Fevil",
        "its own font": b"100 0 R",
    }.items():
        font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding %s %s >>" % (encoding, descendant)
        yield f"character map is {what}", pdf(shown, fonts={"F3": font}, extra={100: font})
    ranges = b"begincmap\n" + b"100 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n" * 20_000 + b"endcmap"
    mapped = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 100 0 R >>"
    yield "map of a thousand million characters", pdf(shown, fonts={"F3": mapped}, extra={100: deflated(ranges)})
    yield (
        "map that uses itself",
        pdf(shown, fonts={"F3": mapped}, extra={100: deflated(b"/Own usecmap", b"/UseCMap 100 0 R ")}),
    )
    glyphs = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /W 100 0 R >> /Encoding << /Differences [87 /W] >> /FirstChar 87 /LastChar 87 /Widths [9] /Resources << /Font << /F3 101 0 R >> >> >>"
    yield "letters that draw themselves", pdf(shown, fonts={"F3": b"101 0 R"}, extra={100: stream(shown), 101: glyphs})
    yield "a font file of noise", pdf(shown, fonts={"F3": b"<< /Type /Font /Subtype /TrueType /BaseFont /Lost /FontDescriptor << /Type /FontDescriptor /FontName /Lost /Flags 4 /FontFile2 100 0 R >> >>"}, extra={100: deflated(b"\0\1\0\0\0\xff" + bytes(range(256)) * 40)})  # fmt: skip
    for what, form in {
        "flood": b"/Width 100000 /Height 100000 /BitsPerComponent 1 /ColorSpace /DeviceGray",
        "of less than nothing": b"/Width -9 /Height 2147483647 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
        "fax without end": b"/Width 65000 /Height 65000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 65000 /Rows 65000 >>",
        "in JBIG2 noise": b"/Width 9000 /Height 9000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode",
        "in JPEG 2000 noise": b"/Width 9000 /Height 9000 /Filter /JPXDecode",
        "masked by itself": b"/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 50 0 R",
    }.items():
        picture = stream(bytes(range(256)) * 8, b"/Type /XObject /Subtype /Image " + form)
        yield f"picture {what}", pdf(b"400 0 0 300 0 0 cm /X Do", xobjects={"X": picture})


def _actions() -> Iterator[Made]:
    base = {2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE}
    actions = {
        "a script on opening": b"/OpenAction << /S /JavaScript /JS (while\\(1\\){app.alert\\(1\\)}) >>",
        "a program on opening": b"/OpenAction << /S /Launch /F (/bin/sh) >>",
        "an address on opening": b"/OpenAction << /S /URI /URI (http://169.254.169.254/latest/meta-data) >>",
        "a form sent away": b"/OpenAction << /S /SubmitForm /F (http://127.0.0.1:9/) >>",
        "a form in XML with outside entities": b"/AcroForm << /Fields [] /XFA 100 0 R >>",
        "outlines in a circle": b"/Outlines << /First 4 0 R /Last 4 0 R /Count 9999999 >>",
        "metadata with outside entities": b"/Metadata 100 0 R",
        "fields in a circle": b"/AcroForm << /Fields [5 0 R] >>",
    }
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    circles = {4: b"<< /Title (a) /Next 4 0 R /First 4 0 R >>", 5: b"<< /FT /Tx /T (a) /Kids [5 0 R] /Parent 5 0 R >>"}
    for what, entry in actions.items():
        yield (
            what,
            file(
                {
                    **base,
                    **circles,
                    1: CATALOG[:-2] + entry + b" >>",
                    100: stream(xml, b"/Type /Metadata /Subtype /XML"),
                }
            ),
        )
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [0 0 9 9] /AP << /N 9 0 R >> >> "
    yield "twenty thousand notes", file({1: CATALOG, **base, 3: PAGE[:-2] + b"/Annots [" + widget * 20_000 + b"] >>", 9: stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")})  # fmt: skip
    yield "a file within the file", file({**base, 1: CATALOG[:-2] + b"/Names << /EmbeddedFiles << /Names [(../../evil.exe) << /F (../../evil.exe) /EF << /F 100 0 R >> >>] >> >> >>", 100: stream(b"MZ" * 99)})  # fmt: skip


def _signatures() -> Iterator[Made]:
    ranges = {
        "beyond the file": b"0 99999999999 99999999999 9", "before the file": b"-9 9 -1 -1", "over each other": b"0 400 100 400",
        "of a hundred thousand pieces": b"0 1 " * 100_000, "of words": b"/A (b) null [1]", "of one number": b"7",
    }  # fmt: skip
    for what, numbers in ranges.items():
        signature = (
            b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [%s] /Contents <3080060930> >>"
            % numbers
        )
        field = b"<< /FT /Sig /T (s) /V 4 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R >>"
        yield f"signature over bytes {what}", file({1: CATALOG[:-2] + b"/AcroForm << /SigFlags 3 /Fields [5 0 R] >> >>", 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: PAGE[:-2] + b"/Annots [5 0 R] >>", 4: signature, 5: field})  # fmt: skip


def _polyglots() -> Iterator[Made]:
    yield "a page of the web before", b"<html><script>alert(1)</script></html>" + SOUND
    yield "a picture before", b"GIF89a\1\0\1\0\0\0\0;" + SOUND
    yield "noise before", bytes(range(256)) * 3 + SOUND
    yield "noise so long that it is none", b"\0" * 1100 + SOUND
    yield "an archive behind", SOUND + b"PK\5\6" + b"\0" * 18
    yield "a program behind", SOUND + b"MZ\x90\0" + b"\xcc" * 5000
    yield "two files in one", SOUND + SOUND.replace(b"Sound", b"Other")
    yield "a mark alone", b"%PDF-1.7"
    yield "a mark and noise", b"%PDF-1.7\n" + bytes(255 - n % 256 for n in range(50_000))
