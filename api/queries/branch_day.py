"""A branch's day: when the van comes, what to pack for it, what it brings, what is on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from api.queries.arrivals import promises
from api.queries.parcels import Parcel, Rows, packed_for, parcels_of
from api.queries.progress import Progress, forecast, progress, runs_of
from logistics.demand.transfers import TransferState
from logistics.errors import NotFoundError
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.network.load_network import read_network
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.day_view import DayView, UndeliveredView, UnservedView
from logistics.operations.view.place_records import PlaceView
from logistics.operations.view.run_records import RunView, StopView
from logistics.operations.view.view_places import place_views
from logistics.storage.chunks import chunks
from logistics.storage.tables import TransferRow

#: More than these on their way are counted, not listed.
MOST: Final = 100
_ENDED: Final = ("delivered", "cancelled")
_WAITING: Final = (TransferState.REQUESTED.value, TransferState.AT_HUB.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One call of a van.

    Attributes
    ----------
    run
        The run.
    stop
        The stop; None at the hub, where the run starts and ends.
    expected
        Clock time, from what has been ticked.
    planned
        Clock time of the plan.
    left, skipped
        When the van had been here, or passed by; None before.
    pack, receive
        What goes and what comes.
    fetch
        What goes out of a van that has stopped there, and is not packed.
    """

    run: RunView
    stop: StopView | None
    expected: int
    planned: int
    left: int | None
    skipped: int | None
    pack: tuple[Parcel, ...]
    receive: tuple[Parcel, ...]
    fetch: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """
    An item on its way here.

    Attributes
    ----------
    row
        The transfer.
    expected
        When a published plan brings it; None before.
    """

    row: TransferRow
    expected: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchDay:
    """
    The day of one branch.

    Attributes
    ----------
    place
        The branch.
    view
        The day's plan in force; None without one.
    calls
        In order of time.
    unserved
        Why no van comes, by the plan; None where one does, or without a plan.
    why_not
        Why no van comes, by the calendar; empty on a service day.
    is_drafted
        Whether there is a plan that is not published yet.
    after
        The next service day.
    coming, coming_count
        What is on its way, the first `MOST`, and how much that is in all.
    resting, resting_count
        At the hub, what waits there for another van, the first `MOST`, and how much in all.
    passing
        At the hub, how many items come in today to go on later.
    places
        Names of branches.
    """

    place: PlaceView
    view: DayView | None
    calls: tuple[Call, ...]
    unserved: UnservedView | None
    why_not: str
    is_drafted: bool
    after: date | None
    coming: tuple[Coming, ...]
    coming_count: int
    resting: tuple[Coming, ...]
    resting_count: int
    passing: int
    places: Mapping[str, PlaceView]

    @property
    def left_aboard(self) -> list[UndeliveredView]:
        """What a van that has stopped here has aboard and nobody fetches today."""
        late = self.view.undelivered if self.view else ()
        return [one for one in late if one.waits_at and one.waits_at.id == self.place.id]

    def parcels(self, side: str) -> list[Parcel]:
        """
        List what is handled today.

        Parameters
        ----------
        side
            ``pack``, ``fetch`` or ``receive``.

        Returns
        -------
        list[Parcel]
            Of all calls.
        """
        sides = ({"pack": c.pack, "fetch": c.fetch, "receive": c.receive} for c in self.calls)
        return [parcel for found in sides for parcel in found[side]]


def branch_day(
    session: Session, branch: str, day: date, now: int, language: str = "sv"
) -> BranchDay:
    """
    Look up the day of a branch.

    Parameters
    ----------
    session
        A session.
    branch
        Its identifier.
    day
        The day.
    now
        Clock time, for what is expected.
    language
        Of the calendar's reasons.

    Returns
    -------
    BranchDay
        All of it.

    Raises
    ------
    NotFoundError
        There is no such branch.
    """
    network = read_network(session)
    places = place_views(network)
    if branch not in places:
        raise NotFoundError(f"branch {branch!r}: there is none of this name")
    runs = {row.number: row for row in runs_of(session, day, IN_FORCE)}
    view = build_day_view(session, day) if runs else None
    so_far = {number: progress(session, row) for number, row in runs.items()}
    calls = _calls(session, view, so_far, branch, now) if view else ()
    unserved = next((u for u in view.unserved if u.place.id == branch), None) if view else None
    bound_for_here = col(TransferRow.destination) == branch
    coming, count = _coming(session, bound_for_here, col(TransferRow.state).not_in(_ENDED))
    here = (col(TransferRow.at) == branch, col(TransferRow.state) == TransferState.AT_HUB.value)
    resting, resting_count = _coming(session, ~bound_for_here, *here)
    reason = network.calendar.reason(branch, day)
    return BranchDay(
        place=places[branch],
        view=view,
        calls=calls,
        unserved=unserved,
        why_not=reason.text("en" if language == "en" else "sv") if reason else "",
        is_drafted=not runs and bool(runs_of(session, day, ("draft",))),
        after=network.calendar.next_service(branch, day),
        coming=coming,
        coming_count=count,
        resting=resting,
        resting_count=resting_count,
        passing=_passing(view, branch) if view else 0,
        places=places,
    )


def _calls(
    session: Session, view: DayView, so_far: Mapping[int, Progress], branch: str, now: int
) -> tuple[Call, ...]:
    rows = Rows(session)
    calls: list[Call] = []
    for run in view.runs:
        done = so_far[run.number]
        if branch == view.hub.id:
            calls.append(_hub_call(rows, view, run, done))
        times = forecast(run, done, now)
        for stop, expected in zip(run.stops, times, strict=False):
            if stop.place.id != branch:
                continue
            mark = done.mark(stop.number)
            calls.append(
                Call(
                    run=run,
                    stop=stop,
                    expected=expected,
                    planned=stop.arrive,
                    left=mark.done,
                    skipped=mark.skipped,
                    pack=packed_for(rows, view, run, stop),
                    fetch=parcels_of(rows, stop.fetched, is_pack=True),
                    receive=parcels_of(rows, stop.unload, is_pack=False),
                )
            )
    return tuple(sorted(calls, key=lambda call: call.expected))


def _hub_call(rows: Rows, view: DayView, run: RunView, done: Progress) -> Call:
    ends_here = [one for one in run.unload_at_hub if one.destination.id == view.hub.id]
    return Call(
        run=run,
        stop=None,
        expected=run.start if done.departed is None else done.departed,
        planned=run.start,
        left=done.departed,
        skipped=None,
        pack=parcels_of(rows, run.load_at_hub, is_pack=True),
        receive=parcels_of(rows, ends_here, is_pack=False),
    )


def _passing(view: DayView, branch: str) -> int:
    bundles = (one for run in view.runs for one in run.unload_at_hub if branch == view.hub.id)
    return sum(one.items for one in bundles if one.destination.id != branch)


def _coming(session: Session, *which: ColumnElement[bool]) -> tuple[tuple[Coming, ...], int]:
    query = select(TransferRow).where(*which)
    rows = list(session.exec(query.order_by(col(TransferRow.requested_at), col(TransferRow.id))))
    expected = {
        name: when
        for part in chunks([row.id for row in rows])
        for name, (when, _) in promises(session, part).items()
    }
    coming = [Coming(row=row, expected=expected.get(row.id)) for row in rows]
    coming.sort(key=lambda one: (one.expected is None, one.expected or one.row.requested_at))
    return tuple(coming[:MOST]), len(coming)
