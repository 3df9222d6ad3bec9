"""Scripts and styles of the page: files of this package, each at an address that changes with its content, so browsers keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response

from api.store.errors import EntryMissing

FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_GOOD = "public, max-age=31536000, immutable"
router = APIRouter()


@router.get("/static/{digest}/{name}")
def file(digest: str, name: str) -> Response:
    """A file, whatever version of it was asked for; only the present one may be kept."""
    path = FOLDER / name
    kind = _TYPES.get(path.suffix)
    if kind is None or path.parent != FOLDER or not path.is_file():
        raise EntryMissing
    content, present = _content(name, path.stat().st_mtime_ns)
    return Response(
        content,
        media_type=f"{kind}; charset=utf-8",
        headers={"Cache-Control": _FOR_GOOD if digest == present else "no-cache"},
    )


def address(name: str) -> str:
    """Where the page finds a file."""
    return f"/static/{_content(name, (FOLDER / name).stat().st_mtime_ns)[1]}/{name}"


@lru_cache(maxsize=100)
def _content(name: str, _changed: int) -> tuple[bytes, str]:
    content = (FOLDER / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:16]
