"""失信公示: from what people decided only, masked, listed dry, sent by one command to a real gateway, withdrawn when repaired."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.publication import load_categories, record_of, withheld
from api.publishing import Decree, category_of, draft_of_certificate, draft_of_review, send
from api.settings import Settings
from api.store import Store, log, open_store, reviews
from api.store.decisions import Who, decide, say
from api.store.errors import EditConflict
from api.store.publications import Publication, Stage, drop, get_publication, publications, repair
from api.store.reviews import Summary
from api.store.snapshots import upload_snapshot
from api.store.supervision import record_verification
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from models.errors import InputError
from models.finding import Verdict
from models.records import RegistryKind, Verified
from models.report import Recommendation
from tests.api.jobs.receiver import Receiver, receiver
from tests.api.store.given import NOW, RETENTION, given_review

NUMBER = "262121340001"
DECREE = Decree("违反告知承诺", "琼市监检撤〔2026〕7号", "海南省市场监督管理局", dt.date(2026, 11, 20))
MESSAGES = {"f1": "承诺的检测设备不存在，联系人 13812345678。", "f2": "证书名称与登记名称不同。"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", webhook_hosts=("127.0.0.1",))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    lines = ["证书编号,机构名称,统一社会信用代码", f"{NUMBER},海口椰风检测技术有限公司,91460100MAA9ABC12W"]
    upload_snapshot(
        opened, RegistryKind.CMA, "cma.csv", "\n".join(lines).encode(), NOW.date(), actor="user:li", now=NOW
    )
    yield opened
    opened.close()


def reviewed(store: Store) -> str:
    """A case with two findings, nobody has said anything yet."""
    row = given_review(store)
    findings = [{"fingerprint": one, "message": {"zh": said, "en": ""}} for one, said in MESSAGES.items()]
    report = json.dumps({"findings": findings}).encode()
    summary = Summary("correct", name="海口椰风检测技术有限公司", unified_social_credit_code="91460100MAA9ABC12W")
    assert reviews.finish(store, row.id, report, summary, retention=RETENTION, actor="worker", now=NOW)
    return row.id


def decided(store: Store) -> str:
    """The first finding confirmed, the second not spoken of, the case refused."""
    review_id, who = reviewed(store), Who("person:li")
    say(store, review_id, "f1", Verdict.CONFIRMED, who, now=NOW, seen_version=0)
    refuse = Recommendation.REFUSE_ROUTE
    decide(
        store, review_id, refuse, who, now=NOW, seen=0, seen_words=1, needs_second=False, overrules=True, reason="虚假"
    )
    return review_id


def drafted(store: Store) -> Publication:
    return draft_of_review(store, decided(store), DECREE, actor="user:li", now=NOW)


def test_only_what_a_person_confirmed_in_a_decided_case_is_drafted(store: Store) -> None:
    undecided = reviewed(store)
    say(store, undecided, "f1", Verdict.CONFIRMED, Who("person:li"), now=NOW, seen_version=0)
    with pytest.raises(InputError, match="最终决定"):
        draft_of_review(store, undecided, DECREE, actor="user:li", now=NOW)
    review_id = decided(store)
    with pytest.raises(InputError, match="f2"):
        draft_of_review(store, review_id, DECREE, actor="user:li", now=NOW, findings=["f2"])
    row = draft_of_review(store, review_id, DECREE, actor="user:li", now=NOW)
    assert (row.findings, row.state, row.review_id) == (("f1",), Stage.DRAFT, review_id)
    assert row.reason == "承诺的检测设备不存在，联系人 138****5678。"
    assert row.published_until == dt.date(2029, 11, 20)
    assert log.entries(store, subject=row.id)[-1].action == "publication.drafted"


def test_a_certificate_is_drafted_where_its_promises_were_found_false(settings: Settings, store: Store) -> None:
    def draft() -> Publication:
        return draft_of_certificate(settings, store, {}, NUMBER, DECREE, actor="user:li", now=NOW)

    with pytest.raises(InputError, match="虚假承诺"):
        draft()
    day = dt.date(2026, 11, 9)
    record_verification(
        store, NUMBER, day, Verified.FALSE, actor="user:li", now=NOW, note="住址：海口市某小区3栋，电话13812345678"
    )
    row = draft()
    assert (row.name, row.certificate) == ("海口椰风检测技术有限公司", NUMBER)
    assert "2026-11-09" in row.reason
    assert "某小区" not in row.reason
    assert "12345678" not in row.reason
    record_verification(store, "262121340099", day, Verified.FALSE, actor="user:li", now=NOW)
    with pytest.raises(InputError, match="快照"):
        draft_of_certificate(settings, store, {}, "262121340099", DECREE, actor="user:li", now=NOW)


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        ("身份证 460100199001011234", "19900101", "身份证"),
        ("电话0898-66251234", "66251", "电话"),
        ("开户行工行，账号：2201 0203 0900 5678 901。", "2201", "开户行工行"),
        ("邮箱 li.wang@example.org 联系", "li.wang", "联系"),
        ("家庭住址：海口市龙华区某路3号，另查明", "某路3号", "另查明"),
        ("微信号 hn_lab2026", "hn_lab", "微信号"),
        ("罚款 2201020 元，依据 GB/T 5009.3-2016", "****", "GB/T 5009.3-2016"),
        ("统一社会信用代码 91460100MAA9ABC12W", "****", "91460100MAA9ABC12W"),
    ],
)
def test_what_the_law_withholds_is_not_published(text: str, gone: str, stays: str) -> None:
    assert gone not in withheld(text)
    assert stays in withheld(text)


def test_the_record_has_the_fields_of_the_publicity_system(store: Store) -> None:
    row = drafted(store)
    record = record_of(row)
    assert record["行政相对人名称"] == "海口椰风检测技术有限公司"
    assert record["列入决定书文号"] == DECREE.document_number
    assert (record["列入日期"], record["公示截止期"]) == ("2026-11-20", "2029-11-20")
    assert "修复状态" not in record
    ended = record_of(replace(row, repaired_on=dt.date(2027, 1, 5), repair_document="琼市监移〔2027〕1号"))
    assert (ended["修复状态"], ended["移出日期"]) == ("已修复", "2027-01-05")


def test_serious_breaches_stay_a_year_at_least() -> None:
    serious = category_of("严重违法失信名单")
    with pytest.raises(InputError, match="2027-11-20"):
        serious.check_repair(DECREE.decided_on, dt.date(2027, 11, 19))
    serious.check_repair(DECREE.decided_on, dt.date(2027, 11, 20))
    with pytest.raises(InputError, match="违反告知承诺"):
        category_of("其他")
    assert all(category.basis and category.months for category in load_categories().values())


def test_nothing_is_sent_without_a_gateway_and_each_record_once(settings: Settings, store: Store) -> None:
    row = drafted(store)
    with pytest.raises(InputError, match="ZHENGSHEN_PUBLICATION_URL"):
        send(settings, store, (), actor="user:li", now=NOW)
    with receiver([503, 201]) as gateway:
        ready = replace(settings, publication_url=gateway.url, publication_token="".join(["t0", "ken"]))
        (refused,) = send(ready, store, (), actor="user:li", now=NOW)
        assert (refused.status, get_publication(store, row.id).state) == (503, Stage.DRAFT)
        (taken,) = send(ready, store, [row.id], actor="user:li", now=NOW)
        assert (taken.error, get_publication(store, row.id).state) == ("", Stage.SENT)
        assert send(ready, store, (), actor="user:li", now=NOW) == []
        first, second = gateway.wait(2)
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == f"{row.id}-publish"
        assert second.headers["authorization"] == "Bearer t0ken"
        assert json.loads(second.body) == {"action": "publish", "record": record_of(row)}
        repair(store, get_publication(store, row.id), dt.date(2027, 1, 5), "号", actor="user:li", now=NOW)
        (withdrawn,) = send(ready, store, (), actor="user:li", now=NOW)
        assert (withdrawn.action, get_publication(store, row.id).state) == ("withdraw", Stage.WITHDRAWN)
        assert json.loads(gateway.wait(3)[2].body)["record"]["修复状态"] == "已修复"
        with pytest.raises(InputError, match="没有待报送"):
            send(ready, store, [row.id], actor="user:li", now=NOW)
    other = drafted(store)
    (away,) = send(ready, store, [other.id], actor="user:li", now=NOW)
    assert (away.status, away.error) == (None, "ConnectError")
    with pytest.raises(InputError):
        send(replace(ready, publication_url="http://elsewhere.example"), store, (), actor="user:li", now=NOW)
    actions = [entry.action for entry in log.entries(store, subject=row.id)]
    assert [action.removeprefix("publication.") for action in actions] == ["drafted", "sent", "repaired", "withdrawn"]


def test_a_draft_that_is_repaired_or_dropped_is_never_sent(store: Store) -> None:
    first, second = drafted(store), drafted(store)
    repair(store, first, dt.date(2026, 12, 1), "号", actor="user:li", now=NOW)
    drop(store, second, actor="user:li", now=NOW)
    assert [row.state for row in publications(store)] == [Stage.DROPPED, Stage.DROPPED]
    for act in (lambda: drop(store, second, actor="u", now=NOW), lambda: drop(store, first, actor="u", now=NOW)):
        with pytest.raises(EditConflict):
            act()
    with pytest.raises(EditConflict):
        repair(store, get_publication(store, first.id), dt.date(2027, 1, 1), "号", actor="u", now=NOW)


@pytest.fixture
def run(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(settings.data))
    monkeypatch.setenv("ZHENGSHEN_WEBHOOK_HOSTS", "127.0.0.1")
    return lambda *words: CliRunner().invoke(main, ["publication", *words], prog_name="zhengshen")


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    with receiver([200]) as here:
        yield here


def test_the_commands_list_dry_and_send_when_told_to(
    run: Callable[..., Result], store: Store, gateway: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGSHEN_PUBLICATION_URL", gateway.url)
    assert run().exit_code == NOTHING_TO_OBJECT
    words = ("--document", "琼市监检撤〔2026〕7号", "--authority", "海南省市场监督管理局", "--decided", "2026-11-20")
    assert run("add", "--review", decided(store), *words).exit_code == NOTHING_TO_OBJECT
    assert run("add", "--certificate", NUMBER, *words).exit_code == UNUSABLE
    assert run("add", *words).exit_code == UNUSABLE
    assert "待公示" in run().stdout
    ((entry,), code) = json.loads((result := run("--json")).stdout), result.exit_code
    assert (entry["action"], code) == ("publish", LOOK)
    assert gateway.got == []  # listing sends nothing
    sent = json.loads(run("send", "--json").stdout)
    assert [(each["status"], each["error"]) for each in sent] == [(200, None)]
    assert "没有待报送" in run("send").stdout
    repaired = run("repair", sent[0]["id"], "--on", "2027-01-05", "--document", "琼市监移〔2027〕1号")
    assert repaired.exit_code == NOTHING_TO_OBJECT
    assert "待撤回" in run().stdout
    assert run("send").exit_code == NOTHING_TO_OBJECT
    row = drafted(store)
    assert run("drop", row.id).exit_code == NOTHING_TO_OBJECT
    assert len(gateway.got) == 2
