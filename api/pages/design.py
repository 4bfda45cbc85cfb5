"""Every component of the pages in its states, to look at and to test."""

from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, Response

from api.pages import static
from api.pages.frame import Frame, shown_to
from api.unit import ReaderDep
from logistics.errors import NotFoundError
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.day_view import DayView
from logistics.storage.tables import PlanRow
from maps.design_page import design_page_html

router = APIRouter(include_in_schema=False)
Coordinator = Annotated[Frame, shown_to("coordinator")]


@router.get("/design")
def get_design(frame: Coordinator) -> Response:
    """Show the components of pages."""
    return frame.page("components_page.html", files=sorted(static.every_file()))


@router.get("/design/dag")
def get_design_of_day(frame: Coordinator, reader: ReaderDep) -> Response:
    """Show the components of maps and sheets, with the newest plan as their example."""

    def newest(session: Session) -> DayView:
        query = select(PlanRow).order_by(col(PlanRow.service_date).desc()).limit(1)
        plan = session.exec(query).first()
        if plan is None:
            raise NotFoundError("plans: there is none yet to show as an example; plan a day first")
        return build_day_view(session, plan.service_date)

    page = design_page_html(reader.run(newest), language=frame.w.language, assets=static.address())
    return HTMLResponse(page)
