"""One frozen value with everything that an operator can set, built where a command starts and passed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.errors import InputError

MEGA = 1_000_000

Recognition = Literal["auto", "openvino", "onnxruntime", "paddle"]
RECOGNITION: tuple[Recognition, ...] = ("auto", "openvino", "onnxruntime", "paddle")


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits guard against hostile files.

    `ocr` is what recognises text: the default engine on the runtime named (auto, openvino, onnxruntime), or PaddleOCR (paddle) with
    the models in `ocr_models`, if any, on `ocr_device`.
    """

    data: Path = field(default_factory=lambda: Path("data"))
    max_file_bytes: int = 300 * MEGA
    max_pages: int = 2_000
    max_pixels: int = 120 * MEGA
    ocr: Recognition = "auto"
    ocr_models: Path | None = None
    ocr_device: str = "cpu"

    @property
    def registry(self) -> Path:
        """Where `registry import` keeps snapshots and `review` looks for them unless told otherwise."""
        return self.data / "registry"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read ZHENGSHEN_DATA, ZHENGSHEN_MAX_MB, ZHENGSHEN_MAX_PAGES, ZHENGSHEN_MAX_MEGAPIXELS, and ZHENGSHEN_OCR with _MODELS, _DEVICE."""
    default = Settings()
    wanted = environment.get("ZHENGSHEN_OCR", default.ocr)
    ocr = next((way for way in RECOGNITION if way == wanted), None)
    if ocr is None:
        raise InputError(
            f"环境变量 ZHENGSHEN_OCR 应为 {'、'.join(RECOGNITION)} 之一，现为 {wanted!r}。 "
            f"ZHENGSHEN_OCR must be one of {', '.join(RECOGNITION)}."
        )
    return Settings(
        data=Path(environment.get("ZHENGSHEN_DATA", str(default.data))),
        max_file_bytes=_number(environment, "ZHENGSHEN_MAX_MB", default.max_file_bytes // MEGA) * MEGA,
        max_pages=_number(environment, "ZHENGSHEN_MAX_PAGES", default.max_pages),
        max_pixels=_number(environment, "ZHENGSHEN_MAX_MEGAPIXELS", default.max_pixels // MEGA) * MEGA,
        ocr=ocr,
        ocr_models=Path(models) if (models := environment.get("ZHENGSHEN_OCR_MODELS")) else None,
        ocr_device=environment.get("ZHENGSHEN_OCR_DEVICE") or default.ocr_device,
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise InputError(
            f"环境变量 {name} 应为正整数，现为 {text!r}。 {name} must be a positive whole number, not {text!r}."
        )
    return int(text)
