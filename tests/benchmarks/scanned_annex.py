"""Scanned ruled annex pages: time and exact rows, against RapidOCR's default call and against recognition alone.

The annexes are drawn by `samples.generate` and made into 200-dpi scans, each a little askew, soft, grained and compressed. Rows
count as exact when every cell is, widths and spaces aside, against the text layer of the same page; that the digital rows are
exact is `digital_annex`'s affair. Times are for one dense landscape page, drawn here, of 9 columns and about 170 texts.

Figures: `ratio_rapidocr` (its default call, ONNX Runtime, / ours), `over_recogniser` (ours / the recogniser alone on the same
lines), `most_rapidocr` (its default call / the recogniser alone: what the first would be if all else took no time),
`s_per_page`, `rapidocr_s_per_page`, `rows_exact` (0 to 1), `texts` on the timed page, and `scaling_2` (pages a second of a pool
of two processes / of one, one inference thread each, the same file of 100 pages, 16 with `--quick`, counted from when all of
them work; `cpu_s_per_page_1` and `_2`, the processor time of a page in them, say whether they got in each other's way).

Where the extra `paddle` is installed also: `ratio_paddleocr` (PaddleOCR's own pipeline on the same weights and ONNX Runtime /
ours), `paddleocr_s_per_page`, `paddle_engine_s_per_page` (our reading of the page with PaddleOCR's modules as the engine), and
the most memory that a fresh process takes for the page: `peak_mb`, `paddle_engine_peak_mb`, `paddleocr_peak_mb`.
"""

import logging
import os
import random
import resource
import tempfile
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from extractor import scan, tables
from extractor.ocr import Image, OcrEngine, Quad, Reading, backends, default_engine, paddle_engine
from extractor.ocr.choice import EngineChoice
from extractor.pdf import open_pdf
from extractor.pool import Pool, Rules
from models.layout import Table
from samples.generate.degrade import rendered, scanned
from samples.generate.degrade.files import image_pdf
from samples.generate.draw.annex import draw_annex
from samples.generate.draw.fonts import register
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.benchmarks import bench

DPI = 200
POINTS = 72 / DPI
WIDTHS = (32, 68, 40, 92, 50, 210, 88, 76, 92)
HEADER = (
    "序号",
    "检测对象",
    "序号",
    "项目/参数",
    "领域代码",
    "检测标准（方法）名称及编号",
    "限制范围",
    "说明",
    "生效日期",
)
OBJECTS = ("食品", "生活饮用水", "水和废水", "土壤", "环境空气", "化妆品")
ITEMS = (
    "水分",
    "灰分",
    "蛋白质",
    "铅",
    "总砷",
    "镉",
    "pH值",
    "浑浊度",
    "六价铬",
    "挥发酚",
    "菌落总数",
    "总硬度",
    "氨氮",
)
METHODS = ("食品中{}的测定", "水质 {}的测定 分光光度法", "土壤 {}的测定 原子荧光法", "{}检验方法 第4部分")


def dense_page(seed: int = 7) -> bytes:
    """A landscape A4 page with 20 rows of 9 columns, all cells filled but the merged ones."""
    rng = random.Random(seed)
    with tempfile.TemporaryFile() as file:
        canvas = Canvas(file, pagesize=landscape(A4))
        left, top, high = 47.0, 545.0, 24.0
        xs = [left + sum(WIDTHS[:i]) for i in range(10)]

        def cell(column: int, row: int, text: str, rows: int = 1) -> None:
            y = top - (row + rows) * high
            canvas.rect(xs[column], y, WIDTHS[column], rows * high)
            canvas.setFont("Song", 8.5)
            canvas.drawCentredString(xs[column] + WIDTHS[column] / 2, y + rows * high / 2 - 3, text)

        canvas.setLineWidth(0.5)
        for column, text in enumerate(HEADER):
            cell(column, 0, text)
        for first in range(1, 21, 4):
            cell(0, first, str(first // 4 + 1), 4)
            cell(1, first, rng.choice(OBJECTS), 4)
            for row in range(first, first + 4):
                item = rng.choice(ITEMS)
                code = f"GB/T {rng.randint(1000, 30000)}.{rng.randint(1, 30)}-{rng.randint(1999, 2023)}"
                day = f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
                values = (f"{first // 4 + 1}.{row - first + 1}", item, f"{rng.randint(100, 999):04d}")
                values += (
                    rng.choice(METHODS).format(item) + " " + code,
                    rng.choice(("只用第一法", "不做现场采样", "只测：铅、镉")),
                )
                for column, text in enumerate((*values, rng.choice(("变更", "维持", "新增")), day), 2):
                    cell(column, row, text)
        canvas.save()
        file.seek(0)
        return file.read()


def plain(text: str) -> str:
    """The text without what recognition may lose for good reason: widths and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def rows(found: tuple[Table, ...]) -> list[tuple[str, ...]]:
    """Every row of every table, its merged cells filled in."""
    return [tuple(plain(cell.text) for cell in row) for table in found for row in table.grid()]


def exact_rows(pdf: bytes, pictures: list[Image], ocr: OcrEngine) -> tuple[int, int]:
    """How many rows of the PDF's tables are read exactly from its scan, and how many there are."""
    good = total = 0
    with open_pdf(pdf) as file:
        for number, picture in enumerate(pictures, 1):
            page = file.read_page(number)
            truth = rows(tables.build(page.words, page.rulings)[0])
            seen = rows(scan.read_scan(picture, POINTS, ocr).tables)
            total += len(truth)
            good += sum(a == b for a, b in zip(truth, seen, strict=False)) if len(seen) == len(truth) else 0
    return good, total


def accuracy(ocr: OcrEngine, *, quick: bool) -> float:
    """The share of exact rows over annexes of all three generations and all degrees of wear."""
    good = total = 0
    kinds = (("G1", "light"), ("G2", "medium"), ("G3", "strong"), ("G3", "light"), ("G1", "medium"), ("G2", "strong"))
    for seed, (generation, level) in enumerate(kinds[: 2 if quick else 6], 1):
        pdf = draw_annex(invent(seed, Plan(generation=generation, objects=3, parameters=8)).annex).pdf
        right, all_of_them = exact_rows(pdf, scanned(pdf, level, seed, DPI), ocr)
        good, total = good + right, total + all_of_them
    return good / total


class Recorder:
    """Passes calls on and keeps the lines that were given to the recogniser."""

    def __init__(self, engine: OcrEngine) -> None:
        self._engine = engine
        self.name = engine.name
        self.lines: list[Image] = []

    def detect(self, image: Image) -> list[Quad]:
        return self._engine.detect(image)

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        self.lines += crops
        return self._engine.recognise(crops)


def paddleocr() -> Any:
    """PaddleOCR's own pipeline on the bundled weights, without what turns and flattens pages."""
    from extractor.ocr import paddle_models, rapid

    backends.onnxruntime()
    logging.disable(logging.WARNING)
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    from paddleocr import PaddleOCR

    folder = rapid.cache_folder(None)
    assert folder is not None
    models = paddle_models.bundled(folder)
    return PaddleOCR(
        text_detection_model_name=models["det"].name,
        text_detection_model_dir=str(models["det"].path),
        text_recognition_model_name=models["rec"].name,
        text_recognition_model_dir=str(models["rec"].path),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        text_det_limit_side_len=2400,
        text_det_limit_type="max",
    )


ONE_PAGE = """
import sys
import numpy as np
from extractor.ocr import default_engine, paddle_engine
from extractor.scan import read_scan
from tests.benchmarks import bench, scanned_annex
picture = np.load(sys.argv[1])
if sys.argv[2] == "paddleocr":
    pipeline = scanned_annex.paddleocr()
    for _ in range(2):
        pipeline.predict(picture[:, :, ::-1])
else:
    ocr = paddle_engine() if sys.argv[2] == "paddle_engine" else default_engine()
    for _ in range(2):
        read_scan(picture, 0.36, ocr)
print(round(bench.peak_mb()))
"""


def memory(picture: Image, ways: Sequence[str]) -> dict[str, int]:
    """The most MB that a fresh process held for reading the page twice in each of the ways."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.npy"
        np.save(path, picture)
        return {way: int(bench.fresh("-c", ONE_PAGE, str(path), way).splitlines()[-1]) for way in ways}


def scan_of(pages: int) -> bytes:
    """A PDF of dense pages, scanned."""
    pictures = [scanned(dense_page(seed), "light", seed, DPI)[0] for seed in range(min(pages, 8))]
    images = [PIL.Image.fromarray(pictures[number % len(pictures)]) for number in range(pages)]
    return image_pdf(images, quality=75, dpi=DPI)


def throughput(data: bytes, workers: int, warm: int) -> tuple[float, float]:
    """Pages a second of so many processes from page `warm` on, when all of them work; and processor seconds a page, starts included."""
    moments: list[float] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Pool(EngineChoice(), Rules(workers, threads=1)) as pool:
        document = pool.read(data, "scan.pdf", lambda *_: moments.append(time.perf_counter()))
        if document.faults or len(pool.children()) != workers:
            raise SystemExit(f"{len(pool.children())} processes, {len(document.faults)} pages failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (len(moments) - warm) / (moments[-1] - moments[warm - 1]), used / len(moments)


def scaling(*, quick: bool) -> dict[str, float]:
    """How two processes compare with one on the same pages: 100 of them, or 16."""
    pages, warm = (16, 4) if quick else (100, 10)
    data = scan_of(pages)
    one, two = throughput(data, 1, warm), throughput(data, 2, warm)
    return {
        "scaling_2": round(two[0] / one[0], 2),
        "cpu_s_per_page_1": round(one[1], 3),
        "cpu_s_per_page_2": round(two[1], 3),
    }


def paddle_figures(taken: Mapping[str, float], held: Mapping[str, int]) -> dict[str, object]:
    """The figures on PaddleOCR; none where it is not installed."""
    if "paddleocr" not in taken:
        return {}
    return {
        "ratio_paddleocr": round(taken["paddleocr"] / taken["ours"], 2),
        "paddleocr_s_per_page": round(taken["paddleocr"], 3),
        "paddleocr_peak_mb": held["paddleocr"],
        "paddle_engine_s_per_page": round(taken["paddle_engine"], 3),
        "paddle_engine_peak_mb": held["paddle_engine"],
    }


def main() -> None:
    options = bench.arguments(__doc__).parse_args()
    register()
    picture = rendered(dense_page(), DPI)[0]
    ocr = default_engine()
    recorder = Recorder(ocr)
    scan.read_scan(picture, POINTS, recorder)
    from rapidocr import RapidOCR

    peer = RapidOCR(params={"Global.log_level": "error"})
    reversed_channels = np.ascontiguousarray(picture[:, :, ::-1])
    tasks: dict[str, Callable[[], object]] = {
        "ours": lambda: scan.read_scan(picture, POINTS, ocr),
        "recogniser": lambda: ocr.recognise(recorder.lines),
        "rapidocr": lambda: peer(reversed_channels),
    }
    ways = ["ours"]
    if find_spec("paddleocr"):
        pipeline, engine = paddleocr(), paddle_engine()
        tasks["paddleocr"] = lambda: pipeline.predict(reversed_channels)
        tasks["paddle_engine"] = lambda: scan.read_scan(picture, POINTS, engine)
        ways += ["paddle_engine", "paddleocr"]
    taken = bench.alternate(tasks, 1 if options.quick else 5)
    held = memory(picture, ways)
    figures = {
        "ratio_rapidocr": round(taken["rapidocr"] / taken["ours"], 2),
        "over_recogniser": round(taken["ours"] / taken["recogniser"], 2),
        "most_rapidocr": round(taken["rapidocr"] / taken["recogniser"], 2),
        "s_per_page": round(taken["ours"], 3),
        "rapidocr_s_per_page": round(taken["rapidocr"], 3),
        "peak_mb": held["ours"],
        **paddle_figures(taken, held),
        "texts": len(recorder.lines),
        "rows_exact": round(accuracy(ocr, quick=options.quick), 4),
        **scaling(quick=options.quick),
    }
    packages = ["rapidocr", "openvino", "onnxruntime", "opencv-python-headless"]
    packages += ["paddleocr"] if "paddleocr" in taken else []
    bench.report("scanned_annex", figures, as_json=options.json, packages=packages)


if __name__ == "__main__":
    main()
