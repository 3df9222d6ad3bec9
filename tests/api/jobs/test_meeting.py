"""What one review shows is met again in another body's, and in no other."""

import pytest

from api.comparators import LABELLED, read_labelled
from api.elsewhere import met_by, shared
from api.jobs import meeting
from api.store import Store, open_store
from api.store.deletion import delete_review
from models.case import Sighting, SightingKind
from models.papers import Paper
from tests.api.store.given import NOW, Where, after, given_done, given_review
from tests.api.test_elsewhere import other_papers
from tests.matchers.factory import ADDRESS, CODE, NAME, annex, field, form, licence

OWN = (licence(), annex(), form())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("meeting")
    return open_store(Where(f"sqlite:///{folder}/zhengshen.db", str(folder / "blobs")))


def kept(store: Store, papers: tuple[Paper, ...], days: float = 0) -> str:
    """A review of these papers that is done."""
    review = given_done(store, now=after(days))
    meeting.keep(store, review.id, meeting.known_to(store, papers, review.id)[1])
    return review.id


def met(store: Store, papers: tuple[Paper, ...], review: str = "rev_new") -> set[tuple[SightingKind, str, str]]:
    known, _ = meeting.known_to(store, papers, review)
    return {(sighting.kind, sighting.body, sighting.case) for sighting in shared(papers, known)}


def test_what_reviews_share(store: Store) -> None:
    first = kept(store, OWN)
    stranger = other_papers(sites=form().sites, cnas_number=field("No.CNAS L9901"))
    assert met(store, other_papers()) == set()
    assert met(store, stranger) == {(SightingKind.PLACE, NAME, first), (SightingKind.ACCREDITATION, NAME, first)}
    assert met(store, OWN) == set(), "a body meets itself whenever it comes again"
    again = kept(store, OWN, days=1)
    assert {case for *_, case in met(store, stranger)} == {again}, "the newest of a body's reviews is named"
    assert {case for *_, case in met(store, stranger, again)} == {first}, "no review meets itself"
    meeting.keep(store, first, [])
    delete_review(store, again, actor="t", now=NOW, reason="test")
    assert met(store, stranger) == set()


def test_a_review_that_is_not_done_is_met_by_none(store: Store) -> None:
    review = given_review(store)
    meeting.keep(store, review.id, meeting.known_to(store, OWN, review.id)[1])
    assert met(store, other_papers(sites=form().sites)) == set()
    meeting.keep(store, "rev_gone", [["k", "file", "v", "b", "c"]])


def test_places_that_may_be_one_are_looked_up_as_one() -> None:
    """The key under which places are kept must never come between two spellings of one place."""
    pairs = [pair for _, pair in read_labelled(LABELLED / "addresses.tsv")]
    keys = [tuple(met_by(Sighting(SightingKind.PLACE, pair[side], "")) for side in ("left", "right")) for pair in pairs]
    assert [pair for pair, (a, b) in zip(pairs, keys, strict=True) if pair["agrees"] != "no" and a != b] == []
    assert len({key for both in keys for key in both}) > 20


def test_codes_and_places_beyond_any_length_are_keys_of_one_length() -> None:
    made = {len(met_by(Sighting(SightingKind.PLACE, text, NAME, CODE))) for text in ("", ADDRESS, ADDRESS * 900)}
    assert made == {64}
