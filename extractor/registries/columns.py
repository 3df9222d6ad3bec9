"""What each column of a registry file is taken for, shown before the file is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.registries.files import FIELDS_AT_LEAST, HEADER_WITHIN, grids_of, text_of
from extractor.registries.headers import field_names, fields_of
from models.records import RegistryKind

__all__ = ["Column", "columns_of", "field_names"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header: the field it is taken for (None: none, it is left out) and a value that stands in it."""

    header: str
    field: str | None
    example: str


def columns_of(
    data: bytes, name: str, kind: RegistryKind, columns: Mapping[str, str] | None = None
) -> tuple[Column, ...]:
    """The columns of a file, read as `read_rows` reads it. Where no line has known headers, those of the first line that has several
    cells, so that somebody can say what they mean. RegistryInvalid where the file cannot be read."""
    fallback: tuple[Column, ...] = ()
    for grid in grids_of(data, name):
        for number, line in enumerate(grid[:HEADER_WITHIN]):
            headers = [str(cell or "").strip() for cell in line]
            fields = fields_of(kind, headers, columns)
            if len(fields) >= FIELDS_AT_LEAST:
                return _shown(headers, fields, grid[number + 1 :])
            if not fallback and sum(map(bool, headers)) >= FIELDS_AT_LEAST:
                fallback = _shown(headers, fields, grid[number + 1 :])
    return fallback


def _shown(headers: Sequence[str], fields: Mapping[int, str], below: Sequence[Sequence[Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(header, fields.get(index), _example(index, below)) for index, header in enumerate(headers) if header
    )


def _example(index: int, below: Sequence[Sequence[Any]]) -> str:
    cells = (text_of(line[index]) for line in below[:50] if index < len(line))
    return next((cell[:80] for cell in cells if cell), "")
