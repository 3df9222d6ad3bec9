"""The names under which people see kinds, fields and results, in Chinese and English."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from models.finding import Bilingual


@cache
def table(name: str) -> dict[str, Bilingual]:
    """One table of `words.toml`."""
    tables = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return {key: Bilingual(zh, en) for key, (zh, en) in tables[name].items()}


def word(name: str, key: str) -> Bilingual:
    """A key of one table; a key that the table lacks stands for itself."""
    return table(name).get(key) or Bilingual(key, key)


def group_of(check: str) -> Bilingual:
    """The family of a check, by the letters of its id."""
    return word("groups", check.partition("-")[0])


def said(value: Any) -> str:
    """A JSON value in one line for people: money and terms spelt out, lists joined."""
    match value:
        case None:
            return "—"
        case bool():
            return "是" if value else "否"
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case {"from": start, "to": end}:
            return f"{start or '…'} 至 {'长期' if end == '9999-12-31' else end or '…'}"
        case {"name": name, **rest} if isinstance(name, str):
            rest.pop("language", None)
            return f"{name}（{'，'.join(said(v) for v in rest.values() if v)}）" if any(rest.values()) else name
        case dict():
            return " ".join(said(item) for item in value.values() if item)
        case list():
            return "；".join(said(item) for item in value)
        case _:
            return str(value)
