"""Time grows with the size of the input, not with its square: whatever reads a stranger's text, fed with what expressions like least."""

import time
from collections.abc import Callable

import pytest

from api.masking import masked
from extractor.labels import squeeze
from extractor.limits import read_limits
from extractor.scopes import read_activities
from matchers.addresses import compare_addresses
from matchers.names import compare_names
from models.dates import find_dates, parse_period
from models.money import parse_money
from models.numerals import parse_number
from models.standards import find_all, find_documents
from models.text import canonical, clean, key

SHORT, LONG = 2_000, 16_000
NASTY = (
    "1",
    "一",
    "(",
    "（",
    " ",
    "GB/T ",
    "2028年",
    "第",
    "、",
    "0.",
    "a-",
    "仟佰",
    "-",
    "1 2",
    "省市县",
    "A1",
    "\u3000",
    "公司",
    "1900",
    ",，",
)
READERS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "canonical": canonical,
    "key": key,
    "find_dates": find_dates,
    "parse_period": parse_period,
    "parse_money": parse_money,
    "parse_number": parse_number,
    "find_all": find_all,
    "find_documents": find_documents,
    "compare_names": lambda text: compare_names(text, text[:-1] + "x"),
    "compare_addresses": lambda text: compare_addresses(text, text[:-1] + "x"),
    "read_limits": read_limits,
    "read_activities": read_activities,
    "squeeze": squeeze,
    "masked": masked,
}
_UNSEEN = 0.05
_GROWTH = LONG / SHORT


@pytest.mark.parametrize("name", READERS)
def test_eight_times_the_text_takes_no_more_than_three_times_eight_times_the_time(name: str) -> None:
    """What takes less than 50 ms for 16,000 characters cannot hurt; the square of eight would be 64."""
    slow = {}
    for unit in NASTY:
        long = _seconds(READERS[name], _text(unit, LONG))
        if long > _UNSEEN:
            short = min(_seconds(READERS[name], _text(unit, SHORT + n)) for n in range(3))
            long = min(
                long, _seconds(READERS[name], _text(unit, LONG + 1)), _seconds(READERS[name], _text(unit, LONG + 2))
            )
            if long > _UNSEEN and long > 3 * _GROWTH * short:
                slow[unit] = (round(short, 4), round(long, 4))
    assert not slow


def _text(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[: size - 1] + "!"


def _seconds(read: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started
