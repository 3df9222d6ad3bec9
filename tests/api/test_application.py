"""The application's data as JSON, plain or as `parse --json` prints it."""

import datetime as dt
from typing import Any

import pytest

from api.application import application_form
from models.errors import InputError
from models.field import Snapshot

DATA: dict[str, Any] = {
    "name": "海口椰风检测技术有限公司",
    "unified_social_credit_code": "91460100MAA9ABC12W",
    "applied_on": "2026-10-17",
    "independent": True,
    "legal_entity": {"name": "海南椰风集团有限公司"},
    "sites": [{"code": "A", "address": "海口市龙华区滨海大道115号"}],
    "rows": [
        {
            "object": "食品",
            "parameter": "水分",
            "method": "食品中水分的测定 GB 5009.3-2016 第一法",
            "limitation": "只用第一法",
        },
        {"parameter": "铅", "standards": [{"key": "GB 5009.12-2023"}]},
        {"parameter": "镉", "standards": ["GB 5009.15-2023"]},
    ],
    "signatories": [{"name": "王琼", "field": "全部检测项目", "title": "高级工程师"}],
}


def test_every_entry_is_taken_over() -> None:
    form = application_form(DATA)
    assert form.name.value == "海口椰风检测技术有限公司"
    assert form.applied_on is not None
    assert form.applied_on.value == dt.date(2026, 10, 17)
    assert form.independent is True
    assert form.legal_entity is not None
    assert form.legal_entity.name.value == "海南椰风集团有限公司"
    assert form.sites[0].address == "海口市龙华区滨海大道115号"
    assert [[standard.key for standard in row.standards] for row in form.rows] == [
        ["GB 5009.3-2016"],
        ["GB 5009.12-2023"],
        ["GB 5009.15-2023"],
    ]
    assert [row.index for row in form.rows] == [0, 1, 2]
    assert form.signatories[0].title == "高级工程师"
    assert form.address is None


def test_the_evidence_is_the_data_by_its_hash() -> None:
    form = application_form(DATA)
    (place,) = form.name.evidence
    assert isinstance(place, Snapshot)
    assert place.sha256 == form.source.sha256
    assert application_form({**DATA, "name": "另一家"}).source.sha256 != form.source.sha256


def test_printed_fields_are_taken_over_too() -> None:
    printed = {"fields": {"name": {"value": "海口椰风检测技术有限公司", "confidence": 0.9}}, "rows": DATA["rows"]}
    form = application_form(printed)
    assert form.name.value == "海口椰风检测技术有限公司"
    assert len(form.rows) == 3


def test_without_a_name_the_name_is_unread() -> None:
    assert application_form({}).name.value is None


@pytest.mark.parametrize(
    ("data", "entry"),
    [
        ({"name": 3}, "name"),
        ({"applied_on": "gestern"}, "applied_on"),
        ({"independent": "ja"}, "independent"),
        ({"rows": {"a": 1}}, "rows"),
        ({"sites": ["A"]}, "sites"),
        ({"rows": [{"section": "tasting"}]}, "section"),
        ({"rows": [{"standards": [3]}]}, "standards"),
        ({"fields": []}, "fields"),
    ],
)
def test_a_wrong_shape_is_named(data: dict[str, Any], entry: str) -> None:
    with pytest.raises(InputError, match=entry):
        application_form(data)
