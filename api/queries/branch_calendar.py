"""When vans call at a branch, as calendar programs read it."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from api.queries.network import find_branch
from logistics.network.public_holidays import Language
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.view.build_view import build_day_view
from logistics.storage.tables import PlanRow

MEDIA_TYPE = "text/calendar"
_DAYS_BACK, _DAYS_AHEAD = timedelta(days=7), timedelta(days=31)


def calendar_of(session: Session, branch: str, day: date, language: Language) -> bytes:
    """
    Write the calendar of a branch: published plans of the last week and on.

    Parameters
    ----------
    session
        A session.
    branch
        The branch.
    day
        Today.
    language
        Of the words in it.

    Returns
    -------
    bytes
        iCalendar.

    Raises
    ------
    NotFoundError
        There is no such branch.
    """
    from maps.exports import branch_calendar  # noqa: PLC0415  # slow to import

    find_branch(session, branch)
    query = select(PlanRow).where(
        col(PlanRow.state).in_(IN_FORCE),
        col(PlanRow.service_date).between(day - _DAYS_BACK, day + _DAYS_AHEAD),
    )
    plans = session.exec(query.order_by(col(PlanRow.service_date)))
    views = [build_day_view(session, plan.service_date) for plan in plans]
    return branch_calendar(views, branch, language=language)
