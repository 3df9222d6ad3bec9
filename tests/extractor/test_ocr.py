"""The recognition engine, held against the package whose weights it runs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures

from extractor import crops
from extractor.levelling import levelled
from extractor.ocr import Image, OcrEngine, Reading, backends, default_engine, lighter, lines
from extractor.ocr.rapid import weights
from extractor.textlines import Area, lines_in
from models.errors import OcrUnavailable

DATA = Path(__file__).parent / "data"
CERTIFICATE = json.loads((DATA / "certificate.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> OcrEngine:
    return default_engine(cache_dir=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def page() -> Image:
    return np.asarray(Pictures.open(DATA / "annex.png").convert("RGB"))


@pytest.fixture(scope="module")
def snippets(page: Image) -> list[Image]:
    """Lines of text as a detector would cut them: four columns of the annex, cell by cell."""
    columns, rows = ((76, 70), (386, 200), (586, 110), (696, 480)), ((100, 60), (320, 60), (380, 60))
    cells = [Area(x, y, x + w, y + h) for x, w in columns for y, h in rows]
    found = lines_in(levelled(page).text, cells)
    return [crops.cut(page, line, cell.inside, 7) for cell in found for line in cell.lines]


@pytest.mark.filterwarnings("ignore")
def test_texts_equal_those_of_rapidocr_on_the_same_lines(engine: OcrEngine, snippets: list[Image]) -> None:
    from rapidocr import RapidOCR

    theirs = RapidOCR(params={"Global.log_level": "error"}).recognize_txt([s[:, :, ::-1].copy() for s in snippets]).txts
    assert len(snippets) == 10
    assert [r.text for r in engine.recognise(snippets)] == list(theirs)
    assert [r.text for r in default_engine(backend="onnxruntime").recognise(snippets)] == list(theirs)


def test_readings_stand_in_the_order_of_the_crops(engine: OcrEngine, snippets: list[Image]) -> None:
    forwards = [r.text for r in engine.recognise(snippets)]
    backwards = [r.text for r in engine.recognise(snippets[::-1])]
    assert forwards == backwards[::-1]
    assert {"序号", "总硬度", "0226"} <= set(forwards)


def test_positions_are_where_the_characters_are(engine: OcrEngine, snippets: list[Image]) -> None:
    readings = engine.recognise(snippets)
    for reading in readings:
        assert len(reading.positions) == len(reading.text)
        assert list(reading.positions) == sorted(reading.positions)
        assert all(0.0 <= p <= 1.0 for p in reading.positions)
    hardness = next(r for r in readings if r.text == "总硬度")
    assert hardness.positions == pytest.approx((0.2, 0.5, 0.8), abs=0.1)


def test_detection_finds_the_lines_of_a_certificate(engine: OcrEngine) -> None:
    picture = np.asarray(Pictures.open(DATA / "certificate.png").convert("RGB"))
    quads = engine.detect(picture)
    texts = {r.text for r in engine.recognise([crops.straightened(picture, q) for q in quads])}
    assert {CERTIFICATE["title"], CERTIFICATE["name"], CERTIFICATE["address"]} <= texts
    tops = [float(q[:, 1].mean()) for q in quads]
    assert tops == sorted(tops)


def test_detection_says_nothing_of_an_empty_or_tiny_picture(engine: OcrEngine) -> None:
    assert engine.detect(np.full((300, 400, 3), 255, np.uint8)) == []
    assert engine.detect(np.zeros((2, 900, 3), np.uint8)) == []
    assert engine.recognise([]) == []


def test_a_page_is_read_the_same_every_time(engine: OcrEngine, snippets: list[Image]) -> None:
    assert engine.recognise(snippets) == engine.recognise(snippets)


def test_lines_of_any_shape_are_accepted(engine: OcrEngine) -> None:
    odd = [np.full((h, w, 3), 255, np.uint8) for h, w in ((1, 1), (48, 1), (1, 500), (20, 6000), (900, 10))]
    assert [r.text for r in engine.recognise(odd)] == [""] * 5


def test_the_cache_folder_is_used_and_not_needed(tmp_path: Path, snippets: list[Image]) -> None:
    kept = tmp_path / "kept"
    assert default_engine(cache_dir=kept).recognise(snippets[:1])
    assert any(kept.iterdir())
    file = tmp_path / "file"
    file.touch()
    assert default_engine(cache_dir=file / "below").recognise(snippets[:1])


@pytest.mark.parametrize("times", [1, 2])
def test_a_model_that_does_not_load_is_tried_again_without_its_kept_form(
    times: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, snippets: list[Image]
) -> None:
    load, folders = backends.load, []

    def failing(*given: Any, cache_dir: Path | None, **more: Any) -> backends.Model:
        folders.append(cache_dir)
        if len(folders) <= times:
            raise RuntimeError("not now")
        return load(*given, cache_dir=cache_dir, **more)

    monkeypatch.setattr(backends, "load", failing)
    engine = default_engine(cache_dir=tmp_path)
    if times == 1:
        assert engine.recognise(snippets[:1])[0].text
    else:
        with pytest.raises(OcrUnavailable, match="rec"):
            engine.recognise(snippets[:1])
    assert folders == [tmp_path, None]


def test_the_name_says_what_ran(engine: OcrEngine) -> None:
    assert engine.name.startswith("PP-OCRv6_small (rapidocr ")


def test_a_missing_backend_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(OcrUnavailable, match="openvino / onnxruntime"):
        default_engine()


def steps(*rows: dict[int, float], classes: int = 6) -> tuple[np.ndarray, np.ndarray, lines.Alphabet]:
    """Probabilities for one line, decoded as far as `Alphabet.best`; the alphabet is 甲 （ ( l and the space."""
    table = np.zeros((1, len(rows), classes), np.float32)
    for step, row in enumerate(rows):
        for index, probability in row.items():
            table[0, step, index] = probability
    alphabet = lines.Alphabet(["甲", "（", "(", "l"])
    found, certainty = alphabet.best(table)
    return found[0], certainty[0], alphabet


def test_repeated_steps_are_one_character_and_blanks_part_two() -> None:
    found, certainty, alphabet = steps({1: 0.9}, {1: 0.8}, {0: 1.0}, {1: 0.9}, {5: 0.7}, {4: 0.9})
    reading = lines.decode(found, certainty, alphabet, 1.0)
    assert reading.text == "甲甲 l"
    assert reading.positions == pytest.approx((1 / 6, 3.5 / 6, 4.5 / 6, 5.5 / 6))


def test_one_doubtful_character_makes_the_whole_doubtful() -> None:
    sure = [{1: 1.0}, {0: 1.0}] * 9
    found, certainty, alphabet = steps(*sure, {4: 0.4})
    reading = lines.decode(found, certainty, alphabet, 1.0)
    assert reading.confidence == pytest.approx((0.94 + 0.4) / 2)


def test_a_doubtful_space_counts_for_nothing() -> None:
    found, certainty, alphabet = steps({1: 1.0}, {5: 0.3}, {4: 1.0})
    assert lines.decode(found, certainty, alphabet, 1.0) == Reading("甲 l", 1.0, pytest.approx((1 / 6, 0.5, 5 / 6)))


def test_full_and_half_width_share_their_certainty() -> None:
    found, certainty, alphabet = steps({2: 0.55, 3: 0.44}, {1: 1.0})
    reading = lines.decode(found, certainty, alphabet, 1.0)
    assert reading.text == "（甲"
    assert reading.confidence == pytest.approx((0.995 + 0.99) / 2)


def test_what_no_chinese_paper_prints_is_not_read() -> None:
    table = np.zeros((1, 3, 6), np.float32)
    table[0, :, 1:5] = [[0.6, 0.3, 0.1, 0.0], [0.1, 0.8, 0.0, 0.1], [0.0, 0.0, 0.3, 0.7]]
    alphabet = lines.Alphabet(["し", "0", "9", "月"])
    found, certainty = alphabet.best(table)
    reading = lines.decode(found[0], certainty[0], alphabet, 1.0)
    assert reading.text == "0月"
    assert reading.confidence < 0.6


@pytest.mark.parametrize(
    ("text", "centres", "lost", "gaping"),
    [
        ("食品农产品", (0.5, 1.2, 2.6, 3.3, 4.0), (1.75,), True),  # 食品、农产品 without its 、
        ("食品农产品", (0.5, 1.2, 2.6, 3.3, 4.0), (1.55,), True),  # which may touch what stands before it
        ("食品农产品", (0.5, 1.2, 2.6, 3.3, 4.0), (), False),  # set apart: there is nothing in between
        ("食品、农产品", (0.5, 1.2, 1.8, 2.6, 3.3, 4.0), (), False),
        ("食品 农产品", (0.5, 1.2, 1.8, 2.6, 3.3, 4.0), (), False),
        ("法33.7", (0.5, 1.9, 2.2, 2.4, 2.6), (1.1,), True),  # 法、33.7
        ("GB 5009", (0.5, 0.8, 1.9, 3.1, 3.4, 3.7, 4.0), (1.3,), False),  # no character stands beside the gaps
    ],
)
def test_a_sign_that_was_passed_over_beside_a_character_is_noticed(
    text: str, centres: tuple[float, ...], lost: tuple[float, ...], gaping: bool
) -> None:
    """Places in heights of the line; what is read is as wide as its kind, what was lost a fifth."""
    crop = np.full((48, 48 * 5, 3), 250, np.uint8)
    for centre, half in [(c, 0.33 if sign > "一" else 0.12) for sign, c in zip(text, centres, strict=True)]:
        crop[8:40, round(48 * (centre - half)) : round(48 * (centre + half))] = 20
    for centre in lost:
        crop[28:40, round(48 * (centre - 0.1)) : round(48 * (centre + 0.1))] = 20
    assert lines.gaping(Reading(text, 1.0, tuple(x / 5 for x in centres)), crop) is gaping


def test_nothing_read_is_an_empty_reading() -> None:
    found, certainty, alphabet = steps({0: 1.0}, {0: 1.0})
    assert lines.decode(found, certainty, alphabet, 1.0) == Reading("", 0.0)


def test_batches_have_few_shapes_and_hold_every_crop_once() -> None:
    widths = [10, 47, 48, 49, 300, 301, 700, 2500, 60, 61, 62, 63]
    crops_of_widths = [np.full((48, w, 3), 200, np.uint8) for w in widths]
    seen = []
    for tensor, placed in lines.batches(crops_of_widths):
        assert tensor.shape[0] * tensor.shape[3] <= 4 * 320 or tensor.shape[0] <= 2
        for row, (index, filled) in enumerate(placed):
            seen.append(index)
            end = round(filled * tensor.shape[3])
            assert tensor[row, :, :, :end] == pytest.approx(200 / 127.5 - 1)
            assert not tensor[row, :, :, end:].any()
    assert sorted(seen) == list(range(len(widths)))


def test_batches_can_be_narrowed() -> None:
    crop = np.full((24, 500, 3), 200, np.uint8)
    ((tensor, placed),) = lines.batches([crop], 0.72)
    assert round(placed[0][1] * tensor.shape[3]) == 720
    assert tensor.shape[2] == 48


def test_roundings_are_for_the_measured_weights_only(tmp_path: Path) -> None:
    other = tmp_path / "other.onnx"
    other.write_bytes(b"other weights")

    assert lighter.roundings_for(other) == {}
    assert len(lighter.roundings_for(weights()["rec"])) > 20


def test_rounding_keeps_nought_and_the_ends() -> None:
    step, below = lighter.Rounding(-0.17, 3.1, np.zeros(1, np.float32)).steps()

    assert (-below * step, (255 - below) * step) == pytest.approx((-0.17, 3.1), abs=step)


def test_the_lighter_network_reads_what_the_exact_one_reads(
    engine: OcrEngine, snippets: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = engine.recognise(snippets)
    monkeypatch.setattr(lighter, "roundings_for", lambda _: {})
    monkeypatch.setattr(lighter, "without_softmax", lambda _: False)
    exact = default_engine().recognise(snippets)

    assert [reading.text for reading in found] == [reading.text for reading in exact]
    assert [r.confidence for r in found] == pytest.approx([r.confidence for r in exact], abs=0.05)


def test_a_softmax_that_is_left_to_us_changes_no_certainty(
    snippets: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lighter, "roundings_for", lambda _: {})
    bare = default_engine().recognise(snippets)
    monkeypatch.setattr(lighter, "without_softmax", lambda _: False)
    whole = default_engine().recognise(snippets)

    assert [r.text for r in bare] == [r.text for r in whole]
    assert [r.confidence for r in bare] == pytest.approx([r.confidence for r in whole], abs=0.01)


def test_wide_layers_run_in_eight_bits_where_the_processor_can() -> None:
    openvino = pytest.importorskip("openvino")
    core = openvino.Core()
    network = core.read_model(str(weights()["rec"]))
    lighter.in_eight_bits(network, lighter.roundings_for(weights()["rec"]))
    running = core.compile_model(network, "CPU").get_runtime_model().get_ops()
    rounded = [op for op in running if op.get_rt_info()["primitiveType"].value.endswith("I8")]

    assert len(rounded) >= len(lighter.roundings_for(weights()["rec"]))
