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
    return {status: _described(status) for status in sorted({*statuses, 400, 401, 403, 422, 429, 503})}


def with_problems(described: dict[str, Any]) -> dict[str, Any]:
    """The description with the shape of problems among its components, where the answers above refer to it."""
    shape = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(shape.pop("$defs", {}))
    schemas[ProblemView.__name__] = shape
    return described


def example(description: str, shown: Any, media_type: str = "application/json") -> dict[str, Any]:
    """A success of which only an example says what it looks like; contract.md of the project has the fields."""
    return {"description": description, "content": {media_type: {"schema": {"type": "object"}, "example": shown}}}


def _described(status: int) -> dict[str, Any]:
    title = TITLES[status]
    shown = {
        "type": f"/problems/{_CODES[status]}",
        "title": title.zh,
        "status": status,
        "code": _CODES[status],
        "instance": "urn:request:5f0c2a7e9d6b4c1f8a3e7d2b1c0f9e8d",
    }
    return {
        "description": f"{title.zh}。 {title.en}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemView.__name__}"}, "example": shown}},
    }
