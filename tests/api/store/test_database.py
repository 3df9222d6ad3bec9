"""Transactions: away and back again, in each other's way, and moments that stay the same on both databases."""

import contextlib
import datetime as dt
import signal
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import Store, open_store, reviews
from api.store.database import connect
from api.store.errors import StoreUnavailable
from api.store.schema import REVIEWS
from models.errors import InputError
from tests.api.store.given import NOW, Where, given_review
from tests.postgres import Postgres


def test_the_store_is_back_when_the_database_is(postgres: Postgres, tmp_path: Path) -> None:
    store = open_store(Where(postgres.create(), str(tmp_path)))
    row = given_review(store)
    postgres.stop(signal.SIGINT)
    try:
        with pytest.raises(StoreUnavailable):
            reviews.get_review(store, row.id)
        with pytest.raises(StoreUnavailable):
            reviews.start_reading(store, row.id, 1, NOW)
    finally:
        postgres.start()
    assert reviews.get_review(store, row.id) == row
    assert reviews.start_reading(store, row.id, 1, NOW)
    store.close()


def test_transactions_that_wait_for_each_other_both_end(store: Store) -> None:
    first, second = given_review(store).id, given_review(store).id
    meeting = threading.Barrier(2)
    tries = []

    def swap(ids: list[str]) -> None:
        def work(connection: Connection) -> None:
            tries.append(ids)
            for position, review_id in enumerate(ids):
                connection.execute(
                    sa.update(REVIEWS).where(REVIEWS.c.id == review_id).values(pages_done=REVIEWS.c.pages_done + 1)
                )
                if position == 0 and not store.database.is_sqlite:
                    with contextlib.suppress(threading.BrokenBarrierError):  # the second try meets nobody
                        meeting.wait(2)

        store.database.write(work)

    threads = [threading.Thread(target=swap, args=[ids]) for ids in ([first, second], [second, first])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [reviews.get_review(store, review_id).pages_done for review_id in (first, second)] == [2, 2]
    assert len(tries) == (2 if store.database.is_sqlite else 3)


def test_moments_are_aware_and_in_utc(store: Store) -> None:
    beijing = NOW.astimezone(dt.timezone(dt.timedelta(hours=8))).replace(microsecond=123_456)
    row = given_review(store, now=beijing)
    assert row.created_at == beijing
    assert row.created_at.utcoffset() == dt.timedelta(0)
    with pytest.raises(sa.exc.StatementError, match="aware"):
        given_review(store, now=NOW.replace(tzinfo=None))


def test_a_view_is_of_one_moment(store: Store) -> None:
    row = given_review(store)

    def work(connection: Connection) -> list[str]:
        question = sa.select(REVIEWS.c.state).where(REVIEWS.c.id == row.id)
        before = connection.scalar(question)
        thread = threading.Thread(target=reviews.start_reading, args=[store, row.id, 1, NOW])
        thread.start()
        thread.join(30)
        return [before, connection.scalar(question)]

    assert store.database.read(work) == ["queued", "queued"]
    assert reviews.get_review(store, row.id).state == "reading"


@pytest.mark.parametrize("url", ["", "mysql://x/y", "zhengshen.db", "sqlite://", "sqlite:///:memory:"])
def test_what_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        connect(url)
