"""Which engine recognises text, as a value that can be handed to another process and made into the engine there."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Literal

from extractor.ocr import OcrEngine, default_engine, paddle_engine
from extractor.ocr.guarded import Rereading

Recognition = Literal["auto", "openvino", "onnxruntime", "paddle"]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The default engine on the runtime named in `ocr`, or PaddleOCR with the models in `models`, if any, on `device`.

    Lines that it reads with doubt are read again, in the end by the engine named in `second` if there is one; not so without `ladder`.
    """

    ocr: Recognition = "auto"
    cache_dir: Path | None = None
    models: Path | None = None
    device: str = "cpu"
    second: Recognition | None = None
    ladder: bool = True

    def __call__(self, threads: int = 0) -> OcrEngine:
        """The engine; nothing is loaded before its first picture. `threads` 0 means every core. Raises OcrUnavailable."""
        engine = self._engine(self.ocr, threads)
        if self.ladder and self.second is None:
            return engine
        second = None if self.second is None else cache(partial(self._engine, self.second, threads))
        return Rereading(engine, self.ladder, second)

    def _engine(self, ocr: Recognition, threads: int) -> OcrEngine:
        if ocr == "paddle":
            return paddle_engine(self.models, self.cache_dir, threads, self.device)
        return default_engine(self.cache_dir, threads, ocr)
