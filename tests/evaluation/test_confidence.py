"""The weights in the program are those that the kept observations give, and what they say of held-back ones holds."""

from api.calibration import calibration_json
from tests.evaluation.refit import DATA, fitted_of, kept, kept_text, said, written


def test_the_weights_are_fitted_on_the_kept_observations() -> None:
    source, seen = kept()
    assert written(fitted_of(seen), seen, source) == DATA.read_text("utf-8"), "python -m tests.evaluation.refit"
    assert kept_text(seen, source).startswith("# Source: ")
    assert min(len(held) for held in seen.values()) > 200


def test_what_is_said_of_held_back_readings_holds() -> None:
    _, seen = kept()
    held = seen["held_back"]
    before, after = (calibration_json(said(held, weights))["fields"] for weights in (None, fitted_of(seen)))
    assert after["sure"]["share"] >= 0.99
    assert after["sure"]["total"] > 0.6 * after["total"]  # not by being sure of hardly anything
    assert after["expected_calibration_error"] < before["expected_calibration_error"]
    assert after["sure_and_wrong"]["share"] <= 0.01


def test_observations_are_kept_as_they_are() -> None:
    source, seen = kept()
    assert kept_text(seen, source).count("\n") == 2 + sum(map(len, seen.values()))
