"""Paths on the command line made uploads: files as they are, folders as the files in them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from api.reading import Upload, unbundled
from models.errors import InputError

NOT_PAPERS = frozenset({"truth.json", "report.json", "registry", "thumbs.db", "desktop.ini"})
"""What may lie in a case's folder beside the papers."""


def uploads_in(paths: Iterable[Path]) -> list[Upload]:
    """The files named, those inside the folders named and those in zip bundles, in order; a bundle that cannot be used stays one file.

    InputError where a path does not exist or nothing is there.
    """
    found = [file for path in paths for upload in uploads_at(path) for file in _opened(upload)]
    if not found:
        raise InputError("没有找到任何文件。 There are no files to read.")
    return found


def _opened(upload: Upload) -> list[Upload]:
    files, problems = unbundled([upload])
    return [upload] if problems else files


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


def application_data(path: Path) -> dict[str, Any]:
    """The application's data from a JSON file; InputError where it is none."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"文件不存在：{path}。 No such file: {path}.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}：不是有效的 JSON（{error}）。 {path}: not valid JSON.") from error
    except OSError as error:
        raise InputError(f"无法读取 {path}：{error.strerror}。 Cannot read {path}: {error.strerror}.") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}：应为 JSON 对象。 {path}: expected a JSON object.")
    return data
