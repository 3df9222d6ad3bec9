"""Amounts of money as licences and registers print them: 人民币壹仟万元整, 1000.000000万人民币, 500.00万美元."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from models.data import read_rows
from models.numerals import NUMERALS, parse_number
from models.text import canonical, to_simplified

__all__ = ["Money", "parse_money"]

_LONGEST = 80  # characters
_NOISE = re.compile(r"[\s()]|(?<=[元圆角分])[整正]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?=[^0-9,]|$)")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units of its currency (元, not 万元), and the currency's ISO 4217 code."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


def parse_money(text: str) -> Money | None:
    """The one amount that the text states, in 元 (or the whole unit of its currency); None where it states none.

    Without a currency it is 人民币. A bare number, with neither 万 nor a currency, is None: whether 元 or 万元 is
    meant cannot be told.
    """
    if len(text) > _LONGEST:
        return None
    text = _NOISE.sub("", to_simplified(canonical(text)).upper())
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    found = _amount_pattern().fullmatch(text)
    if found is None:
        return None
    number, jiao, fen = parse_number(found["number"]), _coin(found["jiao"]), _coin(found["fen"])
    units = [name for name in (found["before"], found["unit"], found["after"]) if name]
    currencies = {_currencies()[name] for name in units if name not in ("元", "圆")}
    stated = units or found["number"].endswith(("万", "亿"))
    if number is None or not stated or len(currencies) > 1:
        return None
    amount = number + jiao / 10 + fen / 100
    return Money(_plain(amount), currencies.pop() if currencies else "CNY")


@cache
def _currencies() -> dict[str, str]:
    return {row[0]: row[1] for row in read_rows("currencies.tsv")}


@cache
def _amount_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_currencies(), key=len, reverse=True))
    digit = f"[0-9{NUMERALS}]"
    return re.compile(
        rf"(?P<before>{names})?(?P<number>[0-9.点{NUMERALS}]+)(?P<unit>{names}|元|圆)?"
        rf"(?:零?(?P<jiao>{digit})角)?(?:零?(?P<fen>{digit})分)?(?P<after>{names})?元?整?"
    )


def _coin(numeral: str | None) -> Decimal:
    return (parse_number(numeral) if numeral else None) or Decimal(0)


def _plain(amount: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 1E+7 is 10000000."""
    amount = amount.normalize()
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount
