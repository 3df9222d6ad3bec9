"""Which engine recognises text, as a value that can be handed to another process and made into the engine there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extractor.ocr import OcrEngine, default_engine, paddle_engine

Recognition = Literal["auto", "openvino", "onnxruntime", "paddle"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The default engine on the runtime named in `ocr`, or PaddleOCR with the models in `models`, if any, on `device`."""

    ocr: Recognition = "auto"
    cache_dir: Path | None = None
    models: Path | None = None
    device: str = "cpu"

    def __call__(self, threads: int = 0) -> OcrEngine:
        """The engine; nothing is loaded before its first picture. `threads` 0 means every core. Raises OcrUnavailable."""
        if self.ocr == "paddle":
            return paddle_engine(self.models, self.cache_dir, threads, self.device)
        return default_engine(self.cache_dir, threads, self.ocr)
