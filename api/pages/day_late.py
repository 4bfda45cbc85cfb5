"""What does not arrive today: why, and the smallest change that would bring it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.pages import day_why, day_words
from api.pages.day import Coordinator, Version, facts_of
from api.pages.day_remedies import find
from api.pages.day_turn import taking_turns
from api.problems import ProblemError
from api.schemas.base import Day
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import ReaderDep
from logistics.operations.day.stored_plans import read_stored_plan

router = APIRouter(include_in_schema=False)


@router.get("/dag/{date}/varfor")
def get_why(
    date: Day,
    frame: Coordinator,
    reader: ReaderDep,
    frakt: Annotated[str, Query(max_length=160)] = "",
    version: Version = None,
    sjalv: bool = False,
) -> Response:
    """Say what would bring a shipment today, found by planning the day again."""
    stored = reader.run(lambda session: read_stored_plan(session, date, version))
    if frakt not in stored.promises:
        raise ProblemError("not-found", f"plan of {date}: there is no shipment {frakt!r}")
    facts = facts_of(frame, reader, date, stored.row.version)
    found = None
    if frakt in stored.problem.shipment_index:
        settings: Settings = frame.request.app.state.settings
        try:
            with taking_turns(settings.preview_seconds):
                found = find(stored, frakt, facts)
        except ProblemError:
            # The page asked by itself: nobody waits for it, and the question still stands there.
            if sjalv:
                return Response(status_code=204)
            raise
    way = f"?version={stored.row.version}&frakt={day_words.quoted(frakt)}"
    values: dict[str, Any] = {
        "facts": facts,
        "why": day_why.why(frame.w, found, stored.promises[frakt].row.reason),
        "remedies": found.remedies if found else (),
        "way": way,
        "try_it": f"/dag/{date}/prova{way}"
        if found and found.explanation.extra_sek is not None and facts.can_change
        else "",
        "title": day_why.shipment(frame.w, frakt, facts),
    }
    if frame.htmx:
        return frame.part("day_why_part.html", **values)
    return frame.page("day_why.html", **values)
