"""Who may do what: API keys in the Authorization header, each with its scopes."""

import math
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api import clock
from api.http.context import context_of
from api.http.problems import Refused, Said
from api.logs import CONTEXT
from api.store.errors import ReviewMissing
from api.store.keys import ApiKey, Scope
from api.store.reviews import ReviewRow

_BEARER = HTTPBearer(
    auto_error=False, bearerFormat="zs_…", description="API 密钥，由 `zhengshen keys create` 颁发。 An API key."
)
_SEES_ALL = {Scope.READ, Scope.REVIEW, Scope.AUDIT, Scope.ADMIN}


def needs(*scopes: Scope) -> Callable[..., ApiKey]:
    """A dependency: the caller's key, which must have one of the scopes."""

    def caller(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None
    ) -> ApiKey:
        context = context_of(request)
        address = request.client.host if request.client else ""
        key = context.keys.verify(given.credentials, clock.now()) if given else None
        if key is None:
            _not_too_often(request, f"address {address}")
            said = Said(
                "请在 Authorization 头中以 Bearer 方式提供有效的 API 密钥。",
                "Give a valid API key in the Authorization header, as Bearer.",
            )
            raise Refused(401, "unauthorized", said, {"WWW-Authenticate": "Bearer"})
        _not_too_often(request, f"key {key.id}")
        if key.scopes.isdisjoint(scopes):
            names = ", ".join(scopes)
            raise Refused(403, "forbidden", Said(f"需要权限：{names}。", f"One of these scopes is needed: {names}."))
        CONTEXT.set({**CONTEXT.get(), "key": key.id})
        return key

    return caller


def _not_too_often(request: Request, caller: str) -> None:
    if wait := context_of(request).rates.wait(caller):
        seconds = str(math.ceil(wait))
        said = Said(f"请求过于频繁，请 {seconds} 秒后再试。", f"Too many requests; try again in {seconds} s.")
        raise Refused(429, "too_many_requests", said, {"Retry-After": seconds})


def visible(key: ApiKey, review: ReviewRow) -> ReviewRow:
    """The review, where the key may see it: its own ones, or all with a scope for reading; ReviewMissing otherwise."""
    if key.scopes.isdisjoint(_SEES_ALL) and review.api_key_id != key.id:
        raise ReviewMissing
    return review


Submitter = Annotated[ApiKey, Depends(needs(Scope.SUBMIT, Scope.ADMIN))]
Reader = Annotated[ApiKey, Depends(needs(Scope.SUBMIT, Scope.READ, Scope.REVIEW, Scope.AUDIT, Scope.ADMIN))]
Lister = Annotated[ApiKey, Depends(needs(Scope.READ, Scope.REVIEW, Scope.AUDIT, Scope.ADMIN))]
Reviewer = Annotated[ApiKey, Depends(needs(Scope.REVIEW, Scope.ADMIN))]
Administrator = Annotated[ApiKey, Depends(needs(Scope.ADMIN))]
