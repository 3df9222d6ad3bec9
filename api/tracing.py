"""OpenTelemetry traces over OTLP/HTTP, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector; without it nothing of them is even imported."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from api.version import version

logger = logging.getLogger(__name__)

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
Note = Callable[..., None]

_provider: Any = None  # one a process, as its log is


def start(role: str) -> None:
    """Trace this process from here on if a collector is named; the other OTEL_ variables hold as usual."""
    global _provider
    if not os.environ.get(ENDPOINT):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.warning("%s is set, but traces need the extra `otel`: pip install zhengshen[otel]", ENDPOINT)
        return
    facts = {"service.name": f"zhengshen-{role}", "service.version": version()}
    _provider = TracerProvider(resource=Resource.create(facts), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))


def stop() -> None:
    """Send what has not been sent yet, and end."""
    global _provider
    provider, _provider = _provider, None
    if provider is not None:
        provider.shutdown()


@contextmanager
def span(name: str, carrier: Mapping[str, str] | None = None, **attributes: str | int) -> Iterator[Note]:
    """A span around what is done inside; `carrier` holds the headers of a caller that traces too.

    What is yielded takes a better name and further attributes. Attributes are ids and figures, never what papers say; of an exception
    only its kind is noted.
    """
    if _provider is None:
        yield lambda *_, **__: None
        return
    from opentelemetry.propagate import extract
    from opentelemetry.trace import Status, StatusCode

    tracer = _provider.get_tracer("zhengshen")
    context = extract(carrier) if carrier is not None else None
    with tracer.start_as_current_span(
        name, context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:

        def note(better: str = "", **more: str | int) -> None:
            if better:
                current.update_name(better)
            current.set_attributes(more)

        try:
            yield note
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
