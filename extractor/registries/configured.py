"""Live registries as `registry.toml` describes them: a gateway or a view for each kind, with secrets named but never written there.

[enterprises]
gateway = "https://gateway.example/api/enterprise"
ask = {uscc = "tyshxydm", name = "qymc"}
lag_days = 3
[enterprises.request]
headers = {x-app = "{app}", x-time = "{timestamp}", x-nonce = "{nonce}", x-sign = "{signature}"}
secrets = {app = "GATEWAY_APP", token = "GATEWAY_TOKEN"}                 # names of environment variables
signature = {algorithm = "sha256", text = "{timestamp}{token}{nonce}"}  # with key = "{token}" an HMAC
[enterprises.paging]
number = "pageNum"
size = "pageSize"
[enterprises.answer]
records = "data.list"
total = "data.total"
success = {code = "200"}
[enterprises.columns]
"tyshxydm" = "unified_social_credit_code"

[cma]
view = "share.v_cma"
database = "CMA_DATABASE"                                                # name of an environment variable
ask = {cma = "zsbh", uscc = "tyshxydm"}
as_of = "gxsj"
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from extractor.registries.cache import Cache
from extractor.registries.gateway import Gateway, GatewaySource, Paging, Signature
from extractor.registries.live import Live, LiveRegistry, Source
from extractor.registries.patience import Patience
from extractor.registries.sqlview import View, ViewSource
from models.errors import RegistryInvalid
from models.records import RegistryKind

GATEWAY, VIEW = "gateway", "view"
_LONGEST_LAG = 365  # working days
KEYS = ("uscc", "name", "cnas", "cma", "place")

_LIVE = {"ask": dict, "columns": dict, "fresh_hours": float, "stale_days": float, "lag_days": int}
_PATIENCE = {"timeout_seconds": float, "deadline_seconds": float, "tries": int}
_OF_GATEWAY = {GATEWAY: str, "request": dict, "paging": dict, "answer": dict}
_REQUEST = {"method": str, "headers": dict, "parameters": dict, "secrets": dict, "signature": dict, "ca": str}
_PAGING = {"number": str, "size": str, "rows": int, "first": int}
_ANSWER = {"records": str, "total": str, "as_of": str, "success": dict, "empty": dict}
_SIGNATURE = {"algorithm": str, "text": str, "key": str}
_OF_VIEW = {VIEW: str, "database": str, "as_of": str}

T = TypeVar("T")


def is_live(entry: object) -> bool:
    """Whether an entry of `registry.toml` is a live registry, not a file."""
    return isinstance(entry, dict) and (GATEWAY in entry or VIEW in entry)


def live_registry(
    path: Path,
    kind: RegistryKind,
    entry: Mapping[str, Any],
    environment: Mapping[str, str],
    cache: Cache | None,
    clock: Callable[[], dt.datetime],
) -> LiveRegistry:
    """The registry that an entry describes, not asked yet; RegistryInvalid says what is wrong with the entry."""
    where = _Where(path, kind.value)
    own = _OF_GATEWAY if GATEWAY in entry else _OF_VIEW
    where.check(entry, {**_LIVE, **_PATIENCE, **own})
    live = _live(where, kind, entry)
    source: Source
    if GATEWAY in entry:
        source = GatewaySource(live, _gateway(where, entry), environment, clock)
    elif "database" not in entry:
        raise where.wrong("缺少 database（环境变量名）", "needs database, the name of an environment variable")
    else:
        source = ViewSource(live, View(entry[VIEW], entry["database"], entry.get("as_of", "")), environment, clock)
    return LiveRegistry(live, source, cache, clock)


def _live(where: "_Where", kind: RegistryKind, entry: Mapping[str, Any]) -> Live:
    ask = where.texts(entry, "ask")
    if unknown := set(ask) - set(KEYS):
        raise where.wrong(
            f"ask 只能按 {'、'.join(KEYS)}，没有 {'、'.join(sorted(unknown))}", f"ask knows only {', '.join(KEYS)}"
        )
    patience = Patience(**{name.removesuffix("_seconds"): entry[name] for name in _PATIENCE if name in entry})
    if min(dataclasses.astuple(patience)) <= 0:
        raise where.wrong("超时和次数应大于 0", "time-outs and tries must be above 0")
    if not 0 <= entry.get("lag_days", 0) <= _LONGEST_LAG:
        raise where.wrong(f"lag_days 应在 0 至 {_LONGEST_LAG} 之间", f"lag_days must be 0 to {_LONGEST_LAG}")
    live = Live(kind, where.texts(entry, "columns"), ask, lag_days=entry.get("lag_days", 0), patience=patience)
    fresh, stale = entry.get("fresh_hours"), entry.get("stale_days")
    return dataclasses.replace(
        live,
        fresh=live.fresh if fresh is None else dt.timedelta(hours=fresh),
        stale=live.stale if stale is None else dt.timedelta(days=stale),
    )


def _gateway(where: "_Where", entry: Mapping[str, Any]) -> Gateway:
    request, answer = where.part(entry, "request", _REQUEST), where.part(entry, "answer", _ANSWER)
    paging, signed = where.part(entry, "paging", _PAGING), where.part(request, "signature", _SIGNATURE)
    if not str(entry[GATEWAY]).startswith(("https://", "http://")):
        raise where.wrong("gateway 应为 http(s) 地址", "gateway must be an http(s) URL")
    method = request.get("method", "GET").upper()
    if method not in {"GET", "POST"}:
        raise where.wrong("method 应为 GET 或 POST", "method must be GET or POST")
    if not all(name.isascii() for name in request.get("headers", {})):
        raise where.wrong("请求头的名称只能用 ASCII 字符", "names of headers must be ASCII")
    if paging and "number" not in paging:
        raise where.wrong("paging 缺少 number", "paging needs number")
    if signed and not {"algorithm", "text"} <= set(signed):
        raise where.wrong("signature 需要 algorithm 和 text", "signature needs algorithm and text")
    if signed and signed["algorithm"] not in hashlib.algorithms_available:
        raise where.wrong(f"没有算法 {signed['algorithm']}", f"there is no algorithm {signed['algorithm']}")
    return Gateway(
        url=entry[GATEWAY],
        method=method,
        headers=where.texts(request, "headers"),
        parameters=where.texts(request, "parameters"),
        secrets=where.texts(request, "secrets"),
        signature=Signature(**signed) if signed else None,
        paging=Paging(**paging) if paging else None,
        ca=request.get("ca", ""),
        records=answer.get("records", "data"),
        total=answer.get("total", ""),
        as_of=answer.get("as_of", ""),
        success=where.texts(answer, "success"),
        empty=where.texts(answer, "empty"),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Where:
    """The entry that is being read, for those who must correct it."""

    path: Path
    kind: str

    def wrong(self, zh: str, en: str) -> RegistryInvalid:
        return RegistryInvalid(f"{self.path}：[{self.kind}] {zh}。 {self.path}: [{self.kind}] {en}.")

    def check(self, entry: Mapping[str, Any], known: Mapping[str, type]) -> None:
        for name, value in entry.items():
            wanted = known.get(name)
            if wanted is None:
                raise self.wrong(f"有未知项 {name}，可用 {'、'.join(known)}", f"has an unknown entry {name}")
            if not isinstance(value, (int, float) if wanted is float else wanted) or isinstance(value, bool):
                raise self.wrong(f"的 {name} 类型有误", f"{name} is of the wrong type")

    def part(self, entry: Mapping[str, Any], name: str, known: Mapping[str, type]) -> dict[str, Any]:
        part: dict[str, Any] = entry.get(name, {})
        self.check(part, known)
        return part

    def texts(self, entry: Mapping[str, Any], name: str) -> dict[str, str]:
        part: dict[str, Any] = entry.get(name, {})
        if not all(isinstance(value, str) for value in part.values()):
            raise self.wrong(f"的 {name} 应为文字", f"{name} must hold texts")
        return part
