"""Paths on the command line made uploads: files as they are, folders as the files in them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from api.reading import Upload
from models.errors import InputError

NOT_PAPERS = frozenset({"truth.json", "report.json", "registry", "thumbs.db", "desktop.ini"})
"""What may lie in a case's folder beside the papers."""


def uploads_in(paths: Iterable[Path]) -> list[Upload]:
    """The files named, and those inside the folders named, in order; InputError where a path does not exist or nothing is there."""
    found = [upload for path in paths for upload in uploads_at(path)]
    if not found:
        raise InputError("没有找到任何文件。 There are no files to read.")
    return found


def uploads_at(path: Path) -> Iterator[Upload]:
    """A file's name inside a folder is its path from that folder."""
    try:
        if not path.is_dir():
            yield Upload(path.name, path.read_bytes())
            return
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path)
            ignored = any(part.lower() in NOT_PAPERS or part.startswith(".") for part in inside.parts)
            if file.is_file() and not file.is_symlink() and not ignored:
                yield Upload(inside.as_posix(), file.read_bytes())
    except FileNotFoundError:
        raise InputError(f"文件不存在：{path}。 No such file: {path}.") from None
    except OSError as error:
        raise InputError(f"无法读取 {path}：{error.strerror}。 Cannot read {path}: {error.strerror}.") from error
