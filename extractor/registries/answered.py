"""Answers of registries carried to where they cannot be asked: a process without network judges with what was fetched for it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.papers import Paper
from models.records import Registries
from models.report import Problem


class Answering(Protocol):
    """What `review` asks: registries, or answers of theirs that were fetched before."""

    def answer(self, papers: Sequence[Paper], as_of: dt.date) -> Registries:
        """What the registries say about what the papers name, as of the day of judgement."""

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong or was noticed while they answered."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What `answer_questions` said to the questions of these very papers, for a process without network."""

    registries: Registries
    noticed: tuple[Problem, ...]

    def answer(self, papers: Sequence[Paper], as_of: dt.date) -> Registries:
        return self.registries

    def problems(self) -> tuple[Problem, ...]:
        return self.noticed
