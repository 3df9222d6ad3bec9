"""Real Hainan companies: a name or an address rewritten as people write it is the same, and nobody else's is."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from matchers.addresses import compare_addresses, in_hainan
from matchers.names import compare_names
from models.finding import Outcome
from models.text import key

REGISTRY = Path(__file__).parents[3] / "shared" / "corpus" / "registry"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not REGISTRY.is_dir(), reason="the corpus is not beside the project"),
]
SAMPLE = 300
SAME = (Outcome.MATCH, Outcome.TOLERATED)


def companies(name: str) -> list[dict[str, str]]:
    with (REGISTRY / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["企业名称"] and row["注册地址"]]


def sample(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    return random.Random(seed).sample(rows, min(SAMPLE, len(rows)))


def rewritten_names(name: str) -> Iterator[str]:
    yield name.replace("(", "（").replace(")", "）")
    yield " ".join(name)
    yield name.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if "有限责任公司" in name:
        yield name.replace("有限责任公司", "有限公司")
    if name.startswith("海南省") and len(name) > 8:
        yield name.replace("海南省", "海南", 1)


def rewritten_addresses(address: str) -> Iterator[str]:
    yield address.translate(str.maketrans("0123456789()", "０１２３４５６７８９（）"))
    yield address.replace("栋", "幢")
    yield address.replace("室", "房")
    if address.startswith("海南省"):
        yield address.removeprefix("海南省")
    elif address.startswith("海口市"):
        yield "海南省" + address


@pytest.mark.parametrize("file", ["hainan_companies_1980_1999.csv", "companies_national_sample.csv"])
def test_names(file: str) -> None:
    rows = companies(file)
    names = sorted({row["企业名称"] for row in rows})
    wrong: list[tuple[str, str]] = []
    for row in sample(rows, 1):
        name = row["企业名称"]
        wrong += [(name, other) for other in rewritten_names(name) if compare_names(name, other).outcome not in SAME]
        nearest = process.extract(name, names, scorer=fuzz.ratio, limit=4)
        others = [other for other, _, _ in nearest if key(other) != key(name)]
        wrong += [(name, other) for other in others if compare_names(name, other).outcome in SAME]
    assert wrong == []


@pytest.mark.parametrize("file", ["hainan_companies_1980_1999.csv", "companies_national_sample.csv"])
def test_addresses_rewritten(file: str) -> None:
    wrong = [
        (row["注册地址"], other)
        for row in sample(companies(file), 2)
        for other in rewritten_addresses(row["注册地址"])
        if compare_addresses(row["注册地址"], other).outcome not in SAME
    ]
    assert wrong == []


def test_a_neighbour_is_another_place() -> None:
    """The nearest address with another number, building or room is never the same place."""
    addresses = sorted(
        {
            row["注册地址"]
            for row in companies("hainan_companies_1980_1999.csv")
            if any(c.isdigit() for c in row["注册地址"])
        }
    )
    digits = {
        address: "".join(char if char.isdigit() else " " for char in key(address)).split() for address in addresses
    }
    wrong = []
    for address in random.Random(3).sample(addresses, min(SAMPLE, len(addresses))):
        for other, _, _ in process.extract(address, addresses, scorer=fuzz.ratio, limit=3):
            mine, theirs = digits[address], digits[other]
            others_number = len(mine) == len(theirs) and [int(d) for d in mine] != [int(d) for d in theirs]
            if others_number and compare_addresses(address, other).outcome in SAME:
                wrong.append((address, other))
    assert wrong == []


def test_hainan_and_elsewhere() -> None:
    inside = [in_hainan(row["注册地址"]) for row in companies("hainan_companies_1980_1999.csv")]
    assert inside.count(True) > 0.9 * len(inside)
    assert inside.count(False) <= 2
    elsewhere = [row for row in companies("companies_national_sample.csv") if "海南" not in row["所在省份"]]
    assert [row["注册地址"] for row in elsewhere if in_hainan(row["注册地址"])] == []
