"""Signing in and out, choosing a password, language and colours."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import clock
from api.http.context import context_of
from api.http.pages import shell
from api.http.pages.shell import BEFORE, SESSION, SignedIn, keep_cookie, page, redirect, safe_next
from api.http.problems import Said, parted
from api.store import people, sessions
from api.store.people import Person, SignInRefused
from models.errors import InputError

router = APIRouter()
_YEAR = 365 * 24 * 3600
Secret = Annotated[str, Form(max_length=400)]


@router.get("/login")
def login_form(request: Request, next: str = "/") -> Response:
    """The form; whoever is signed in goes on."""
    if request.state.person is not None:
        return redirect(request, safe_next(next))
    return login_page(request, next)


@router.post("/login")
def login(
    request: Request,
    login: Annotated[str, Form(max_length=100)] = "",
    password: Secret = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """A session for whoever has the right login and password."""
    context = context_of(request)
    address = request.client.host if request.client else ""
    if context.logins.wait(address):
        said = Said("登录尝试过于频繁，请稍后再试。", "Too many attempts; try again in a moment.")
        return login_page(request, next, login, said, 429)
    try:
        person = people.sign_in(context.store, login, password, clock.now())
    except SignInRefused as error:
        return login_page(request, next, login, parted(str(error)), 422)
    return signed_in(request, person, next)


@router.post("/logout")
def logout(request: Request, _: SignedIn) -> Response:
    """End the session."""
    sessions.end_session(context_of(request).store, request.cookies.get(SESSION, ""), clock.now())
    answer = redirect(request, "/login")
    answer.delete_cookie(SESSION, path="/")
    return answer


@router.get("/password")
def password_form(request: Request, person: SignedIn) -> Response:
    """The form for a password of one's own."""
    return page(request, "password.html", said_wrong=None)


@router.post("/password")
def choose_password(
    request: Request, person: SignedIn, former: Secret = "", chosen: Secret = "", again: Secret = ""
) -> Response:
    """Put a password in place of the present one; other sessions end, this one goes on under a new token."""
    context = context_of(request)
    try:
        if chosen != again:
            raise InputError("两次输入的新密码不一致。 The new password was typed in differently the second time.")
        people.change_password(context.store, person, former, chosen, clock.now())
    except InputError as error:
        return page(request, "password.html", status=422, said_wrong=parted(str(error)))
    return signed_in(request, person, "/")


@router.get("/language/{language}")
def language(request: Request, language: str, next: str = "/") -> Response:
    """Let the page speak Chinese or English from now on."""
    answer = redirect(request, safe_next(next))
    if language in {"zh", "en"}:
        keep_cookie(request, answer, "lang", language, seconds=_YEAR)
    return answer


@router.get("/theme/{theme}")
def theme(request: Request, theme: str, next: str = "/") -> Response:
    """Light, dark, or as the system has it."""
    answer = redirect(request, safe_next(next))
    if theme in {"light", "dark", "auto"}:
        keep_cookie(request, answer, "theme", theme, seconds=_YEAR)
    return answer


def signed_in(request: Request, person: Person, next: str) -> Response:
    """The answer that lets a browser go on as this person."""
    context, now = context_of(request), clock.now()
    lifetime = shell.lifetime_of(context.settings)
    if former := request.cookies.get(SESSION):
        sessions.end_session(context.store, former, now)
    answer = redirect(request, safe_next(next))
    keep_cookie(request, answer, SESSION, sessions.open_session(context.store, person, lifetime, now))
    answer.delete_cookie(BEFORE, path="/")
    return answer


def login_page(request: Request, next: str, login: str = "", wrong: Said | None = None, status: int = 200) -> Response:
    """The form, with a token of its own for a browser that has no session."""
    before = request.cookies.get(BEFORE) or shell.new_before()
    request.state.csrf = shell.csrf_of(before)
    answer = page(
        request,
        "login.html",
        status=status,
        next=safe_next(next),
        login=login,
        said_wrong=wrong,
        provider=request.app.state.provider is not None,
    )
    keep_cookie(request, answer, BEFORE, before)
    return answer
