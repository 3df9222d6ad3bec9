"""Pictures of pages on their way: each is drawn once however many ask for it, and who waits holds no thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from api.http.drawn import Drawn
from api.jobs.desk import DeskDied, Desks, TaskFailed, TaskRefused
from api.store.opened import Store

if TYPE_CHECKING:
    Waiting = asyncio.Future[bytes]

AT_ONCE = 2
"""Threads that wait for desks at the same time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a file, turned clockwise to be read, and how many pixels wide its picture is to be."""

    sha256: str
    page: int
    width: int
    turn: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        return ("page", self.sha256, self.page, self.width, self.turn)


class Drawing:
    """Asked on the event loop only."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[object, ...], Waiting] = {}
        self._free = asyncio.Semaphore(AT_ONCE)

    async def picture(
        self, drawn: Drawn, store: Store, desks: Desks, wanted: Wanted, beside: Sequence[Wanted] = ()
    ) -> bytes:
        """The picture as JPEG; those `beside` it, of the same file and width, are drawn on the way. What desks and the store raise."""
        if (picture := drawn.get(wanted.key)) is not None:
            return picture
        if (waiting := self._under_way.get(wanted.key)) is not None:
            return await asyncio.shield(waiting)
        batch = [wanted]
        batch += [one for one in beside if one.key not in self._under_way and drawn.get(one.key) is None]
        future: Waiting = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be waiting any more
        for one in batch:
            self._under_way[one.key] = future if one is wanted else self._follow(future, drawn, one)
        try:
            async with self._free:
                await self._draw(drawn, store, desks, batch)
            picture = drawn.get(wanted.key)
            if picture is None:  # larger than all that is kept
                raise TaskFailed("pages")
            future.set_result(picture)
            return picture
        except BaseException as error:
            future.set_exception(error if isinstance(error, Exception) else TaskFailed("pages"))
            raise
        finally:
            for one in batch:
                self._under_way.pop(one.key, None)

    def _follow(self, first: "Waiting", drawn: Drawn, one: Wanted) -> "Waiting":
        """What waits for a picture that is drawn beside another."""
        follower: Waiting = asyncio.get_running_loop().create_future()
        follower.add_done_callback(lambda done: done.cancelled() or done.exception())

        def ended(done: "Waiting") -> None:
            picture = drawn.get(one.key)
            if follower.done():
                return
            if picture is not None:
                follower.set_result(picture)
            else:
                follower.set_exception(done.exception() or TaskFailed("pages"))

        first.add_done_callback(ended)
        return follower

    async def _draw(self, drawn: Drawn, store: Store, desks: Desks, batch: list[Wanted]) -> None:
        first = batch[0]
        data = await run_in_threadpool(store.blobs.get, first.sha256)
        try:
            await self._at_desk(drawn, desks, data, batch)
        except (TaskRefused, TaskFailed, DeskDied):
            if len(batch) == 1:
                raise
            await self._at_desk(drawn, desks, data, [first])  # one beside it cannot be drawn

    async def _at_desk(self, drawn: Drawn, desks: Desks, data: bytes, batch: list[Wanted]) -> None:
        header = {
            "task": "pages",
            "pages": [one.page for one in batch],
            "turns": {str(one.page): one.turn for one in batch if one.turn},
            "width": batch[0].width,
        }
        _, pictures = await run_in_threadpool(desks.do, header, [data])
        for one, picture in zip(batch, pictures, strict=True):
            drawn.put(one.key, picture)
