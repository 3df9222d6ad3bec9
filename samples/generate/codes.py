"""Makes codes that pass their check digits: 统一社会信用代码 (GB 32100), its inner 组织机构代码 (GB 11714), CMA numbers."""

import random

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100: digits and letters without I, O, S, V and Z."""

INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_check_character(first17: str) -> str:
    """The 18th character of a 统一社会信用代码 (GB 32100-2015, modulus 31)."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first17))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """The 9th character of an 组织机构代码 (GB 11714-1997, modulus 11)."""
    total = sum(int(character, 36) * weight for character, weight in zip(first8, INNER_WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def credit_code(rng: random.Random, authority: str, division: str) -> str:
    """A valid code: `authority` is the two characters of department and category, `division` six digits."""
    letters = "ABCDEFGHJKLMNPQRTUWXY"
    body = "MA" + rng.choice("0123456789" + letters) + "".join(rng.choice("0123456789" + letters) for _ in range(5))
    if authority[0] != "9":
        body = "".join(rng.choice("0123456789") for _ in range(8))
    first17 = authority + division + body + organisation_check_character(body)
    return first17 + credit_check_character(first17)


def credit_code_with_odd_body(rng: random.Random, authority: str, division: str) -> str:
    """A valid code whose inner 组织机构代码 does not pass its own check, as some that were given out do not."""
    first16 = credit_code(rng, authority, division)[:16]
    odd = rng.choice([digit for digit in "0123456789" if digit != organisation_check_character(first16[8:])])
    return first16 + odd + credit_check_character(first16 + odd)


def break_credit_code(code: str, rng: random.Random) -> str:
    """The code with one character of its serial part changed to a digit, so that the check character no longer fits."""
    place = rng.randrange(10, 16)
    wrong = rng.choice([digit for digit in "0123456789" if digit != code[place]])
    broken = code[:place] + wrong + code[place + 1 :]
    assert credit_check_character(broken[:17]) != broken[17]
    return broken


def cma_number(rng: random.Random, year: int, field: str = "20", department: str = "34") -> str:
    """A Hainan 资质认定 number: year, 21 for Hainan, field, department, serial from 0001."""
    return f"{year % 100:02d}21{field}{department}{rng.randint(1, 600):04d}"
