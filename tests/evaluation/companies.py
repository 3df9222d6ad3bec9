"""Every real company beside the project against itself rewritten and its nearest: `python -m tests.evaluation.companies [--json]`."""

import argparse
import csv
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from matchers.addresses import compare_addresses
from matchers.names import compare_names
from models.data import read_rows
from models.finding import Comparison, Outcome
from models.text import key

REGISTRY = Path(__file__).parents[3] / "shared" / "corpus" / "registry"
FILES = ("hainan_companies_1980_1999.csv", "companies_national_sample.csv")
SAME = (Outcome.MATCH, Outcome.TOLERATED)

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NUMERALS = "零一二三四五六七八九十"
_COUNTED = "号栋幢座层楼室房单路街"
_NEIGHBOURS = 4
_CHUNK = 500

Rewriting = Callable[[str], str]
Compare = Callable[[str, str], Comparison]


@dataclass(frozen=True, slots=True)
class Company:
    """One line of the registry."""

    name: str
    code: str
    address: str


@dataclass(slots=True)
class Result:
    """What one comparator said: rewritten texts by kind, neighbours, and the pairs that went wrong."""

    rewritten: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    neighbours: int = 0
    taken_for_one: list[tuple[str, str]] = field(default_factory=list)


def companies() -> list[Company]:
    """Every company of both files once, by its name and address."""
    found: dict[tuple[str, str], Company] = {}
    for file in FILES:
        with (REGISTRY / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                company = Company(row["企业名称"].strip(), row["统一社会信用代码"].strip(), row["注册地址"].strip())
                if company.name:
                    found.setdefault((company.name, company.address), company)
    return list(found.values())


def full_width(text: str) -> str:
    return text.translate(_WIDE)


def half_width(text: str) -> str:
    return text.translate({wide: plain for plain, wide in _WIDE.items()})


def spaced(text: str) -> str:
    return " ".join(text)


def blank_in_the_middle(text: str) -> str:
    return f"{text[: len(text) // 2]}　{text[len(text) // 2 :]}"


def square_brackets(text: str) -> str:
    return text.translate(str.maketrans("()（）", "[][]"))


def traditional(text: str) -> str:
    return text.translate(_traditional())


def short_form(name: str) -> str:
    return name.replace("有限责任公司", "有限公司")


def long_form(name: str) -> str:
    return re.sub("(?<!股份)有限公司", "有限责任公司", name)


def short_province(name: str) -> str:
    return re.sub(r"^(海南|广东|浙江|江苏|四川|湖南|云南)省(?=.{6})(?!.{0,3}(?:委|厅|局))", r"\1", name)


def without_province(address: str) -> str:
    return re.sub("^(?:海南省?|[一-鿿]{2,3}省)(?=[一-鿿]{2,3}(?:市|县))", "", address)


def with_province(address: str) -> str:
    return f"海南省{address}" if re.match("(?:海口|三亚|琼海|文昌|万宁|东方|儋州|五指山)市", address) else address


def hash_number(address: str) -> str:
    return re.sub(r"(?<=[0-9])号(?![楼房室院])", "#", address)


def chinese_numerals(address: str) -> str:
    pattern = rf"(?<![0-9A-Za-z.-])([1-9][0-9]?)(?=[{_COUNTED}])(?!路公交)"
    return re.sub(pattern, lambda found: _spelled(int(found[1])), address)


def arabic_numerals(address: str) -> str:
    pattern = rf"(?<![{_NUMERALS}百〇])([一二三四五六七八九])(?=[号栋幢座层楼室房])"
    return re.sub(pattern, lambda found: str(_NUMERALS.index(found[1])), address)


def other_building_word(address: str) -> str:
    return re.sub(r"(?<=[0-9A-Za-z])栋", "幢", address)


def other_room_word(address: str) -> str:
    return re.sub(r"(?<=[0-9])室", "房", address)


def other_floor_word(address: str) -> str:
    return re.sub(r"(?<=[0-9])层", "楼", address)


BOTH: tuple[Rewriting, ...] = (
    full_width,
    half_width,
    spaced,
    blank_in_the_middle,
    square_brackets,
    traditional,
)
NAMES: tuple[Rewriting, ...] = (*BOTH, short_form, long_form, short_province)
ADDRESSES: tuple[Rewriting, ...] = (
    *BOTH,
    without_province,
    with_province,
    hash_number,
    chinese_numerals,
    arabic_numerals,
    other_building_word,
    other_room_word,
    other_floor_word,
)


def rewritten(texts: Sequence[str], compare: Compare, rewritings: Sequence[Rewriting]) -> Result:
    """Each text against itself as others write it; what is not taken for the same is a miss."""
    result = Result()
    for text in texts:
        for rewriting in rewritings:
            other = rewriting(text)
            if other == text:
                continue
            result.rewritten[rewriting.__name__] += 1
            if compare(text, other).outcome not in SAME:
                result.missed.append((rewriting.__name__, text, other))
    return result


def nearest(texts: Sequence[str], among: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each text with the few that are written most like it and are not it."""
    keys = [key(other) for other in among]
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        wanted = [key(text) for text in chunk]
        likeness = process.cdist(wanted, keys, scorer=fuzz.ratio, dtype=np.uint8)
        order = np.argsort(-likeness.astype(np.int16), axis=1, kind="stable")[:, : _NEIGHBOURS + 2]
        for text, own, row in zip(chunk, wanted, order, strict=True):
            others = [among[at] for at in row if keys[at] != own]
            yield from ((text, other) for other in others[:_NEIGHBOURS])


def names_result(sample: Sequence[Company], everyone: Sequence[Company]) -> Result:
    """Names: no neighbour is the same body, for each bears a code of its own."""
    names = sorted({company.name for company in sample})
    codes: dict[str, set[str]] = {}
    for company in everyone:
        codes.setdefault(company.name, set()).add(company.code)
    result = rewritten(names, compare_names, NAMES)
    for name, other in nearest(names, sorted(codes)):
        if codes[name] & codes[other]:
            continue
        result.neighbours += 1
        if compare_names(name, other).outcome in SAME:
            result.taken_for_one.append((name, other))
    return result


def addresses_result(sample: Sequence[Company], everyone: Sequence[Company]) -> Result:
    """Addresses: a neighbour with other numbers is another place; one with the same, or fewer, may be the same building."""
    addresses = sorted({company.address for company in sample if company.address})
    among = sorted({company.address for company in everyone if company.address})
    result = rewritten(addresses, compare_addresses, ADDRESSES)
    for address, other in nearest(addresses, among):
        if _elsewhere(address, other):
            result.neighbours += 1
            if compare_addresses(address, other).outcome in SAME:
                result.taken_for_one.append((address, other))
    return result


def _elsewhere(left: str, right: str) -> bool:
    """Whether two addresses are different places by an oracle that knows nothing of addresses: numbers or words that both have differ."""
    mine, theirs = (_pieces(text) for text in (left, right))
    numbers = [[p for p in side if p.isdigit()] for side in (mine, theirs)]
    return len(numbers[0]) == len(numbers[1]) and numbers[0] != numbers[1]


def _pieces(text: str) -> list[str]:
    plain = re.sub(rf"(?<![{_NUMERALS}])([{_NUMERALS}])(?=[号栋幢座层楼室房])", _digit, key(text))
    return [piece.lstrip("0") or "0" if piece.isdigit() else piece for piece in re.findall("[0-9]+|[^0-9]+", plain)]


def _digit(found: re.Match[str]) -> str:
    return str(_NUMERALS.index(found[1]))


def _spelled(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return ten + (_NUMERALS[ones] if ones or not tens else "")


@cache
def _traditional() -> dict[int, str]:
    """The first traditional character that simplification turns into each simplified one."""
    table: dict[int, str] = {}
    for old, new in read_rows("traditional_simplified.tsv"):
        table.setdefault(ord(new), old)
    return table


def main() -> int:
    made = argparse.ArgumentParser(prog="python -m tests.evaluation.companies", description=__doc__)
    made.add_argument("--json", action="store_true", help="one JSON object instead of a list")
    made.add_argument("--sample", type=int, metavar="N", help="only so many companies")
    options = made.parse_args()
    if not REGISTRY.is_dir():
        print("the registry is not beside the project", file=sys.stderr)
        return 2
    everyone = companies()
    sample = random.Random(1).sample(everyone, options.sample) if options.sample else everyone
    results = {"names": names_result(sample, everyone), "addresses": addresses_result(sample, everyone)}
    if options.json:
        figures = {
            name: {
                "rewritten": sum(result.rewritten.values()),
                "missed": result.missed,
                "neighbours": result.neighbours,
                "taken_for_one": result.taken_for_one,
            }
            for name, result in results.items()
        }
        print(json.dumps({"companies": len(sample), **figures}, ensure_ascii=False, indent=1))
        return 0
    print(f"{len(sample)} companies")
    for name, result in results.items():
        _print(name, result)
    return 0


def _print(name: str, result: Result) -> None:
    missed = Counter(kind for kind, _, _ in result.missed)
    print(f"{name}: {sum(result.rewritten.values())} rewritten, {len(result.missed)} not taken for the same")
    for kind, count in result.rewritten.items():
        print(f"  {kind:24}{count:6}{missed[kind]:6}")
    for kind, text, other in result.missed:
        print(f"  ! {kind}: {text} | {other}")
    print(f"{name}: {result.neighbours} neighbours elsewhere, {len(result.taken_for_one)} taken for the same")
    for text, other in result.taken_for_one:
        print(f"  ! {text} | {other}")


if __name__ == "__main__":
    sys.exit(main())
