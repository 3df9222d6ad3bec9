"""The claimed rows of a case, a stretch at a time: ten thousand of them are never sent at once."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from api.http.pages.opened import Case, open_case
from api.http.pages.shell import SignedIn

router = APIRouter()

MOST = 500
STATES = ("issue", "exclude", "human")
DECISION = 10
"""Where a row of the dossier has the machine's decision."""


@router.get("/cases/{review_id}/rows")
def rows(
    request: Request,
    person: SignedIn,
    review_id: str,
    first: Annotated[int, Query(alias="from", ge=0, le=1_000_000)] = 0,
    count: Annotated[int, Query(ge=0, le=MOST)] = 200,
    state: Annotated[str, Query(pattern="^(issue|exclude|human|decided)?$")] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
) -> JSONResponse:
    """Rows `from` … of those in a state (`decided`: by a person) that hold every word of `q`; `place` says where row `at` is among them.

    Each row is as in the dossier, with the person's decision and reason behind it, or null.
    """
    case = open_case(request, review_id)
    found = matching(case, state, q)
    numbers = [row[0] for row in found] if at is not None else []
    return JSONResponse(
        {
            "total": len(found),
            "from": first,
            "counts": _counts(case),
            "rows": [[*row, _word(case, row[0])] for row in found[first : first + count]],
            "place": numbers.index(at) if at in numbers else None,
        },
        headers={"Cache-Control": "no-store"},
    )


def matching(case: Case, state: str = "", q: str = "") -> list[list[Any]]:
    """The rows in a state that hold every word of `q`, in their order in the report."""
    wanted = q.lower().split()
    said = case.standing.rows
    return [
        row
        for row, text in case.opened.rows()
        if (not state or (row[0] in said if state == "decided" else _decision(case, row) == state))
        and all(word in text for word in wanted)
    ]


def _decision(case: Case, row: list[Any]) -> str:
    word = case.standing.rows.get(row[0])
    return word.decision.value if word else str(row[DECISION])


def _word(case: Case, number: int) -> list[str] | None:
    word = case.standing.rows.get(number)
    return [word.decision.value, word.reason] if word else None


def _counts(case: Case) -> dict[str, int]:
    decided = [_decision(case, row) for row, _ in case.opened.rows()]
    return {
        "all": len(decided),
        **{state: decided.count(state) for state in STATES},
        "decided": len(case.standing.rows),
    }
