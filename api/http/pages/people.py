"""The people page, for administrators: who may sign in, with which roles; passwords for once; shutting out and letting in again."""

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from api import clock
from api.http.context import context_of
from api.http.pages.shell import needs_role, page, redirect
from api.http.problems import Said, parted
from api.store import people as stored
from api.store.people import LastAdmin, Person, Role
from models.errors import InputError

router = APIRouter(prefix="/people")
Administrator = Annotated[Person, Depends(needs_role(Role.ADMIN))]
Chosen = Annotated[list[Role], Form()]


@router.get("")
def everybody(request: Request, _: Administrator) -> Response:
    """Everybody, and the form that adds somebody."""
    return _page(request)


@router.post("")
def add(
    request: Request,
    admin: Administrator,
    login: Annotated[str, Form(max_length=100)] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    roles: Chosen = [],  # noqa: B006 - FastAPI copies defaults
) -> Response:
    """Add a person; the password for once is in the answer and nowhere else."""
    try:
        if not roles:
            raise InputError("请至少选择一个角色。 Choose at least one role.")
        person, once = stored.create_person(
            context_of(request).store, login, name, roles, actor=admin.actor, now=clock.now()
        )
    except InputError as error:
        return _page(request, wrong=parted(str(error)), typed={"login": login, "name": name}, chosen=roles, status=422)
    return _page(request, shown=person, once=once)


@router.post("/{person_id}/roles")
def give_roles(request: Request, admin: Administrator, person_id: str, roles: Chosen = []) -> Response:  # noqa: B006
    """These roles and no others."""
    if not roles:
        return _page(request, wrong=Said("请至少选择一个角色。", "Choose at least one role."), status=422)
    try:
        stored.set_roles(context_of(request).store, person_id, roles, actor=admin.actor, now=clock.now())
    except LastAdmin as error:
        return _page(request, wrong=parted(str(error)), status=409)
    return redirect(request, "/people")


@router.post("/{person_id}/password")
def reset(request: Request, admin: Administrator, person_id: str) -> Response:
    """A password for once; sessions end and a lock is lifted."""
    store = context_of(request).store
    once = stored.reset_password(store, person_id, actor=admin.actor, now=clock.now())
    return _page(request, shown=stored.get_person(store, person_id), once=once)


@router.post("/{person_id}/disable")
def disable(request: Request, admin: Administrator, person_id: str) -> Response:
    """Shut the person out, at once."""
    try:
        stored.disable_person(context_of(request).store, person_id, actor=admin.actor, now=clock.now())
    except LastAdmin as error:
        return _page(request, wrong=parted(str(error)), status=409)
    return redirect(request, "/people")


@router.post("/{person_id}/enable")
def enable(request: Request, admin: Administrator, person_id: str) -> Response:
    """Let the person sign in again."""
    stored.enable_person(context_of(request).store, person_id, actor=admin.actor, now=clock.now())
    return redirect(request, "/people")


def _page(
    request: Request,
    *,
    wrong: Said | None = None,
    typed: Mapping[str, str] | None = None,
    chosen: Collection[Role] = (Role.REVIEWER,),
    shown: Person | None = None,
    once: str | None = None,
    status: int = 200,
) -> Response:
    store = context_of(request).store
    return page(
        request,
        "people.html",
        status=status,
        everybody=stored.list_people(store),
        locked=stored.locked_logins(store, clock.now()),
        wrong=wrong,
        typed={"login": "", "name": "", **(typed or {})},
        chosen=chosen,
        shown=shown,
        once=once,
    )
