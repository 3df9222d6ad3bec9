"""The time of day, in one place: services write when things happened, judgement never asks."""

import datetime as dt

BEIJING = dt.timezone(dt.timedelta(hours=8), "北京时间")
"""The calendar that reviewers and deadlines live by; it has known no other offset since 1991."""


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
