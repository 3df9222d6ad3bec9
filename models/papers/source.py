"""Where a paper comes from: the file, its pages, and why it was taken for what it is."""

from dataclasses import dataclass

from models.field import Region


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
