"""Search: a bar code answers in one sentence where the item is and when it arrives."""

from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.pages.cause_words import cause_said
from api.pages.frame import Frame, shown_to
from api.pages.tracking_words import sentence, step
from api.queries.tracking import MOST, Tracked, find, names, track
from api.unit import ReaderDep
from logistics.operations.view.kinds import Kind

router = APIRouter(include_in_schema=False)
_LONGEST = 200


@router.get("/sok")
def get_search(
    frame: Annotated[Frame, shown_to("coordinator", "branch")], reader: ReaderDep, q: str = ""
) -> Response:
    """Answer where something is; list what else is called so."""
    text = q.strip()[:_LONGEST].replace("\0", "")

    def work(session: Session) -> tuple[list[Tracked], list[Tracked], dict[str, str]]:
        rows = find(session, text, frame.who) if text else []
        under_way = [row for row in rows if not row.state.startswith(("delivered", "cancelled"))]
        is_clear = len(rows) == 1 or len(under_way) == 1
        answer = track(session, rows[:1], whole=True) if is_clear else []
        others = track(session, rows[len(answer) : MOST], whole=False)
        return answer, others, names(session)

    answer, others, places = reader.run(work)
    return frame.page(
        "search.html",
        q=text,
        answer=answer[0] if answer else None,
        others=others,
        places=places,
        kind=Kind,
        sentence=lambda one: sentence(frame.w, one, places, frame.today),
        step=lambda event: step(frame.w, event, places),
        cause=lambda event: cause_said(frame.w, event.kind, event.cause, places),
    )
