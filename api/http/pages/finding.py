"""One finding as it is shown: both sides with what differs marked, where they stand, the parts of the score, the law. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from api.render.diff import marked
from api.render.words import group_of, word
from models.finding import Bilingual

UNSURE = 0.9
LONG = 26
"""Characters beyond which two values stand one above the other, in columns that the eye can follow."""
TALL = 0.12
"""Height to width from which a place holds more than a line."""
PLACES = 3
DIFFERING = frozenset({"mismatch", "tolerated"})

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the position of its file in the case, page and box in points; `tall` where it has several lines."""

    file: int
    name: str
    page: int
    box: str
    tall: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """The registry that said so, and as of when."""

    name: Bilingual
    as_of: str


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of the comparison. `printed` is the text on the page where that is not the value itself."""

    label: str
    value: Markup
    printed: str
    recognised: bool
    confidence: float
    unsure: bool
    missing: bool
    places: tuple[Place, ...]
    more: int
    registries: tuple[Registered, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with both sides made ready; `finding` is as in the report's JSON."""

    finding: Json
    area: Bilingual
    sides: tuple[SideView, ...]
    long: bool
    """Whether the values stand one above the other."""
    wide: bool
    """Whether the pictures of the evidence need the whole width, as a row of a table does."""
    parts: tuple[tuple[Bilingual, Markup, Markup, float], ...]

    @property
    def apart(self) -> bool:
        """Whether the pictures stand below both values, so that the values stay together in sight."""
        return self.wide or self.long

    @property
    def score(self) -> float | None:
        """How well the two agree, in [0, 1]."""
        found: float | None = self.finding["score"]
        return found


def finding_view(finding: Json, files: Sequence[Json]) -> FindingView:
    """The view of a finding (masked or not as it is given); `files` are those of the dossier's outline."""
    given = [side for side in (finding["left"], finding["right"]) if side is not None]
    values = [escape(side["value"] or "") for side in given]
    if len(given) == 2 and finding["outcome"] in DIFFERING:
        values = list(marked(given[0]["value"] or "", given[1]["value"] or ""))
    numbers = {file["sha256"]: number for number, file in enumerate(files)}
    sides = tuple(_side(side, value, numbers, files) for side, value in zip(given, values, strict=True))
    return FindingView(
        finding,
        group_of(finding["check"]),
        sides,
        any(len(side["value"] or "") > LONG for side in given),
        any(_wide(side) for side in given),
        tuple(
            (word("parts", part["part"]), *marked(part["left"], part["right"]), part["score"])
            for part in finding["parts"]
            if part["left"] or part["right"]
        ),
    )


def _side(side: Json, value: Markup, numbers: Mapping[str, int], files: Sequence[Json]) -> SideView:
    regions = [place for place in side["evidence"] if place.get("document") in numbers]
    places = tuple(
        Place(
            numbers[place["document"]],
            files[numbers[place["document"]]]["name"],
            place["page"],
            ",".join(f"{edge:g}" for edge in place["box"]),
            place["box"][3] - place["box"][1] > TALL * (place["box"][2] - place["box"][0]),
        )
        for place in regions[:PLACES]
    )
    registries = {(p["registry"], p["as_of"]): None for p in side["evidence"] if "registry" in p}
    text = side["text"] or ""
    return SideView(
        side["label"],
        value,
        text if text.strip() and text != side["value"] else "",
        side["source"] == "ocr",
        side["confidence"],
        side["confidence"] < UNSURE,
        side["value"] is None,
        places,
        len(regions) - len(places),
        tuple(Registered(word("registries", name), as_of) for name, as_of in registries),
    )


def _wide(side: Json) -> bool:
    """Whether the first place is a row of a table: its picture needs the whole width."""
    boxes = [place["box"] for place in side["evidence"] if "box" in place]
    return bool(boxes) and boxes[0][2] - boxes[0][0] > 14 * (boxes[0][3] - boxes[0][1])
