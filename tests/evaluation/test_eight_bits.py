"""The recogniser in eight bits against the exact one, on hundreds of lines of drawn and worn papers."""

import unicodedata
from collections import deque
from pathlib import Path

import pytest

from extractor.ladder import DOUBT
from extractor.ocr import Image, default_engine, lighter
from samples.generate.draw.fonts import missing_packages
from tests.benchmarks.scanned_annex import Recorder
from tests.cases import engine
from tests.evaluation.drawn import draw, observed

LEAST = 250
"""Lines to judge by: those that the exact one is sure of."""
MOST_DIFFERING = 0.01
"""Of the lines that the exact one is sure of; in eight bits those must be doubtful, for then they are read again."""

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Image]:
    """Lines as they are given to the recogniser; nothing else is drawn with these seeds."""
    recorder = Recorder(engine())
    for seed, level in enumerate(("light", "medium", "strong"), 645_000):
        folder: Path = tmp_path_factory.mktemp("drawn")
        case = draw(folder, seed, level, ("licence", "certificate", "cma_annex"), objects=2)
        deque(observed(case, lambda: recorder), maxlen=0)
    return recorder.lines


@needs_fonts
@pytest.mark.slow
def test_no_line_is_surely_read_as_something_else(lines: list[Image], monkeypatch: pytest.MonkeyPatch) -> None:
    light = default_engine().recognise(lines)
    monkeypatch.setattr(lighter, "roundings_for", lambda _: {})
    monkeypatch.setattr(lighter, "without_softmax", lambda _: False)
    exact = default_engine().recognise(lines)

    sure = [(a, b) for a, b in zip(light, exact, strict=True) if b.confidence >= DOUBT and b.text.strip()]
    differing = [(a.text, b.text, a.confidence) for a, b in sure if _plain(a.text) != _plain(b.text)]
    assert len(sure) >= LEAST
    assert [each for each in differing if each[2] >= DOUBT] == []
    assert len(differing) <= MOST_DIFFERING * len(sure), differing


def _plain(text: str) -> str:
    """Without blanks and the width of marks: of `（` and `(` the network does not know, and nobody needs to, which it was."""
    return "".join(unicodedata.normalize("NFKC", text).split())
