"""Division codes: provinces, Hainan, and the former codes whose digits name another county today."""

import csv
from pathlib import Path

import pytest

from models.codes import InvalidCode, InvalidComponent, InvalidFormat, InvalidLength, divisions

REFERENCE = Path(__file__).parents[3] / "shared" / "corpus" / "registry" / "divisions"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("46", "海南省"),
        ("460000", "海南省"),
        ("4601", "海口市"),
        ("460106", "龙华区"),
        ("460400", "儋州市"),
        ("469003", "儋州市"),
        ("469025", "白沙黎族自治县"),
        ("469031", "昌江黎族自治县"),
        ("110000", "北京市"),
        ("110101", None),
        ("990000", None),
        ("", None),
    ],
)
def test_names(code: str, name: str | None) -> None:
    assert divisions.name_of(code) == name


def test_former_names_follow_todays() -> None:
    assert divisions.names_of("469025") == ("白沙黎族自治县", "定安县")
    assert divisions.names_of("469030") == ("琼中黎族苗族自治县", "白沙黎族自治县")


def test_the_four_verbs() -> None:
    assert divisions.compact("46 01 06") == divisions.validate("46 0106") == divisions.format("460106") == "460106"
    assert divisions.is_valid("110105")
    assert divisions.is_hainan("460106")
    assert not divisions.is_hainan("110105")
    assert divisions.province_of("440300") == "广东省"


@pytest.mark.parametrize(
    ("text", "error"),
    [("46010", InvalidLength), ("46O106", InvalidFormat), ("990101", InvalidComponent), ("460199", InvalidComponent)],
)
def test_each_error_has_its_name(text: str, error: type[InvalidCode]) -> None:
    with pytest.raises(error):
        divisions.validate(text)
    assert not divisions.is_valid(text)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the corpus is not beside the project")
def test_the_tables_agree_with_a_public_list() -> None:
    with (REFERENCE / "provinces.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            assert divisions.name_of(row["code"]) == row["name"]
    with (REFERENCE / "areas.csv").open(encoding="utf-8-sig", newline="") as file:
        hainan = {row["code"]: row["name"] for row in csv.DictReader(file) if row["provinceCode"] == "46"}
    assert len(hainan) > 20
    for code, name in hainan.items():
        if not code.startswith("4603"):  # 三沙's islands became districts in 2020
            assert divisions.name_of(code) == name
