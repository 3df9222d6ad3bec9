"""registry.toml: which file of a folder holds which registry, as of which day, under which headers."""

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.registries.configured import is_live
from models.errors import RegistryInvalid
from models.records import RegistryKind

NAME = "registry.toml"

_ENTRIES = {"file", "as_of", "columns", "retrieved_at", "url", "source", "lag_days"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One registry of a folder. `columns` maps headers of the file to our field names where they differ.

    `source` names the file that an index was made from; `lag_days` are the working days by which the registry runs behind.
    """

    kind: RegistryKind
    file: str
    as_of: dt.date
    columns: Mapping[str, str] = field(default_factory=dict)
    retrieved_at: str = ""
    url: str = ""
    source: str = ""
    lag_days: int = 0


def read_manifest(directory: Path) -> dict[RegistryKind, Listed]:
    """The registries listed in `directory/registry.toml`; RegistryInvalid says which entry is wrong and what belongs there."""
    path = directory / NAME
    return {
        listed.kind: listed
        for listed in (_listed(path, kind, entry) for kind, entry in _entries(directory).items() if not is_live(entry))
    }


def read_live(directory: Path) -> dict[RegistryKind, dict[str, Any]]:
    """The entries of `directory/registry.toml` that are live registries, as they stand; RegistryInvalid."""
    path = directory / NAME
    return {_kind(path, kind): entry for kind, entry in _entries(directory).items() if is_live(entry)}


def _entries(directory: Path) -> dict[str, Any]:
    path = directory / NAME
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise RegistryInvalid(
            f'{directory} 中没有 {NAME}。请为每个登记数据文件写明 [种类]、file 和 as_of（例如 [library] file = "library.xlsx" '
            f"as_of = 2026-06-01），或使用 zhengshen registry import。 There is no {NAME} in {directory}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryInvalid(
            f'{path}：TOML 有误（{error}）；中文表头作键时须加引号，例如 "标准号" = "code"。 '
            f"{path}: malformed TOML ({error}); Chinese keys must be quoted."
        ) from error
    except OSError as error:
        raise RegistryInvalid(f"{path}：无法读取（{error.strerror}）。 {path}: cannot be read.") from error


def write_manifest(directory: Path, listed: Mapping[RegistryKind, Listed]) -> None:
    """Write `registry.toml` anew; its live registries stay as they are. RegistryInvalid where one of them is of a kind listed."""
    lines: list[str] = []
    live = read_live(directory) if (directory / NAME).exists() else {}
    for kind, described in live.items():
        if kind in listed:
            raise RegistryInvalid(
                f"{directory / NAME}：[{kind.value}] 是在线接口，请先移除再导入。 "
                f"{directory / NAME}: [{kind.value}] is live; remove it there before importing a file."
            )
        lines += [f"[{kind.value}]", *(f"{_quoted(name)} = {_toml(value)}" for name, value in described.items()), ""]
    for kind in RegistryKind:
        entry = listed.get(kind)
        if entry is None:
            continue
        lines += [f"[{kind.value}]", f"file = {_quoted(entry.file)}", f"as_of = {entry.as_of.isoformat()}"]
        lines += [
            f"{name} = {_quoted(text)}" for name in ("retrieved_at", "url", "source") if (text := getattr(entry, name))
        ]
        if entry.lag_days:
            lines.append(f"lag_days = {entry.lag_days}")
        if entry.columns:
            lines.append(f"[{kind.value}.columns]")
            lines += [f"{_quoted(header)} = {_quoted(meaning)}" for header, meaning in entry.columns.items()]
        lines.append("")
    unfinished = directory / f"{NAME}.unfinished"
    unfinished.write_text("\n".join(lines), "utf-8")
    unfinished.replace(directory / NAME)


def _listed(path: Path, kind: str, entry: Any) -> Listed:
    named = _kind(path, kind)
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        raise RegistryInvalid(f'{path}：[{kind}] 缺少 file = "文件名"。 {path}: [{kind}] needs file = "…".')
    if unknown := set(entry) - _ENTRIES:
        raise RegistryInvalid(
            f"{path}：[{kind}] 中有未知项 {'、'.join(sorted(unknown))}。 {path}: [{kind}] has unknown entries {sorted(unknown)}."
        )
    columns = entry.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(meaning, str) for meaning in columns.values()):
        raise RegistryInvalid(
            f'{path}：[{kind}.columns] 应为 表头 = "字段"。 {path}: [{kind}.columns] maps headers to fields.'
        )
    if Path(entry["file"]).is_absolute() or ".." in Path(entry["file"]).parts:
        raise RegistryInvalid(
            f"{path}：[{kind}] 的 file 必须在本目录内。 {path}: the file of [{kind}] must lie in this folder."
        )
    return Listed(
        kind=named,
        file=entry["file"],
        as_of=_day(path, kind, entry.get("as_of")),
        columns=columns,
        retrieved_at=str(entry.get("retrieved_at", "")),
        url=str(entry.get("url", "")),
        source=str(entry.get("source", "")),
        lag_days=_lag(path, kind, entry.get("lag_days", 0)),
    )


def _day(path: Path, kind: str, value: object) -> dt.date:
    """A snapshot without its date could not be cited."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise RegistryInvalid(
            f"{path}：[{kind}] 的 as_of 应为数据的日期，例如 as_of = 2026-06-01。 {path}: [{kind}] needs as_of = YYYY-MM-DD."
        ) from None


def _lag(path: Path, kind: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 365:
        raise RegistryInvalid(
            f"{path}：[{kind}] 的 lag_days 应为工作日数，例如 lag_days = 3。 {path}: lag_days of [{kind}] must be a number of days."
        )
    return value


def _kind(path: Path, name: str) -> RegistryKind:
    if name not in set(RegistryKind):
        raise RegistryInvalid(
            f"{path}：没有 {name!r} 这种登记数据，应为 {'、'.join(RegistryKind)}。 {path}: no registry is called {name!r}."
        )
    return RegistryKind(name)


def _toml(value: Any) -> str:
    """A value as TOML; tables inline, for they are small."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)} = {_toml(inner)}" for name, inner in value.items()) + "}"
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string in JSON is a string in TOML
