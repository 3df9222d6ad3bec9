"""What was read against what is true: papers paired by file and kind, fields all or nothing, rows aligned in order."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import LCSseq

from api.tally import ABSENT, Json, Mistake, Place, Rows, Said, Tally
from matchers.check import CONFIDENCE_FLOOR
from models.text import unify_marks

Row = tuple[str, ...]
"""The compared columns of a row, each as canonical JSON."""

LISTS = ("signatories", "sites", "index", "sections")
"""Fields that a truth may also give beside its rows."""

NOT_COMPARED = frozenset({"confidence", "source", "evidence", "flags", "label", "text"})

UNSTATED = "unstated"
"""The degradation of a paper whose truth names none."""

_BLANKS = re.compile(r"\s+")


def compare_papers(tally: Tally, case: str, truths: Sequence[Json], papers: Sequence[Json]) -> None:
    """Pair papers by file and kind, each once, then compare what they hold."""
    left = list(papers)
    for truth in truths:
        kind, file = truth["kind"], truth.get("file", "")
        found = next((paper for paper in left if paper["file"] == file and paper["kind"] == kind), None)
        tally.kinds.add(found is not None)
        if found is None:
            others = [paper["kind"] for paper in papers if paper["file"] == file]
            tally.mistakes.append(Mistake(case, file, "kind", kind, others))
            found = {"sha256": "", "fields": {}, "rows": []}
        else:
            left.remove(found)
        compare_fields(tally, case, truth, found)
        if "rows" in truth:
            compare_rows(tally, case, truth, found)


def compare_fields(tally: Tally, case: str, truth: Json, paper: Json) -> None:
    """Each field that the truth names counts once, exact or wrong; a value that the truth does not name is `unexpected`."""
    kind, file, read = truth["kind"], truth.get("file", ""), paper["fields"]
    worn = truth.get("degradation", UNSTATED)
    wanted = {**truth.get("fields", {}), **{name: truth[name] for name in LISTS if name in truth}}
    for name, value in wanted.items():
        entry = read.get(name)
        got = entry["value"] if entry else ABSENT
        right = agrees(value, got)
        tally.add_field(kind, name, _source(entry), worn, right)
        sure = entry["confidence"] if entry and got not in (None, []) else None  # nobody said how sure an empty list is
        if sure is not None:
            tally.add_said(Said("field", name, entry["source"], worn, sure, right))
        if not right and read:
            tally.sure_and_wrong += sure is not None and sure >= CONFIDENCE_FLOOR
            seen = Place.of(paper["sha256"], entry)
            tally.mistakes.append(Mistake(case, file, f"{kind}.{name}", value, got, sure, seen))
    tally.unexpected += sum(name not in wanted and bool(entry["value"]) for name, entry in read.items() if wanted)


def _source(entry: Json | None) -> str:
    """Where a field's value comes from: `text`, `ocr`; `unread` where there is none, `absent` where the paper has no such field."""
    if entry is None:
        return "absent"
    unread = entry["value"] is None and not entry["evidence"]
    return "unread" if unread else str(entry["source"])


def agrees(truth: Any, read: Any) -> bool:
    """Equality of JSON values, of an object only what the truth states; what is absent agrees with nothing, not even null.

    Texts must be equal but for blanks: at the end of a line, or as narrow as in `GB 5009`, nobody can see whether one was meant.
    """
    if isinstance(truth, Mapping):
        stated = {name: value for name, value in truth.items() if name not in NOT_COMPARED}
        return isinstance(read, Mapping) and all(agrees(value, read.get(name)) for name, value in stated.items())
    if isinstance(truth, list):
        return isinstance(read, list) and len(truth) == len(read) and all(map(agrees, truth, read))
    if isinstance(truth, str) and isinstance(read, str):
        return _without_blanks(truth) == _without_blanks(read)
    return type(truth) is type(read) and bool(truth == read)


def _without_blanks(text: str) -> str:
    """Also without the width of brackets and colons, which no eye can tell in a line of Chinese."""
    return _BLANKS.sub("", unify_marks(text))


def compare_rows(tally: Tally, case: str, truth: Json, paper: Json) -> None:
    """Rows align in order; a row counts where every column that the truth states is exact."""
    file, worn = truth.get("file", ""), truth.get("degradation", UNSTATED)
    columns = sorted({name for row in truth["rows"] for name in row} - NOT_COMPARED - {"index"})
    standards = sorted({name for row in truth["rows"] for entry in _references(row) for name in entry})
    left, right = ([_row(row, columns, standards) for row in side["rows"]] for side in (truth, paper))
    counted = Rows(len(left), len(right), cells_true=len(columns) * len(left), cells_read=len(columns) * len(right))
    wrong: set[int] = set()
    for mine, theirs in _gaps(left, right):
        true, read = left[mine.start : mine.stop], right[theirs.start : theirs.stop]
        wrong.update(theirs)
        beside = zip(true, read, strict=False)
        counted.cells.right += sum(a == b for pair in beside for a, b in zip(*pair, strict=True))
        counted.cells.total += len(columns) * max(len(true), len(read))
        seen = [Place.of(paper["sha256"], row) for row in paper["rows"][theirs.start : theirs.stop]]
        tally.mistakes += _row_mistakes(case, file, columns, mine.start, true, read, seen)
    counted.right = len(right) - len(wrong)
    counted.cells.right += len(columns) * counted.right
    counted.cells.total += len(columns) * counted.right
    tally.add_rows(counted, worn)
    for place, row in enumerate(paper["rows"]):
        tally.add_said(Said("row", str(place), row["source"], worn, row["confidence"], place not in wrong))


def _gaps(left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[range, range]]:
    """What lies between the rows that are equal in a longest common sequence."""
    i = j = 0
    for step in LCSseq.opcodes(left, right):
        if step.tag == "equal":
            yield range(i, step.src_start), range(j, step.dest_start)
            i, j = step.src_end, step.dest_end
    yield range(i, len(left)), range(j, len(right))


def _row_mistakes(
    case: str,
    file: str,
    columns: Sequence[str],
    first: int,
    mine: Sequence[Row],
    theirs: Sequence[Row],
    seen: Sequence[Place | None],
) -> Iterator[Mistake]:
    """The cells that differ in rows that stand beside each other; what is left over is missing or too much."""
    for offset, (true, read, place) in enumerate(zip(mine, theirs, seen, strict=False)):
        for column, a, b in zip(columns, true, read, strict=True):
            if a != b:
                where = f"rows[{first + offset}].{column}"
                yield Mistake(case, file, where, json.loads(a), json.loads(b), seen=place)
    paired = min(len(mine), len(theirs))
    for offset, true in enumerate(mine[paired:], paired):
        yield Mistake(case, file, f"rows[{first + offset}] missing", _summary(columns, true), ABSENT)
    for read, place in zip(theirs[paired:], seen[paired:], strict=True):
        where = f"row too many before rows[{first + len(mine)}]"
        yield Mistake(case, file, where, ABSENT, _summary(columns, read), seen=place)


def _row(row: Json, columns: Sequence[str], standards: Sequence[str]) -> Row:
    compared = {name: _without_blanks(cell) if isinstance(cell := row.get(name), str) else cell for name in columns}
    if "standards" in compared:
        compared["standards"] = [{name: entry.get(name) for name in standards} for entry in _references(row)]
    return tuple(json.dumps(compared[name], ensure_ascii=False, sort_keys=True) for name in columns)


def _references(row: Json) -> list[Mapping[str, Any]]:
    """The standards of a row; a truth may give the bare keys."""
    return [entry if isinstance(entry, Mapping) else {"key": entry} for entry in row.get("standards") or []]


def _summary(columns: Sequence[str], row: Row) -> str:
    values = dict(zip(columns, map(json.loads, row), strict=True))
    return " | ".join(str(values[name]) for name in ("object", "parameter", "method", "limitation") if values.get(name))
