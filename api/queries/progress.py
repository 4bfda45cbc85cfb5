"""How far a run has come, and when it is expected where it has not been yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from logistics.operations.day.local_time import clock_seconds
from logistics.operations.road.ticks import TickKind
from logistics.operations.view.run_records import RunView
from logistics.storage.tables import PlanRow, RunRow, StopRow, TickRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    What was ticked at a stop, as clock times of the service day.

    Attributes
    ----------
    arrived, done
        When the driver said so; None before.
    skipped
        When the driver passed it by with a reason; None where that did not happen.
    """

    arrived: int | None = None
    done: int | None = None
    skipped: int | None = None

    @property
    def left(self) -> int | None:
        """When the van left for the next stop."""
        return self.done if self.done is not None else self.skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    How far a run has come.

    Attributes
    ----------
    departed, returned
        Clock times at the hub; None before.
    marks
        By number of the stop; stops without any tick are left out.
    """

    departed: int | None = None
    returned: int | None = None
    marks: Mapping[int, Mark] = field(default_factory=dict)

    def mark(self, number: int) -> Mark:
        """
        Look a stop up.

        Parameters
        ----------
        number
            Its number.

        Returns
        -------
        Mark
            An empty one where nothing was ticked.
        """
        return self.marks.get(number, Mark())

    def next_step(self, stops: int) -> int:
        """
        Tell what the driver does next.

        Parameters
        ----------
        stops
            How many stops the run has.

        Returns
        -------
        int
            0 to leave the hub, the number of a stop, one more to come back, two more when all is
            done.
        """
        if self.returned is not None:
            return stops + 2
        if self.departed is None:
            return 0
        waiting = (n for n in range(1, stops + 1) if self.mark(n).left is None)
        return next(waiting, stops + 1)


def progress(session: Session, run: RunRow) -> Progress:
    """
    Read how far a run has come.

    Parameters
    ----------
    session
        A session.
    run
        The run.

    Returns
    -------
    Progress
        From its ticks.
    """
    day = session.get_one(PlanRow, run.plan_id).service_date
    stops = session.exec(select(StopRow).where(col(StopRow.run_id) == run.id)).all()
    passed = select(TickRow.stop_number, TickRow.at).where(
        col(TickRow.run_id) == run.id,
        col(TickRow.kind) == TickKind.EXCEPTION.value,
        col(TickRow.stop_number).is_not(None),
    )
    skipped = {int(number or 0): at for number, at in session.exec(passed)}
    marks = {
        stop.number: Mark(
            arrived=_clock(day, stop.arrived_at),
            done=_clock(day, stop.done_at),
            skipped=None if stop.done_at else _clock(day, skipped.get(stop.number)),
        )
        for stop in stops
        if stop.arrived_at or stop.done_at or stop.number in skipped
    }
    return Progress(
        departed=_clock(day, run.departed_at),
        returned=_clock(day, run.returned_at),
        marks=marks,
    )


def forecast(run: RunView, so_far: Progress, now: int) -> list[int]:
    """
    Tell when a run arrives at each stop, from what has been ticked.

    Driving and service take as long as planned, the break stays where it is; a van that is early
    waits until a branch opens, and one that should be there already is expected now.

    Parameters
    ----------
    run
        The run as planned.
    so_far
        How far it has come.
    now
        Clock time of the service day.

    Returns
    -------
    list[int]
        Clock time of arrival at each stop and, last, at the hub; ticked times where there are.
    """
    planned_leave, left = run.start, so_far.departed
    if left is None:
        left = max(run.start, now)
    arrivals: list[int] = []
    for stop in run.stops:
        mark = so_far.mark(stop.number)
        came = left + stop.arrive - planned_leave
        if mark.arrived is not None:
            came = mark.arrived
        elif mark.left is None:
            came = max(came, now)
        arrivals.append(came if mark.left is None else min(came, mark.left))
        opens = stop.window[0] if stop.window else 0
        leaves = max(came, opens) + stop.depart - stop.begin
        left = mark.left if mark.left is not None else max(leaves, now)
        planned_leave = stop.depart
    back = so_far.returned
    return [*arrivals, max(left + run.end - planned_leave, now) if back is None else back]


def runs_of(session: Session, day: date, states: Sequence[str]) -> list[RunRow]:
    """
    List the runs of a day.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    states
        States of its plan.

    Returns
    -------
    list[RunRow]
        In their order.
    """
    query = (
        select(RunRow)
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(col(PlanRow.service_date) == day, col(PlanRow.state).in_(states))
        .order_by(col(RunRow.number))
    )
    return list(session.exec(query))


def run_of_code(session: Session, code: str) -> tuple[RunRow | None, int | None]:
    """
    Find a run by its own code or by that of one of its stops.

    Parameters
    ----------
    session
        A session.
    code
        What stands in a QR code.

    Returns
    -------
    tuple[RunRow | None, int | None]
        The run, or None; the number of the stop, if the code is a stop's.
    """
    run = session.exec(select(RunRow).where(col(RunRow.code) == code)).one_or_none()
    if run is not None:
        return run, None
    stop = session.exec(select(StopRow).where(col(StopRow.code) == code)).one_or_none()
    return (session.get_one(RunRow, stop.run_id), stop.number) if stop else (None, None)


def _clock(day: date, at: datetime | None) -> int | None:
    return None if at is None else clock_seconds(day, at)
