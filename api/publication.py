"""失信公示: what stands on 国家企业信用信息公示系统(海南) about a breach of trust, with what the law wants withheld left out."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from api.masking import masked
from matchers.data import read_bytes
from models.dates import add_months
from models.errors import InputError

_ACCOUNT = re.compile(r"((?:账号|帐号|账户|帐户|卡号)[^0-9]{0,6})\d[\d ]{6,28}\d")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HOME = re.compile(r"((?:住址|家庭住址|户籍地址|住所地)[:：为]?\s*)[^，。；;,\n]{2,60}")
_CHAT = re.compile(r"((?:微信|QQ)(?:号)?[:：]?\s*)[A-Za-z0-9_-]{5,20}", re.IGNORECASE)


class Publishable(Protocol):
    """A decision to be published, as the store keeps it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unified_social_credit_code(self) -> str: ...
    @property
    def certificate(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def document_number(self) -> str: ...
    @property
    def decided_on(self) -> dt.date: ...
    @property
    def published_until(self) -> dt.date: ...
    @property
    def repaired_on(self) -> dt.date | None: ...
    @property
    def repair_document(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of record: its basis, months of publication, and months after the decision before a repair counts."""

    name: str
    basis: str
    months: int
    repair_after: int

    def until(self, decided_on: dt.date) -> dt.date:
        """The last day of publication."""
        return add_months(decided_on, self.months)

    def check_repair(self, decided_on: dt.date, repaired_on: dt.date) -> None:
        """InputError where the law does not let a record go so early."""
        earliest = add_months(decided_on, self.repair_after)
        if repaired_on < earliest:
            raise InputError(
                f"{self.name}自{decided_on}起满{self.repair_after}个月（{earliest}）方可提前移出。 "
                f"A record of this kind can be withdrawn from {earliest} on."
            )


@cache
def load_categories() -> Mapping[str, Category]:
    """The categories that come with the program (`matchers/data/publication.toml`), by name."""
    raw = tomllib.loads(read_bytes("publication.toml").decode("utf-8"))
    return {name: Category(name, **table) for name, table in raw.items()}


def withheld(text: str) -> str:
    """The text without identity cards, telephones, homes, accounts, mail and chat addresses (总局令第45号); names of bodies stay."""
    for pattern in (_ACCOUNT, _HOME, _CHAT):
        text = pattern.sub(lambda found: f"{found[1]}****", text)
    return masked(_MAIL.sub("****", text))


def record_of(entry: Publishable) -> dict[str, Any]:
    """The record as it is published, under the names of 信用信息; of a repaired one also how it ended."""
    record = {
        "记录编号": entry.id,
        "行政相对人名称": entry.name,
        "统一社会信用代码": entry.unified_social_credit_code,
        "资质认定证书编号": entry.certificate,
        "名单类别": entry.category,
        "列入原因": withheld(entry.reason),
        "列入依据": entry.basis,
        "列入日期": entry.decided_on.isoformat(),
        "列入决定书文号": entry.document_number,
        "列入机关": entry.authority,
        "公示截止期": entry.published_until.isoformat(),
    }
    if entry.repaired_on is not None:
        record |= {
            "修复状态": "已修复",
            "修复日期": entry.repaired_on.isoformat(),
            "移出日期": entry.repaired_on.isoformat(),
            "移出决定书文号": entry.repair_document,
        }
    return record
