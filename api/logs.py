"""What the service says of itself: one JSON object a line on standard error, with the ids that belong to it, never with what papers say."""

import json
import logging
import sys
from contextvars import ContextVar

from api.masking import masked

CONTEXT: ContextVar[dict[str, str]] = ContextVar("log_context", default={})  # noqa: B039 - never changed, only replaced
"""Ids that every line of a request or a workflow carries, such as `request` and `review`."""

_QUIET = ("alembic", "dbos", "httpx", "httpcore", "sqlalchemy", "uvicorn.access")


class JsonLines(logging.Formatter):
    """Time in UTC, level, logger, message, the ids in force, the kind of an exception and its traceback; numbers of persons are masked."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
            **CONTEXT.get(),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure(level: int = logging.INFO) -> None:
    """Log as JSON lines from here on, in this process."""
    import time

    formatter = JsonLines()
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
