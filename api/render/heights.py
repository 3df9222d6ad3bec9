"""How high the lines of a printed table are, reckoned from the widths of characters, so that pages can be filled."""

from itertools import groupby

from wcwidth import wcwidth

from api.render.grid import Grid

TEXT = 10
"""Points of the text of a table."""
POINTS_PER_UNIT = 5.25
"""Points in a unit of column width at least: 7 pixels, a narrow digit of the default font; wider ones only leave more room."""

_LINE = 1.35  # of the size of the text
_EDGES = 5.0  # points above and below the text together
_SIDES = 6.0  # points left and right of it


def needed(text: str, share: int, size: float = TEXT) -> float:
    """Points that a text takes in a column of that width."""
    room = max((share * POINTS_PER_UNIT - _SIDES) / (size / 2), 2)
    return sum(_lines(line, room) for line in text.split("\n")) * _LINE * size + _EDGES


def line_heights(grid: Grid) -> list[float]:
    """Points that each line of a table takes; a cell over several lines gets its room from them in equal parts."""
    own = [column for column, blocks in enumerate(grid.blocks) if blocks is None]
    heights = [
        max((needed(line[column], grid.columns[column].share) for column in own), default=_LINE * TEXT + _EDGES)
        for line in grid.lines
    ]
    for column, blocks in enumerate(grid.blocks):
        if blocks is None:
            continue
        for _, members in groupby(range(len(heights)), key=blocks.__getitem__):
            numbers = list(members)
            wanted = needed(grid.lines[numbers[0]][column], grid.columns[column].share)
            lacking = wanted - sum(heights[number] for number in numbers)
            for number in numbers if lacking > 0 else ():
                heights[number] += lacking / len(numbers)
    return heights


def _lines(text: str, room: float) -> int:
    """Lines of at most `room` half widths; a word of narrow characters is not broken where it fits a line."""
    count, used, word = 1, 0.0, 0.0
    for character in f"{text} ":
        wide = max(wcwidth(character), 0)
        if wide == 1 and character != " " and word + 1 <= room:
            word += 1
            continue
        if used + word > room:
            count, used = count + 1, 0.0
        used, word = used + word, 0.0
        if used + wide > room:
            count, used = count + 1, 0.0
        used += wide
    return count
