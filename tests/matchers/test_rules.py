"""The file of rules: read, hashed, and refused where it makes no sense."""

import hashlib

import pytest

from matchers.data import read_bytes
from matchers.rules import RulesInvalid, load_rules, parse_rules

TEXT = read_bytes("rules.toml").decode()


def test_the_rules_in_force() -> None:
    rules = load_rules()
    assert rules.sha256 == hashlib.sha256(read_bytes("rules.toml")).hexdigest()
    assert (rules.expiry_minor_days, rules.expiry_major_days) == (90, 30)
    assert rules is load_rules()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "2026-11-22"', ""),
        ('version = "2026-11-22"', "version = 3"),
        ('name = "cnas-commitment"', "name = []"),
        ("minor_days = 90", "minor_days = -1"),
        ("minor_days = 90", "minor_days = 10"),
        ("minor_days = 90", 'minor_days = "ninety"'),
        ("object_likeness = 0.7", "object_likeness = 1.5"),
        ('"commitment_letter"]', '"commitment_letter", "passport"]'),
        ('first = ["首次"]', "first = []"),
        ('abolished = ["废止"', 'abolished = ["(废止"'),
        ("[validity]", "[validity"),
    ],
)
def test_a_wrong_file_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(RulesInvalid, match=r"rules\.toml"):
        parse_rules(TEXT.replace(old, new).encode())
