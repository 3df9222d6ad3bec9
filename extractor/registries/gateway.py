"""A registry behind an HTTP gateway that answers JSON, in pages, to those who can name or sign themselves (省数据共享平台)."""

import datetime as dt
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from extractor.registries.cache import Fetched
from extractor.registries.live import Live, Question, changed, secret
from extractor.registries.patience import Passing, patiently
from models.errors import RegistryUnavailable

if TYPE_CHECKING:
    import httpx

_MOST_BYTES = 64 << 20  # of one answer
_MOST_PAGES = 10_000
_PLACE = re.compile(r"\{(\w+)\}")
_REFUSED = frozenset({401, 403, 407})
_PASSING = frozenset({408, 425, 429, *range(500, 600)})
_LONGEST_WAIT = 5.0  # seconds that we let a gateway ask us to wait


@dataclass(frozen=True, slots=True)
class Signature:
    """`text` with its places filled, hashed; with a `key` it is an HMAC. `algorithm` is one of hashlib (sha256, sm3, …)."""

    algorithm: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """The gateway's own names for the number of a page and its size; numbers begin at `first`."""

    number: str
    size: str = ""
    rows: int = 100
    first: int = 1


@dataclass(frozen=True, slots=True)
class Gateway:
    """How a gateway is asked and where in its answer things stand; paths are names with dots between.

    In `headers`, `parameters` and the signature, {timestamp} (seconds), {milliseconds}, {nonce} and the names in `secrets` stand for their
    values, in `headers` and `parameters` {signature} too; `secrets` maps such names to environment variables. `success` tells a good
    answer, `empty` one that found nothing, by paths and their values.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    signature: Signature | None = None
    paging: Paging | None = None
    records: str = "data"
    total: str = ""
    as_of: str = ""
    success: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)
    ca: str = ""


class GatewaySource:
    """Asks a gateway; one connection for all pages of a question."""

    def __init__(
        self, live: Live, gateway: Gateway, environment: Mapping[str, str], clock: Callable[[], dt.datetime]
    ) -> None:
        self.live = live
        self.gateway = gateway
        self.environment = environment
        self.clock = clock

    @property
    def address(self) -> str:
        return self.gateway.url.partition("?")[0]

    def fetch(self, question: Question, started: float) -> Fetched:
        import httpx

        verify: Any = True
        if self.gateway.ca:
            import ssl

            verify = ssl.create_default_context(cafile=self.gateway.ca)
        # No proxy, .netrc or redirect of the environment's choosing: what is asked goes where the configuration says.
        with httpx.Client(trust_env=False, follow_redirects=False, verify=verify) as client:
            return self._pages(client, question, started)

    def _pages(self, client: "httpx.Client", question: Question, started: float) -> Fetched:
        """Every page. A list is whole when its stated total is reached or, where none is stated, when a page is empty."""
        rows: list[dict[str, Any]] = []
        as_of, before = "", None
        for number in range(_MOST_PAGES):
            parameters = self._parameters(question, number)
            answer = patiently(self.live.patience, started, partial(self._answer, client, parameters))
            page = self._records(answer)
            as_of = as_of or self._stated(answer, self.gateway.as_of)
            rows += page
            total = self._total(answer)
            if self.gateway.paging is None or not page or (total is not None and len(rows) >= total):
                if total is not None and len(rows) < total:
                    raise Passing(
                        self._said(f"只返回 {total} 条中的 {len(rows)} 条", f"it gave {len(rows)} of {total} records")
                    )
                return Fetched(tuple(rows), as_of, self.clock())
            if page == before:
                raise changed(
                    self.live.kind,
                    "每一页都相同，翻页参数未生效",
                    "every page is the same: it does not heed the page number",
                )
            before = page
        raise changed(self.live.kind, "页数没有尽头", "its pages never end")

    def _parameters(self, question: Question, page: int) -> dict[str, str]:
        parameters = dict(self.gateway.parameters)
        if question is not None:
            parameters[question[1]] = question[2]
        if (paging := self.gateway.paging) is not None:
            parameters[paging.number] = str(paging.first + page)
            if paging.size:
                parameters[paging.size] = str(paging.rows)
        return parameters

    def _answer(self, client: "httpx.Client", parameters: Mapping[str, str], seconds: float) -> Any:
        """One try: what a good answer says, as JSON."""
        import httpx

        values = self._values()
        headers = [(name.encode(), _filled(text, values).encode()) for name, text in self.gateway.headers.items()]
        sent = {
            name: _filled(text, values) if name in self.gateway.parameters else text
            for name, text in parameters.items()
        }
        how: dict[str, Any] = {"params": sent} if self.gateway.method == "GET" else {"json": sent}
        until = time.monotonic() + seconds
        try:
            with client.stream(
                self.gateway.method, self.gateway.url, headers=headers, timeout=seconds, **how
            ) as response:
                self._heed(response)
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise changed(self.live.kind, "返回内容过大", "its answer is too large")
                    if time.monotonic() > until:  # a server that drips never runs into the client's own time-outs
                        raise Passing(self._said("超时", "it took too long"))
        except httpx.TimeoutException as error:
            raise Passing(self._said("超时", "it took too long")) from error
        except httpx.InvalidURL as error:
            raise changed(self.live.kind, "地址有误", "its address is none") from error
        except httpx.HTTPError as error:
            raise Passing(self._said("无法连接", "it cannot be reached")) from error
        return self._said_well(bytes(body))

    def _heed(self, response: "httpx.Response") -> None:
        """Nothing where the status is good; otherwise what it means for us."""
        status = response.status_code
        if status in _REFUSED:
            raise RegistryUnavailable(self._said(f"拒绝了凭据（{status}）", f"it refused our credentials ({status})"))
        if status in _PASSING:
            wait = response.headers.get("retry-after", "")
            seconds = min(float(wait), _LONGEST_WAIT) if wait.isdecimal() else 0.0
            raise Passing(self._said(f"返回 {status}", f"it answered {status}"), seconds)
        if status != 200:
            raise changed(self.live.kind, f"返回 {status}", f"it answered {status}")

    def _said_well(self, body: bytes) -> Any:
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise changed(self.live.kind, "返回的不是 JSON", "its answer is not JSON") from error
        if _has(answer, self.gateway.empty) or _has(answer, self.gateway.success) or not self.gateway.success:
            return answer
        raise Passing(self._said("报告查询失败", "it says that it failed"))

    def _records(self, answer: Any) -> list[dict[str, Any]]:
        if self.gateway.empty and _has(answer, self.gateway.empty):
            return []
        found = _at(answer, self.gateway.records)
        if found is None:
            return []
        found = [found] if isinstance(found, dict) else found
        if found is _MISSING or not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise changed(
                self.live.kind, f"返回中没有 {self.gateway.records} 列表", f"there is no list at {self.gateway.records}"
            )
        return found

    def _total(self, answer: Any) -> int | None:
        stated = self._stated(answer, self.gateway.total)
        return int(stated) if stated.isdecimal() else None

    def _stated(self, answer: Any, path: str) -> str:
        """What stands at a path that is configured, as text; empty where none is or it is null."""
        found = _at(answer, path) if path else None
        if found is _MISSING:
            raise changed(self.live.kind, f"返回中没有 {path}", f"there is no {path} in its answer")
        return "" if found is None else str(found)

    def _values(self) -> dict[str, str]:
        now = self.clock().timestamp()
        values = {
            **{name: secret(self.live, self.environment, named) for name, named in self.gateway.secrets.items()},
            "timestamp": str(int(now)),
            "milliseconds": str(int(now * 1000)),
            "nonce": secrets.token_hex(8),
        }
        if (signature := self.gateway.signature) is not None:
            text, key = _filled(signature.text, values).encode(), _filled(signature.key, values).encode()
            if key:
                values["signature"] = hmac.new(key, text, signature.algorithm).hexdigest()
            else:
                values["signature"] = hashlib.new(signature.algorithm, text).hexdigest()
        return values

    def _said(self, zh: str, en: str) -> str:
        return f"{self.live.kind.value} 接口：{zh}。 {self.live.kind.value}: {en}."


_MISSING = object()


def _at(answer: Any, path: str) -> Any:
    """What stands at a path; None where it, or what it stands in, is null; `_MISSING` where there is no such name."""
    for name in filter(None, path.split(".")):
        if answer is None:
            return None
        if not isinstance(answer, dict) or name not in answer:
            return _MISSING
        answer = answer[name]
    return answer


def _has(answer: Any, wanted: Mapping[str, str]) -> bool:
    return bool(wanted) and all(_plain(_at(answer, path)) == value for path, value in wanted.items())


def _plain(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)
