"""Engines with something around them: what holds their answers against the protocol, and what says how doubtful lines are read again."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.ocr import Image, OcrEngine, Quad, Reading
from models.errors import OcrFailed, ReviewError


class Guarded:
    """Passes calls on to `engine` and holds its answers against the protocol."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """The engine's own name."""
        return self._engine.name

    def detect(self, image: Image) -> list[Quad]:
        """As the protocol says. Raises OcrFailed where the engine raises or a line is no quadrilateral."""
        try:
            quads = [np.asarray(quad, np.float32) for quad in self._engine.detect(np.ascontiguousarray(image))]
        except (ReviewError, MemoryError):  # memory that ran out is no matter of the engine
            raise
        except Exception as error:
            raise OcrFailed from error
        if any(quad.shape != (4, 2) or not np.isfinite(quad).all() for quad in quads):
            raise OcrFailed
        return quads

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """As the protocol says. Raises OcrFailed where the engine raises or does not answer each crop with a reading."""
        if not crops:
            return []
        try:
            readings = list(self._engine.recognise([np.ascontiguousarray(crop) for crop in crops], doubtful=doubtful))
            sound = len(readings) == len(crops) and all(_is_sound(reading) for reading in readings)
        except (ReviewError, MemoryError):  # memory that ran out is no matter of the engine
            raise
        except Exception as error:
            raise OcrFailed from error
        if not sound:
            raise OcrFailed
        return readings


@dataclass(frozen=True, slots=True)
class Rereading:
    """An engine and how lines that it reads with doubt are read again: not at all without `ladder`, in the end by the `second` engine."""

    engine: OcrEngine
    ladder: bool = True
    second: Callable[[], OcrEngine] | None = None

    @property
    def name(self) -> str:
        """The engine's own name."""
        return self.engine.name

    def detect(self, image: Image) -> list[Quad]:
        """The engine's lines."""
        return self.engine.detect(image)

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """The engine's readings."""
        return self.engine.recognise(crops, doubtful=doubtful)


def _is_sound(reading: Reading) -> bool:
    return isinstance(reading.text, str) and math.isfinite(reading.confidence) and 0.0 <= reading.confidence <= 1.0
