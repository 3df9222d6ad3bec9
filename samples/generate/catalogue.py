"""The data files beside it: standards, objects, parameters and calibrations that annexes are made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Standard:
    """A published standard: `code` as printed, `key` as `models.standards` writes it, `domain` of the 能力项目库 (`-` = none)."""

    code: str
    key: str
    domain: str
    title: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A standard as one method cell cites it. An empty `clause` or `limitation` means there is none."""

    standard: Standard
    clause: str = ""
    limitation: str = ""

    @property
    def printed_code(self) -> str:
        gap = "" if self.clause.startswith("(") else " "
        return f"{self.standard.code}{gap}{self.clause}" if self.clause else self.standard.code


@dataclass(frozen=True, slots=True)
class Parameter:
    """项目/参数: each item of `cells` is one method cell with one or more citations."""

    group: str
    name: str
    english: str
    field_code: str
    cells: tuple[tuple[Citation, ...], ...]


@dataclass(frozen=True, slots=True)
class TestObject:
    """检测对象 with the groups of parameters that fit it."""

    name: str
    english: str
    groups: tuple[str, ...]
    parameters: tuple[Parameter, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A row of 校准和测量能力."""

    instrument: str
    measurand: str
    standard: Standard
    range: str
    uncertainty: str


@cache
def standards() -> dict[str, Standard]:
    """Every standard by its printed code."""
    return {code: Standard(code, key or code, domain, title) for code, key, domain, title in lines_of("standards.tsv")}


@cache
def objects() -> tuple[TestObject, ...]:
    """Every object, in the order of the file."""
    by_group: dict[str, list[Parameter]] = {}
    for group, name, english, field_code, methods in lines_of("parameters.tsv"):
        cells = tuple(tuple(citation_of(text) for text in cell.split(" + ")) for cell in methods.split(";"))
        by_group.setdefault(group, []).append(Parameter(group, name, english, field_code, cells))
    return tuple(
        TestObject(name, english, tuple(groups.split(",")), tuple(p for g in groups.split(",") for p in by_group[g]))
        for name, english, groups in lines_of("objects.tsv")
    )


@cache
def calibrations() -> tuple[Calibration, ...]:
    """Every row of calibration, in the order of the file."""
    return tuple(
        Calibration(instrument, measurand, standards()[code], span, uncertainty)
        for instrument, measurand, code, span, uncertainty in lines_of("calibrations.tsv")
    )


def citation_of(text: str) -> Citation:
    """`GB 5009.3-2016 第一法 @只用第一法`: the longest known code, then the clause, then the limitation."""
    head, _, limitation = (part.strip() for part in text.partition("@"))
    code = max((code for code in standards() if head.startswith(code)), key=len)
    return Citation(standards()[code], head[len(code) :].strip(), limitation)


def lines_of(name: str) -> Iterator[list[str]]:
    """The tab-separated lines of a data file, without its comments."""
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
