"""PaddleOCR's own detection and recognition modules: for its server models and for models that an operator trained."""

import logging
import math
import os
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Quad, Reading, backends, detection, lines, rapid
from extractor.ocr.paddle_models import ModelFolder, Part, bundled, models_in
from models.errors import OcrFailed, OcrUnavailable

_TOGETHER = 6  # lines in a batch, as PaddleOCR's pipeline has it
_WIDEST = 3200  # pixels; PaddleOCR squeezes a longer line into that


class PaddleEngine:
    """PaddleOCR on models from folders; it never downloads one. Each is loaded when it is first needed.

    Not for use from several threads at once, not even with one engine each: PaddleOCR mixes up what they read. One engine in each
    process.
    """

    def __init__(
        self, models: Path | None = None, cache_dir: Path | None = None, threads: int = 0, device: str = "cpu"
    ) -> None:
        if find_spec("paddleocr") is None:
            raise OcrUnavailable(
                "未安装 PaddleOCR，请执行 pip install '.[paddle]'。 "
                "PaddleOCR is not installed; run pip install '.[paddle]'."
            )
        folder = rapid.cache_folder(cache_dir)
        # Without a folder to keep them, the bundled models are laid out for this engine alone.
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="zhengshen-")
        self._cache_dir = folder or Path(self._temporary.name if self._temporary else "")
        self._models = models_in(models, self._cache_dir) if models else bundled(self._cache_dir)
        self._threads = threads
        self._device = device
        self._detector: Any = None
        self._recogniser: Any = None

    @property
    def name(self) -> str:
        """For example `PP-OCRv6_small_det, PP-OCRv6_small_rec (paddleocr 3.7.0, onnxruntime 1.32.0)`."""
        runtimes = sorted({model.runtime for model in self._models.values()})
        packages = {"onnxruntime": "onnxruntime", "paddle": "paddlepaddle"}
        ran = ", ".join(f"{packages[runtime]} {version(packages[runtime])}" for runtime in runtimes)
        names = ", ".join(model.name for model in self._models.values())
        return f"{names} (paddleocr {version('paddleocr')}, {ran})"

    def detect(self, image: Image) -> list[Quad]:
        """The text lines from top to bottom; a column of vertical text is one tall quad. Raises OcrFailed."""
        if min(image.shape[:2]) < 4:
            return []
        if self._detector is None:
            self._detector = self._load("det", "TextDetection")
        height, width = image.shape[:2]
        length = round(max(height, width) * detection.working_scale(image))
        try:
            (result,) = self._detector.predict(_bgr(image), limit_side_len=length, limit_type="resize_long")
        except RuntimeError as error:
            raise OcrFailed from error
        found = [_quad(np.asarray(line, np.float32), height, width) for line in result["dt_polys"]]
        return detection.in_reading_order([quad for quad in found if quad is not None])

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """One reading for each crop, each an upright line of text. Raises OcrFailed."""
        if not crops:
            return []
        if self._recogniser is None:
            self._recogniser = self._load("rec", "TextRecognition")
            predictor = self._recogniser.paddlex_predictor
            self._alphabet = lines.Alphabet(list(predictor.post_op.character[1:-1]))
            # PaddleOCR keeps only the mean certainty of a line, so its last step is replaced by one that keeps every character's.
            predictor.post_op = _kept_by(self._alphabet)
        order = sorted(range(len(crops)), key=lambda index: crops[index].shape[1] / crops[index].shape[0])
        readings = [Reading("", 0.0)] * len(crops)
        for start in range(0, len(order), _TOGETHER):
            chosen = order[start : start + _TOGETHER]
            try:
                results = self._recogniser.predict([_bgr(crops[index]) for index in chosen], batch_size=len(chosen))
            except RuntimeError as error:
                raise OcrFailed from error
            filled = _filled([crops[index] for index in chosen], self._models["rec"])
            for index, result, part in zip(chosen, results, filled, strict=True):
                classes, certainty = result["rec_score"]
                readings[index] = lines.decode(classes, certainty, self._alphabet, part)
        return readings

    def _load(self, part: Part, module: str) -> Any:
        """One of PaddleOCR's modules on the model of that part."""
        model = self._models[part]
        config = {"enable_cpu_mem_arena": False, "log_severity_level": 3, "intra_op_num_threads": self._threads}
        os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(self._cache_dir / "paddlex"))
        os.environ.setdefault(
            "MPLCONFIGDIR", str(self._cache_dir / "matplotlib")
        )  # it imports that where it is installed
        os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = (
            "True"  # else it asks the model hosters whether they are there
        )
        try:
            if model.runtime == "onnxruntime":
                backends.onnxruntime()
            paddleocr = import_module("paddleocr")
            logging.getLogger("paddlex").setLevel(logging.WARNING)
            return getattr(paddleocr, module)(
                model_name=model.name,
                model_dir=str(model.path),
                device=self._device,
                engine=model.runtime,
                engine_config=config if model.runtime == "onnxruntime" else None,
            )
        except Exception as error:  # it raises whatever its configuration runs into: KeyError, AssertionError, …
            raise OcrUnavailable(
                f"无法加载 {model.path} 中的识别模型 {model.name}（{error}）。 "
                f"The model {model.name} in {model.path} could not be loaded ({error})."
            ) from error


def _kept_by(alphabet: lines.Alphabet) -> Callable[..., tuple[list[str], list[object]]]:
    """A last step in PaddleOCR's form (texts, scores), whose scores are each line's best classes and their certainty."""

    def keep(predictions: Sequence[NDArray[np.float32]], **_: object) -> tuple[list[str], list[object]]:
        classes, certainty = alphabet.best(predictions[0])
        return [""] * len(classes), list(zip(classes, certainty, strict=True))

    return keep


def _filled(crops: Sequence[Image], model: ModelFolder) -> list[float]:
    """The fraction of the batch's width that each line fills: PaddleOCR scales lines to one height and pads them to the widest."""
    _, height, least = model.input or (3, lines.HEIGHT, 320)
    ratios = [crop.shape[1] / crop.shape[0] for crop in crops]
    padded = min(_WIDEST, int(height * max(*ratios, least / height)))
    return [min(padded, math.ceil(height * ratio)) / padded for ratio in ratios]


def _quad(line: NDArray[np.float32], height: int, width: int) -> Quad | None:
    """The line's corners inside the picture; None where nothing of it is left. Models can be set to find polygons: then those around it."""
    if len(line) != 4:
        line = detection.clockwise(cv2.boxPoints(cv2.minAreaRect(line)))
    corners = np.clip(line, 0, (width - 1, height - 1)).astype(np.float32)
    sides = np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[0] - corners[3])
    return corners if min(sides) > 3 else None


def _bgr(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])
