"""The version of this program: of the installed package, or of the checkout that it runs from."""

import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path


@cache
def version() -> str:
    """As pyproject.toml states it."""
    try:
        return metadata.version("zhengshen")
    except metadata.PackageNotFoundError:
        project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
        return str(project["project"]["version"])
