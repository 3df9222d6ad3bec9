"""Tables over pages: nothing is lost, nothing runs out of the page."""

import random

import pytest

from samples.generate.draw.fonts import missing_packages
from samples.generate.draw.grid import Column, Grid, HeaderCell, Leaf, paginate

pytestmark = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)


def grid(carry: str, *, split: bool) -> Grid:
    columns = (Column(60, 0), Column(80, 1), Column(150), Column(60))
    return Grid(columns, (HeaderCell(("a",), 0, 0),), (20,), carry=carry, split_rows=split)


def leaves(seed: int) -> list[Leaf]:
    rng = random.Random(seed)
    made = []
    for index in range(rng.randint(20, 80)):
        lines = (
            ("对象",) * rng.randint(1, 3),
            ("参数",) * rng.randint(1, 2),
            ("方法",) * rng.randint(1, 7),
            ("限",) * rng.randint(0, 3),
        )
        made.append(Leaf(lines, index // 7, index // 3, index))
    return made


@pytest.mark.parametrize("carry", ["blank", "repeat"])
@pytest.mark.parametrize("split", [True, False])
def test_every_line_stands_on_some_page_and_no_page_overflows(carry: str, split: bool) -> None:
    table = grid(carry, split=split)
    for seed in range(25):
        rows = leaves(seed)
        slices = paginate(table, rows, 130, 260)
        assert slices[0].height <= 130 + 0.01
        assert all(page.height <= 260 + 0.01 for page in slices[1:])
        pieces = [piece for page in slices for piece in page.pieces]
        for row in rows:
            own = [piece for piece in pieces if piece.leaf is row]
            assert sum(len(piece.lines[2]) for piece in own) == len(row.lines[2])
            assert [piece.first for piece in own] == [True] + [False] * (len(own) - 1)
            assert split or len(own) == 1
