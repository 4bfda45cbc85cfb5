"""By which day a transfer will have arrived, promised by the timetable when it is taken in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlmodel import col

from logistics.demand.matching.calendar_days import promised_day
from logistics.network.calendar import ServiceCalendar
from logistics.network.patterns import Closure, ServicePattern
from logistics.operations.day.cut_off import DEFAULT_CUT_OFF_SECONDS, cut_off_of
from logistics.operations.day.local_time import clock_seconds, local_day
from logistics.storage.records import to_record
from logistics.storage.tables import BranchRow, ClosureRow, ServicePatternRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

_REMEMBER_SECONDS: Final = 5.0
_remembered: WeakKeyDictionary[Engine, tuple[float, Timetable | None]] = WeakKeyDictionary()


@dataclass(slots=True, kw_only=True)
class Timetable:
    """
    The service calendar alone, which is read in a moment.

    Attributes
    ----------
    calendar
        Service calendar of the branches in use.
    hub
        The hub.
    cut_off_seconds
        Clock time at which a day is planned.
    """

    calendar: ServiceCalendar
    hub: str
    cut_off_seconds: int = DEFAULT_CUT_OFF_SECONDS
    _promised: dict[tuple[str, str, date], date | None] = field(default_factory=dict)

    def promise(self, origin: str, destination: str, asked: datetime) -> date | None:
        """
        Promise a day to an item.

        Parameters
        ----------
        origin
            Where it waits.
        destination
            Where it goes.
        asked
            When it was asked for.

        Returns
        -------
        date or None
            The day by which it arrives, direct or over the hub; None where one of the two is out
            of use or has no service day in sight.
        """
        key = origin, destination, packing_day(asked, self.cut_off_seconds)
        if key not in self._promised:
            known = {origin, destination} <= self.calendar.receiving_hours.keys()
            found = (
                promised_day(self.calendar, origin, destination, self.hub, key[2])
                if known
                else None
            )
            self._promised[key] = found
        return self._promised[key]


def packing_day(asked: datetime, cut_off_seconds: int) -> date:
    """
    Name the first day on which an item can be fetched.

    Parameters
    ----------
    asked
        When it was asked for.
    cut_off_seconds
        Clock time at which a day is planned; what is asked for before may still ride.

    Returns
    -------
    date
        The same day before the cut-off, the next day after it.
    """
    day = local_day(asked)
    early = clock_seconds(day, asked) < cut_off_seconds
    return day if early else day + timedelta(days=1)


def read_timetable(session: Session) -> Timetable | None:
    """
    Read the service calendar, without roads and vehicles.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    Timetable or None
        None where there is no hub yet.
    """
    places = session.execute(
        select(col(BranchRow.id), col(BranchRow.receiving_hours), col(BranchRow.is_hub)).where(
            col(BranchRow.active).is_(True)
        )
    ).all()
    hub = next((name for name, _, is_hub in places if is_hub), None)
    if hub is None:
        return None
    patterns = select(ServicePatternRow).order_by(col(ServicePatternRow.id))
    closures = select(ClosureRow).order_by(col(ClosureRow.id))
    calendar = ServiceCalendar(
        patterns=[to_record(ServicePattern, row) for row in session.scalars(patterns)],
        closures=[to_record(Closure, row) for row in session.scalars(closures)],
        receiving_hours={name: hours for name, hours, _ in places},
        hub=hub,
    )
    return Timetable(calendar=calendar, hub=hub, cut_off_seconds=cut_off_of(session))


def quick_timetable(session: Session) -> Timetable | None:
    """
    Look the service calendar up as it was a moment ago.

    Almost every request that is taken in would read the same calendar, so it is remembered for a
    few seconds.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    Timetable or None
        None where there is no hub yet.
    """
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    until, found = _remembered.get(engine, (0.0, None))
    stale = found is None or found.cut_off_seconds != cut_off_of(session)
    if stale or time.monotonic() >= until:
        found = read_timetable(session)
        _remembered[engine] = time.monotonic() + _REMEMBER_SECONDS, found
    return found
