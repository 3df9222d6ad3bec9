"""An engine that takes a glance only: lines where a picture is dark, and words that depend on their pixels; quick, and never right."""
# ruff: noqa: E501 - lists of odd strings

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractor.ocr import Image, Quad, Reading

WORDS = (
    "营业执照", "统一社会信用代码 91460100MA5T00000X", "名称：海南某某检测有限公司", "实验室认可证书", "注册号：CNAS L12345", "附件", "证书附件",
    "有效期至 2028年13月45日", "GB/T 5009.5-2016 第一法", "序号", "检测对象", "项目/参数", "领域代码", "限制范围", "1", "2.1", "不做", "", " ",
    "=cmd|'/c calc'!A0", "<script>alert(1)</script>", "９９９９９９９９９９９９年", "\u202e\u0007", "地址：海口市" * 20, "壹亿仟佰拾元整", "资质认定证书", "(" * 60,
)  # fmt: skip
_MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class GlanceMaker:
    """Makes the engine; a value that can be sent to readers."""

    def __call__(self, threads: int = 0) -> "Glance":
        return Glance()


@dataclass(frozen=True, slots=True)
class Glance:
    """See the module."""

    name: str = "glance"

    def detect(self, image: Image) -> list[Quad]:
        """A quad for each run of rows that are not blank, over the columns that are not."""
        dark = image.min(axis=2) < 128
        rows = np.flatnonzero(np.diff(np.concatenate(([0], dark.any(axis=1).view(np.int8), [0]))))
        quads = []
        for top, bottom in zip(rows[::2][:_MOST_LINES], rows[1::2], strict=False):
            columns = np.flatnonzero(dark[top:bottom].any(axis=0))
            left, right = columns[0], columns[-1] + 1
            corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
            quads.append(np.array(corners, np.float32))
        return quads

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        """Words by the checksum of the pixels."""
        sums = [zlib.crc32(np.ascontiguousarray(crop).tobytes()) for crop in crops]
        return [Reading(WORDS[s % len(WORDS)], (s >> 8) % 101 / 100) for s in sums]
