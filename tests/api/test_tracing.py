"""Traces reach a collector that listens; without one nothing of OpenTelemetry is loaded."""

import gzip
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.api.http.conftest import serve
from tests.api.jobs.service import ofd

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector(BaseHTTPRequestHandler):
    """Keeps every span that is sent to it."""

    spans: "list[tuple[str, str, str, dict[str, str]]]"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = next(a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                facts = {a.key: a.value.string_value or str(a.value.int_value) for a in span.attributes}
                self.spans.append((service, span.name, span.trace_id.hex(), facts))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    Collector.spans = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_request_and_the_steps_of_its_review_are_traced(collector: ThreadingHTTPServer, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{collector.server_port}"
    here = serve(tmp_path / "data", OTEL_EXPORTER_OTLP_ENDPOINT=address)
    with here.client() as http:
        headers = {"Prefer": "wait=60", "traceparent": PARENT, "X-Request-Id": "mine"}
        assert http.post("/v1/reviews", files=[("files", ("附件.ofd", ofd(1)))], headers=headers).status_code == 200
        (review,) = http.get("/v1/reviews").json()["reviews"]
    here.process.send_signal(signal.SIGTERM)
    assert here.process.wait(60) == 0
    posted = next(span for span in Collector.spans if span[1] == "POST /v1/reviews")
    assert posted[0] == "zhengshen-http"
    assert posted[2] == PARENT.split("-")[1]
    assert (posted[3]["request.id"], posted[3]["http.response.status_code"]) == ("mine", "200")
    steps = [span for span in Collector.spans if span[0] == "zhengshen-worker" and review["id"] in span[3].values()]
    assert {"review_case", "plan", "read", "judge"} <= {span[1] for span in steps}
    assert len({span[2] for span in steps}) == 1
    assert "附件" not in str(Collector.spans)
    log = (tmp_path / "data" / "log").read_text("utf-8")
    assert f"review {review['id']} is done" in log


def test_nothing_of_it_is_loaded_without_a_collector() -> None:
    program = (
        "import sys; from api import tracing; import api.http.app, api.worker; tracing.start('http')\n"
        "with tracing.span('a', x=1) as note: note('b')\n"
        "tracing.stop(); sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60).returncode == 0
