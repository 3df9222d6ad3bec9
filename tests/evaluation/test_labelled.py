"""The labelled pairs: enough of each, none contradictory, and the comparators judge them as people do."""

from collections import Counter
from pathlib import Path

import pytest

from api.comparators import COMPARATORS, LABELLED, compare_labelled, read_labelled
from api.tally import Agreement, Tally
from models.errors import InputError

LEAST = {"names": 150, "addresses": 150}
FLOORS = dict.fromkeys(COMPARATORS, (1.0, 1.0)) | {"objects": (1.0, 1.0)}
"""Recall and precision that may only rise."""


@pytest.fixture(scope="module")
def tally() -> Tally:
    tally = Tally()
    compare_labelled(tally, LABELLED)
    return tally


@pytest.mark.parametrize("name", COMPARATORS)
def test_comparators_judge_as_labelled(tally: Tally, name: str) -> None:
    agreement = tally.comparators[name]
    mistakes = [str(mistake) for mistake in tally.mistakes if mistake.file == f"{name}.tsv"]
    recall, precision = FLOORS[name]
    assert (agreement.recall.share or 0) >= recall, mistakes
    assert (agreement.precision.share or 0) >= precision, mistakes


@pytest.mark.parametrize("name", COMPARATORS)
def test_the_labelled_set_is_large_and_says_why(name: str) -> None:
    pairs = [pair for _, pair in read_labelled(LABELLED / f"{name}.tsv")]
    assert len(pairs) >= LEAST.get(name, 60)
    assert all(pair["why"] for pair in pairs)
    assert {pair["agrees"] for pair in pairs} == {"yes", "tolerated", "no"}
    told = Counter(tuple(value for column, value in pair.items() if column not in ("agrees", "why")) for pair in pairs)
    assert [pair for pair, count in told.items() if count > 1] == []


@pytest.mark.parametrize("file", ["parameters", "limits", "objects"])
def test_chemistry_is_never_tolerated(tally: Tally, file: str) -> None:
    chemistry = [pair for _, pair in read_labelled(LABELLED / f"{file}.tsv") if pair["why"].startswith("chemistry")]
    assert len(chemistry) >= 6
    assert [pair for pair in chemistry if COMPARATORS[file](pair) != "no"] == []


def test_counting() -> None:
    agreement = Agreement()
    for label, verdict in (
        ("yes", "yes"),
        ("tolerated", "yes"),
        ("tolerated", "no"),
        ("no", "tolerated"),
        ("no", "no"),
    ):
        agreement.add(label, verdict)
    assert (agreement.exact.right, agreement.exact.total) == (2, 5)
    assert (agreement.recall.right, agreement.recall.total) == (2, 3)
    assert (agreement.precision.right, agreement.precision.total) == (2, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("left\tright\twhy\n", "columns"),
        ("left\tright\tagrees\twhy\na\tb\tperhaps\tx\n", "Line 2"),
        ("left\tright\tagrees\twhy\na\tb\tyes\tx\ty\tz\n", "Line 2"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_malformed_file_says_where(tmp_path: Path, text: str | bytes, says: str) -> None:
    (tmp_path / "names.tsv").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(InputError, match=says):
        compare_labelled(Tally(), tmp_path)


def test_a_folder_without_labelled_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"names\.tsv"):
        compare_labelled(Tally(), tmp_path)


def test_a_wrong_label_is_a_mistake_by_line(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(
        "# a comment\nleft\tright\tagrees\twhy\n海南南溟\t海南海晟\tyes\twrong label\n", "utf-8"
    )
    tally = Tally()
    compare_labelled(tally, tmp_path)
    (mistake,) = tally.mistakes
    assert "line 3" in mistake.place
    assert tally.comparators["names"].recall.share == 0.0
