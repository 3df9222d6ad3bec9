"""A zip bundle is reviewed like the files in it, from the command line and from bytes; a bad one is one problem."""

import io
import zipfile
from pathlib import Path

from api.inputs import uploads_in
from api.reading import Upload, parse_files

CASE = Path(__file__).resolve().parents[2] / "samples" / "cases" / "clean_company_g3"


def bundle(*files: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in files:
            archive.write(file, file.name)
    return out.getvalue()


def test_a_bundle_gives_the_papers_of_its_files() -> None:
    files = [CASE / "附件.pdf", CASE / "告知承诺书.pdf"]
    packed = parse_files([Upload("材料.zip", bundle(*files))])
    loose = parse_files(uploads_in(files))
    assert not packed.problems
    assert [p.source.sha256 for p in packed.papers] == [p.source.sha256 for p in loose.papers]
    assert [p.source.file for p in packed.papers] == ["材料.zip/附件.pdf", "材料.zip/告知承诺书.pdf"]


def test_bundles_on_the_command_line_become_their_files(tmp_path: Path) -> None:
    (tmp_path / "材料.zip").write_bytes(bundle(CASE / "附件.pdf"))
    (tmp_path / "坏.zip").write_bytes(b"PK\3\4 no archive")
    uploads = uploads_in([tmp_path])
    assert [u.name for u in uploads] == ["坏.zip", "材料.zip/附件.pdf"]
    reading = parse_files(uploads)
    assert [(p.file, p.code) for p in reading.problems] == [("坏.zip", "corrupt_file")]
    assert reading.unread == ("坏.zip",)
    assert len(reading.papers) == 1
