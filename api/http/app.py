"""The application: what is opened when it starts and closed when it ends, its routes, and what surrounds every request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from api import tracing
from api.http import problems
from api.http.answers import with_problems
from api.http.context import Context
from api.http.metrics import Meters
from api.http.middleware import Surroundings
from api.http.openid import Provider
from api.http.pages import shell, site
from api.http.rates import Rates
from api.http.routes import catalogue, drafts, operations, papers, pictures, registries, reviews, verdicts, webhooks
from api.jobs.client import open_jobs
from api.jobs.desk import Desks
from api.settings import Settings
from api.store.keys import KeyRing
from api.store.opened import open_store
from api.version import version

DESCRIPTION = """证审：审查以 CNAS 认可为基础的资质认定（CMA）申请材料，返回结构化差异报告。机器提出建议，由人决定。

Zhengshen reviews the papers of a CMA application that rests on a CNAS accreditation and returns a structured discrepancy
report. The machine recommends, a human decides. Errors are RFC 9457 problems in Chinese or English, by Accept-Language.
"""


def create_app(settings: Settings) -> FastAPI:
    """The app; the store, the job engine's tables and one desk are opened when it starts."""

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        context = await run_in_threadpool(_open, settings)
        app.state.context = context
        yield
        context.desks.close()
        context.jobs.close()
        context.store.close()
        tracing.stop()

    app = FastAPI(
        title="证审 Zhengshen",
        version=version(),
        description=DESCRIPTION,
        lifespan=opened,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    problems.install(app)
    for module in (reviews, verdicts, drafts, pictures, papers, registries, webhooks, catalogue, operations):
        app.include_router(module.router)
    app.include_router(site.router())
    app.add_exception_handler(shell.Elsewhere, shell.elsewhere)
    app.state.provider = Provider(settings) if settings.oidc_issuer else None
    app.state.problem_page = shell.problem_page
    describe = app.openapi
    app.openapi = lambda: with_problems(describe())  # type: ignore[method-assign]
    app.add_middleware(Surroundings, most_bytes=settings.max_request_bytes)
    return app


def _open(settings: Settings) -> Context:
    store = open_store(settings)
    return Context(
        settings,
        store,
        open_jobs(settings),
        KeyRing(store),
        Desks(settings, at_least=2),  # so that pages are still drawn while a document is
        Rates(settings.requests_per_minute),
        Meters(store),
        Rates(max(1, settings.requests_per_minute // 10)),
    )
