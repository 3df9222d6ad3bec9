"""The data files of the models: tab-separated rows, `#` lines naming the source and how to refresh it."""

from pathlib import Path

__all__ = ["read_rows"]

_FOLDER = Path(__file__).parent


def read_rows(name: str) -> list[tuple[str, ...]]:
    """The rows of one data file, split at tabs, without its comment and blank lines."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").split("\n")
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
