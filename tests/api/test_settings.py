"""What an operator can set."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.options import ocr_factory
from api.settings import Settings, settings_from
from extractor.ocr.guarded import Rereading
from matchers.data import read_bytes
from models.errors import InputError


def test_nothing_set_gives_the_defaults() -> None:
    assert settings_from({}) == Settings()
    assert Settings().registry == Path("data/registry")


def test_everything_can_be_set() -> None:
    settings = settings_from(
        {
            "ZHENGSHEN_DATA": "/srv/zhengshen",
            "ZHENGSHEN_MAX_MB": "50",
            "ZHENGSHEN_MAX_PAGES": "300",
            "ZHENGSHEN_MAX_MEGAPIXELS": "40",
            "ZHENGSHEN_OCR": "onnxruntime",
        }
    )
    assert settings == Settings(Path("/srv/zhengshen"), 50_000_000, 300, 40_000_000, "onnxruntime")


def test_the_rules_of_another_route(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(read_bytes("rules.toml").replace(b'name = "cnas-commitment"', b'name = "general"'))
    assert settings_from({"ZHENGSHEN_RULES": str(path)}).rules.route == "general"
    path.write_text("[validity]", "utf-8")
    with pytest.raises(InputError, match="route"):
        settings_from({"ZHENGSHEN_RULES": str(path)})
    with pytest.raises(InputError, match=r"other\.toml"):
        settings_from({"ZHENGSHEN_RULES": str(tmp_path / "other.toml")})


def test_the_models_of_paddleocr_are_read_too() -> None:
    names = {"ZHENGSHEN_OCR": "paddle", "ZHENGSHEN_OCR_MODELS": "/srv/models", "ZHENGSHEN_OCR_DEVICE": "gpu:0"}
    assert settings_from(names) == Settings(ocr="paddle", ocr_models=Path("/srv/models"), ocr_device="gpu:0")


def test_a_second_engine_reads_what_the_first_one_doubts() -> None:
    settings = settings_from({"ZHENGSHEN_OCR": "openvino", "ZHENGSHEN_OCR_SECOND": "onnxruntime"})
    engine = ocr_factory(settings)(1)
    assert isinstance(engine, Rereading)
    assert engine.ladder
    assert engine.second is not None
    assert "openvino" in engine.name
    assert "onnxruntime" in engine.second().name
    assert engine.second() is engine.second()


def test_doubtful_text_is_read_again_unless_told_otherwise() -> None:
    choice = ocr_factory(Settings())
    assert not isinstance(choice(1), Rereading)
    plain = replace(choice, ladder=False)(1)
    assert isinstance(plain, Rereading)
    assert not plain.ladder


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHENGSHEN_MAX_MB", "many"),
        ("ZHENGSHEN_MAX_PAGES", "0"),
        ("ZHENGSHEN_MAX_PAGES", "-3"),
        ("ZHENGSHEN_OCR", "eyes"),
        ("ZHENGSHEN_OCR_SECOND", "glasses"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        settings_from({name: value})
