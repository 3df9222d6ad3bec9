"""The dossiers that were opened last, so that paging through a large case unpacks it once."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.render.dossier import Dossier

Row = list[Any]


@dataclass(slots=True)
class Opened:
    """A dossier with its claimed rows and its files, unpacked when they are first wanted."""

    dossier: Dossier
    _rows: list[tuple[Row, str]] | None = field(default=None)
    _files: list[dict[str, Any]] | None = field(default=None)

    def rows(self) -> list[tuple[Row, str]]:
        """Each row with the text in which it is searched, in small letters."""
        if self._rows is None:
            self._rows = [(row, " ".join(map(str, row[2:10] + row[11])).lower()) for row in self.dossier.read("rows")]
        return self._rows

    def files(self) -> list[dict[str, Any]]:
        """The files as the outline has them; a finding names them by their position."""
        if self._files is None:
            self._files = self.dossier.read("outline.zh")["files"]
        return self._files


class Shelf:
    """Keeps the last few. Safe from several threads; two that want the same one wait for one another."""

    def __init__(self, most: int = 6) -> None:
        self._kept: OrderedDict[str, Opened] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._most = most

    def get(self, key: str, make: Callable[[], bytes]) -> Opened:
        """The dossier of that key; `make` gives its bytes where it is not on the shelf. Malformed where they are none."""
        if (found := self._take(key)) is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        try:
            with turn:
                if (found := self._take(key)) is not None:
                    return found
                opened = Opened(Dossier(make()))
                with self._lock:
                    self._kept[key] = opened
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
                return opened
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _take(self, key: str) -> Opened | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)
