"""What the OpenAPI description says of errors: for each status that a route can answer with, a problem and an example of it."""

from typing import Any

from api.http.problems import MEDIA_TYPE, TITLES
from api.http.shapes import ProblemView

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "review_missing",
    409: "edit_conflict",
    410: "blob_missing",
    413: "too_large",
    415: "unsupported_file",
    422: "invalid_request",
    429: "too_many_requests",
    503: "store_unavailable",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route beside its success; those that any route with a key can give are always among them."""
    return {status: _described(status) for status in sorted({*statuses, 401, 403, 422, 429, 503})}


def _described(status: int) -> dict[str, Any]:
    title = TITLES[status]
    example = {
        "type": f"/problems/{_CODES[status]}",
        "title": title.zh,
        "status": status,
        "code": _CODES[status],
        "instance": "urn:request:5f0c2a7e9d6b4c1f8a3e7d2b1c0f9e8d",
    }
    return {
        "description": f"{title.zh}。 {title.en}.",
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemView.__name__}"}, "example": example}
        },
    }
