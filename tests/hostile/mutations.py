"""Files damaged at random: bits, slices, numbers and tokens changed, inside compressed parts too, so that damage gets past the first check."""
# ruff: noqa: E501 - lists of odd strings

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"4294967296",
    b"99999999999999999999",
    b"1e400",
    b"nan",
    b"-0.0001",
)
TOKENS = (
    b"<<", b">>", b"[", b"]", b"endobj", b"endstream", b"stream", b" 1 0 R ", b" 2 0 R ", b"/Kids", b"/Parent 3 0 R", b"/Length -5",
    b"/Filter /FlateDecode", b"/DecodeParms << /Predictor 15 /Columns 1000000000 >>", b"/Rotate 45", b"/UserUnit 1e9", b"BT", b"ET", b"q " * 500,
    b"Do", b"0 0 0 0 0 0 cm", b"1e30 0 0 1e30 0 0 cm", b"(" * 300, b"<?xml version='1.0'?>", b"]]>", b"&#0;", b"&lt;script&gt;", b'gridSpan w:val="99999"',
    b'mergeCell ref="A1:XFD1048576"', b"\x00" * 64, b"\xff" * 64, "证书编号：".encode(), "\u202e\u0000\ufffd".encode(), "〔〕【】".encode("utf-16-le"),
)  # fmt: skip
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_MOST_BYTES = 3_000_000


def mutated(data: bytes, rng: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """The file with one to four kinds of damage; the same generator state gives the same damage."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        data = rng.choice(_ways(data))(data, rng)
        if others and rng.random() < 0.05:
            data = _spliced(data, rng.choice(others), rng)
    return data[:_MOST_BYTES]


def _ways(data: bytes) -> list[Callable[[bytes, random.Random], bytes]]:
    ways = [_bits, _slice, _repeated, _numbers, _tokens, _cut]
    if data[:2] == b"PK":
        ways += [_in_zip] * 8
    elif b"%PDF" in data[:1024]:
        ways += [_in_stream] * 6 + [_numbers] * 2 + [_tokens] * 2
    else:
        ways += [_head] * 3
    return ways


def _bits(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 16, 64)) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _head(data: bytes, rng: random.Random) -> bytes:
    """Damage where pictures keep their sizes and tables."""
    return _bits(data[:600], rng) + data[600:]


def _slice(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.choice((1, 10, 200, 5000)) :]


def _repeated(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start : start + rng.choice((4, 100, 3000))] * rng.choice((2, 3, 30)) + data[start:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _numbers(data: bytes, rng: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data, 0, min(len(data), 500_000)))
    for one in sorted(rng.sample(found, min(len(found), rng.choice((1, 2, 8)))), key=lambda m: -m.start()):
        data = data[: one.start()] + rng.choice(NUMBERS) + data[one.end() :]
    return data


def _tokens(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 2, 5))):
        start = rng.randrange(len(data) + 1)
        data = data[:start] + rng.choice(TOKENS) + data[start + rng.choice((0, 0, 8)) :]
    return data


def _spliced(data: bytes, other: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _in_stream(data: bytes, rng: random.Random) -> bytes:
    """One deflated stream of a PDF opened, damaged and closed again; readers rebuild the table of offsets that no longer fits."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _bits(data, rng)
    one = rng.choice(streams)
    try:
        content = zlib.decompress(one[1])
    except zlib.error:
        return data[: one.start(1)] + _bits(one[1], rng) + data[one.end(1) :]
    damaged = zlib.compress(rng.choice((_bits, _slice, _repeated, _numbers, _numbers, _tokens))(content, rng), 1)
    return data[: one.start(1)] + damaged + data[one.end(1) :]


def _in_zip(data: bytes, rng: random.Random) -> bytes:
    """One entry of an archive damaged and all packed again, so that its checks pass."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            entries = [entry for entry in given.infolist() if not entry.is_dir()]
            chosen = rng.choice(entries) if entries else None
            for entry in entries:
                content = given.read(entry)
                if entry is chosen:
                    content = rng.choice((_bits, _slice, _repeated, _numbers, _numbers, _tokens, _tokens))(content, rng)
                made.writestr(entry.filename, content)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return _bits(data, rng)
    return out.getvalue()
