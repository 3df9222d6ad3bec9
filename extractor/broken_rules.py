"""Rules with gaps, as wear, folds and stamps leave them, made whole: told from rules that end where they should by their loose ends."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractor.textlines import Area
from models.layout import Direction, Ruling

_SAME_LINE = 0.5  # millimetres across: pieces that near are one rule, which may be bowed or drawn twice
_GAP = 3.0  # millimetres; no column is so narrow, so a gap of this length is damage whatever its ends look like
_MEETS = 1.2  # millimetres within which a rule's end lies at another rule
_LEAST = 7.0  # millimetres of a rule that is drawn on; shorter ones may be strokes of large letters
_LOOSE = 2.0  # millimetres that a rule goes on past the last one it crosses before its end is a loose one, no overhang
_FARTHEST = 18.0  # millimetres that a loose end is drawn on to the next rule
_CORNER = 4.0  # millimetres by which the rule that it is drawn on to may itself be too short


@dataclass(slots=True)
class Rule:
    """A joined rule in pixels: `pieces` hold where it lies along its way, for a rule that is bowed."""

    direction: Direction
    start: float
    end: float
    pieces: list[Ruling]

    def at(self, along: float) -> float:
        """Where the rule lies across, at the piece nearest to `along`."""
        return min(self.pieces, key=lambda piece: max(piece.start - along, along - piece.end, 0.0)).position

    def ends(self) -> tuple[tuple[float, int], tuple[float, int]]:
        """Both ends and the way that leads on from each."""
        return (self.start, -1), (self.end, 1)


_Rules = dict[Direction, list[Rule]]


def mended(found: Sequence[Ruling], unit: float, stamps: Sequence[Area] = ()) -> list[Ruling]:
    """The rules, in pixels, with what fills their gaps added; `unit` is the pixels to a millimetre.

    Those that lie in one of `stamps` from end to end are strokes of it and are left out, unless they meet rules of a table at both ends.

    Short gaps are filled. A rule that meets another one and goes on past it must end at a third: where its end is loose it is drawn on
    to the next rule across, or to the next piece of itself. What meets no rule (an underline, a signature) stays as it is.
    """
    rim = round(unit)  # the soft edge of a stamp's ring lies outside the box around it
    stamps = [stamp.expanded(rim, rim) for stamp in stamps]
    rules = _without_strokes({direction: joined(found, direction, unit) for direction in Direction}, stamps, unit)
    kept = [piece for direction in Direction for rule in rules[direction] for piece in rule.pieces]
    filled = [gap for direction in Direction for rule in rules[direction] for gap in _gaps(rule)]
    longer = []
    for direction in Direction:
        across = rules[_across(direction)]
        for rule in rules[direction]:
            if rule.end - rule.start >= _LEAST * unit:
                longer += _drawn_on(rule, across, rules[direction], unit)
    return [*kept, *filled, *longer]


def _without_strokes(rules: _Rules, stamps: Sequence[Area], unit: float) -> _Rules:
    """The rules without the strokes of stamps. What lies in a stamp and reaches from one rule that is kept to another is kept, too."""
    kept: _Rules = {d: [r for r in rules[d] if not any(_lies_in(r, stamp) for stamp in stamps)] for d in Direction}
    waiting = [(d, r) for d in Direction for r in rules[d] if not any(r is k for k in kept[d])]
    while met := [
        (direction, rule)
        for direction, rule in waiting
        if all(
            any(
                abs(other.at(rule.at(end)) - end) <= _MEETS * unit and _spans(other, rule.at(end), _MEETS * unit)
                for other in kept[_across(direction)]
            )
            for end, _ in rule.ends()
        )
    ]:
        for direction, rule in met:
            kept[direction].append(rule)
            waiting.remove((direction, rule))
    return kept


def _across(direction: Direction) -> Direction:
    return Direction.VERTICAL if direction is Direction.HORIZONTAL else Direction.HORIZONTAL


def joined(found: Sequence[Ruling], direction: Direction, unit: float) -> list[Rule]:
    """Pieces of one direction as rules: end to end with short gaps, or side by side."""
    rules: list[Rule] = []
    by_row: defaultdict[int, list[Rule]] = defaultdict(list)
    near, gap = _SAME_LINE * unit, _GAP * unit
    for piece in sorted((r for r in found if r.direction is direction), key=lambda r: r.start):
        row = int(piece.position // (2 * near))
        for rule in (rule for i in (row - 1, row, row + 1) for rule in by_row[i]):
            last = max(rule.pieces, key=lambda p: p.end)
            if abs(last.position - piece.position) <= near and piece.start <= rule.end + gap:
                rule.pieces.append(piece)
                rule.end = max(rule.end, piece.end)
                if rule not in by_row[row]:
                    by_row[row].append(rule)
                break
        else:
            rules.append(Rule(direction, piece.start, piece.end, [piece]))
            by_row[row].append(rules[-1])
    return rules


def _gaps(rule: Rule) -> list[Ruling]:
    """What is missing between a rule's pieces."""
    gaps, reached = [], rule.start
    for piece in rule.pieces:
        if piece.start > reached:
            gaps.append(replace(piece, start=reached, end=piece.start))
        reached = max(reached, piece.end)
    return gaps


def _drawn_on(rule: Rule, across: Sequence[Rule], along: Sequence[Rule], unit: float) -> list[Ruling]:
    meeting = [
        (other.at(rule.at(at)), other)
        for other in across
        for at in (other.at(rule.pieces[0].position),)
        if rule.start - _MEETS * unit <= at <= rule.end + _MEETS * unit and _spans(other, rule.at(at), _MEETS * unit)
    ]
    if not meeting:
        return []
    added = []
    for end, way in rule.ends():
        position = rule.at(end)
        past = min(way * (end - at) for at, _ in meeting)
        if past < _LOOSE * unit:
            continue
        ahead = [
            way * (other.at(position) - end)
            for other in across
            if way * (other.at(position) - end) > 0 and _spans(other, position, _CORNER * unit)
        ]
        ahead += [
            way * (near - end)
            for other in along
            if other is not rule
            for near in (other.start if way > 0 else other.end,)
            if way * (near - end) > 0 and abs(other.at(end) - position) <= _SAME_LINE * unit
        ]
        step = min(ahead, default=float("inf"))
        if step <= _FARTHEST * unit:
            low, high = sorted((end, end + way * step))
            added.append(Ruling(rule.direction, position, low, high))
    return added


def _lies_in(rule: Rule, stamp: Area) -> bool:
    low, high = (stamp.left, stamp.right) if rule.direction is Direction.HORIZONTAL else (stamp.top, stamp.bottom)
    first, last = (stamp.top, stamp.bottom) if rule.direction is Direction.HORIZONTAL else (stamp.left, stamp.right)
    return low <= rule.start and rule.end <= high and first <= rule.at(rule.start) <= last


def _spans(rule: Rule, along: float, reach: float) -> bool:
    return rule.start - reach <= along <= rule.end + reach
