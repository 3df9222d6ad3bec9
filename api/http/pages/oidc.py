"""Signing in through an OpenID Connect provider, where the operator has named one."""

import hmac
import re
import secrets
from contextlib import suppress
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request, Response

from api import clock
from api.http.context import context_of
from api.http.openid import Identity, Journey, NotVouchedFor, Provider, ProviderAway
from api.http.pages.login import login_page, signed_in
from api.http.pages.shell import keep_cookie, redirect, safe_next
from api.http.problems import Refused, Said, parted
from api.store import people
from api.store.opened import Store
from api.store.people import LoginTaken, Person

router = APIRouter(prefix="/oidc")
_COOKIE, _SECONDS = "zs_oidc", 600
_PART = 43  # characters of 32 random bytes; the cookie holds three such and where to go on


@router.get("/start")
def start(request: Request, next: str = "/") -> Response:
    """Send the browser to the provider."""
    journey = Journey(*(secrets.token_urlsafe(32) for _ in range(3)))
    try:
        address = _provider(request).address(journey, _here(request))
    except ProviderAway as error:
        return login_page(request, next, wrong=parted(str(error)), status=503)
    answer = redirect(request, address)
    kept = journey.state + journey.nonce + journey.verifier + quote(safe_next(next))
    keep_cookie(request, answer, _COOKIE, kept, seconds=_SECONDS)
    return answer


@router.get("/callback")
def callback(
    request: Request,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A session for whom the provider vouches for, where an administrator has given them a role."""
    kept = request.cookies.get(_COOKIE, "")
    journey, going_on = Journey(kept[:_PART], kept[_PART : 2 * _PART], kept[2 * _PART : 3 * _PART]), kept[3 * _PART :]
    try:
        if not code or not going_on or not hmac.compare_digest(state.encode(), journey.state.encode()):
            raise NotVouchedFor
        identity = _provider(request).identity(code, journey, _here(request))
    except (NotVouchedFor, ProviderAway) as error:
        status = 503 if isinstance(error, ProviderAway) else 422
        return login_page(request, "/", wrong=parted(str(error)), status=status)
    store, now = context_of(request).store, clock.now()
    person = people.person_by_subject(store, identity.subject) or _welcome(store, identity)
    if person.disabled_at is not None or not person.roles:
        said = Said(
            f"您的账号（{person.login}）尚未开通或已停用，请联系管理员在“人员”页分配角色。",
            f"Your account ({person.login}) has no role yet or is disabled; ask an administrator for a role.",
        )
        return login_page(request, "/", wrong=said, status=403)
    people.note_sign_in(store, person.id, now)
    answer = signed_in(request, person, unquote(going_on))
    answer.delete_cookie(_COOKIE, path="/")
    return answer


def _provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise Refused(404, "not_found", Said("没有配置统一身份认证。", "No identity provider is configured."))
    return found


def _here(request: Request) -> str:
    return str(request.url_for("callback"))


def _welcome(store: Store, identity: Identity) -> Person:
    """A new person without any role: an administrator decides. A login that somebody has already is never taken over."""
    plain = re.sub(r"[^a-z0-9._@-]+", "-", identity.login.lower()).strip("-._@")[:50]
    for login in (plain, f"{plain or 'sso'}-{secrets.token_hex(3)}"):
        with suppress(LoginTaken, people.LoginUnusable):
            person, _ = people.create_person(
                store, login, identity.name, (), actor="oidc", now=clock.now(), subject=identity.subject
            )
            return person
    raise NotVouchedFor
