"""PP-OCRv6 small, from the weights that the package `rapidocr` brings, run without that package's own pipeline."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from extractor.ocr import Backend, Image, Quad, Reading, backends, detection, lines
from models.errors import OcrFailed, OcrUnavailable

_log = logging.getLogger(__name__)

NARROWED = 0.72
"""The width at which lines are read first, of that in proportion to their height; the network's time goes with the width.

At 200 dpi the line then has about as many columns as the picture itself, so nothing was enlarged in vain. Over all 6,763
characters of GB 2312 in lines of 12, and over 200 lines of standard numbers with clauses, narrowing to 0.72 and reading the
doubtful lines again makes as many mistakes as full width does; from 0.66 on a 、 is lost between a character and a digit.
"""
_SURE = 0.95
"""The confidence below which a line is read again at its full width."""


class RapidEngine:
    """The default engine; each model is loaded when it is first needed. Not for use from several threads at once."""

    def __init__(self, cache_dir: Path | None = None, threads: int = 0, backend: Backend = "auto") -> None:
        self._backend = backends.choose(backend)
        self._weights = weights()
        self._cache_dir = cache_folder(cache_dir)
        self._threads = threads
        self._detector: backends.Model | None = None
        self._recogniser: backends.Model | None = None
        self._alphabet = lines.Alphabet([])

    @property
    def name(self) -> str:
        """For example `PP-OCRv6_small (rapidocr 3.10.0, openvino 2026.4.1)`."""
        return f"PP-OCRv6_small (rapidocr {version('rapidocr')}, {self._backend} {version(self._backend)})"

    def detect(self, image: Image) -> list[Quad]:
        """The text lines from top to bottom; a column of vertical text is one tall quad. Raises OcrFailed."""
        if min(image.shape[:2]) < 4:
            return []
        if self._detector is None:
            self._detector = self._load("det")
        tensor, scale = detection.prepare(image)
        try:
            return self._detector.run_all([tensor], lambda out: detection.quads(out[0, 0], scale, *image.shape[:2]))[0]
        except RuntimeError as error:
            raise OcrFailed from error

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """One reading for each crop, each an upright line of text. Raises OcrFailed.

        Lines are read narrowed, which takes less time and loses nothing where the reading is sure; the others are read again, and
        those that are `doubtful` at their full width at once.
        """
        if not crops:
            return []
        if self._recogniser is None:
            self._recogniser = self._load("rec")
            self._alphabet = lines.Alphabet(self._recogniser.metadata("character").splitlines())
        if doubtful:
            return self._read(self._recogniser, crops, 1.0)
        readings = self._read(self._recogniser, crops, NARROWED)
        unsure = [
            i
            for i, reading in enumerate(readings)
            if lines.is_narrowed(crops[i]) and (reading.confidence < _SURE or lines.gaping(reading, crops[i]))
        ]
        again = self._read(self._recogniser, [crops[i] for i in unsure], 1.0)
        for i, reading in zip(unsure, again, strict=True):
            if reading.confidence >= readings[i].confidence or len(reading.text) > len(readings[i].text):
                readings[i] = reading
        return readings

    def _read(self, model: backends.Model, crops: Sequence[Image], across: float) -> list[Reading]:
        """The crops as read at `across` times their proportional width."""
        places: list[list[tuple[int, float]]] = []

        def tensors() -> Iterator[backends.Tensor]:
            for tensor, placed in lines.batches(crops, across):
                places.append(placed)
                yield tensor

        try:
            found = model.run_all(tensors(), partial(self._alphabet.best, bare=model.bare))
        except RuntimeError as error:
            raise OcrFailed from error
        readings = [Reading("", 0.0)] * len(crops)
        for placed, (classes, certainty) in zip(places, found, strict=True):
            for row, (index, filled) in enumerate(placed):
                readings[index] = lines.decode(classes[row], certainty[row], self._alphabet, filled)
        return readings

    def _load(self, part: str) -> backends.Model:
        path = self._weights[part]
        load = partial(backends.load, path, self._backend, threads=self._threads, recogniser=part == "rec")
        try:
            return load(cache_dir=self._cache_dir)
        except (RuntimeError, OSError):
            # Seen once in hundreds of starts, and for a moment only; why is not known, so what can differ is left out.
            _log.warning("%s did not load and is compiled anew", path.name, exc_info=True)
        try:
            return load(cache_dir=None)
        except (RuntimeError, OSError) as error:
            raise OcrUnavailable(
                f"无法加载识别模型 {path.name}。 The model {path.name} could not be loaded."
            ) from error


def weights() -> dict[str, Path]:
    """The detector's and the recogniser's file; found without importing `rapidocr`, which would take a second."""
    package = find_spec("rapidocr")
    folders = [Path(place) / "models" for place in (package.submodule_search_locations or ())] if package else []
    for folder in folders:
        parts = {part: folder / f"PP-OCRv6_{part}_small.onnx" for part in ("det", "rec")}
        if all(path.is_file() for path in parts.values()):
            return parts
    raise OcrUnavailable(
        "未找到识别模型 PP-OCRv6，请执行 pip install 'rapidocr>=3.10'。 "
        "The PP-OCRv6 weights were not found; run pip install 'rapidocr>=3.10'."
    )


def cache_folder(given: Path | None) -> Path | None:
    """The folder given or the default one, made where it was missing; None where it cannot be written: nothing is kept then."""
    folder = given or _default_cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def _default_cache_dir() -> Path:
    if data := os.environ.get("ZHENGSHEN_DATA"):
        return Path(data) / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "zhengshen"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zhengshen"
