"""Business licences as photographs of about 1.5 million pixels: time against one call of RapidOCR on OpenVINO for each.

Five are drawn and photographed by `samples.generate`. Figures: `over_rapidocr_openvino` (ours / one call of the peer),
`s_per_page`, and `fields_seen` (0 to 1), the share of the licences' numbers, names and addresses that stand among the words.
"""

import unicodedata

import cv2
import numpy as np

from extractor.ocr import Image, default_engine
from extractor.scan import ScannedPage, read_scan
from samples.generate.degrade import photographed
from samples.generate.draw.fonts import register
from samples.generate.draw.licence import draw_licence
from samples.generate.facts import Licence
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.benchmarks import bench

PIXELS = 1_500_000
SEEDS = range(3, 8)
"""Of the photographs: how many lines are read again differs from one to the next, so one alone says little."""


def plain(text: str) -> str:
    """The text without widths and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def seen(page: ScannedPage, values: list[str]) -> float:
    """The share of the values whose characters stand on the page: a wrapped value counts by its two halves."""
    text = plain("\n".join(word.text for word in page.words))
    found = [any(v[:cut] in text and v[cut:] in text for cut in range(len(v))) for v in map(plain, values)]
    return sum(found) / len(found)


def photo_of(licence: Licence, seed: int) -> Image:
    """A photograph of the licence with 1.5 million pixels."""
    photo = photographed(draw_licence(licence), "light", seed)[0]
    factor = (PIXELS / (photo.shape[0] * photo.shape[1])) ** 0.5
    return np.asarray(cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def main() -> None:
    options = bench.arguments(__doc__).parse_args()
    register()
    licences = [invent(seed, Plan(form="landscape")).licence for seed in SEEDS]
    photos = [photo_of(licence, seed) for licence, seed in zip(licences, SEEDS, strict=True)]
    ocr = default_engine()
    from rapidocr import EngineType, RapidOCR

    engines = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    peer = RapidOCR(params={"Global.log_level": "error", **engines})
    reversed_channels = [np.ascontiguousarray(photo[:, :, ::-1]) for photo in photos]
    tasks = {
        "ours": lambda: [read_scan(photo, 1.0, ocr) for photo in photos],
        "peer": lambda: [peer(photo) for photo in reversed_channels],
    }
    taken = bench.alternate(tasks, 2 if options.quick else 11)
    shares = [
        seen(read_scan(photo, 1.0, ocr), [licence.code, licence.name, licence.address])
        for photo, licence in zip(photos, licences, strict=True)
    ]
    figures = {
        "over_rapidocr_openvino": round(taken["ours"] / taken["peer"], 2),
        "s_per_page": round(taken["ours"] / len(photos), 3),
        "fields_seen": round(sum(shares) / len(shares), 3),
    }
    packages = ("rapidocr", "openvino", "opencv-python-headless")
    bench.report("licence_photo", figures, as_json=options.json, packages=packages)


if __name__ == "__main__":
    main()
