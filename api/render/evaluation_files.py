"""Everything that an evaluation leaves in a folder: figures as JSON and Markdown, plots, and pictures of where it fails."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.render.evaluation_plots import evaluation_plots
from api.render.evaluation_report import evaluation_markdown
from api.render.pages import CROP_DPI, PagePictures
from api.tally import Mistake

PICTURED = 40
"""Mistakes that are shown with a picture, the worst ones."""
OF_A_KIND = 4
"""Pictures of one field at most, so that a frequent failure does not hide the others."""

TITLES = {
    "reliability.png": "置信度可靠性 Reliability",
    "degradation.png": "按劣化 By degradation",
    "fields.png": "最弱字段 Weakest fields",
}
_WHOLE_PAGE = 360
"""Pixels of the longer side of a page that is shown whole."""

Contents = Callable[[str, str], bytes | None]
"""(case, file) -> the file's bytes; None where it cannot be had any more."""


def evaluation_files(
    figures: dict[str, Any],
    mistakes: Sequence[Mistake],
    contents: Contents,
    turns: Mapping[tuple[str, int], int] | None = None,
) -> dict[str, bytes]:
    """Path in the folder -> content: `evaluation.json`, `evaluation.md`, the plots, `failures/*.jpg`. InputError without matplotlib.

    The JSON has the figures and under `worst` the mistakes in the order of the page, worst first; `turns` are those of pages that
    were not upright.
    """
    worst = worst_first(mistakes)
    plots = evaluation_plots(figures)
    pictures = _pictures(worst, contents, turns or {})
    names = {place: f"failures/{place + 1:03d}.jpg" for place in pictures}
    titled = {TITLES[name]: name for name in plots}
    told = {**figures, "worst": [str(mistake) for mistake in worst]}
    return {
        "evaluation.json": json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n",
        "evaluation.md": evaluation_markdown(figures, worst, titled, names).encode(),
        **plots,
        **{names[place]: picture for place, picture in pictures.items()},
    }


def worst_first(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """What was said to be sure comes first; then what nobody was sure of or nobody saw."""
    return sorted(mistakes, key=lambda mistake: -(mistake.confidence or 0.0))


def _pictures(
    mistakes: Sequence[Mistake], contents: Contents, turns: Mapping[tuple[str, int], int]
) -> dict[int, bytes]:
    """Pictures of the worst mistakes, by their place: the crop where something was read, else the paper's first page, small."""
    drawn: dict[int, bytes] = {}
    shown: Counter[str] = Counter()
    for place, mistake in enumerate(mistakes):
        kind = mistake.place.rpartition(".")[2] if mistake.place.startswith("rows[") else mistake.place
        if len(drawn) == PICTURED or shown[kind] == OF_A_KIND or not (data := contents(mistake.case, mistake.file)):
            continue
        pages = PagePictures([data], turns)
        seen = mistake.seen
        picture = pages.crop(seen.sha256, seen.page, seen.box) if seen else _first_page(data)
        if picture is not None:
            drawn[place] = picture
            shown[kind] += 1
    return drawn


def _first_page(data: bytes) -> bytes | None:
    try:
        page = PagePictures([data]).page(hashlib.sha256(data).hexdigest(), 1, CROP_DPI).convert("RGB")
    except Exception:  # what cannot be drawn costs its picture, not the evaluation
        return None
    page.thumbnail((_WHOLE_PAGE, _WHOLE_PAGE))
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()
