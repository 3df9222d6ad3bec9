"""Zip bundles of an application: its files, unpacked in memory within limits; names are data for people, nothing is ever written."""

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.archive import MOST_BYTES, MOST_ENTRIES, Archive
from extractor.media import ZIP, media_type
from models.errors import EmptyFile, EncryptedFile, InputError, TooLarge

MOST_NESTED = 2
"""An archive, and archives in it; not archives in those."""
_JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_UTF8_NAME = 0x800
_LONGEST_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a bundle: its name with the folders that it lay in, for people, and its bytes."""

    name: str
    data: bytes


def unpack(data: bytes) -> list[Member]:
    """The files of a bundle and of the archives in it, in their order, without folders and what systems leave behind.

    One InputError for the whole bundle: EncryptedFile, CorruptFile, EmptyFile (no files), TooLarge (more than 2,000 files or
    600 MB in all, packed more than 200 to 1, archives nested deeper than two), InputError (links).
    """
    found: list[Member] = []
    budget = MOST_BYTES
    for member in _members(data, "", 1):
        budget -= len(member.data)
        if budget < 0 or len(found) >= MOST_ENTRIES:
            raise TooLarge(
                f"压缩包内容过多（上限 {MOST_ENTRIES} 个文件、{MOST_BYTES / 1e6:.0f} MB），请拆分后提交。 "
                f"The archive holds too much (at most {MOST_ENTRIES} files and {MOST_BYTES / 1e6:.0f} MB)."
            )
        found.append(member)
    if not found:
        raise EmptyFile("压缩包中没有文件，请重新打包后上传。 The archive holds no files; please pack it again.")
    return found


def _members(data: bytes, folder: str, depth: int) -> Iterator[Member]:
    archive = Archive(data)
    for entry in archive.entries:
        name = _name(entry)
        if entry.is_dir() or _is_junk(name):
            continue
        _refuse_unusable(entry, name)
        content = archive.read(entry)
        if media_type(content) != ZIP:
            yield Member(folder + name, content)
        elif depth < MOST_NESTED:
            yield from _members(content, f"{folder}{name}/", depth + 1)
        else:
            raise TooLarge(
                f"压缩包嵌套层数过多（{name}），请解压后重新打包。 "
                f"Archives are nested too deeply ({name}); please unpack them first."
            )


def _refuse_unusable(entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & 1:
        raise EncryptedFile(
            f"压缩包已加密（{name}），请提交无密码的压缩包。 The archive is encrypted ({name}); please submit one without a password."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(
            f"压缩包中含有链接文件（{name}），请放入文件本身后重新打包。 "
            f"The archive holds a link ({name}); please pack the file itself."
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 where the entry says so or it is valid, else GBK as Chinese Windows writes it; no path in it."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = (part.strip() for part in re.split(r"[/\\]", _CONTROL.sub("", name)))
    kept = [part for part in parts if part not in ("", ".", "..") and not re.fullmatch("[A-Za-z]:", part)]
    return "/".join(kept)[-_LONGEST_NAME:] or "未命名"


def _is_junk(name: str) -> bool:
    return any(part.lower() in _JUNK or part.startswith((".", "~$")) for part in name.split("/"))
