"""One frozen value with everything that an operator can set, built where a command starts and passed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.errors import InputError

MEGA = 1_000_000

Backend = Literal["auto", "openvino", "onnxruntime"]
BACKENDS: tuple[Backend, ...] = ("auto", "openvino", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits guard against hostile files. `ocr` names the recognition backend: auto, openvino or onnxruntime."""

    data: Path = field(default_factory=lambda: Path("data"))
    max_file_bytes: int = 300 * MEGA
    max_pages: int = 2_000
    max_pixels: int = 120 * MEGA
    ocr: Backend = "auto"

    @property
    def registry(self) -> Path:
        """Where `registry import` keeps snapshots and `review` looks for them unless told otherwise."""
        return self.data / "registry"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read ZHENGSHEN_DATA, ZHENGSHEN_MAX_MB, ZHENGSHEN_MAX_PAGES, ZHENGSHEN_MAX_MEGAPIXELS and ZHENGSHEN_OCR."""
    default = Settings()
    wanted = environment.get("ZHENGSHEN_OCR", default.ocr)
    ocr = next((backend for backend in BACKENDS if backend == wanted), None)
    if ocr is None:
        raise InputError(
            f"环境变量 ZHENGSHEN_OCR 应为 {'、'.join(BACKENDS)} 之一，现为 {wanted!r}。 "
            f"ZHENGSHEN_OCR must be one of {', '.join(BACKENDS)}."
        )
    return Settings(
        data=Path(environment.get("ZHENGSHEN_DATA", str(default.data))),
        max_file_bytes=_number(environment, "ZHENGSHEN_MAX_MB", default.max_file_bytes // MEGA) * MEGA,
        max_pages=_number(environment, "ZHENGSHEN_MAX_PAGES", default.max_pages),
        max_pixels=_number(environment, "ZHENGSHEN_MAX_MEGAPIXELS", default.max_pixels // MEGA) * MEGA,
        ocr=ocr,
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
