"""Recognised business scopes: marks and fixed sentences, which can say one thing only, are put right; the rest stays as it was read."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

from models.field import Field
from models.layout import Origin

_SURE = 0.95
"""Letters that were read with more certainty are printed so."""
_CLAUSE = re.compile(r"[^，,；;：:。、()（）\s]+")
_DOT = re.compile(r"(?<=[一-鿿])[·•・](?=[一-鿿])")
_STRAY = re.compile(r"^[a-z](?=[一-鿿])")
"""No scope begins with one small Latin letter."""
_LONG = 16
"""Letters, from which on a clause is known though two of them are wrong."""


def mended(scope: Field[str]) -> Field[str]:
    """The scope as it must be printed: clauses of the sentences that registration adds, and the marks of the standard form.

    A clause that was read with doubt and is a letter or two from such a one is that one. A scope that begins with a heading (许可项目,
    一般项目) is in the standard form: a colon follows headings only, a `;` ends every other entry, its parts are joined by `、`, the
    clauses of a sentence by `，`, and the bracket that its last sentence opens is closed; recognition is sure of its marks where it
    takes one for the other, and does not notice that it lost one. What is mended is `repaired`, and no surer than before.
    """
    if scope.value is None or scope.origin is not Origin.OCR:
        return scope
    text = _STRAY.sub("", scope.value)
    if scope.confidence < _SURE:
        text = _CLAUSE.sub(lambda clause: _clause(clause.group()), text)
    text = _standard(text)
    return scope if text == scope.value else scope.map(lambda _: text).flagged("repaired")


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The clauses of the sentences that registration adds, how else they are printed, what finds a heading, and a 、 between clauses."""

    clauses: tuple[str, ...]
    variants: tuple[str, ...]
    headings: re.Pattern[str]
    joints: re.Pattern[str]


@cache
def _sentences() -> _Sentences:
    data = tomllib.loads(files("extractor").joinpath("data/scope_sentences.toml").read_text("utf-8"))
    headings = re.compile(rf"(?:^|(?<=[)）。；;]))\s*(?:{'|'.join(data['headings'])})")
    clauses = "|".join([*data["clauses"], *data["variants"]])
    return _Sentences(
        tuple(data["clauses"]), tuple(data["variants"]), headings, re.compile(f"({clauses})、(?={clauses})")
    )


def _clause(read: str) -> str:
    """The one known clause that is hardly another one than what was read; else what was read."""
    known = _sentences()
    if read in known.clauses or read in known.variants:
        return read
    near = [clause for clause in known.clauses if Levenshtein.distance(read, clause) <= _letters(clause)]
    return near[0] if len(near) == 1 else read


def _letters(clause: str) -> int:
    """How many of its letters recognition may have changed, lost or added."""
    return 1 if len(clause) < _LONG else 2


def _standard(text: str) -> str:
    """The marks of a scope in the standard form; another one as it is."""
    known = _sentences()
    if not known.headings.match(text):
        return text
    ends = {found.end() for found in known.headings.finditer(text)}
    signs = list(text)
    for at, sign in enumerate(text):
        if at in ends and sign in ";；":
            signs[at] = "："
        elif at not in ends and sign in ":：∶":
            signs[at] = "；"
    text = known.joints.sub(r"\1，", _DOT.sub("、", "".join(signs)))
    unclosed = sum(text.count(sign) for sign in "(（") - sum(text.count(sign) for sign in ")）")
    return text + "）" if unclosed == 1 and text.endswith(known.clauses) else text
