"""How well the comparators judge: precision and recall over pairs that people have labelled."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.tally import Agreement, Mistake, Tally
from extractor.limits import read_limits
from extractor.signing import read_signing
from matchers.addresses import compare_addresses
from matchers.capabilities import align
from matchers.coverage import covers
from matchers.limits import is_wider
from matchers.names import Relation, compare_names, compare_persons, unit_relation
from matchers.standards import compare_standards
from models.errors import InputError
from models.finding import Comparison, Outcome
from models.phrases import Limit
from models.records import Change
from models.standards import StandardRef
from models.text import key

__all__ = ["COMPARATORS", "LABELLED", "compare_labelled", "read_labelled"]

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "evaluation" / "labelled"
"""The set that comes with a checkout; an installed program has none."""

LABELS = ("yes", "tolerated", "no")
"""One spelling; one thing, with a reason that is said; a person must look."""

COLUMNS = ("left", "right", "agrees", "why")

Pair = Mapping[str, str]
Judge = Callable[[Pair], str]

_VERDICTS = {Outcome.MATCH: "yes", Outcome.TOLERATED: "tolerated"}
_RELATIONS = {Relation.SAME: "yes", Relation.UNIT: "tolerated"}


def compare_labelled(tally: Tally, folder: Path) -> None:
    """Judge every pair of the files of `folder` that are named after a comparator (`names.tsv`); InputError where none is."""
    found = [name for name in COMPARATORS if (folder / f"{name}.tsv").is_file()]
    if not found:
        wanted = "、".join(f"{name}.tsv" for name in COMPARATORS)
        raise InputError(f"{folder} 中没有标注文件（{wanted}）。 There is no labelled file in {folder}.")
    for name in found:
        agreement = tally.comparators.setdefault(name, Agreement())
        for line, pair in read_labelled(folder / f"{name}.tsv"):
            verdict = COMPARATORS[name](pair)
            agreement.add(pair["agrees"], verdict)
            if verdict != pair["agrees"]:
                place = f"line {line}: {pair['left']} | {pair['right']} ({pair['why']})"
                tally.mistakes.append(Mistake("labelled", f"{name}.tsv", place, pair["agrees"], verdict))


def read_labelled(path: Path) -> Iterator[tuple[int, Pair]]:
    """Number of the line and columns by name of each pair; lines that begin with `# ` are comments. InputError says which line is wrong."""
    columns: tuple[str, ...] = ()
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}：不是 UTF-8 文本。 {path}: not UTF-8 text.") from error
    for number, line in enumerate(lines, 1):
        cells = tuple(line.split("\t"))
        if not line or line.startswith("# "):
            continue
        if not columns:
            columns = cells
            if missing := set(COLUMNS) - set(columns):
                raise InputError(f"{path}：缺少列 {missing}。 {path}: columns are missing: {missing}.")
            continue
        pair = dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))
        if len(cells) > len(columns) or pair["agrees"] not in LABELS:
            raise InputError(f"{path} 第 {number} 行无法读取。 Line {number} of {path} is malformed.")
        yield number, pair


@dataclass(frozen=True, slots=True)
class _Row:
    """A capability of which only what is compared is written out."""

    object: str | None
    parameter: str | None
    standards: tuple[StandardRef, ...]
    method: str = ""
    site: str | None = None
    limitation: str | None = None
    limits: tuple[Limit, ...] = ()


def _verdict(comparison: Comparison) -> str:
    return _VERDICTS.get(comparison.outcome, "no")


def _names(pair: Pair) -> str:
    """Where `changed_on` is given, left became right on that day; the paper is of the day `on`."""
    changed, on = _day(pair.get("changed_on", "")), _day(pair.get("on", ""))
    former = (Change("名称变更", pair["left"], pair["right"], changed),) if changed else ()
    return _verdict(compare_names(pair["left"], pair["right"], former=former, on=on))


def _addresses(pair: Pair) -> str:
    return _verdict(compare_addresses(pair["left"], pair["right"]))


def _persons(pair: Pair) -> str:
    return _verdict(compare_persons(pair["left"], pair["right"]))


def _units(pair: Pair) -> str:
    return _RELATIONS.get(unit_relation(pair["left"], pair["right"]), "no")


def _limits(pair: Pair) -> str:
    """The claim on the left against what is accredited: the same limits, within them, or beyond (or not to be told)."""
    claimed, accredited = read_limits(pair["left"]), read_limits(pair["right"])
    if set(claimed) == set(accredited):
        return "yes"
    return "tolerated" if is_wider(claimed, accredited) is False else "no"


def _standards(pair: Pair) -> str:
    try:
        left, right = (StandardRef.parse(pair[side]) for side in ("left", "right"))
    except ValueError:
        return "no"
    return _verdict(compare_standards(left, right))


def _objects(pair: Pair) -> str:
    return _aligned(pair, *(_Row(pair[side] or None, "水分", (_reference(),)) for side in ("left", "right")))


def _parameters(pair: Pair) -> str:
    return _aligned(pair, *(_Row("食品", pair[side] or None, (_reference(),)) for side in ("left", "right")))


def _signing(pair: Pair) -> str:
    """The field on the left against a row: object and parameter, parted by a wide slash."""
    thing, _, parameter = pair["right"].partition("／")
    return _verdict(covers(read_signing(pair["left"]), _Row(thing, parameter, ())))


def _aligned(pair: Pair, claimed: _Row, accredited: _Row) -> str:
    (pairing,) = align([claimed], [accredited])
    if pairing.partner is None:
        return "no"
    return "yes" if key(pair["left"]) == key(pair["right"]) else "tolerated"


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def _reference() -> StandardRef:
    return StandardRef.parse("GB 5009.3-2016")


COMPARATORS: dict[str, Judge] = {
    "names": _names,
    "addresses": _addresses,
    "persons": _persons,
    "units": _units,
    "limits": _limits,
    "standards": _standards,
    "objects": _objects,
    "parameters": _parameters,
    "signing": _signing,
}
"""Each comparator under the name of its labelled file."""
