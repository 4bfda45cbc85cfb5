"""Is it alive, is it ready, what does it count."""

import shutil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.door import may
from api.metrics import CONTENT_TYPE
from api.problems import ProblemError, responses
from api.schemas.base import Wire
from api.security.roles import Principal
from api.unit import ReaderDep
from logistics.storage.migrations import current_revision, head_revision
from logistics.storage.session import is_sqlite

router = APIRouter(tags=["health"])


class Health(Wire):
    """
    A sign of life.

    Attributes
    ----------
    status
        Always ``ok``: otherwise there is another HTTP status.
    """

    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """Tell that the process answers; it asks nobody else."""
    return Health()


@router.get("/readyz", responses=responses("busy"))
def readyz(request: Request, reader: ReaderDep) -> Health:
    """Tell whether requests can be served: database, migrations, disk, not stopping."""
    state = request.app.state
    if getattr(state, "stopping", False):
        raise ProblemError("busy", "the service is stopping")
    try:
        reader.run(lambda session: session.connection().execute(text("SELECT 1")))
        revision = current_revision(reader.engine)
    except SQLAlchemyError:
        raise ProblemError("busy", "the database does not answer") from None
    if revision != head_revision():
        raise ProblemError("busy", "the database waits for `logistics migrate`")
    if is_sqlite(reader.engine):
        folder = Path(reader.engine.url.database or ".").resolve().parent
        if shutil.disk_usage(folder).free < state.settings.disk_bytes:
            raise ProblemError("busy", "the disk is nearly full")
    return Health()


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, principal: Annotated[Principal, may("metrics:read")]) -> Response:
    """Give every figure in the text format of Prometheus."""
    del principal
    return Response(request.app.state.metrics.render(), media_type=CONTENT_TYPE)
