"""Two texts side by side, the characters that differ marked on both."""

from collections.abc import Iterator

from markupsafe import Markup, escape
from rapidfuzz.distance import Indel, Levenshtein

LONGEST = 4_000  # characters a side; beyond that marks help nobody
ALIKE = 0.35  # below this similarity nearly every character would be marked


def marked(left: str, right: str) -> tuple[Markup, Markup]:
    """Both texts escaped; what only the left has stands in `<del>`, what only the right has in `<ins>`."""
    if left == right or not left or not right or max(len(left), len(right)) > LONGEST:
        return escape(left), escape(right)
    if Indel.normalized_similarity(left, right) < ALIKE:
        return Markup("<del>{}</del>").format(left), Markup("<ins>{}</ins>").format(right)
    steps = list(Levenshtein.opcodes(left, right))
    return (
        Markup("").join(_pieces("del", ((step.tag, left[step.src_start : step.src_end]) for step in steps))),
        Markup("").join(_pieces("ins", ((step.tag, right[step.dest_start : step.dest_end]) for step in steps))),
    )


def _pieces(tag: str, parts: Iterator[tuple[str, str]]) -> Iterator[Markup]:
    mark = Markup("<{0}>{1}</{0}>")
    return (escape(text) if kind == "equal" else mark.format(tag, text) for kind, text in parts if text)
