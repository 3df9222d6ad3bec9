"""How alike two texts are where one may have been recognised: characters of one shape cost less than others, but never chemistry."""

from functools import cache

from rapidfuzz.distance import Levenshtein

from matchers.data import read_lines

CONFUSED = 0.3
"""What it costs to take a character for one of its shape, where any other exchange costs 1."""
_LONGEST = 200
"""Characters of a name; the longest registered ones have about 60."""
_MOST = 2_000


def likeness(left: str, right: str) -> float:
    """1 for equal texts, 0 for texts without anything in common: the cost of turning one into the other, as a share of the longer.

    Symmetric. Characters left out, added or exchanged cost 1 each, characters that recognition mistakes for one another 0.3, unless
    they name other substances (氨 and 胺). What is longer than any name is compared by plain edits, in time that no file can stretch.
    """
    if left == right:
        return 1.0
    if max(len(left), len(right)) > _LONGEST:
        return Levenshtein.normalized_similarity(left[:_MOST], right[:_MOST])
    previous = [float(at) for at in range(len(right) + 1)]
    for row, mine in enumerate(left, 1):
        current = [float(row)]
        for column, theirs in enumerate(right, 1):
            exchanged = previous[column - 1] + cost(mine, theirs)
            current.append(min(exchanged, previous[column] + 1, current[-1] + 1))
        previous = current
    return 1 - previous[-1] / max(len(left), len(right))


def cost(left: str, right: str) -> float:
    """What it costs to take one character for another: 0 for the same, 0.3 for one of its shape, else 1."""
    if left == right:
        return 0.0
    return CONFUSED if frozenset((left, right)) in confusable() else 1.0


@cache
def confusable() -> frozenset[frozenset[str]]:
    """Pairs of characters of one shape, those left out that name other substances."""
    return _pairs("confusable_characters.txt") - _pairs("chemistry_characters.txt")


@cache
def shapes() -> dict[int, str]:
    """Each Chinese character that recognition mistakes for others -> the one that stands for all of its shape, for `str.translate`."""
    standing: dict[str, str] = {}
    for pair in sorted(tuple(sorted(pair)) for pair in confusable()):
        if all("一" <= character <= "鿿" for character in pair):
            first, second = (standing.get(character, character) for character in pair)
            standing |= {
                character: first for character in (*pair, *standing) if standing.get(character, character) == second
            }
            standing[pair[0]] = first
    return {ord(character): chief for character, chief in standing.items()}


def _pairs(name: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((x, y)) for group in read_lines(name) for x in group for y in group if x != y)
