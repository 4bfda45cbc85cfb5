"""The ordered feed of everything that happened to transfers and plans."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.door import may
from api.queries.events import wire
from api.schemas.base import LARGEST, Code, Wire
from api.schemas.transfers import Events
from api.security.roles import Principal
from logistics.storage.feed import place_events, read_feed
from logistics.storage.session import reading

router = APIRouter(prefix="/v1", tags=["events"])


class After(Wire):
    """Which stretch of the feed."""

    after: int = Field(default=0, ge=0, le=LARGEST, description="The last position already seen.")
    limit: int = Field(default=500, ge=1, le=5_000, description="Events at most.")
    kind: tuple[Code, ...] = Field(
        default=(), max_length=20, description="Kinds of event; all when left out."
    )


@router.get("/events")
def list_events(
    request: Request,
    principal: Annotated[Principal, may("events:read")],
    wanted: Annotated[After, Query()],
) -> Events:
    """
    Follow the feed.

    Positions rise by one, without a gap, and nothing ever appears before a position that was
    shown: who keeps the last one misses nothing.
    """
    engine = request.app.state.engine
    place_events(engine)
    with reading(engine) as session:
        rows = read_feed(session, after=wanted.after, limit=wanted.limit, kinds=wanted.kind)
    shown = [row for row in rows if principal.may_see(row.place)]
    last = rows[-1].position if rows else wanted.after
    return Events(data=[wire(row) for row in shown], last=last or 0)
