"""Damaged files, each made from a sample and the state of a generator."""

import random
from collections.abc import Sequence

from tests.hostile.mutations import mutated
from tests.hostile.seeds import office_files, papers, pictures


def one(rng: random.Random, more: Sequence[tuple[str, bytes]] = ()) -> tuple[str, bytes]:
    """A file of a kind drawn first, so that the few office files have their share; the smaller of two more often, for it is read sooner."""
    kinds = [papers(), papers(), office_files(), pictures(), *([more] if more else [])]
    kind = rng.choice(kinds)
    name, data = min((rng.choice(kind) for _ in range(3)), key=lambda file: len(file[1]))
    return name, mutated(data, rng, [rng.choice(papers())[1]])
