"""The work list: every case with where it stands, what was found and what it is due for."""

from fastapi import APIRouter, Request, Response

from api.http.pages.shell import SignedIn, page

router = APIRouter()


@router.get("/")
def work_list(request: Request, person: SignedIn) -> Response:
    """The list."""
    return page(request, "worklist.html")
