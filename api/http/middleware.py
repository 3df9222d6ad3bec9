"""Around every request: an id, a limit to its body, headers that browsers need, its line in the log and its figures."""

import logging
import re
import time
import uuid

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import tracing
from api.http import problems
from api.http.problems import Said
from api.logs import CONTEXT

logger = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class BodyTooLarge(Exception):
    """The body went on beyond the limit."""


class Surroundings:
    """Pure ASGI, so that bodies and answers stream through it untouched."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token = CONTEXT.set({"request": request.state.request_id})
        started = time.perf_counter()
        status = 500
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:
                raise BodyTooLarge
            return message

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request.state.request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            with tracing.span(request.method, request.headers, **{"request.id": request.state.request_id}) as note:
                try:
                    if int(request.headers.get("content-length") or 0) > self.most:
                        raise BodyTooLarge
                    await self.app(scope, limited, answer)
                except BodyTooLarge:
                    await self._too_large(request)(scope, receive, answer)
                except Exception as error:
                    await (await problems.unexpected(request, error))(scope, receive, answer)
                finally:
                    route = getattr(scope.get("route"), "path", "other")
                    review = str(scope.get("path_params", {}).get("review_id", ""))[:64]
                    ids = {"review": review} if review else {}
                    note(f"{request.method} {route}", **{"http.response.status_code": status}, **ids)
        finally:
            seconds = time.perf_counter() - started
            CONTEXT.set({**CONTEXT.get(), **ids})
            if context := getattr(scope["app"].state, "context", None) if "app" in scope else None:
                context.meters.answered(request.method, route, status, seconds)
            logger.info("%s %s %d in %.0f ms", request.method, route, status, 1000 * seconds)
            CONTEXT.reset(token)

    def _too_large(self, request: Request) -> ASGIApp:
        most = self.most // 1_000_000
        said = Said(
            f"请求超过 {most} MB，请分次提交或压缩。", f"The request is larger than {most} MB; split or compress it."
        )
        return problems.problem(request, 413, "too_large", said, {"Connection": "close"})
