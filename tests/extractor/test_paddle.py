"""The second recognition engine, held against the first one on the same pages, and the model folders that it takes."""

import io
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image as Pictures
from pypdfium2 import PdfDocument

from api.inputs import uploads_in
from api.options import ocr_factory
from api.reading import Upload, parse_files
from api.render.json import parse_json
from api.settings import settings_from
from extractor import crops
from extractor.ocr import Image, OcrEngine, default_engine, detection, paddle, paddle_engine, paddle_models
from models.errors import OcrUnavailable

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).resolve().parents[2]
SCANNED = ROOT / "samples" / "cases" / "clean_scanned"

needs_paddleocr = pytest.mark.skipif(find_spec("paddleocr") is None, reason="the extra `paddle` is not installed")
# PaddleOCR and what it imports are not free of warnings.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def bundled(cache: Path) -> Path:
    """The folder made of the bundled weights."""
    return paddle_models.bundled(cache)["det"].path.parent


@pytest.fixture(scope="module")
def engine(cache: Path) -> OcrEngine:
    return paddle_engine(cache_dir=cache)


@pytest.fixture(scope="module")
def default(cache: Path) -> OcrEngine:
    return default_engine(cache_dir=cache)


@pytest.fixture(scope="module")
def pages() -> list[Image]:
    return [np.asarray(Pictures.open(DATA / name).convert("RGB")) for name in ("annex.png", "certificate.png")]


@pytest.fixture(scope="module")
def snippets(pages: list[Image], default: OcrEngine) -> list[Image]:
    """The lines of both pages, as the default engine finds them."""
    return [crops.straightened(page, quad) for page in pages for quad in default.detect(page)]


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def agreement(one: list[str], other: list[str]) -> float:
    """The share of characters that two readings of the same lines have in common."""
    same = sum(
        sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
        for a, b in zip(one, other, strict=True)
    )
    return 2 * same / sum(len(text) for text in one + other)


@needs_paddleocr
def test_both_engines_read_the_same_text_in_the_same_lines(
    engine: OcrEngine, default: OcrEngine, snippets: list[Image]
) -> None:
    ours, theirs = engine.recognise(snippets), default.recognise(snippets)
    assert len(snippets) > 40
    assert agreement([plain(r.text) for r in ours], [plain(r.text) for r in theirs]) >= 0.98
    assert all(len(reading.positions) == len(reading.text) for reading in ours)
    same = [(one, other) for one, other in zip(ours, theirs, strict=True) if one.text == other.text]
    assert float(np.median([abs(one.confidence - other.confidence) for one, other in same])) < 0.01
    for one, other in same:
        assert one.positions == pytest.approx(other.positions, abs=0.15)


@needs_paddleocr
def test_both_engines_find_the_same_lines(
    engine: OcrEngine, default: OcrEngine, pages: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for lines that run together, which the default engine parts, and PaddleOCR drops: a date under a seal is one."""
    monkeypatch.setattr(detection, "STRICTER", ())
    for page in pages:
        height, width = page.shape[:2]
        ours, theirs = engine.detect(page), default.detect(page)
        middles = [quad.mean(axis=0) for quad in ours]
        tops = [float(y) for _, y in middles]
        assert tops == sorted(tops)
        assert all(((quad >= 0) & (quad <= (width - 1, height - 1))).all() for quad in ours)
        missed = [q for q in theirs if min(np.abs(q.mean(axis=0) - middle).max() for middle in middles) > 6]
        assert len(missed) <= 0.05 * len(theirs)
        assert len(ours) <= 1.05 * len(theirs)


@needs_paddleocr
def test_readings_stand_in_the_order_of_the_crops(engine: OcrEngine, snippets: list[Image]) -> None:
    few = snippets[:9]
    assert [r.text for r in engine.recognise(few)] == [r.text for r in engine.recognise(few[::-1])][::-1]
    assert engine.recognise([]) == []


@needs_paddleocr
def test_pictures_of_any_shape_are_accepted(engine: OcrEngine) -> None:
    odd = [np.full((h, w, 3), 255, np.uint8) for h, w in ((1, 1), (48, 1), (1, 500), (20, 6000), (900, 10))]
    assert [r.text for r in engine.recognise(odd)] == [""] * 5
    assert engine.detect(np.full((300, 400, 3), 255, np.uint8)) == []
    assert engine.detect(np.zeros((2, 900, 3), np.uint8)) == []


def leaves(value: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    """Every field and every cell of the papers as JSON, without widths, spaces, places and certainty."""
    if isinstance(value, dict):
        if "value" in value:
            yield from leaves(value["value"], path)
            return
        for key, inner in value.items():
            if key not in {"confidence", "evidence", "decided_by"}:
                yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, plain(str(value))


def some_pages(path: Path, *indices: int) -> bytes:
    """Those pages of a PDF file as a file of their own."""
    with PdfDocument(path) as whole, PdfDocument.new() as part, io.BytesIO() as file:
        part.import_pages(whole, indices)
        part.save(file)
        return file.getvalue()


@needs_paddleocr
@pytest.mark.slow
def test_scanned_papers_have_the_same_fields_and_rows_by_either_engine(engine: OcrEngine, default: OcrEngine) -> None:
    files = [*uploads_in([SCANNED / "CNAS证书.pdf"]), Upload("附件.pdf", some_pages(SCANNED / "附件.pdf", 0, 2))]

    def parsed(ocr: OcrEngine) -> dict[tuple[object, ...], str]:
        reading = parse_files(files, lambda: ocr)
        assert reading.engine == ocr.name
        return dict(leaves(parse_json(reading.papers, reading.problems)))

    ours, theirs = parsed(engine), parsed(default)
    assert sum(path[-1] == "method" for path in theirs) > 10
    assert len(ours) == len(theirs)
    assert sum(ours.get(path) == value for path, value in theirs.items()) >= 0.99 * len(theirs)


OFFLINE = """
import json, sys

asked = []

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        asked.append(event)
        raise OSError("no network")

sys.addaudithook(refuse)
from pathlib import Path
import numpy as np
from PIL import Image
from extractor.ocr import paddle_engine

page = np.asarray(Image.open(sys.argv[1]).convert("RGB"))
engine = paddle_engine(cache_dir=Path(sys.argv[2]))
lines = engine.detect(page)
texts = [r.text for r in engine.recognise([page[100:160, 386:586]])]
print(json.dumps({"asked": asked, "lines": len(lines), "texts": texts}))
"""


@needs_paddleocr
def test_nothing_is_asked_of_the_network_and_nothing_is_left_at_home(
    cache: Path, bundled: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PADDLE", "ORT", "XDG", "CI"))
    }
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(DATA / "annex.png"), str(cache)],
        env={**environment, "HOME": str(home), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["asked"] == []
    assert said["lines"] > 30
    assert said["texts"] != [""]
    assert list(home.iterdir()) == []


@needs_paddleocr
def test_a_model_of_ones_own_is_run_with_its_own_alphabet(bundled: Path, cache: Path, tmp_path: Path) -> None:
    """A recogniser alone is given: another name, and the sign 硬 called 軟 in its alphabet."""
    shutil.copytree(bundled / "rec", tmp_path / "rec")
    config = yaml.safe_load((tmp_path / "rec" / "inference.yml").read_text(encoding="utf-8"))
    config["Global"]["model_name"] = "PP-OCRv5_server_rec"
    signs = config["PostProcess"]["character_dict"]
    hard, soft = signs.index("硬"), signs.index("軟")
    signs[hard], signs[soft] = "軟", "硬"
    (tmp_path / "rec" / "inference.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    engine = paddle_engine(tmp_path, cache)
    assert engine.name.startswith("PP-OCRv6_small_det, PP-OCRv5_server_rec (paddleocr 3.7.")
    page = np.asarray(Pictures.open(DATA / "annex.png").convert("RGB"))
    texts = {r.text for r in engine.recognise([crops.straightened(page, quad) for quad in engine.detect(page)])}
    assert "总軟度" in texts


@needs_paddleocr
def test_a_model_that_paddleocr_refuses_is_said_at_once(bundled: Path, cache: Path, tmp_path: Path) -> None:
    shutil.copytree(bundled / "det", tmp_path / "det")
    config = (tmp_path / "det" / "inference.yml").read_text(encoding="utf-8")
    (tmp_path / "det" / "inference.yml").write_text(
        config.replace("PP-OCRv6_small_det", "my_detector"), encoding="utf-8"
    )
    with pytest.raises(OcrUnavailable, match="my_detector"):
        paddle_engine(tmp_path, cache).detect(np.full((200, 200, 3), 255, np.uint8))


@needs_paddleocr
def test_the_settings_choose_the_engine(bundled: Path, tmp_path: Path) -> None:
    names = {"ZHENGSHEN_OCR": "paddle", "ZHENGSHEN_OCR_MODELS": str(bundled), "ZHENGSHEN_DATA": str(tmp_path)}
    engine = ocr_factory(settings_from(names))()
    assert isinstance(engine, paddle.PaddleEngine)
    assert f"(paddleocr {version('paddleocr')}, onnxruntime " in engine.name


@needs_paddleocr
def test_without_a_cache_folder_the_models_are_laid_out_for_the_engine_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert paddle_engine(cache_dir=file / "below").name.startswith("PP-OCRv6_small_det, PP-OCRv6_small_rec ")


@needs_paddleocr
def test_cv2_is_that_of_the_headless_package() -> None:
    """PaddleOCR brings a second package with a `cv2` of its own, an older one that needs a screen's libraries."""
    import cv2

    assert version("opencv-python-headless").startswith(cv2.__version__)


def test_paddleocr_that_is_not_installed_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paddle, "find_spec", lambda name: None)
    with pytest.raises(OcrUnavailable, match=r"\.\[paddle\]"):
        paddle_engine()


def test_an_empty_folder_says_where_models_belong(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(OcrUnavailable, match=r"det .*rec.*inference\.onnx"):
        paddle_models.models_in(tmp_path, cache)


@pytest.mark.parametrize("text", [None, "", "Global: {}", "[1, 2", "Global: {model_name: X}\nPreProcess: 3"])
def test_a_model_without_a_sound_configuration_is_refused(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "inference.onnx").touch()
    if text is not None:
        (tmp_path / "inference.yml").write_text(text, encoding="utf-8")
    with pytest.raises(OcrUnavailable, match=r"inference\.yml"):
        paddle_models.opened(tmp_path)


def test_a_model_without_weights_or_without_their_runtime_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "Global: {model_name: PP-OCRv5_server_det}\nPreProcess: {transform_ops: [ToCHWImage: null]}\n"
    (tmp_path / "inference.yml").write_text(config, encoding="utf-8")
    with pytest.raises(OcrUnavailable, match=r"inference\.onnx"):
        paddle_models.opened(tmp_path)
    monkeypatch.setattr(paddle_models, "find_spec", lambda name: None)
    (tmp_path / "inference.json").touch()
    with pytest.raises(OcrUnavailable, match="paddlepaddle"):
        paddle_models.opened(tmp_path)
    (tmp_path / "inference.onnx").touch()
    with pytest.raises(OcrUnavailable, match="onnxruntime"):
        paddle_models.opened(tmp_path)


def test_the_bundled_models_are_laid_out_once_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out, made = paddle_models._lay_out, []

    def beaten_to_it(home: Path) -> None:
        """As if another process had finished the same folder just before."""
        made.append(home)
        lay_out(home)
        shutil.copytree(home, tmp_path / "paddle" / home.name)

    monkeypatch.setattr(paddle_models, "_lay_out", beaten_to_it)
    models = paddle_models.bundled(tmp_path)
    assert {part: (m.name, m.runtime, m.input) for part, m in models.items()} == {
        "det": ("PP-OCRv6_small_det", "onnxruntime", ()),
        "rec": ("PP-OCRv6_small_rec", "onnxruntime", (3, 48, 48)),
    }
    assert paddle_models.bundled(tmp_path) == models
    assert len(made) == 1
    assert [path.name for path in (tmp_path / "paddle").iterdir()] == [models["det"].path.parent.name]


def test_a_folder_that_could_not_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(home: Path) -> None:
        home.mkdir(parents=True)
        raise OSError("disk full")

    monkeypatch.setattr(paddle_models, "_lay_out", breaks)
    with pytest.raises(OSError, match="disk full"):
        paddle_models.bundled(tmp_path)
    assert list((tmp_path / "paddle").iterdir()) == []
