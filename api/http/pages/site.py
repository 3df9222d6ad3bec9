"""All pages together."""

from fastapi import APIRouter, Depends

from api.http.pages import (
    case,
    deciding,
    due,
    exports,
    login,
    oidc,
    people,
    picture,
    quality,
    registries,
    rows,
    static,
    upload,
    worklist,
)
from api.http.pages.shell import guarded

PAGES = (
    login,
    oidc,
    worklist,
    due,
    upload,
    people,
    registries,
    case,
    picture,
    rows,
    deciding,
    exports,
    quality,
)
"""Modules whose `router` is one part of the page; each route stands behind the guard."""


def router() -> APIRouter:
    """Every page and its files. They are not part of the API's description."""
    whole = APIRouter(include_in_schema=False)
    whole.include_router(static.router)
    for module in PAGES:
        whole.include_router(module.router, dependencies=[Depends(guarded)])
    return whole
