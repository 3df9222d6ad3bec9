"""What every page stands in: who is signed in, the guard against forged requests, the language, and the frame that templates fill."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote, urlsplit

import jinja2
from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import clock
from api.http.context import context_of
from api.http.pages.static import address
from api.http.problems import Refused, Said, english_chosen
from api.settings import Settings
from api.store.people import Person, Role
from api.store.sessions import Lifetime, person_in

SESSION, BEFORE = "zs_session", "zs_before"
"""Cookies: whose session this is, and, until somebody has signed in, what stands in for it in forms."""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SAFE = {"GET", "HEAD", "OPTIONS"}
_UNSIGNED = {"/login", "/language/{language}", "/theme/{theme}", "/oidc/start", "/oidc/callback"}
_UNCHANGED = {"/password", "/logout"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that the top bar leads to, and whom it is for (nobody named: everybody)."""

    path: str
    zh: str
    en: str
    roles: tuple[Role, ...] = ()


NAV = (
    Entry("/", "工作清单", "Work list"),
    Entry("/due", "期限", "Deadlines"),
    Entry("/quality", "质量", "Quality", (Role.REVIEWER, Role.SECOND_REVIEWER, Role.AUDITOR, Role.ADMIN)),
    Entry("/registries", "登记数据", "Registries"),
    Entry("/people", "人员", "People", (Role.ADMIN,)),
)


class TwoLanguages(Protocol):
    """Anything that is said in Chinese and English."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class Elsewhere(Exception):
    """The page is to be found at another address: the log-in, or the choice of a password."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


async def guarded(request: Request) -> None:
    """A dependency of every page: somebody is signed in, where that is needed, and what changes anything came from a page of ours."""
    route = request.scope["route"].path
    token = request.cookies.get(SESSION, "")
    person = await run_in_threadpool(_signed_in, request, token) if token else None
    request.state.person = person
    request.state.csrf = csrf_of(token if person else request.cookies.get(BEFORE, ""))
    if request.method not in _SAFE:
        await _demand_own_form(request)
    if person is None and route not in _UNSIGNED:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        raise Elsewhere(f"/login?next={quote(here, safe='')}" if request.method == "GET" and here != "/" else "/login")
    if person is not None and person.must_change and route not in _UNSIGNED | _UNCHANGED:
        raise Elsewhere("/password")


def person_of(request: Request) -> Person:
    """Who is signed in; a page without anybody never gets here."""
    person: Person | None = request.state.person
    if person is None:
        raise Elsewhere("/login")
    return person


SignedIn = Annotated[Person, Depends(person_of)]


def needs_role(*roles: Role) -> Callable[[Request], Person]:
    """A dependency: the person, who must have one of the roles; a problem with status 403 otherwise."""

    def person(request: Request) -> Person:
        found = person_of(request)
        if not found.may(*roles):
            zh, en = "、".join(ROLES[role].zh for role in roles), ", ".join(ROLES[role].en for role in roles)
            raise Refused(403, "forbidden", Said(f"需要角色：{zh}。", f"One of these roles is needed: {en}."))
        return found

    return person


ROLES: Mapping[Role, Said] = {
    Role.REVIEWER: Said("审查员", "Reviewer"),
    Role.SECOND_REVIEWER: Said("复核员", "Second reviewer"),
    Role.AUDITOR: Said("审计员", "Auditor"),
    Role.REGISTRAR: Said("数据管理员", "Registrar"),
    Role.ADMIN: Said("系统管理员", "Administrator"),
}


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A template in the frame: `person` (or None), `csrf`, `nav`, `t("中文", "English")`, `said(bilingual)`, `moment`, `day`, `static`."""
    english = english_of(request)
    person: Person | None = getattr(request.state, "person", None)
    frame = {
        "person": person,
        "csrf": getattr(request.state, "csrf", ""),
        "nav": [entry for entry in NAV if person and (not entry.roles or person.may(*entry.roles))],
        "lang": "en" if english else "zh-CN",
        "theme": theme if (theme := request.cookies.get("theme")) in {"light", "dark"} else "auto",
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "t": lambda zh, en: en if english else zh,
        "said": lambda value: value.en if english else value.zh,
        "roles": ROLES,
    }
    content = templates().get_template(template).render({**frame, **values})
    headers = {"Content-Security-Policy": CSP, "Content-Language": "en" if english else "zh-CN"}
    return HTMLResponse(content, status, headers)


def english_of(request: Request) -> bool:
    """Whether the page speaks English: only where somebody chose it."""
    return english_chosen(request) is True


def is_partial(request: Request) -> bool:
    """Whether HTMX asks for a part of the page; going back in history asks for the whole."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def redirect(request: Request, address: str) -> Response:
    """Send the browser on, whether it asked by itself or through HTMX."""
    if request.headers.get("hx-request"):
        return Response(status_code=200, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


async def elsewhere(request: Request, error: Exception) -> Response:
    """The answer to `Elsewhere`."""
    assert isinstance(error, Elsewhere)
    return redirect(request, error.address)


def problem_page(request: Request, status: int, title: Said, said: Said | None) -> Response:
    """A problem for people: what is wrong and what to do, in the frame."""
    shown = Said("没有权限", "Not allowed") if status == 403 else title
    number = getattr(request.state, "request_id", "")
    return page(request, "problem.html", status=status, title=shown, detail=said, number=number)


def safe_next(address: str | None) -> str:
    """Where to go on: an address of ours, `/` in place of anything else."""
    parts = urlsplit(address or "/")
    plain = address and address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if address and plain and not parts.scheme and not parts.netloc else "/"


def lifetime_of(settings: Settings) -> Lifetime:
    """How long sessions last."""
    return Lifetime(dt.timedelta(minutes=settings.session_minutes), dt.timedelta(hours=settings.session_hours))


def keep_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """A cookie that scripts cannot read and other sites do not send; over TLS only where the page itself came so."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def new_before() -> str:
    """A value that stands in for a session until there is one."""
    return secrets.token_urlsafe(32)


def csrf_of(token: str) -> str:
    """What forms of this session carry: made from the token, which pages of others cannot read. Empty without one."""
    return hashlib.sha256(b"csrf\0" + token.encode()).hexdigest() if token else ""


def today() -> dt.date:
    """The day in Beijing."""
    return clock.now().astimezone(clock.BEIJING).date()


@cache
def templates() -> jinja2.Environment:
    """The templates: everything is escaped, and a name that is not there is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = address
    environment.filters["moment"] = lambda at: at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M") if at else ""
    environment.filters["day"] = lambda at: at.isoformat() if at else ""
    return environment


def _signed_in(request: Request, token: str) -> Person | None:
    context = context_of(request)
    touch = "x-background" not in request.headers
    return person_in(context.store, token, lifetime_of(context.settings), clock.now(), touch=touch)


async def _demand_own_form(request: Request) -> None:
    """The token that only our pages know, in a header (HTMX) or a field (forms); a problem with status 403 without it."""
    given = request.headers.get("x-csrf-token")
    if given is None and request.headers.get("content-type", "").startswith(("application/x-www-form", "multipart/")):
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else None
    if not request.state.csrf or not hmac.compare_digest((given or "").encode(), request.state.csrf.encode()):
        said = Said("页面已过期，请刷新后重试。", "The page is out of date; reload it and try again.")
        raise Refused(403, "forged_request", said)
