"""Document -> papers: one parser for each kind of paper."""

from collections.abc import Callable

from extractor.classify import classify
from extractor.confidence import rated
from extractor.lines import lines_of
from extractor.overprinted import flagged
from extractor.parsers import (
    application_form,
    business_licence,
    cma,
    cnas_annex,
    cnas_certificate,
    commitment_letter,
)
from extractor.passages import Passage
from extractor.straighten import put_back, straightened
from models.layout import Document
from models.papers import Paper, PaperSource, UnknownPaper

_PARSERS: dict[str, Callable[[Document, PaperSource], Paper]] = {
    "application_form": application_form.parse,
    "business_licence": business_licence.parse,
    "cma_annex": cma.parse_annex,
    "cma_certificate": cma.parse_certificate,
    "cnas_annex": cnas_annex.parse,
    "cnas_certificate": cnas_certificate.parse,
    "commitment_letter": commitment_letter.parse,
}
_OPENING = 400


def parse(document: Document) -> tuple[Paper, ...]:
    """Every paper of a document, in page order; pages that are none of ours become an `UnknownPaper` with the words that decided it."""
    return tuple(rated(paper, document) for paper in parsed(document))


def parsed(document: Document) -> tuple[Paper, ...]:
    """The papers with every value as sure as the recogniser was of its words."""
    straight, turns = straightened(document)
    papers: list[Paper] = []
    for kind, source in classify(straight):
        parser = _PARSERS.get(kind)
        paper = parser(straight, source) if parser else UnknownPaper(source, _opening(straight, source))
        papers.append(flagged(put_back(paper, turns) if turns else paper, document))
    return tuple(papers)


def _opening(document: Document, source: PaperSource) -> str:
    """The first words of the paper, line by line, enough to see what it is about."""
    words = next((page.all_words() for page in document.pages if page.number in source.pages), [])
    return "\n".join(Passage.of(line.words, source.pages[0]).text for line in lines_of(words))[:_OPENING]
