"""What a registry file would change, entry by entry."""

import json

import pytest

from api.commands_registries import KINDS
from api.http.pages.registries import _freshness
from api.render.words import word
from api.snapshot_changes import IDENTITY, Change, changes
from extractor.registries.headers import field_names
from models.records import RegistryKind

OLD = [
    {"code": "GB 5009.3-2016", "title": "水分", "remark": ""},
    {"code": "GB 5009.12-2017", "title": "铅"},
    {"code": "GB 5009.5-2016", "title": "蛋白质"},
    {"code": "GB 5009.5-2016", "title": "蛋白质"},
]


def texts(rows: list[dict[str, str]]) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def test_entries_come_go_and_change() -> None:
    new = [
        {"title": "铅", "code": "GB 5009.12-2017", "remark": "第一法"},
        {"remark": "", "title": "水分", "code": "GB 5009.3-2016"},
        {"code": "GB 5009.5-2016", "title": "蛋白质"},
        {"code": "GB 5009.5-2025", "title": "蛋白质"},
    ]
    found = changes(RegistryKind.LIBRARY, texts(OLD), new)
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 2)
    changed, removed, added = found.examples
    assert (changed.identity, changed.fields) == (("GB 5009.12-2017", "铅"), (("remark", "", "第一法"),))
    assert (removed.after, removed.identity[0]) == (None, "GB 5009.5-2016")
    assert (added.before, added.identity[0]) == (None, "GB 5009.5-2025")


def test_the_same_rows_in_another_order_change_nothing() -> None:
    found = changes(RegistryKind.LIBRARY, texts(OLD), list(reversed(OLD)))
    assert (found.added, found.removed, found.changed, found.unchanged, found.examples) == (0, 0, 0, 4, ())


def test_few_examples_of_many_changes() -> None:
    new = [{"code": f"GB {number}-2025", "title": "x"} for number in range(1_000)]
    found = changes(RegistryKind.STANDARDS, texts(OLD), new)
    assert (found.added, found.removed, len(found.examples)) == (1_000, 4, 16)


def test_entries_are_told_apart_by_fields_that_they_have() -> None:
    for kind in RegistryKind:
        assert set(IDENTITY[kind]) <= field_names(kind)
    assert Change(("x",), None, {"name": "y"}).fields == (("name", "", "y"),)


@pytest.mark.parametrize("kind", list(RegistryKind))
def test_every_kind_is_known_wherever_kinds_are_listed(kind: RegistryKind) -> None:
    assert kind.value in KINDS
    said = word("registries", kind.value)
    assert said.zh
    assert said.en
    assert set(_freshness()[kind.value]) == {"fresh", "stale"}
