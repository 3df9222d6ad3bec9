"""Zip bundles: what lies in them comes out; what is hostile, damaged or locked is one clear error; names never are paths."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from extractor import archive as archives
from extractor import bundle
from extractor.archive import Archive, parse_xml
from extractor.bundle import Member, unpack
from models.errors import CorruptFile, EmptyFile, EncryptedFile, InputError, TooLarge


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def named_in_gbk(name: str, data: bytes) -> bytes:
    """A bundle as Chinese Windows writes it: the name's bytes in GBK, without the mark for UTF-8."""
    placeholder = "x" * len(name.encode("gbk"))
    return zipped((placeholder, data)).replace(placeholder.encode(), name.encode("gbk"))


def encrypted() -> bytes:
    data = bytearray(zipped(("附件.pdf", b"secret")))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(mark) + place
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("证书.pdf")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = zipped(("附件.pdf", b"%PDF"))
    for level in range(depth - 1):
        data = zipped((f"内{level}.zip", data))
    return data


def overstated() -> bytes:
    """An entry of a few bytes whose directory claims 5 GB."""
    data = bytearray(zipped(("a.pdf", b"x" * 10), method=zipfile.ZIP_STORED))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(data)


def test_files_come_out_in_order_with_their_folders() -> None:
    data = zipped(("材料/营业执照.jpg", b"1"), ("材料/", b""), ("CNAS附件.pdf", b"2"))
    assert unpack(data) == [Member("材料/营业执照.jpg", b"1"), Member("CNAS附件.pdf", b"2")]


def test_names_in_gbk_are_read() -> None:
    assert [m.name for m in unpack(named_in_gbk("检验检测机构申请书.pdf", b"1"))] == ["检验检测机构申请书.pdf"]


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ("../../etc/cron.d/x", "etc/cron.d/x"),
        ("/附件.pdf", "附件.pdf"),
        ("C:\\桌面\\..\\附件.pdf", "桌面/附件.pdf"),
        ("附\x1b[31m件\u202efdp.pdf", "附[31m件fdp.pdf"),
        ("长" * 500 + ".pdf", "长" * 196 + ".pdf"),
        ("..", "未命名"),
    ],
)
def test_a_name_is_no_path(stored: str, name: str) -> None:
    assert [m.name for m in unpack(zipped((stored, b"1")))] == [name]


def test_what_systems_leave_behind_is_left_out() -> None:
    junk = ("__MACOSX/._附件.pdf", "附件/.DS_Store", "Thumbs.db", "desktop.ini", "~$申请书.docx")
    assert [m.name for m in unpack(zipped(*((name, b"x") for name in junk), ("附件.pdf", b"1")))] == ["附件.pdf"]


def test_a_bundle_may_hold_bundles_but_not_deeper() -> None:
    assert [m.name for m in unpack(nested(2))] == ["内0.zip/附件.pdf"]
    with pytest.raises(TooLarge, match="嵌套"):
        unpack(nested(3))


@pytest.mark.parametrize(
    ("make", "error", "word"),
    [
        (lambda: zipped(), EmptyFile, "没有文件"),
        (lambda: zipped(("空/", b"")), EmptyFile, "没有文件"),
        (encrypted, EncryptedFile, "加密"),
        (linked, InputError, "链接"),
        (lambda: zipped(("a.pdf", b"x" * 1000))[:-30], CorruptFile, "损坏"),
        (lambda: zipped(("a.pdf", bytes(range(256)) * 9), method=0).replace(b"\x01\x02\x03", b"\x01\x02\x04"), CorruptFile, "损坏"),
        (lambda: b"PK\3\4" + bytes(100), CorruptFile, "损坏"),
        (lambda: zipped(("a.pdf", bytes(10_000_000))), TooLarge, "压缩比"),
        (lambda: zipped(*((f"{i}", b"") for i in range(2_001))), TooLarge, "过多"),
        (lambda: b"PK\3\4" + b"PK\1\2" * 100_000, TooLarge, "过多"),
        (overstated, TooLarge, "过大"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_error(make: Callable[[], bytes], error: type[InputError], word: str) -> None:
    with pytest.raises(error, match=word):
        unpack(make())


def test_archives_in_a_bundle_share_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zipped(*((f"{i}.pdf", b"x") for i in range(60)))
    monkeypatch.setattr(bundle, "MOST_ENTRIES", 100)
    with pytest.raises(TooLarge, match="100 个文件"):
        unpack(zipped(("甲.zip", inner), ("乙.zip", inner)))


def test_an_entry_gives_no_more_than_it_states() -> None:
    data = bytearray(zipped(("a", b"x" * 1000)))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(CorruptFile):
        Archive(bytes(data)).read("a")


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>',
        b"<!DOCTYPE a><a/>",
        b"<a>",
        b"",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b"<a>" * 10_000 + b"</a>" * 10_000,
    ],
)
def test_xml_with_entities_or_without_end_is_refused(xml: bytes) -> None:
    with pytest.raises(CorruptFile):
        parse_xml(xml)


def test_xml_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_XML", 10)
    with pytest.raises(TooLarge):
        parse_xml(b"<a>" + b"x" * 20 + b"</a>")
