"""Identifiers that nobody can guess and that sort roughly by age."""

import datetime as dt
import secrets


def new_id(prefix: str, now: dt.datetime) -> str:
    """`prefix_` and 32 hex digits: 12 of milliseconds, 20 at random."""
    return f"{prefix}_{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"
