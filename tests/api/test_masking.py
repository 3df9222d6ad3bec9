"""Numbers of persons are masked, numbers of bodies, papers and standards are not."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.logs import JsonLines
from api.masking import masked, masked_json
from models.codes import uscc

LIKE_A_CARD = "124419195001030657"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("460100199003070015", "460***********0015"),
        ("身份证号：46010019900307001X，", "身份证号：460***********001X，"),
        ("张三13800138000.pdf", "张三138****8000.pdf"),
        ("手机 138 0013 8000", "手机 138 **** 8000"),
        ("手机138-0013-8000", "手机138-****-8000"),
        ("0898-65201234", "0898-****1234"),
        ("010-6520123", "010-***0123"),
        ("两个：13800138000、13900139000", "两个：138****8000、139****9000"),
    ],
)
def test_numbers_of_persons(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "91460100MA5T7QW34X",
        "124600004282000000",
        "GB/T 13800-2009",
        "CNAS L12345",
        "资质认定证书编号 202019123456",
        "2028年3月14日",
        "3f13800138000a",
        "0.13800138000",
        "46010019901307001X",
        "1380013800012",
        "rev_018f3b2e-7c1a-7000-8000-13800138000a",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_a_credit_code_that_looks_like_an_identity_card_stays() -> None:
    """Organisation codes can begin like a date of birth; their check characters tell the two apart."""
    assert uscc.is_valid(LIKE_A_CARD)
    assert masked(LIKE_A_CARD) == LIKE_A_CARD
    assert masked(LIKE_A_CARD[:-1] + "0") != LIKE_A_CARD[:-1] + "0"


@given(
    st.recursive(
        st.text() | st.integers() | st.none() | st.booleans(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_json_keeps_its_shape(value: object) -> None:
    kept = json.loads(masked_json(json.dumps(value).encode()))
    assert type(kept) is type(value)
    assert masked_json(masked_json(json.dumps(value).encode())) == masked_json(json.dumps(value).encode())


def test_logs_are_masked_in_messages_and_tracebacks() -> None:
    try:
        raise ValueError("申请人 460100199003070015")
    except ValueError as error:
        record = logging.LogRecord(
            "a",
            logging.ERROR,
            "",
            1,
            "%s could not be read",
            ("13800138000.pdf",),
            (type(error), error, error.__traceback__),
        )
    line = json.loads(JsonLines().format(record))
    assert line["message"] == "138****8000.pdf could not be read"
    assert "460***********0015" in line["traceback"]
    assert "199003070015" not in line["traceback"]
