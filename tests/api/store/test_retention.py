"""How long what is kept, as the operator writes it."""

import pytest

from api.store.retention import Retention, retention_of
from models.errors import InputError
from tests.api.store.given import NOW, after


def test_what_is_not_named_keeps_its_default() -> None:
    default, own = Retention(), retention_of(" business_licence = 30 , review=1000,")
    assert own.until("business_licence", NOW) == after(30)
    assert own.until("cnas_annex", NOW) == own.until(None, NOW) == default.until("cnas_annex", NOW) == after(365)
    assert own.case_until(NOW) == after(1000)
    assert retention_of("") == default


def test_no_paper_outlives_its_case() -> None:
    assert retention_of("review=10,cnas_annex=500").until("cnas_annex", NOW) == after(10)


def test_nothing_need_be_kept() -> None:
    assert retention_of("other=0").until("cma_annex", NOW) == NOW


@pytest.mark.parametrize("text", ["licence=3", "review", "review=", "review=-1", "review=1.5", "review=10;other=3"])
def test_a_wrong_word_is_named(text: str) -> None:
    with pytest.raises(InputError, match="review=2190"):
        retention_of(text)
