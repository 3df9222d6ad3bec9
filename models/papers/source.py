"""Where a paper comes from: the file, its pages, and why it was taken for what it is."""

import re
from dataclasses import dataclass

from models.codes import cnas_number, uscc
from models.field import Region

_CREDIT_CODE = re.compile(r"(?=([0-9A-Z]{18}))")  # letters and digits before it may belong to an escape (%7B) or a key
_CNAS = re.compile(r"CNAS(?:\s|%20|[:：])*[A-Z]{1,2}\d{3,5}")


@dataclass(frozen=True, slots=True)
class PaperSource:
    """`file` is the name as uploaded (data, never a path to open); `pages` the pages of the file that make up this paper.

    `decided_by` are the words that decided its kind; `confidence` of that decision in [0, 1]. `barcodes` are the QR codes on those
    pages, where they stand and, as their text, all that they say.
    """

    file: str
    sha256: str
    pages: tuple[int, ...]
    decided_by: tuple[str, ...] = ()
    confidence: float = 1.0
    barcodes: tuple[Region, ...] = ()

    @property
    def coded_numbers(self) -> tuple[str, ...]:
        """The valid 统一社会信用代码 and CNAS numbers that the QR codes name, each once."""
        found: list[str] = []
        for payload in (code.text.upper() for code in self.barcodes):
            found += [m.group(1) for m in _CREDIT_CODE.finditer(payload) if uscc.is_valid(m.group(1))]
            numbers = (cnas_number.find(m.group().replace("%20", " ")) for m in _CNAS.finditer(payload))
            found += [number for number in numbers if number]
        return tuple(dict.fromkeys(found))
