"""Tests on the house itself: the layout, the size of files, what imports what, and that nothing is listed in one place only."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "extractor", "matchers", "models")
TOP_LEVEL = {
    "extractor",
    "matchers",
    "api",
    "models",
    "samples",
    "tests",
    "pyproject.toml",
    "README.md",
    "Makefile",
    "constraints.txt",
    "LICENSE",
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def test_the_top_level_is_fixed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_file_is_longer_than_500_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > 500}
    assert not long


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_opens_with_one_sentence(package: str) -> None:
    without = [p for p in (ROOT / package).rglob("*.py") if not ast.get_docstring(ast.parse(p.read_text()))]
    assert not without


def test_models_import_the_standard_library_only() -> None:
    foreign = set()
    for path in (ROOT / "models").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            foreign |= {n.split(".")[0] for n in names} - set(sys.stdlib_module_names) - {"models"}
    assert not foreign


def test_no_dependency_owns_our_package_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, [])) <= {"zhengshen"}


def test_no_registry_host_or_machine_path_is_committed() -> None:
    hosts = re.compile(r"\"resolved\": *\"http|^ *(--)?(extra-)?index-url", re.MULTILINE)
    texts = [
        p
        for p in tracked()
        if p.suffix in {".py", ".toml", ".txt", ".md", ".json", ""} and p.stat().st_size < 2_000_000
    ]
    assert not [p for p in texts if p != Path(__file__) and hosts.search(p.read_text(errors="ignore"))]


def test_public_names_are_sorted_and_real() -> None:
    for path in sources():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                names = ast.literal_eval(node.value)
                assert names == sorted(names, key=str.casefold) or names == sorted(names), path
