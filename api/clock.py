"""The time of day, in one place: services write when things happened, judgement never asks."""

import datetime as dt


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
