"""Put the service together; nothing happens when this module is imported."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from api import problems
from api.background import Background
from api.door import Door
from api.figures import figures_of
from api.metrics import Metrics
from api.middleware.headers import SecurityHeaders
from api.middleware.intake import Intake
from api.middleware.trace import Trace
from api.openapi import describe
from api.pages.errors import error_page
from api.routes import ROUTERS
from api.security.attempts import Attempts
from api.security.oidc import Issuer
from api.settings import Settings, read_settings
from logistics.operations.day.cut_off import plan_at
from logistics.operations.intake.lending import lend_by
from logistics.storage.session import open_database
from logistics.storage.tables import now as utc_now
from logistics.units import parse_clock

VERSION = "1"


def create_app(
    settings: Settings | None = None,
    *,
    engine: Engine | None = None,
    now: Callable[[], datetime] = utc_now,
) -> FastAPI:
    """
    Build the service.

    Parameters
    ----------
    settings
        What the operator decided; read from the environment when absent.
    engine
        The database, already migrated; opened from the settings when absent.
    now
        Tells the time; tests give their own.

    Returns
    -------
    FastAPI
        An ASGI application.
    """
    settings = settings or read_settings()
    app = FastAPI(
        title="Courier planner",
        version=VERSION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,  # what a generated client calls it
        telemetry={"tracing": False, "metrics": False},
    )
    app.state.settings = settings
    app.state.engine = engine or open_database(settings.database)
    plan_at(app.state.engine, parse_clock(settings.cut_off))
    lend_by(app.state.engine, settings.lending)
    app.state.now = now
    app.state.stopping = False
    app.state.streams = 0
    app.state.metrics = Metrics()
    app.state.metrics.add_source(figures_of(app.state.engine))
    app.state.door = Door(app.state.engine, settings, app.state.metrics)
    app.state.attempts = Attempts()
    app.state.issuer = Issuer(settings) if settings.oidc_issuer else None
    problems.install(app, error_page)
    for router in ROUTERS:
        app.include_router(router)
    # The last one added is the first that a request meets.
    app.add_middleware(Intake, settings=settings)
    app.add_middleware(SecurityHeaders, settings=settings)
    app.add_middleware(Trace, metrics=app.state.metrics)
    describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    background = Background(state.engine, state.settings) if state.settings.worker else None
    if background:
        background.start()
    yield
    state.stopping = True
    if background:
        await run_in_threadpool(background.stop, state.settings.graceful_seconds)
    state.engine.dispose()
