"""Lists of certificates: every form gives the same entries, and what is wrong with one is said."""

import json
from pathlib import Path

import openpyxl
import pytest

from api.audit.manifest import Entry, ItemInvalid, ListInvalid, open_manifest
from models.errors import InputError

HEADERS = ("序号", "证书编号", "机构名称", "文件")
LINES = (("1", "242120340001", "海南甲检测有限公司", "甲/a.pdf；甲/b.jpg"), ("2", "242120340002", "", "乙"))
EXPECTED = [
    Entry(1, "242120340001", ("甲/a.pdf", "甲/b.jpg"), {"name": "海南甲检测有限公司"}),
    Entry(2, "242120340002", ("乙",), {}),
]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    for name in ("甲/a.pdf", "甲/b.jpg", "乙/c.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def written(folder: Path, form: str) -> Path:
    path = folder / f"清单.{form.partition('-')[0]}"
    text = "".join(",".join(line) + "\n" for line in (HEADERS, ("", "", "", ""), *LINES))
    if form == "csv-gbk":
        path.write_bytes(text.encode("gb18030"))
    elif form == "csv":
        path.write_bytes(text.encode("utf-8-sig"))
    elif form == "jsonl":
        objects = (dict(zip(HEADERS, line, strict=True)) for line in LINES)
        path.write_text("\n\n".join(json.dumps({**one, "文件": one["文件"].split("；")}) for one in objects), "utf-8")
    else:
        book = openpyxl.Workbook()
        for line in (HEADERS, *LINES):
            book.active.append([int(cell) if cell.isdigit() else cell for cell in line])
        book.save(path)
    return path


@pytest.mark.parametrize("form", ["csv", "csv-gbk", "jsonl", "xlsx"])
def test_every_form_of_a_list_gives_the_same(papers: Path, form: str) -> None:
    manifest = open_manifest(written(papers, form))
    assert list(manifest.entries()) == EXPECTED == list(manifest.entries())
    assert manifest.count == 2
    assert [u.data.decode() for u in manifest.uploads(EXPECTED[0])] == ["甲/a.pdf", "甲/b.jpg"]
    assert [u.data.decode() for u in manifest.uploads(EXPECTED[1])] == ["乙/c.pdf"]


def test_a_folder_of_folders_is_a_list(papers: Path) -> None:
    (papers / "registry").mkdir()
    (papers / "甲" / "truth.json").write_text("{}")
    manifest = open_manifest(papers)
    entries = list(manifest.entries())
    assert [(entry.position, entry.certificate) for entry in entries] == [(1, "乙"), (2, "甲")]
    assert [u.name for u in manifest.uploads(entries[1])] == ["a.pdf", "b.jpg"]
    (papers / "甲" / "b.jpg").write_bytes(b"longer than before")
    assert open_manifest(papers).sha256 != manifest.sha256


@pytest.mark.parametrize(
    ("paths", "said"),
    [((), "没有列出文件"), (("无.pdf",), "不存在"), (("../../etc/passwd",), "清单所在文件夹内"), (("/etc/passwd",), "清单所在文件夹内")],
)  # fmt: skip
def test_an_item_whose_files_cannot_be_had_says_why(papers: Path, paths: tuple[str, ...], said: str) -> None:
    manifest = open_manifest(written(papers, "csv"))
    with pytest.raises(InputError, match=said):
        manifest.uploads(Entry(1, "242120340001", paths))


def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    papers: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    (papers / "link.pdf").symlink_to(outside)
    manifest = open_manifest(written(papers, "csv"))
    with pytest.raises(ItemInvalid, match="清单所在文件夹内"):
        manifest.uploads(Entry(1, "242120340001", ("link.pdf",)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "证书编号,机构\n1,2\n", "缺少列"),
        ("a.csv", "证书编号,文件\n", "没有证书"),
        ("a.csv", "", "缺少列"),
        ("a.jsonl", '{"证书编号": "1", "文件": "a"}\n[1]\n', "第 2 行"),
        ("a.jsonl", "{", "第 1 行"),
        ("a.xlsx", "no workbook", "无法作为 XLSX"),
        ("a.pdf", "", "CSV、XLSX 或 JSON"),
    ],
)
def test_a_list_that_is_none_says_what_is_wrong(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ListInvalid, match=said):
        open_manifest(tmp_path / name)


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="文件不存在"):
        open_manifest(tmp_path / "清单.csv")
