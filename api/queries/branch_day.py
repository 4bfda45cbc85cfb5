"""A branch's day: when the van comes, what to pack for it, what it brings, what is on its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from api.queries.arrivals import promises
from api.queries.progress import Progress, forecast, progress, runs_of
from logistics.demand.transfers import TransferState
from logistics.errors import NotFoundError
from logistics.operations.build_view import build_day_view
from logistics.operations.day_view import (
    BundleView,
    DayView,
    PlaceView,
    Ride,
    RunView,
    StopView,
    UnservedView,
)
from logistics.operations.load_network import read_network
from logistics.operations.stored_plans import IN_FORCE
from logistics.operations.take_in import received
from logistics.operations.view_places import place_views
from logistics.storage.chunks import chunks
from logistics.storage.tables import TransferRow
from maps.stops import alphabet, crates

#: More than these on their way are counted, not listed.
MOST: Final = 100
_ENDED: Final = ("delivered", "cancelled")
_WAITING: Final = (TransferState.REQUESTED.value, TransferState.AT_HUB.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """
    What is packed or received in one move: a bundle, or the crates for the hub.

    Attributes
    ----------
    codes
        What its labels say: one of a bundle, one for each crate.
    bundles
        What is inside.
    to_hub
        Whether it is the crates for the hub.
    items
        Its transfers as they stand.
    handled
        Those of them that are done with here: packed, or received.
    missing
        How many of them are missing.
    """

    codes: tuple[str, ...]
    bundles: tuple[BundleView, ...]
    to_hub: bool
    items: tuple[TransferRow, ...]
    handled: int
    missing: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do with it."""
        return self.handled + self.missing >= len(self.items)

    @property
    def count(self) -> int:
        """Number of items, as planned."""
        return sum(bundle.items for bundle in self.bundles)


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
    """

    run: RunView
    stop: StopView | None
    expected: int
    planned: int
    left: int | None
    skipped: int | None
    pack: tuple[Parcel, ...]
    receive: tuple[Parcel, ...]


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
    places: Mapping[str, PlaceView]

    def parcels(self, side: str) -> list[Parcel]:
        """
        List what is handled today.

        Parameters
        ----------
        side
            ``pack`` or ``receive``.

        Returns
        -------
        list[Parcel]
            Of all calls.
        """
        found = ((call.pack if side == "pack" else call.receive) for call in self.calls)
        return [parcel for parcels in found for parcel in parcels]


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
    coming, count = _coming(session, branch)
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
        places=places,
    )


def _calls(
    session: Session, view: DayView, so_far: Mapping[int, Progress], branch: str, now: int
) -> tuple[Call, ...]:
    rows = _Rows(session)
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
                    pack=_to_pack(rows, view, run, stop),
                    receive=_parcels(rows, stop.unload, is_pack=False),
                )
            )
    return tuple(sorted(calls, key=lambda call: call.expected))


def _hub_call(rows: "_Rows", view: DayView, run: RunView, done: Progress) -> Call:
    ends_here = [one for one in run.unload_at_hub if one.destination.id == view.hub.id]
    return Call(
        run=run,
        stop=None,
        expected=run.start if done.departed is None else done.departed,
        planned=run.start,
        left=done.departed,
        skipped=None,
        pack=_parcels(rows, run.load_at_hub, is_pack=True),
        receive=_parcels(rows, ends_here, is_pack=False),
    )


def _to_pack(rows: "_Rows", view: DayView, run: RunView, stop: StopView) -> tuple[Parcel, ...]:
    direct = [bundle for bundle in stop.load if bundle.ride is Ride.DIRECT]
    rest = tuple(bundle for bundle in stop.load if bundle.ride is not Ride.DIRECT)
    parcels = _parcels(rows, direct, is_pack=True)
    if not rest:
        return parcels
    count = crates(run, sum(bundle.items for bundle in rest))
    name = f"HUB-{view.service_day:%y%m%d}-{run.number}-{stop.number}"
    codes = tuple(f"{name}-{number}" for number in range(1, count + 1))
    return (*parcels, _parcel(rows, rest, codes, is_pack=True, to_hub=True))


def _parcels(rows: "_Rows", bundles: Sequence[BundleView], *, is_pack: bool) -> tuple[Parcel, ...]:
    def order(one: BundleView) -> tuple[list[str], str]:
        return alphabet((one.destination if is_pack else one.origin).short_name), one.id

    return tuple(
        _parcel(rows, (one,), (one.id,), is_pack=is_pack) for one in sorted(bundles, key=order)
    )


def _parcel(
    rows: "_Rows",
    bundles: tuple[BundleView, ...],
    codes: tuple[str, ...],
    *,
    is_pack: bool,
    to_hub: bool = False,
) -> Parcel:
    items = rows.of(name for bundle in bundles for name in bundle.transfers)
    known = rows.received if not is_pack else set()
    missing = sum(row.state in {"missing", "cancelled"} for row in items)
    if is_pack:
        handled = sum(row.state not in {*_WAITING, "missing", "cancelled"} for row in items)
    else:
        handled = sum(row.id in known and row.state == "delivered" for row in items)
    return Parcel(
        codes=codes, bundles=bundles, to_hub=to_hub, items=items, handled=handled, missing=missing
    )


class _Rows:
    """Transfers as they stand, read bundle by bundle."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.received: set[str] = set()

    def of(self, names: Iterable[str]) -> tuple[TransferRow, ...]:
        found: list[TransferRow] = []
        for part in chunks(list(names)):
            query = select(TransferRow).where(col(TransferRow.id).in_(part))
            found += self.session.exec(query.order_by(col(TransferRow.item)))
            self.received |= received(self.session, part)
        return tuple(found)


def _coming(session: Session, branch: str) -> tuple[tuple[Coming, ...], int]:
    query = select(TransferRow).where(
        col(TransferRow.destination) == branch, col(TransferRow.state).not_in(_ENDED)
    )
    rows = list(session.exec(query.order_by(col(TransferRow.requested_at), col(TransferRow.id))))
    expected = {
        name: when
        for part in chunks([row.id for row in rows])
        for name, (when, _) in promises(session, part).items()
    }
    coming = [Coming(row=row, expected=expected.get(row.id)) for row in rows]
    coming.sort(key=lambda one: (one.expected is None, one.expected or one.row.requested_at))
    return tuple(coming[:MOST]), len(coming)
