"""Bad files through the real command: exit code 2, one clear sentence each, the other files still reviewed, never a traceback."""

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = ROOT / "samples" / "cases" / "clean_company_g3"


def zhengshen(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from api.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def objects(*bodies: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start))
    return out.getvalue()


def pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + i) for i in range(count))
    tree = b"<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] >>" % (count, kids)
    return objects(b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[b"<< /Type /Page /Parent 2 0 R >>"] * count)


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("open sesame", "owner"))
    canvas.drawString(100, 700, "secret")
    canvas.save()
    return out.getvalue()


def truncated() -> bytes:
    whole = (GOOD / "附件.pdf").read_bytes()
    return whole[:900]


def flood() -> bytes:
    """A PNG of 30,000 × 30,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 90_001))
        + chunk(b"IEND", b"")
    )


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("空.pdf", bytes, "空"),
    "truncated": ("截断.pdf", truncated, "损坏"),
    "encrypted": ("加密.pdf", encrypted, "加密"),
    "text named pdf": ("文本.pdf", "这不是 PDF，只是改了名字的文本。".encode, "不支持的文件类型"),
    "pixel flood": ("巨图.png", flood, "像素"),
    "5000 pages": ("太长.pdf", lambda: pages(5000), "页"),
    "zero pages": ("无页.pdf", lambda: pages(0), "页"),
}


@pytest.mark.parametrize("kind", BAD)
def test_each_ends_with_2_and_one_sentence(kind: str, tmp_path: Path) -> None:
    name, content, word = BAD[kind]
    (tmp_path / name).write_bytes(content())
    for command in ("parse", "review"):
        done = zhengshen(command, tmp_path / name)
        assert done.returncode == 2, done.stderr
        said = [line for line in done.stderr.splitlines() if name in line]
        assert len(said) == 1, done.stderr
        assert word in said[0]
        assert "Traceback" not in done.stdout + done.stderr


def test_the_other_files_are_still_reviewed(tmp_path: Path) -> None:
    for name, content, _ in BAD.values():
        (tmp_path / name).write_bytes(content())
    done = zhengshen(
        "review",
        tmp_path,
        *sorted(GOOD.glob("*.pdf")),
        "--registry",
        GOOD / "registry",
        "--format",
        "json",
        "--as-of",
        "2026-11-01",
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert {p["file"] for p in report["problems"]} == {name for name, _, _ in BAD.values()}
    assert len({p["code"] for p in report["problems"]}) >= 6
    assert len(report["papers"]) == 5
    assert report["recommendation"] != "approve"
    for name, _, _ in BAD.values():
        assert name in done.stderr
