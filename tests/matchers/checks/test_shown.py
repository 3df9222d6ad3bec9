"""CC-04: the text layer against the picture, for every file of a case."""

from dataclasses import replace

import pytest

from matchers.checks.shown import text_layers_say_what_is_shown
from models.file_facts import FileFacts, PageFacts
from models.finding import Outcome, Severity
from models.layout import Box, Origin, TwoReadings
from tests.matchers.factory import make_case

AGREES = TwoReadings(Box(10, 10, 90, 20), "生效日期：2024-06-12", "生效日期：2024-06-12", 0.99)
DIFFERS = TwoReadings(Box(10, 30, 90, 40), "截止日期：2029-12-09", "截止日期：2033-12-09", 0.97)


def file(*readings: TwoReadings) -> FileFacts:
    page = PageFacts(1, 595.0, 842.0, Origin.TEXT, readings=readings or None)
    return FileFacts("CNAS证书.pdf", "a" * 64, "application/pdf", (page,))


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ((), Outcome.NOT_APPLICABLE),
        ((file(),), Outcome.NOT_APPLICABLE),
        ((file(AGREES), file()), Outcome.MATCH),
        ((file(AGREES), file(AGREES, DIFFERS)), Outcome.MISMATCH),
        ((file(replace(DIFFERS, confidence=0.7)),), Outcome.MATCH),
    ],
)
def test_outcome(files: tuple[FileFacts, ...], outcome: Outcome) -> None:
    (finding,) = text_layers_say_what_is_shown(replace(make_case(), files=files))
    assert finding.outcome is outcome


def test_both_readings_are_shown_where_they_stand() -> None:
    (finding,) = text_layers_say_what_is_shown(replace(make_case(), files=(file(AGREES, DIFFERS),)))
    assert finding.severity is Severity.MAJOR
    assert finding.left is not None
    assert finding.right is not None
    assert (finding.left.value, finding.right.value) == (DIFFERS.layer, DIFFERS.picture)
    assert (finding.left.origin, finding.right.origin) == (Origin.TEXT, Origin.OCR)
    assert finding.right.confidence == 0.97
    assert [region.box for region in finding.left.evidence] == [DIFFERS.box]
