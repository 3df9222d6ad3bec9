"""Recognition of text in pixels: what an engine must do, and the engine that is used unless another one is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Height × width × 3, RGB."""

Quad = NDArray[np.float32]
"""4 × 2, in pixels: the corners of a text line clockwise from the top left of its reading direction."""

Backend = Literal["auto", "openvino", "onnxruntime"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine read in one crop.

    `confidence` lies in 0..1 and falls with the least sure character, not only with the average. `positions` holds the centre of
    each character of `text` as a fraction 0..1 of the crop's width; an engine that does not know them leaves it empty. `other` is
    what a second reading of the same line says where the two differ; an engine leaves it empty.
    """

    text: str
    confidence: float
    positions: tuple[float, ...] = ()
    other: str = ""


class OcrEngine(Protocol):
    """An engine finds text lines in a picture and reads pictures of single lines."""

    @property
    def name(self) -> str:
        """Engine, version and backend, for the run's record."""

    def detect(self, image: Image) -> list[Quad]:
        """The text lines in `image`, in reading order where the engine knows one."""

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """One reading for each crop, in the same order; each crop is one upright line of text.

        `doubtful` lines are known to be hard: an engine that tries a quicker way first may leave it out.
        """


def default_engine(cache_dir: Path | None = None, threads: int = 0, backend: Backend = "auto") -> OcrEngine:
    """PP-OCRv6 small, the weights that the package `rapidocr` brings, on OpenVINO where it is installed, else on ONNX Runtime.

    Nothing is loaded before the first picture. `cache_dir` keeps compiled models (default: `$ZHENGSHEN_DATA/cache`, else the user's
    cache directory); one that cannot be written is done without. `threads` 0 means every core this process may use.
    Raises OcrUnavailable where neither the weights nor a backend can be found.
    """
    from extractor.ocr.rapid import RapidEngine

    return RapidEngine(cache_dir=cache_dir, threads=threads, backend=backend)


def paddle_engine(
    models: Path | None = None, cache_dir: Path | None = None, threads: int = 0, device: str = "cpu"
) -> OcrEngine:
    """PaddleOCR (the extra `paddle`) on the models in `models`/det and `models`/rec, or on those that `rapidocr` brings.

    A model's folder holds `inference.yml` and either `inference.onnx` or Paddle's own files, which need the package `paddlepaddle`;
    of det and rec one may be missing, and then the one that `rapidocr` brings is used. `device` is PaddleOCR's: `cpu`, `gpu:0`.
    `cache_dir` and `threads` are as for `default_engine`. Nothing is ever downloaded.
    Raises OcrUnavailable where PaddleOCR, a model or its runtime cannot be found.
    """
    from extractor.ocr.paddle import PaddleEngine

    return PaddleEngine(models, cache_dir, threads, device)


__all__ = ["Backend", "Image", "OcrEngine", "Quad", "Reading", "default_engine", "paddle_engine"]
