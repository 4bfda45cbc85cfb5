"""Everything that the page of one day shows, read from one state of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select
from sqlmodel import Session, col

from api.queries.jobs import job_of_day
from logistics.network.public_holidays import holiday_name
from logistics.network.reasons import WhyNot
from logistics.operations.change.day_changes import rows_of
from logistics.operations.change.keep_change import stamp
from logistics.operations.day.stored_plans import find_plan, read_stored_plan
from logistics.operations.network.load_network import read_network
from logistics.operations.view.build_view import view_of
from logistics.operations.view.day_view import DayView
from logistics.operations.view.place_records import PlaceView
from logistics.operations.view.view_places import place_views
from logistics.storage.tables import DayChangeRow, JobRow, PlanRow

if TYPE_CHECKING:
    from logistics.network.calendar import ServiceCalendar
    from logistics.network.network import Network

#: How far the arrows look for a service day.
_FAR = timedelta(days=60)
_WEEK = 7

Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """
    One square of the date picker.

    Attributes
    ----------
    day
        The day.
    within
        Whether it belongs to the month that is shown.
    served
        Whether any branch is served.
    reason
        Name of the holiday, if it is one.
    state
        State of its plan in force or newest plan; empty where there is none.
    """

    day: date
    within: bool
    served: bool
    reason: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """
    What is known of a day.

    Attributes
    ----------
    day
        The day.
    served
        Whether any branch is served.
    why_not
        Why none is: a name, or words of a closure; may be empty.
    holiday
        Whether that is a public holiday.
    before, after
        The service days around it.
    weeks
        Its month, in weeks.
    plan
        The version that is shown; None where there is none.
    view
        What is shown of it.
    versions
        All versions, the newest first.
    changes
        Decisions that hold, the oldest first.
    planned_changes
        Ids of those that the shown version obeys already.
    job
        The job that plans the day, or failed to.
    stamp
        Names the state of the day.
    places
        All places by identifier.
    vans
        Identifier and name of each vehicle of the fleet and of the day.
    fleet
        Identifiers of the vehicles of the fleet.
    """

    day: date
    served: bool
    why_not: str
    holiday: bool
    before: date | None
    after: date | None
    weeks: Sequence[Sequence[CalendarDay]]
    plan: PlanRow | None
    view: DayView | None
    versions: Sequence[PlanRow]
    changes: Sequence[DayChangeRow]
    planned_changes: frozenset[int]
    job: JobRow | None
    stamp: str
    places: dict[str, PlaceView]
    vans: dict[str, str]
    fleet: tuple[str, ...]

    @property
    def is_newest(self) -> bool:
        """Whether the newest version is shown."""
        return self.plan is not None and self.plan.version == self.versions[0].version

    @property
    def can_change(self) -> bool:
        """Whether decisions about the day still lead to a new draft."""
        state = self.plan.state if self.plan else ""
        in_force = next((one.state for one in self.versions if one.state in _ON_THE_ROAD), "")
        return state in {"draft", "published"} and not in_force


_ON_THE_ROAD = ("under_way", "closed")


def read_day(
    session: Session, day: date, *, version: int | None = None, language: Language = "sv"
) -> DayFacts:
    """
    Read what the page of a day shows.

    Parameters
    ----------
    session
        A session.
    day
        The day.
    version
        The version to show; when absent the newest, unless one is under way or closed.
    language
        Of the names of holidays.

    Returns
    -------
    DayFacts
        All of it.

    Raises
    ------
    InputError
        No network is stored.
    NotFoundError
        There is no such version.
    """
    network = read_network(session)
    calendar = network.calendar
    versions = _versions(session, day)
    plan = find_plan(session, day, version) if version else _shown(versions)
    changes = rows_of(session, day)
    reason = calendar.reason(network.hub, day)
    before, after = around(calendar, day)
    return DayFacts(
        day=day,
        served=reason is None,
        why_not=_words(calendar, day, language),
        holiday=reason is not None and reason.code is WhyNot.HOLIDAY,
        before=before,
        after=after,
        weeks=_month(session, calendar, day, language),
        plan=plan,
        view=_view(session, plan, network) if plan else None,
        versions=versions,
        changes=changes,
        planned_changes=_obeyed(plan, changes),
        job=job_of_day(session, day, versions[0].made_at if versions else None),
        stamp=stamp(session, day),
        places=place_views(network),
        vans=vans_of(network, changes),
        fleet=tuple(van.id for van in network.vehicles),
    )


def _view(session: Session, plan: PlanRow, network: Network) -> DayView:
    stored = read_stored_plan(session, plan.service_date, plan.version)
    return view_of(session, stored, network)


def around(calendar: ServiceCalendar, day: date) -> tuple[date | None, date | None]:
    """
    Find the service days before and after a day.

    Parameters
    ----------
    calendar
        The calendar.
    day
        The day.

    Returns
    -------
    tuple[date | None, date | None]
        None where there is none within two months.
    """
    steps = range(1, _FAR.days + 1)
    back = (day - timedelta(days=step) for step in steps)
    on = (day + timedelta(days=step) for step in steps)
    return (
        next((one for one in back if calendar.is_service_day(one)), None),
        next((one for one in on if calendar.is_service_day(one)), None),
    )


def vans_of(network: Network, changes: Sequence[DayChangeRow]) -> dict[str, str]:
    """
    Name the vehicles of a day.

    Parameters
    ----------
    network
        The fleet.
    changes
        Decisions about the day, which may add vehicles.

    Returns
    -------
    dict[str, str]
        Name by identifier.
    """
    extra = {
        row.subject: str(row.details.get("name") or row.subject)
        for row in changes
        if row.kind == "extra-vehicle"
    }
    return {van.id: van.name or van.id for van in network.vehicles} | extra


def _versions(session: Session, day: date) -> Sequence[PlanRow]:
    query = select(PlanRow).where(col(PlanRow.service_date) == day)
    return session.scalars(query.order_by(col(PlanRow.version).desc())).all()


def _shown(versions: Sequence[PlanRow]) -> PlanRow | None:
    on_the_road = [one for one in versions if one.state in _ON_THE_ROAD]
    return next(iter([*on_the_road, *versions]), None)


def _obeyed(plan: PlanRow | None, changes: Sequence[DayChangeRow]) -> frozenset[int]:
    left = list(plan.changes) if plan else []
    obeyed = set()
    for row in changes:
        said = {"kind": row.kind, "subject": row.subject, "details": row.details}
        if said in left:
            left.remove(said)
            obeyed.add(row.id or 0)
    return frozenset(obeyed)


def _words(calendar: ServiceCalendar, day: date, language: Language) -> str:
    holiday = holiday_name(day, language)
    if holiday is not None:
        return holiday
    closures = [calendar.reason(branch, day) for branch in calendar.branches]
    closed = [one.words for one in closures if one and one.code is WhyNot.SERVICE_CLOSED]
    return closed[0] if closed else ""


def _month(
    session: Session, calendar: ServiceCalendar, day: date, language: Language
) -> list[list[CalendarDay]]:
    first = day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    end = (first + timedelta(days=31)).replace(day=1)
    query = (
        select(col(PlanRow.service_date), col(PlanRow.state))
        .where(col(PlanRow.service_date) >= start, col(PlanRow.state) != "superseded")
        .where(col(PlanRow.service_date) < end + timedelta(days=_WEEK))
        .order_by(col(PlanRow.version))
    )
    states: dict[date, str] = {}
    for planned, state in session.execute(query):
        states[planned] = state if state != "draft" else states.get(planned, state)
    days = (end - start).days
    squares = [
        CalendarDay(
            day=one,
            within=one.month == day.month,
            served=calendar.is_service_day(one),
            reason=holiday_name(one, language) or "",
            state=states.get(one, ""),
        )
        for one in (start + timedelta(days=step) for step in range(-(-days // _WEEK) * _WEEK))
    ]
    return [squares[at : at + _WEEK] for at in range(0, len(squares), _WEEK)]
