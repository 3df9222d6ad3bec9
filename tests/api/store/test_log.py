"""The audit log: every change to it is found, and deleting a case leaves it whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import Store, log
from api.store.schema import LOG, LOG_DETAILS
from tests.api.store.given import NOW, after


def given_entries(store: Store, number: int = 5) -> None:
    for n in range(number):
        store.database.write(lambda c, n=n: log.append(c, "user:li", "verdict", f"rev_{n % 2}", after(n), before=n))


def tampered(store: Store, *statements: sa.Executable) -> log.Verification:
    """What `verify` says once somebody with all rights has changed the tables."""

    def work(connection: Connection) -> None:
        if store.database.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER log_refuses_update")
            connection.exec_driver_sql("DROP TRIGGER log_refuses_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE log DISABLE TRIGGER ALL")
            connection.exec_driver_sql("ALTER TABLE log_details DROP CONSTRAINT fk_log_details_number_log")
        for statement in statements:
            connection.execute(statement)

    store.database.write(work)
    return log.verify(store)


def test_an_untouched_log_is_whole(store: Store) -> None:
    assert log.verify(store).entries == 0
    given_entries(store)
    verified = log.verify(store)
    assert (verified.ok, verified.entries, verified.first_bad) == (True, 5, None)
    assert verified.head.startswith("5:")
    assert [entry.details for entry in log.entries(store, "rev_1")] == [{"before": 1}, {"before": 3}]
    assert [entry.number for entry in log.entries(store, after=3)] == [4, 5]


@pytest.mark.parametrize(
    ("change", "first_bad", "why"),
    [
        (sa.update(LOG).where(LOG.c.number == 3).values(actor="user:wang"), 3, "改动"),
        (sa.update(LOG).where(LOG.c.number == 3).values(at=NOW), 3, "改动"),
        (sa.update(LOG).where(LOG.c.number == 2).values(hash="0" * 64), 2, "改动"),
        (sa.delete(LOG).where(LOG.c.number == 1), 1, "缺少"),
        (sa.update(LOG_DETAILS).where(LOG_DETAILS.c.number == 4).values(details='{"before":9}'), 4, "内容被改动"),
        (sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number == 4), 4, "内容缺失"),
        (sa.update(LOG).where(LOG.c.number == 5).values(previous="1" * 64), 5, "不相接"),
    ],
)
def test_every_change_is_found(store: Store, change: sa.Executable, first_bad: int, why: str) -> None:
    given_entries(store)
    cleared = [sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number == 1)] if "缺少" in why else []
    verified = tampered(store, *cleared, change)
    assert (verified.ok, verified.first_bad) == (False, first_bad)
    assert why in verified.why


def test_a_log_cut_at_its_end_is_found_by_a_head_kept_elsewhere(store: Store) -> None:
    given_entries(store)
    head = log.verify(store).head
    given_entries(store, 2)
    assert log.verify(store, head).ok
    last = 4
    cut = tampered(
        store, sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number > last), sa.delete(LOG).where(LOG.c.number > last)
    )
    assert cut.ok  # nothing in the tables tells
    assert not log.verify(store, head).ok


def test_erasing_a_case_keeps_the_chain_and_only_that_case_may_lack_details(store: Store) -> None:
    given_entries(store)
    store.database.write(lambda connection: log.erase(connection, "user:li", "rev_1", NOW, reason="asked"))
    assert log.verify(store).ok
    assert [entry.details for entry in log.entries(store, "rev_1")] == [None, None, {"reason": "asked"}]
    assert not tampered(store, sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number == 1)).ok


def test_entries_written_at_once_make_one_chain(store: Store) -> None:
    def write(number: int) -> int:
        return store.database.write(lambda c: log.append(c, f"worker:{number}", "beat", "x", NOW, number=number))

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(write, range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert log.verify(store).entries == 40


def test_an_act_that_changes_nothing_is_recorded(store: Store) -> None:
    log.record(store, "user:li", "unmasked", "rev_1", NOW, field="responsible_person")
    (entry,) = log.entries(store, "rev_1")
    assert (entry.actor, entry.action, entry.details) == ("user:li", "unmasked", {"field": "responsible_person"})


def test_an_entry_of_a_transaction_that_fails_is_not_written(store: Store) -> None:
    def work(connection: Connection) -> None:
        log.append(connection, "user:li", "x", "y", NOW)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own
        store.database.write(work)
    assert log.verify(store).entries == 0


def test_an_act_without_details_leaves_the_log_whole(store: Store) -> None:
    log.record(store, "cli:li", "key.revoked", "0a1b2c3d4e5f", NOW)
    log.record(store, "cli:li", "key.created", "1a1b2c3d4e5f", NOW, scopes=["read"])
    assert log.verify(store).ok
    lost = tampered(store, sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number == 2))
    assert (lost.ok, lost.first_bad) == (False, 2)
