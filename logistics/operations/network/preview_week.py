"""What a change of the network does to a week's plans: the week planned with it and without."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.rates import rates_on
from logistics.demand.transfers import WAITING_STATES, Transfer, TransferState
from logistics.network.branches import BranchKind
from logistics.network.travel import road_graph_times
from logistics.operations.day.local_time import local_day, moment
from logistics.operations.network.load_network import read_all_factors, read_all_rates, read_network
from logistics.operations.network.network_changes import Change, NewBranch, changed, first_day_of
from logistics.simulation.arrivals import Arrivals, DemandModel
from logistics.simulation.outcome import DayOutcome
from logistics.simulation.setting import Setting
from logistics.simulation.year import simulate_day
from logistics.storage.tables import TransferRow
from logistics.storage.transfers import to_transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlmodel import Session

    from logistics.network.network import Network

DAYS: Final = 7
#: Steps of search a day: the plans of a day are then within about a per cent of the best.
ITERATIONS: Final = 600
#: No more days are planned after so long; those that are left are not shown.
SECONDS: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEffect:
    """
    One day without the change and with it.

    Attributes
    ----------
    day
        The day.
    before, after
        What was planned, driven and delivered.
    """

    day: date
    before: DayOutcome
    after: DayOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEffect:
    """
    What a change does to a week.

    Attributes
    ----------
    days
        Days on which a van drives with the change or without it.
    estimated
        Whether the demand is an estimate, because nothing was asked for last week.
    complete
        Whether the whole week was planned in the time there was.
    """

    days: tuple[DayEffect, ...]
    estimated: bool
    complete: bool

    @property
    def sek_before(self) -> float:
        """What driving costs without the change."""
        return sum(one.before.driving_sek for one in self.days)

    @property
    def sek_after(self) -> float:
        """What driving costs with it."""
        return sum(one.after.driving_sek for one in self.days)

    @property
    def metres_before(self) -> int:
        """How far the vans drive without the change."""
        return sum(one.before.metres for one in self.days)

    @property
    def metres_after(self) -> int:
        """How far they drive with it."""
        return sum(one.after.metres for one in self.days)

    @property
    def items_before(self) -> int:
        """Items that arrive without the change."""
        return sum(_items(one.before) for one in self.days)

    @property
    def items_after(self) -> int:
        """Items that arrive with it."""
        return sum(_items(one.after) for one in self.days)

    @property
    def waiting_before(self) -> int:
        """Items that wait at the end of the week without the change."""
        return self.days[-1].before.backlog if self.days else 0

    @property
    def waiting_after(self) -> int:
        """Items that wait at the end of the week with it."""
        return self.days[-1].after.backlog if self.days else 0


class LastWeek(Arrivals):
    """
    The transfers of the week before, again, week after week.

    Parameters
    ----------
    transfers
        What was asked for in the seven days before.
    today
        The day after them.
    more
        What comes besides.
    """

    def __init__(
        self,
        transfers: Iterable[Transfer],
        today: date,
        more: Callable[[date], list[Transfer]] | None = None,
    ) -> None:
        self._by_weekday: dict[int, list[Transfer]] = {}
        self._today = today
        self._more = more
        for transfer in transfers:
            weekday = local_day(transfer.requested_at).weekday()
            self._by_weekday.setdefault(weekday, []).append(transfer)

    def on(self, day: date) -> list[Transfer]:
        """
        List the transfers that come into being on a day.

        Parameters
        ----------
        day
            Any day.

        Returns
        -------
        list of Transfer
            Copies with names of their own.
        """
        again = [
            replace(
                one,
                id=f"{one.id}+{day:%y%m%d}",
                request_id=f"{one.request_id}+{day:%y%m%d}",
                requested_at=moment(day, 12 * 3_600),
                state=TransferState.REQUESTED,
                at=one.origin,
            )
            for one in self._by_weekday.get(day.weekday(), [])
        ]
        return again + (self._more(day) if self._more else [])


def preview_week(
    session: Session,
    change: Change,
    today: date,
    *,
    iterations: int = ITERATIONS,
    seconds: float = SECONDS,
) -> WeekEffect:
    """
    Plan a week with a change of the network and without it.

    Both weeks begin with what waits now and get what came in the seven days before today, so the
    difference is that of the change.

    Parameters
    ----------
    session
        A session.
    change
        The change.
    today
        Today.
    iterations
        Steps of search for each day.
    seconds
        No further day is begun after so long.

    Returns
    -------
    WeekEffect
        Day by day, from the first day on which the change is felt.

    Raises
    ------
    InputError
        The change contradicts itself or the network.
    """
    network = read_network(session)
    after = changed(network, change)
    first = first_day_of(change, today)
    rates = rates_on(read_all_rates(session), first)
    factors = tuple(read_all_factors(session))
    waiting, last_week = _waiting(session), _asked_for(session, today)
    estimated = not last_week and not waiting
    model = Arrivals(_demand(after)) if estimated or isinstance(change, NewBranch) else None
    settings = []
    for one in (network, after):
        arrivals = _arrivals(one, change, last_week, today, model if estimated else None, model)
        settings.append(
            Setting(
                first=first,
                last=first + timedelta(days=DAYS - 1),
                hub=one.hub,
                branches={branch.id: branch for branch in one.branches},
                vehicles={vehicle.id: vehicle for vehicle in one.vehicles},
                calendar=one.calendar,
                rates=rates,
                travel=road_graph_times(one, one.branch_ids),
                snow=frozenset(),
                snow_slowdown=1.0,
                arrivals=arrivals,
                factors=factors,
                iterations=iterations,
            )
        )
    if estimated:
        waiting = settings[0].arrivals.on(first - timedelta(days=1))
    return _planned(settings, waiting, estimated=estimated, seconds=seconds)


def _planned(
    settings: list[Setting], waiting: list[Transfer], *, estimated: bool, seconds: float
) -> WeekEffect:
    began = time.monotonic()
    left = [list(waiting), list(waiting)]
    days: list[DayEffect] = []
    complete = True
    for number in range(DAYS):
        if time.monotonic() - began > seconds:
            complete = False
            break
        day = settings[0].first + timedelta(days=number)
        outcomes = []
        for side, setting in enumerate(settings):
            outcome, left[side] = simulate_day(setting, day, left[side])
            outcomes.append(outcome)
        if any(setting.calendar.is_service_day(day) for setting in settings):
            days.append(DayEffect(day=day, before=outcomes[0], after=outcomes[1]))
    return WeekEffect(days=tuple(days), estimated=estimated, complete=complete)


def _arrivals(
    network: Network,
    change: Change,
    last_week: list[Transfer],
    today: date,
    whole: Arrivals | None,
    model: Arrivals | None,
) -> Arrivals:
    """Give a network what its branches ask for: last week's, and what a new branch adds."""
    known = set(network.branch_ids)

    def inside(day: date) -> list[Transfer]:
        source = whole or model
        drawn = source.on(day) if source else []
        touching = {change.branch.id} if isinstance(change, NewBranch) and not whole else known
        return [
            one
            for one in drawn
            if {one.origin, one.destination} <= known and {one.origin, one.destination} & touching
        ]

    return LastWeek(last_week, today, inside)


def _waiting(session: Session) -> list[Transfer]:
    states = [state.value for state in WAITING_STATES]
    query = select(TransferRow).where(col(TransferRow.state).in_(states))
    return [to_transfer(row) for row in session.scalars(query.order_by(col(TransferRow.id)))]


def _asked_for(session: Session, today: date) -> list[Transfer]:
    query = select(TransferRow).where(
        col(TransferRow.requested_at) >= moment(today - timedelta(days=7), 0),
        col(TransferRow.requested_at) < moment(today, 0),
    )
    return [to_transfer(row) for row in session.scalars(query.order_by(col(TransferRow.id)))]


def _demand(network: Network) -> DemandModel:
    readers = sorted(
        (one for one in network.branches if one.kind is not BranchKind.TERMINAL),
        key=lambda one: one.id,
    )
    names = tuple(one.id for one in readers)
    times = road_graph_times(network, names)
    moved: Mapping[str, str | None] = {}
    return DemandModel(
        branches=names,
        inhabitants=tuple(one.inhabitants for one in readers),
        metres=times.metres,
        seed=1,
        moved=moved,
    )


def _items(outcome: DayOutcome) -> int:
    return sum(one.items for one in outcome.deliveries)
