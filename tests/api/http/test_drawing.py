"""Pictures on their way: drawn once, several at a time, and one that cannot be drawn costs the others nothing."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from api.http.drawing import Drawing, Wanted
from api.http.drawn import Drawn
from api.jobs.desk import Desks, TaskRefused
from api.jobs.tasks import Answer, Header
from api.store import Store
from tests.loops import finished

SHA = "e" * 64


class Blobs:
    def get(self, sha256: str) -> bytes:
        return sha256.encode()


class Stored:
    blobs = Blobs()


class Desk:
    """Draws pages up to the tenth and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def do(self, header: Header, blobs: Sequence[bytes] = ()) -> Answer:
        self.asked.append(header["pages"])
        if max(header["pages"]) > 10:
            raise TaskRefused("no_such_page", "没有这一页。 There is no such page.")
        return {}, [f"{page} {header['width']}".encode() for page in header["pages"]]


def drawn_by(desk: Desk, *wanted: tuple[Wanted, Sequence[Wanted]]) -> list[Any]:
    drawing, kept = Drawing(), Drawn()

    async def all_at_once() -> list[Any]:
        asked = [drawing.picture(kept, cast(Store, Stored()), cast(Desks, desk), one, beside) for one, beside in wanted]
        return await asyncio.gather(*asked, return_exceptions=True)

    return finished(all_at_once())


def page(number: int) -> Wanted:
    return Wanted(SHA, number, 100)


def test_a_picture_that_many_ask_for_is_drawn_once() -> None:
    desk = Desk()
    assert drawn_by(desk, *[(page(1), ())] * 5) == [b"1 100"] * 5
    assert desk.asked == [[1]]


def test_those_beside_it_are_drawn_on_the_way_and_handed_to_who_waits_for_them() -> None:
    desk = Desk()
    found = drawn_by(desk, (page(1), [page(2), page(3)]), (page(2), ()), (page(3), [page(4)]))
    assert found == [b"1 100", b"2 100", b"3 100"]
    assert desk.asked == [[1, 2, 3]]


def test_one_beside_it_that_cannot_be_drawn_costs_only_itself() -> None:
    desk = Desk()
    found = drawn_by(desk, (page(10), [page(11)]), (page(11), ()))
    assert found[0] == b"10 100"
    assert isinstance(found[1], Exception)
    assert desk.asked[:2] == [[10, 11], [10]]


def test_what_cannot_be_drawn_is_said_to_everybody_and_asked_for_again() -> None:
    desk = Desk()
    for error in drawn_by(desk, (page(12), ()), (page(12), ())):
        with pytest.raises(TaskRefused):
            raise error
