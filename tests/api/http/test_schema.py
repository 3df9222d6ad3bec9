"""The running service against its own description, by schemathesis: no 5xx, no answer that is not described."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.http.conftest import Served

pytestmark = pytest.mark.slow

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_no_request_makes_the_service_fail_or_answer_as_it_does_not_say(served: Served, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    run = subprocess.run(
        [
            program,
            "run",
            f"{served.url}/openapi.json",
            *("--header", f"Authorization: Bearer {served.key}"),
            *("--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", "5"),
            *("--max-time", "12", "--suppress-health-check", "all", "--seed", "1", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert run.returncode == 0, run.stdout[-6000:]
    assert " passed" in run.stdout
