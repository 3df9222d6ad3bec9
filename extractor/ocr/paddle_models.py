"""Model folders as PaddleOCR wants them: those that an operator gives, and one made of the weights that `rapidocr` brings."""

import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import yaml

from extractor.ocr import backends, detection, lines, rapid
from models.errors import OcrUnavailable

Part = Literal["det", "rec"]
PARTS: tuple[Part, ...] = ("det", "rec")
Runtime = Literal["onnxruntime", "paddle"]

_CONFIG = "inference.yml"
_WEIGHTS: dict[str, Runtime] = {
    "inference.onnx": "onnxruntime",
    "inference.json": "paddle",
    "inference.pdmodel": "paddle",
}
_EDITION = 1  # of what is laid out for the bundled weights; a higher one makes new folders
_LEAST_WIDTH = 48  # pixels; PaddleOCR's own 320 has every code and date of a table padded to six times its width
_PACKAGES = {"onnxruntime": "onnxruntime", "paddle": "paddlepaddle"}


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder with weights and `inference.yml`.

    `name` is the `Global.model_name` of that file, by which PaddleOCR chooses the model's class. `input` is the recogniser's
    channels, height and least width; empty for a detector.
    """

    path: Path
    name: str
    runtime: Runtime
    input: tuple[int, ...] = ()


def models_in(folder: Path, cache_dir: Path) -> dict[Part, ModelFolder]:
    """The models in `folder`/det and `folder`/rec; where one of the two is missing, the bundled one takes its place.

    Raises OcrUnavailable where both are missing, or where a folder lacks its configuration, its weights or their runtime.
    """
    given: list[Part] = [part for part in PARTS if (folder / part).is_dir()]
    if not given:
        raise OcrUnavailable(
            f"{folder} 中没有识别模型：请将检测模型放入 det、识别模型放入 rec，各含 inference.yml 与 inference.onnx。 "
            f"No models in {folder}: put the detector into det and the recogniser into rec, "
            "each with inference.yml and inference.onnx."
        )
    found = {part: opened(folder / part) for part in given}
    return found if len(found) == len(PARTS) else bundled(cache_dir) | found


def bundled(cache_dir: Path) -> dict[Part, ModelFolder]:
    """PP-OCRv6 small from the package `rapidocr`, laid out once for each version of it in `cache_dir`. Raises OcrUnavailable."""
    home = cache_dir / "paddle" / f"PP-OCRv6_small-rapidocr-{version('rapidocr')}-{_EDITION}"
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as place:
            made = Path(place) / home.name
            _lay_out(made)
            try:
                made.rename(home)
            except OSError:
                if not home.is_dir():  # else another process was quicker, and its folder is as good
                    raise
    return {part: opened(home / part) for part in PARTS}


def opened(folder: Path) -> ModelFolder:
    """The model in `folder`. Raises OcrUnavailable where something that it needs is missing."""
    try:
        # The loader in C where there is one: a recogniser's alphabet has many thousand lines.
        config = yaml.load((folder / _CONFIG).read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        name = str(config["Global"]["model_name"])
        shape = tuple(int(n) for n in _options(config, "RecResizeImg").get("image_shape", ()))
    except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise OcrUnavailable(
            f"{folder} 中没有可用的 {_CONFIG}。 {folder} has no usable {_CONFIG}: "
            "it must name the model (Global.model_name) and its PreProcess and PostProcess."
        ) from error
    runtime = next((runtime for file, runtime in _WEIGHTS.items() if (folder / file).is_file()), None)
    if runtime is None:
        files = ", ".join(_WEIGHTS)
        raise OcrUnavailable(f"{folder} 中没有模型权重（{files} 之一）。 {folder} has no weights (one of {files}).")
    if find_spec(runtime) is None:
        package = _PACKAGES[runtime]
        raise OcrUnavailable(
            f"运行 {folder} 中的模型需要 {package}，请执行 pip install {package}。 "
            f"The model in {folder} needs {package}; run pip install {package}."
        )
    return ModelFolder(folder, name, runtime, shape)


def _options(config: dict[str, Any], step: str) -> dict[str, Any]:
    """What `inference.yml` states for one step of the preparation; empty where it is left out."""
    return next((one[step] for one in config["PreProcess"]["transform_ops"] if one.get(step)), {})


def _lay_out(home: Path) -> None:
    """Weights and configuration of both models, into the new folder `home`."""
    weights = rapid.weights()
    for part in PARTS:
        (home / part).mkdir(parents=True)
        shutil.copyfile(weights[part], home / part / "inference.onnx")
    model = backends.load(weights["rec"], "onnxruntime", cache_dir=None, threads=1, recogniser=True)
    alphabet = model.metadata("character")
    decode = {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}}
    configs: dict[Part, dict[str, Any]] = {
        "det": {
            "Global": {"model_name": "PP-OCRv6_small_det"},
            "PreProcess": {
                "transform_ops": [
                    decode,
                    {"DetResizeForTest": {"resize_long": 960}},
                    {"NormalizeImage": {"mean": [0.5] * 3, "std": [0.5] * 3, "scale": 1 / 255, "order": "hwc"}},
                    {"ToCHWImage": None},
                ]
            },
            "PostProcess": {
                "name": "DBPostProcess",
                "thresh": detection.INK,
                "box_thresh": detection.BOX_SCORE,
                "unclip_ratio": detection.UNCLIP,
                "max_candidates": detection.MOST,
                "use_dilation": True,
            },
        },
        "rec": {
            "Global": {"model_name": "PP-OCRv6_small_rec"},
            "PreProcess": {
                "transform_ops": [decode, {"RecResizeImg": {"image_shape": [3, lines.HEIGHT, _LEAST_WIDTH]}}]
            },
            "PostProcess": {"name": "CTCLabelDecode", "character_dict": alphabet.splitlines()},
        },
    }
    for part, config in configs.items():
        (home / part / _CONFIG).write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
