"""Hostile files get a clear answer each, and none costs more than its own reader."""
# ruff: noqa: E501 - a list of names

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.pool import Pool, Rules
from tests.hostile.answers import CONTAINED, answered
from tests.hostile.corpus import DAMAGED, NAMES, damaged_samples, drawn, found
from tests.hostile.glances import GlanceMaker
from tests.hostile.papers import SOUND

SLOW = frozenset(
    {
        "a million tiny words.pdf",
        "two hundred thousand boxes.pdf",
        "marked content never ended.pdf",
        "a lattice of ten thousand rules.pdf",
        "forms that double forty times.pdf",
        "a million paragraphs.docx",
    }
)
"""They cost whole seconds or end readers at their time limits; `python -m tests.hostile.everything` reads them too."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(GlanceMaker(), Rules(workers=2, page_seconds=15, memory_mb=3_000)) as pool:
        yield pool


def test_the_corpus_is_large_and_each_file_has_a_name_of_its_own() -> None:
    names = [name for name, _ in drawn()]
    assert len(names) == len(set(names))
    assert len(names) + len(NAMES) + DAMAGED >= 300


def test_each_gets_a_clear_answer(pool: Pool) -> None:
    """Every tenth of the drawn files and a few damaged samples; no mistake of ours, no check that broke off, and the pool goes on."""
    files = [(name, data) for name, data in drawn() if name not in SLOW][::10]
    files += list(damaged_samples(5))
    with ThreadPoolExecutor(4) as threads:
        answers = dict(
            zip((name for name, _ in files), threads.map(lambda file: answered(pool, *file), files), strict=True)
        )
    assert not {name: (a.codes, a.errors) for name, a in answers.items() if a.broken}
    assert not {name for name, a in answers.items() if not a.codes and not a.html}
    assert sum(bool(a.codes & CONTAINED) for a in answers.values()) <= len(files) // 10, (
        "refusing is cheaper than crashing"
    )
    assert answered(pool, "sound.pdf", SOUND).html


@pytest.mark.parametrize("name", [name for name, _ in found()])
def test_what_was_a_mistake_once_is_none_any_more(pool: Pool, name: str) -> None:
    answer = answered(pool, name, dict(found())[name])
    assert not answer.broken, (answer.codes, answer.errors)
    assert answer.codes or answer.html
    assert not answer.codes & CONTAINED


@pytest.mark.parametrize(
    "name",
    [
        "laughs.docx", "an outside entity.docx", "laughs.xlsx", "an outside entity.xlsx", "laughs.ofd", "an outside entity.ofd", "zeros.zip",
        "twelve deep.zip", "a link.zip", "too many.zip", "bombs in bombs.zip", "flood.png", "flood.tiff", "program.pdf", "page.pdf",
    ],
)  # fmt: skip
def test_what_is_plainly_hostile_is_refused_for_what_it_is(pool: Pool, name: str) -> None:
    data = dict(drawn())[name]
    answer = answered(pool, name, data)
    refusals = {"corrupt_file", "corrupt_image", "too_large", "unsupported_file", "input_error", "too_many_pages"}
    assert answer.codes, name
    assert answer.codes <= refusals
