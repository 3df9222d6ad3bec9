"""What every command shares at a terminal: exit codes, words instead of tracebacks, a progress bar, files written whole."""

import json
import logging
import os
import shutil
import sys
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.errors import ExtractionError, InputError, OcrFailed, OcrUnavailable, RegistryError, ReviewError

if TYPE_CHECKING:
    from models.report import Problem

NOTHING_TO_OBJECT, LOOK, UNUSABLE, OUR_FAULT = 0, 1, 2, 3

EXIT_CODES: tuple[tuple[type[ReviewError], int], ...] = (
    (InputError, UNUSABLE),
    (OcrUnavailable, OUR_FAULT),
    (OcrFailed, OUR_FAULT),
    (ExtractionError, UNUSABLE),
    (RegistryError, UNUSABLE),
    (ReviewError, OUR_FAULT),
)
"""The first that fits decides."""


class Program(click.Group):
    """Turns what stops a command into a sentence on stderr and an exit code; never a traceback unless asked for."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command and leave the process with its exit code."""
        given = options.pop("args", None) if not args else args[0]
        arguments = sys.argv[1:] if given is None else list(given)
        debug = "--debug" in arguments or bool(os.environ.get("ZHENGSHEN_DEBUG"))
        logging.basicConfig(level=logging.WARNING if debug else logging.CRITICAL + 1)
        try:
            outcome = super().main(arguments, **{**options, "standalone_mode": False})
        except click.exceptions.Abort:
            click.echo("已中止。 Aborted.", err=True)
            sys.exit(130)
        except click.ClickException as error:
            error.show()
            sys.exit(UNUSABLE)
        except ReviewError as error:
            if debug:
                raise
            click.echo(f"zhengshen: {error}", err=True)
            sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - keeps the interpreter from flushing into the closed pipe
            sys.exit(NOTHING_TO_OBJECT)
        except Exception as error:
            if debug:
                raise
            fault = uuid.uuid4().hex[:8]
            click.echo(
                f"zhengshen: 内部错误 {fault}（{type(error).__name__}）。加 --debug 重新运行可看到详情，请连同编号反馈。\n"
                f"zhengshen: internal fault {fault} ({type(error).__name__}); run again with --debug for details.",
                err=True,
            )
            sys.exit(OUR_FAULT)
        sys.exit(outcome if isinstance(outcome, int) else NOTHING_TO_OBJECT)


def ending(problems: "Iterable[Problem]", otherwise: int) -> int:
    """Name on stderr each file that could not be used at all; the worst of them decides the exit code, else `otherwise` does."""
    ends = [otherwise]
    for problem in problems:
        if problem.page is None and problem.code in _ENDINGS:
            click.echo(f"zhengshen: {problem.file}：{problem.message}", err=True)
            ends.append(_ENDINGS[problem.code])
    return max(ends)


def _codes(kind: type[ReviewError], ends: int) -> Iterator[tuple[str, int]]:
    yield kind.code, ends
    for narrower in kind.__subclasses__():
        yield from _codes(narrower, ends)


_ENDINGS = {"internal_error": OUR_FAULT, **dict(_codes(InputError, UNUSABLE))}


def echo_json(value: object) -> None:
    """Print a value as JSON that people can read too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_file(path: Path, data: bytes) -> None:
    """The file appears whole or not at all; what is no ordinary file (a pipe, a device) is written to as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        unfinished = path.with_name(path.name + ".unfinished")
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError as error:
        raise InputError(f"无法写入 {path}：{error.strerror}。 Cannot write {path}: {error.strerror}.") from error


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr once the work has taken two seconds, on a terminal only, drawn ten times a second at most."""
    started = drawn = time.monotonic()
    shown = False

    def show(what: str, done: int, total: int) -> None:
        nonlocal drawn, shown
        now = time.monotonic()
        if not sys.stderr.isatty() or now - started < 2 or now - drawn < 0.1:
            return
        drawn, shown = now, True
        filled = 24 * done // max(total, 1)
        left = f" 约剩 {_clock((now - started) / done * (total - done))}" if 0 < done < total else ""
        line = f"{label} {'█' * filled}{'░' * (24 - filled)} {done}/{total}{left} {what}"
        click.echo(f"\r\x1b[2K{_cut(line, shutil.get_terminal_size().columns - 1)}", nl=False, err=True)

    try:
        yield show
    finally:
        if shown:
            click.echo("\r\x1b[2K", nl=False, err=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _cut(line: str, columns: int) -> str:
    """The beginning of the line that fits: Chinese characters and blocks of the bar take two columns in some fonts."""
    width = 0
    for place, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        if width > columns:
            return line[:place]
    return line
