"""Data tables of the matchers: each file names its source and how to refresh it."""

from functools import cache
from importlib.resources import files


@cache
def read_bytes(name: str) -> bytes:
    """The bytes of one of the files beside this module."""
    return files(__package__).joinpath(name).read_bytes()


@cache
def read_lines(name: str) -> tuple[str, ...]:
    """The lines of one of the files beside this module, comments (from `#`) and blank lines left out."""
    lines = (line.partition("#")[0].strip() for line in read_bytes(name).decode("utf-8").splitlines())
    return tuple(line for line in lines if line)


@cache
def read_pairs(name: str) -> tuple[tuple[str, ...], ...]:
    """The tab-separated columns of each line, blanks around them taken off."""
    return tuple(tuple(column.strip() for column in line.split("\t")) for line in read_lines(name))
