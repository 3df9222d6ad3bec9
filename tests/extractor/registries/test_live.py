"""A live registry answers as a file does; down, slow, changed or stale it says so and matches nothing."""

import datetime as dt
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractor.registries import Snapshots, import_snapshot, open_snapshots, read_manifest
from extractor.registries.cache import Cache
from extractor.registries.manifest import read_live
from models.errors import RegistryInvalid
from models.records import Registries, RegistryKind
from tests.extractor.registries.served import COLUMNS, ROWS, Answer, Asked, Registry, paged, served
from tests.extractor.registries.test_snapshots import form

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
CODE, NAME = "91460100MAA9ABC12W", "海口椰风检测技术有限公司"
OTHER_CODE = "91460000MA5TE5T076"
QUICK = "timeout_seconds = 0.4\ndeadline_seconds = 2.0\ntries = 2\n"
ASKED_BY = 'ask = {uscc = "tyshxydm", name = "qymc"}\n'
ANSWERED = '[enterprises.answer]\nrecords = "data.list"\ntotal = "data.total"\nas_of = "data.updated"\nsuccess = {code = "200"}\n'
PAGES = '[enterprises.paging]\nnumber = "page"\nsize = "size"\nrows = 1\n'
MAPPED = "[enterprises.columns]\n" + "".join(f'"{header}" = "{name}"\n' for header, name in COLUMNS.items())


@pytest.fixture
def registry() -> Iterator[Registry]:
    with served() as registry:
        yield registry


class Office:
    """A folder of registries, a cache and a clock that stands still until it is moved."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.now = folder, url, NOW
        self.environment: dict[str, str] = {}
        self.configure()

    def configure(self, *more: str, own: str = QUICK + ASKED_BY, columns: str = MAPPED, answer: str = ANSWERED) -> None:
        text = f'[enterprises]\ngateway = "{self.url}"\n{own}' + "".join(more) + answer + columns
        (self.folder / "registry.toml").write_text(text, "utf-8")

    def open(self) -> Snapshots:
        return open_snapshots(self.folder, self.environment, self.folder / "cache" / "live.sqlite", lambda: self.now)

    def ask(self, name: str = NAME, code: str = CODE) -> tuple[Registries, tuple[str, ...]]:
        """The answers, and the codes of the problems."""
        snapshots = self.open()
        answers = snapshots.answer([form(name, code)], NOW.date())
        return answers, tuple(problem.code for problem in snapshots.problems())


@pytest.fixture
def office(tmp_path: Path, registry: Registry) -> Office:
    return Office(tmp_path, registry.url)


def test_it_answers_as_the_file_does(office: Office, registry: Registry, tmp_path: Path) -> None:
    office.configure(PAGES)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "e.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    (plain / "registry.toml").write_text('[enterprises]\nfile = "e.jsonl"\nas_of = 2026-11-20\n' + MAPPED, "utf-8")
    for name, code in ((NAME, CODE), ("海南蓝湾质检(集团)有限公司", OTHER_CODE), ("没有的公司", "")):
        live, problems = office.ask(name, code)
        from_file = open_snapshots(plain).answer([form(name, code)], NOW.date())
        assert live.enterprises.available
        assert problems == ()
        assert live.enterprises.records == from_file.enterprises.records
    snapshot = live.enterprises.snapshot
    assert snapshot is not None
    assert (snapshot.registry, snapshot.as_of, snapshot.url) == ("enterprises", "2026-11-20", registry.url)
    assert snapshot.retrieved_at == "2026-11-22T08:00:00+00:00"


def test_without_keys_to_ask_by_all_pages_are_fetched(office: Office, registry: Registry) -> None:
    office.configure(PAGES, own=QUICK)
    answers, _ = office.ask()
    assert [record.name for record in answers.enterprises.records] == [NAME]
    assert [asked.parameters for asked in registry.asked] == [{"page": "1", "size": "1"}, {"page": "2", "size": "1"}]


def test_a_list_without_a_total_ends_with_an_empty_page(office: Office, registry: Registry) -> None:
    office.configure(PAGES, own=QUICK, answer='[enterprises.answer]\nrecords = "data.list"\n')
    assert office.ask()[0].enterprises.records
    assert len(registry.asked) == 3


def test_posted_questions_and_their_headers(office: Office, registry: Registry) -> None:
    office.configure(
        '[enterprises.request]\nmethod = "POST"\nparameters = {version = "2"}\n',
        own=QUICK + 'ask = {uscc = "tyshxydm"}\n',
    )
    assert office.ask()[0].enterprises.records
    (asked,) = registry.asked
    assert (asked.method, asked.parameters) == ("POST", {"version": "2", "tyshxydm": CODE})


def test_a_signed_request_is_what_the_gateway_expects(office: Office, registry: Registry) -> None:
    office.environment = {"APP": "app-1", "SIGNING": "hidden"}
    office.configure(
        '[enterprises.request]\nheaders = {x-app = "{app}", x-time = "{timestamp}", x-nonce = "{nonce}", x-sign = "{signature}"}\n'
        'secrets = {app = "APP", token = "SIGNING"}\n'
        'signature = {algorithm = "sha256", text = "{timestamp}{nonce}{app}", key = "{token}"}\n'
    )

    def checked(asked: Asked) -> Answer:
        text = asked.headers["x-time"] + asked.headers["x-nonce"] + "app-1"
        good = hmac.new(b"hidden", text.encode(), hashlib.sha256).hexdigest() == asked.headers["x-sign"]
        return paged(asked) if good and asked.headers["x-app"] == "app-1" else Answer(status=401)

    registry.answer = checked
    assert office.ask()[1] == ()
    assert len({asked.headers["x-nonce"] for asked in registry.asked}) == len(registry.asked)
    office.environment["SIGNING"] = "wrong"
    office.now += dt.timedelta(days=30)
    answers, problems = office.ask()
    assert problems == ("registry_unavailable",)
    assert "拒绝了凭据" in answers.enterprises.unavailable
    assert "wrong" not in answers.enterprises.unavailable


def test_a_secret_that_is_not_set_is_named(office: Office, registry: Registry) -> None:
    office.configure(
        '[enterprises.request]\nheaders = {Authorization = "Bearer {token}"}\nsecrets = {token = "GATEWAY_TOKEN"}\n'
    )
    answers, problems = office.ask()
    assert "GATEWAY_TOKEN" in answers.enterprises.unavailable
    assert problems == ("registry_unavailable",)
    assert registry.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer({}, 500),
        Answer({}, 503, {"retry-after": "0"}),
        Answer({}, 429, {"retry-after": "9999"}),
        Answer({"code": 500, "message": "系统繁忙"}),
        Answer({}, wait=5),
        Answer({"code": 200, "data": {"list": [], "total": 0, "updated": ""}}, drip=0.05),
    ],
    ids=["500", "503", "429", "fails", "slow", "drips"],
)
def test_a_registry_that_fails_is_unavailable_in_time(office: Office, registry: Registry, answer: Answer) -> None:
    registry.answer = lambda _: answer
    started = time.monotonic()
    answers, problems = office.ask()
    assert time.monotonic() - started < 4
    assert not answers.enterprises.available
    assert answers.enterprises.records == ()
    assert problems == ("registry_unavailable",)
    assert 1 <= len(registry.asked) <= 2


@pytest.mark.parametrize(
    "stated", ["2026-11-19", "2026-11-19T23:30:00+08:00", "2026年11月19日", "20261119", "1795017600000"]
)
def test_the_day_that_a_registry_states_is_cited(office: Office, registry: Registry, stated: str) -> None:
    registry.answer = lambda asked: Answer({"code": 200, "data": {"list": [], "total": 0, "updated": stated}})
    snapshot = office.ask()[0].enterprises.snapshot
    assert snapshot is not None
    assert snapshot.as_of == "2026-11-19"


def test_a_passing_failure_is_got_over(office: Office, registry: Registry) -> None:
    registry.answer = lambda asked: paged(asked) if len(registry.asked) % 2 == 0 else Answer({}, 502)
    answers, problems = office.ask()
    assert [record.name for record in answers.enterprises.records] == [NAME]
    assert problems == ()


def test_nobody_there_is_unavailable(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    answers, problems = Office(tmp_path, f"http://127.0.0.1:{port}/").ask()
    assert "无法连接" in answers.enterprises.unavailable
    assert problems == ("registry_unavailable",)


RENAMED = [{f"{name}2": value for name, value in row.items()} for row in ROWS]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"<html>login</html>"), "不是 JSON"),
        (Answer({"code": 200, "result": []}), "data.list"),
        (Answer({"code": 200, "data": {"list": {"a": ["b"]}, "total": 1, "updated": ""}}), "字段与配置不符"),
        (Answer({"code": 200, "data": {"list": ["a"], "total": 1, "updated": ""}}), "data.list"),
        (Answer({"code": 200, "data": {"list": RENAMED, "total": 2, "updated": ""}}), "字段与配置不符"),
        (Answer({"code": 200, "data": {"list": ROWS[1:], "total": 1, "updated": ""}}), "不是所查询的对象"),
        (
            Answer({"code": 200, "data": {"list": [{"djzt": "存续", "zs": "x"}], "total": 1, "updated": ""}}),
            "没有名称和编号",
        ),
        (Answer({"code": 200, "data": {"list": ROWS[:1]}}), "data.updated"),
        (Answer(b"x" * 100), "不是 JSON"),
        (Answer({"code": 200, "data": {"list": ROWS[:1], "total": 1, "updated": "昨天"}}), "不是日期"),
        (Answer({}, 404), "返回 404"),
        (Answer({}, 302, {"location": "http://127.0.0.1:1/"}), "返回 302"),
    ],
)
def test_a_registry_that_has_changed_says_what(office: Office, registry: Registry, answer: Answer, why: str) -> None:
    registry.answer = lambda _: answer
    answers, problems = office.ask()
    assert not answers.enterprises.available
    assert why in answers.enterprises.unavailable
    assert problems == ("registry_changed",)


def test_a_short_list_is_not_taken_for_the_whole(office: Office, registry: Registry) -> None:
    office.configure(PAGES, own=QUICK)
    rows = {"1": ROWS[:1]}
    registry.answer = lambda asked: Answer(
        {"code": 200, "data": {"list": rows.get(asked.parameters["page"], []), "total": 2, "updated": ""}}
    )
    answers, problems = office.ask()
    assert "2 条中的 1 条" in answers.enterprises.unavailable
    assert problems == ("registry_unavailable",)


def test_pages_that_never_change_are_noticed(office: Office, registry: Registry) -> None:
    office.configure(PAGES, own=QUICK, answer='[enterprises.answer]\nrecords = "data"\n')
    registry.answer = lambda _: Answer({"data": ROWS})
    assert "翻页参数未生效" in office.ask()[0].enterprises.unavailable
    assert len(registry.asked) == 2


def test_null_and_a_word_for_nothing_are_no_records(office: Office, registry: Registry) -> None:
    for body in ({"code": 404, "data": {}}, {"code": 200, "data": None}):
        office.configure(
            answer='[enterprises.answer]\nrecords = "data.list"\nsuccess = {code = "200"}\nempty = {code = "404"}\n'
        )
        registry.answer = lambda _, body=body: Answer(body)
        answers, problems = office.ask()
        assert answers.enterprises.available
        assert answers.enterprises.records == ()
        assert problems == ()
        office.now += dt.timedelta(days=30)


def test_answers_are_used_again_for_as_long_as_is_stated(office: Office, registry: Registry) -> None:
    office.configure(own=QUICK + ASKED_BY + "fresh_hours = 6\nstale_days = 2\n")
    first, _ = office.ask()
    number = len(registry.asked)
    office.now += dt.timedelta(hours=5)
    again, problems = office.ask()
    assert (again, problems, len(registry.asked)) == (first, (), number)

    registry.answer = lambda _: Answer({}, 500)
    office.now += dt.timedelta(hours=2)
    stale, problems = office.ask()
    assert stale.enterprises.records == first.enterprises.records
    assert stale.enterprises.snapshot == first.enterprises.snapshot  # which says when that was
    assert set(problems) == {"registry_notice"}
    snapshots = office.open()
    snapshots.answer([form(NAME, CODE)], NOW.date())
    assert all("2026-11-22 08:00" in problem.message for problem in snapshots.problems())

    office.now += dt.timedelta(days=2)
    gone, problems = office.ask()
    assert not gone.enterprises.available
    assert problems == ("registry_unavailable",)


def test_a_registry_that_keeps_failing_is_left_alone_for_a_while(office: Office, registry: Registry) -> None:
    registry.answer = lambda _: Answer({}, 500)
    for _ in range(3):
        office.ask()
    number = len(registry.asked)
    answers, problems = office.ask()
    assert len(registry.asked) == number
    assert "暂停查询至 08:01:00" in answers.enterprises.unavailable
    assert problems == ("registry_unavailable",)
    registry.answer = paged
    office.now += dt.timedelta(seconds=61)
    assert office.ask()[0].enterprises.records
    office.now -= dt.timedelta(seconds=61)  # a clock that jumps back locks nobody out
    assert office.ask()[0].enterprises.available


def test_a_spoilt_cache_is_begun_anew(office: Office) -> None:
    office.ask()
    cache = office.folder / "cache" / "live.sqlite"
    cache.write_bytes(b"not a database" * 500)
    assert office.ask()[0].enterprises.records
    assert office.ask()[0].enterprises.records
    assert Cache(cache).known("x", "y") is None
    assert cache.stat().st_mode & 0o077 == 0


def test_papers_without_what_it_is_asked_by_are_not_answered(office: Office, registry: Registry) -> None:
    office.configure(own=QUICK + 'ask = {uscc = "tyshxydm"}\n')
    answers, _ = office.ask(code="")
    assert "只能按 uscc 查询" in answers.enterprises.unavailable
    assert registry.asked == []


def test_the_lag_is_told_with_the_answer(office: Office) -> None:
    office.configure(own=QUICK + ASKED_BY + "lag_days = 3\n")
    snapshot = office.ask()[0].enterprises.snapshot
    assert snapshot is not None
    assert snapshot.lag_days == 3


def test_importing_a_file_leaves_live_registries_as_they_are(office: Office, tmp_path: Path) -> None:
    office.configure(
        PAGES, '[enterprises.request]\nheaders = {x-q = "头 \\"a\\""}\n', own=QUICK + ASKED_BY + "lag_days = 3\n"
    )
    before = read_live(tmp_path)
    source = tmp_path / "库.csv"
    source.write_text("领域,标准名称,标准编号,备注\n食品检验,水分,GB 5009.3-2016,\n", "utf-8")
    import_snapshot(RegistryKind.LIBRARY, source, NOW.date(), tmp_path)
    assert read_live(tmp_path) == before
    assert set(read_manifest(tmp_path)) == {RegistryKind.LIBRARY}
    assert office.ask()[0].enterprises.records
    source = tmp_path / "e.csv"
    source.write_text("统一社会信用代码,企业名称\n91460100MAA9ABC12W,x\n", "utf-8")
    with pytest.raises(RegistryInvalid, match="在线接口"):
        import_snapshot(RegistryKind.ENTERPRISES, source, NOW.date(), tmp_path)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('gateway = "ftp://x"', "http"),
        ('gateway = "http://x"\nfile = "a.csv"', "file"),
        ('gateway = "http://x"\ntries = 0', "大于 0"),
        ('gateway = "http://x"\ntimeout_seconds = "5"', "timeout_seconds"),
        ('gateway = "http://x"\nask = {code = "x"}', "uscc"),
        ('gateway = "http://x"\nlag_days = 1000', "365"),
        ('gateway = "http://x"\nask = {uscc = 1}', "ask"),
        ('gateway = "http://x"\n[enterprises.request]\nmethod = "PUT"', "GET"),
        ('gateway = "http://x"\n[enterprises.paging]\nsize = "n"', "number"),
        ('gateway = "http://x"\n[enterprises.request]\nsignature = {algorithm = "rot13", text = "x"}', "rot13"),
        ('gateway = "http://x"\n[enterprises.request]\nsignature = {text = "x"}', "algorithm"),
        ('gateway = "http://x"\n[enterprises.request]\npassword = "x"', "password"),
        ('gateway = "http://x"\n[enterprises.request]\nheaders = {"头" = "x"}', "ASCII"),
        ('view = "v"', "database"),
        ('view = "v"\ndatabase = "DB"\npaging = {number = "x"}', "paging"),
    ],
)
def test_a_wrong_entry_says_what_belongs_there(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "registry.toml").write_text(f"[enterprises]\n{entry}", "utf-8")
    with pytest.raises(RegistryInvalid, match=words):
        open_snapshots(tmp_path)


def test_secrets_are_read_when_asked_and_never_written(office: Office, tmp_path: Path) -> None:
    office.environment = {"GATEWAY_TOKEN": "hidden"}
    office.configure(
        '[enterprises.request]\nheaders = {Authorization = "Bearer {token}"}\nsecrets = {token = "GATEWAY_TOKEN"}\n'
    )
    snapshots: Any = office.open()
    snapshots.answer([form(NAME, CODE)], NOW.date())
    assert not any(b"hidden" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
