"""A business licence as a photograph of about 1.5 million pixels: time against one call of RapidOCR on OpenVINO.

The licence is drawn and photographed by `samples.generate`. Figures: `over_rapidocr_openvino` (ours / one call of the peer),
`s_per_page`, and `fields_seen` (0 to 1), the share of the licence's number, name and address that stand among the words.
"""

import unicodedata

import cv2
import numpy as np

from extractor.ocr import default_engine
from extractor.scan import ScannedPage, read_scan
from samples.generate.degrade import photographed
from samples.generate.draw.fonts import register
from samples.generate.draw.licence import draw_licence
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.benchmarks import bench

PIXELS = 1_500_000
SEED = 3


def plain(text: str) -> str:
    """The text without widths and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def seen(page: ScannedPage, values: list[str]) -> float:
    """The share of the values whose characters stand on the page: a wrapped value counts by its two halves."""
    text = plain("\n".join(word.text for word in page.words))
    found = [any(v[:cut] in text and v[cut:] in text for cut in range(len(v))) for v in map(plain, values)]
    return sum(found) / len(found)


def main() -> None:
    options = bench.arguments(__doc__).parse_args()
    register()
    licence = invent(SEED, Plan(form="landscape")).licence
    photo = photographed(draw_licence(licence), "light", SEED)[0]
    factor = (PIXELS / (photo.shape[0] * photo.shape[1])) ** 0.5
    photo = np.asarray(cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    ocr = default_engine()
    from rapidocr import EngineType, RapidOCR

    engines = {f"{part}.engine_type": EngineType.OPENVINO for part in ("Det", "Cls", "Rec")}
    peer = RapidOCR(params={"Global.log_level": "error", **engines})
    reversed_channels = np.ascontiguousarray(photo[:, :, ::-1])
    tasks = {"ours": lambda: read_scan(photo, 1.0, ocr), "peer": lambda: peer(reversed_channels)}
    taken = bench.alternate(tasks, 5 if options.quick else 11)
    figures = {
        "over_rapidocr_openvino": round(taken["ours"] / taken["peer"], 2),
        "s_per_page": round(taken["ours"], 3),
        "fields_seen": round(seen(read_scan(photo, 1.0, ocr), [licence.code, licence.name, licence.address]), 3),
    }
    packages = ("rapidocr", "openvino", "opencv-python-headless")
    bench.report("licence_photo", figures, as_json=options.json, packages=packages)


if __name__ == "__main__":
    main()
