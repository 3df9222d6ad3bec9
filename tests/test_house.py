"""Tests on the house itself: the layout, the size of files, what imports what, and that nothing is listed in one place only."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from api.render.catalogue import catalogue_markdown
from matchers.checks import CHECKS
from samples.generate.faults import FAULTS
from samples.generate.near_misses import NEAR_MISSES

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


def test_the_readme_lists_every_check(request: pytest.FixtureRequest) -> None:
    readme = ROOT / "README.md"
    table = f"<!-- checks -->\n{catalogue_markdown(CHECKS).strip()}\n<!-- /checks -->"
    text = readme.read_text(encoding="utf-8")
    renewed = re.sub(r"<!-- checks -->.*<!-- /checks -->", lambda _: table, text, flags=re.DOTALL)
    if request.config.getoption("--update-golden"):
        readme.write_text(renewed, encoding="utf-8")
        text = renewed
    assert text == renewed, "python -m pytest tests/test_house.py --update-golden writes it anew"


def test_every_check_has_a_basis_and_a_fault_that_fires_it() -> None:
    declared = {check for fault in FAULTS.values() for check in fault.checks}
    assert not [check.id for check in CHECKS if not check.basis]
    assert {check.id for check in CHECKS} <= declared
    assert len({check.id for check in CHECKS}) == len(CHECKS)


def test_every_check_has_a_near_miss_that_leaves_it_quiet() -> None:
    quiet = {check for near_miss in NEAR_MISSES.values() for check in near_miss.checks}
    assert {check.id for check in CHECKS} == quiet


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"zhengshen {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_the_environment_variables_that_are_read_and_no_others() -> None:
    read = set()
    for folder in ("api", "extractor"):
        for path in (ROOT / folder).rglob("*.py"):
            read |= set(
                re.findall(r"ZHENGSHEN_[A-Z_]*[A-Z]|OTEL_EXPORTER_OTLP_ENDPOINT", path.read_text(encoding="utf-8"))
            )
    rows = re.findall(r"(?m)^\| (`(?:ZHENGSHEN|OTEL)_[^|]*) \|", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert read == {name for row in rows for name in re.findall(r"[A-Z_]+", row)}
