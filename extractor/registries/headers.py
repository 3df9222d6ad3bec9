"""Which column of a registry file means what: contract names and the headers under which registries publish them."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from models.errors import RegistryInvalid
from models.records import RegistryKind

_BLANKS = re.compile(r"\s+")


def fields_of(kind: RegistryKind, headers: Sequence[str], columns: Mapping[str, str] | None = None) -> dict[int, str]:
    """Column index -> field name; columns that mean nothing to us are left out.

    `columns` maps further headers to fields (or fields to headers) and wins over the known spellings. Where two columns mean one
    field, the one whose spelling stands first in the table of headers is taken. RegistryInvalid where `columns` names no field.
    """
    known, beside = _tables()[kind.value]
    own = _own_columns(kind, known, columns or {})
    positions: dict[str, int] = {}
    for index, header in enumerate(headers):
        positions.setdefault(squeezed(header), index)
    extra = {
        header: field for key, meanings in beside.items() if key in positions for header, field in meanings.items()
    }
    found: dict[int, str] = {}
    for meanings in (own, extra, known):
        for header, field in meanings.items():
            position = positions.get(header)
            if position is not None and position not in found and field not in found.values():
                found[position] = field
    return found


def squeezed(header: str) -> str:
    """How headers compare: half-width, without blanks, lower case."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", header)).casefold()


def field_names(kind: RegistryKind) -> frozenset[str]:
    """Every field that a file of this kind can have."""
    return frozenset(_tables()[kind.value][0].values())


def spelling_of(kind: RegistryKind, field: str) -> str:
    """The header under which the registry itself publishes a field; the field's own name where no other is known."""
    known = _tables()[kind.value][0]
    own = squeezed(field)
    return next((header for header, meant in known.items() if meant == field and header != own), field)


def _own_columns(kind: RegistryKind, known: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
    fields = set(known.values())
    own: dict[str, str] = {}
    for left, right in columns.items():
        if right in fields:
            own[squeezed(left)] = right
        elif left in fields:
            own[squeezed(right)] = left
        else:
            raise RegistryInvalid(
                f"registry.toml：[{kind.value}.columns] 中的 {left!r} = {right!r} 不对应任何字段。可用字段：{'、'.join(sorted(fields))}。 "
                f"registry.toml: [{kind.value}.columns] {left!r} = {right!r} names no known field."
            )
    return own


@cache
def _tables() -> dict[str, tuple[dict[str, str], dict[str, dict[str, str]]]]:
    """Kind -> (header -> field in order of preference, header -> what others mean beside it)."""
    raw = tomllib.loads((Path(__file__).parent / "data" / "headers.toml").read_text("utf-8"))
    tables = {}
    for kind, entries in raw.items():
        beside = entries.pop("beside", {})
        known = {squeezed(header): field for field, spellings in entries.items() for header in (field, *spellings)}
        tables[kind] = (known, {squeezed(key): dict(meanings) for key, meanings in beside.items()})
    return tables
