"""People and their sessions: who gets in, who is kept out and for how long, and what is written down of it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from api.store import Store, log, passwords, people, sessions
from api.store.errors import EntryMissing
from api.store.passwords import WeakPassword, fits, hashed
from api.store.people import LastAdmin, LoginTaken, LoginUnusable, Person, Role, SignInLocked, SignInRefused
from api.store.schema import PEOPLE, SESSIONS
from api.store.sessions import Lifetime
from models.errors import InputError
from tests.api.store.given import NOW, after

GOOD, OTHER = "海口 tide tables", "三亚 harbour lights"
MINUTES = 1 / (24 * 60)
LIFETIME = Lifetime(idle=dt.timedelta(minutes=60), whole=dt.timedelta(hours=12))


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing: what they cost stands in each of them, so all else is the same."""
    monkeypatch.setattr(passwords, "_N", 2)
    monkeypatch.setattr(passwords, "_P", 1)


def given(store: Store, login: str = "li.na", *roles: Role) -> Person:
    person, once = people.create_person(
        store, login, "李娜", roles or (Role.REVIEWER,), actor="cli", now=NOW, password=GOOD
    )
    assert once is None
    return person


def test_a_password_costs_an_attacker_what_owasp_asks_for() -> None:
    kept = hashed(GOOD)
    assert kept.startswith("scrypt$32768$8$3$")  # one of the settings of OWASP's cheat sheet
    assert fits(GOOD, kept)
    assert not fits(OTHER, kept)


@pytest.mark.usefixtures("cheap")
class TestPeople:
    def test_the_right_password_opens(self, store: Store) -> None:
        person = given(store)
        assert people.sign_in(store, " Li.Na ", GOOD, NOW).id == person.id
        assert people.get_person(store, person.id).signed_in_at == NOW
        for login, password in (("li.na", OTHER), ("li.na", ""), ("nobody", GOOD), ("", "")):
            with pytest.raises(SignInRefused) as refused:
                people.sign_in(store, login, password, NOW)
            assert refused.value.code == "sign_in_refused"

    @pytest.mark.parametrize("login", ["li.na", "nobody"])
    def test_after_five_failures_a_login_is_locked_whether_anybody_has_it_or_not(
        self, store: Store, login: str
    ) -> None:
        given(store)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                people.sign_in(store, login, OTHER, NOW)
        with pytest.raises(SignInLocked):
            people.sign_in(store, login, GOOD, after(14 * MINUTES))
        assert people.locked_logins(store, after(14 * MINUTES)) == {login}
        assert people.locked_logins(store, after(15 * MINUTES)) == set()
        if login == "li.na":
            assert people.sign_in(store, login, GOOD, after(15 * MINUTES))

    def test_many_at_once_get_no_more_than_five_attempts(self, store: Store) -> None:
        given(store)

        def attempt(number: int) -> type[Exception] | None:
            try:
                people.sign_in(store, "li.na", f"{OTHER} {number}", NOW)
            except SignInRefused as error:
                return type(error)
            return None

        with ThreadPoolExecutor(8) as pool:
            ended = list(pool.map(attempt, range(16)))
        assert ended.count(SignInRefused) == 5
        assert ended.count(SignInLocked) == 11

    def test_success_forgets_failures(self, store: Store) -> None:
        given(store)
        for _ in range(3):
            for _ in range(4):
                with pytest.raises(SignInRefused):
                    people.sign_in(store, "li.na", OTHER, NOW)
            people.sign_in(store, "li.na", GOOD, NOW)

    def test_a_reset_lifts_the_lock_and_its_password_must_be_changed(self, store: Store) -> None:
        person = given(store)
        token = sessions.open_session(store, person, LIFETIME, NOW)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                people.sign_in(store, "li.na", OTHER, NOW)
        once = people.reset_password(store, person.id, actor="person:admin", now=NOW)
        assert sessions.person_in(store, token, LIFETIME, NOW) is None
        assert people.sign_in(store, "li.na", once, NOW).must_change
        people.change_password(store, person, once, OTHER, NOW)
        assert not people.sign_in(store, "li.na", OTHER, NOW).must_change

    @pytest.mark.parametrize("weak", ["short", "my li.na password", "abcabcabcabcabc", "a" * 201])
    def test_weak_passwords_are_refused(self, store: Store, weak: str) -> None:
        person = given(store)
        with pytest.raises(WeakPassword, match="12"):
            people.change_password(store, person, GOOD, weak, NOW)
        with pytest.raises(InputError, match="不能与原密码相同"):
            people.change_password(store, person, GOOD, GOOD, NOW)
        with pytest.raises(SignInRefused, match="原密码"):
            people.change_password(store, person, OTHER, OTHER, NOW)

    def test_logins_are_plain_and_belong_to_one(self, store: Store) -> None:
        given(store)
        with pytest.raises(LoginTaken):
            given(store, "LI.NA")
        for login in ("", "x", "李娜", "a b", "<b>", "x" * 65):
            with pytest.raises(LoginUnusable):
                given(store, login)

    def test_one_administrator_stays(self, store: Store) -> None:
        first = given(store, "first", Role.ADMIN)
        for change in (
            lambda: people.disable_person(store, first.id, actor="x", now=NOW),
            lambda: people.set_roles(store, first.id, [Role.REVIEWER], actor="x", now=NOW),
        ):
            with pytest.raises(LastAdmin):
                change()
        second = given(store, "second", Role.ADMIN, Role.REVIEWER)
        people.disable_person(store, first.id, actor=second.actor, now=NOW)
        with pytest.raises(SignInRefused):
            people.sign_in(store, "first", GOOD, NOW)
        people.enable_person(store, first.id, actor=second.actor, now=NOW)
        assert people.sign_in(store, "first", GOOD, NOW)
        with pytest.raises(EntryMissing):
            people.disable_person(store, "per_none", actor="x", now=NOW)

    def test_what_was_done_is_in_the_log_and_no_password_is_anywhere(self, store: Store) -> None:
        person = given(store, "li.na", Role.ADMIN)
        once = people.reset_password(store, person.id, actor="cli", now=NOW)
        token = sessions.open_session(store, person, LIFETIME, NOW)
        people.sign_in(store, "li.na", once, NOW)
        sessions.end_session(store, token, NOW)
        written = log.entries(store, person.id)
        assert [entry.action for entry in written] == [
            "person.created",
            "person.password",
            "person.signed_in",
            "person.signed_out",
        ]
        rows = store.database.read(lambda c: [*c.execute(sa.select(PEOPLE)), *c.execute(sa.select(SESSIONS))])
        for secret in (GOOD, once, token):
            assert secret not in repr(rows) + repr(written)
        assert log.verify(store).ok


@pytest.mark.usefixtures("cheap")
class TestSessions:
    def test_a_session_ends_when_nobody_asks_for_an_hour(self, store: Store) -> None:
        person = given(store)
        token = sessions.open_session(store, person, LIFETIME, NOW)
        for minutes in (59, 118, 177):
            assert sessions.person_in(store, token, LIFETIME, after(minutes * MINUTES)) == person
        assert sessions.person_in(store, token, LIFETIME, after(237 * MINUTES)) is None

    def test_a_page_that_asks_by_itself_keeps_no_session_alive(self, store: Store) -> None:
        token = sessions.open_session(store, given(store), LIFETIME, NOW)
        assert sessions.person_in(store, token, LIFETIME, after(50 * MINUTES), touch=False)
        assert sessions.person_in(store, token, LIFETIME, after(60 * MINUTES), touch=False) is None

    def test_a_session_ends_after_twelve_hours_in_any_case(self, store: Store) -> None:
        token = sessions.open_session(store, given(store), LIFETIME, NOW)
        for hour in range(1, 24):
            assert (sessions.person_in(store, token, LIFETIME, after(hour / 24 / 2)) is not None) == (hour < 24)
        assert sessions.person_in(store, token, LIFETIME, after(0.5)) is None

    def test_a_session_ends_by_will_and_with_its_person(self, store: Store) -> None:
        given(store, "first", Role.ADMIN)
        person = given(store)
        one, other = (sessions.open_session(store, person, LIFETIME, NOW) for _ in range(2))
        sessions.end_session(store, one, NOW)
        assert sessions.person_in(store, one, LIFETIME, NOW) is None
        assert sessions.person_in(store, other, LIFETIME, NOW) == person
        people.disable_person(store, person.id, actor="x", now=NOW)
        assert sessions.person_in(store, other, LIFETIME, NOW) is None
        for nothing in ("", "x", one * 100):
            assert sessions.person_in(store, nothing, LIFETIME, NOW) is None

    def test_sessions_that_ended_are_swept_out(self, store: Store) -> None:
        person = given(store)
        sessions.open_session(store, person, LIFETIME, NOW)
        sessions.open_session(store, person, LIFETIME, after(1))
        counted = sa.select(sa.func.count()).select_from(SESSIONS)
        assert store.database.read(lambda connection: connection.scalar(counted)) == 1
