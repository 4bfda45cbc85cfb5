"""Decide where returned items go: the best copy for each hold, or by the plain rule."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.rates import rates_on
from logistics.demand.matching.journeys import handling_sek, journeys_on
from logistics.demand.matching.optimise import match
from logistics.demand.matching.plain import first_in_queue
from logistics.demand.matching.policy import Policy
from logistics.demand.matching.records import Choice, returned_copies
from logistics.demand.returns import Hold, ReturnedItem
from logistics.operations.day.cut_off import cut_off_of
from logistics.operations.intake.lending import lending_rules_of
from logistics.operations.intake.planned_calls import planned_calls
from logistics.operations.intake.promises import packing_day, read_timetable
from logistics.operations.network.load_network import read_all_rates
from logistics.storage.chunks import chunks
from logistics.storage.tables import HoldRow, VehicleRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlmodel import Session


class MatchBy(StrEnum):
    """
    How it is decided which copy goes to which reader.

    Attributes
    ----------
    BEST
        Fewest days and kronor by the calendar, holds of a title first come, first served.
    PLAIN
        Each item to the first in its queue, else home, whatever the way.
    """

    BEST = "best"
    PLAIN = "plain"


def decide(
    session: Session,
    items: Mapping[str, ReturnedItem],
    by: MatchBy,
    *,
    since: datetime | None = None,
) -> dict[str, Choice]:
    """
    Decide where returned items go, and lock the holds they may fill.

    Parameters
    ----------
    session
        The transaction.
    items
        Items that can be sent, by the name of their return; titles are keyed hashes.
    by
        How to decide.
    since
        When it is decided, for items that came earlier; when the last one came where absent.

    Returns
    -------
    dict[str, Choice]
        By the name of the return. Of an item that was handed in twice the last time counts.
    """
    holds = waiting_holds(session, {item.title for item in items.values()})
    last = {item.item: name for name, item in sorted(items.items(), key=_moment)}
    chosen = [items[name] for name in last.values()]
    found = _choices(session, chosen, holds, by, since) if chosen else []
    decided = {last[choice.item]: choice for choice in found}
    return {name: decided.get(name) or _stale(item) for name, item in items.items()}


def waiting_holds(session: Session, titles: Iterable[str]) -> list[Hold]:
    """
    Read and lock the holds that wait for some titles.

    Parameters
    ----------
    session
        The transaction.
    titles
        Titles as keyed hashes.

    Returns
    -------
    list[Hold]
        In the order of their references, so that two transactions never wait for each other.
    """
    holds: list[Hold] = []
    for part in chunks(sorted(titles)):
        query = select(HoldRow).where(col(HoldRow.title).in_(part), col(HoldRow.state) == "waiting")
        locked = query.order_by(col(HoldRow.reference)).with_for_update()
        holds += [_as_hold(row) for row in session.scalars(locked)]
    return holds


def _choices(
    session: Session,
    items: Sequence[ReturnedItem],
    holds: Sequence[Hold],
    by: MatchBy,
    since: datetime | None,
) -> Sequence[Choice]:
    moments = [item.returned_at for item in items]
    on = packing_day(max(moments if since is None else [*moments, since]), cut_off_of(session))
    places = {place for item in items for place in (item.at, item.owner)}
    policy = _policy(session, on, places | {hold.pickup for hold in holds})
    if by is MatchBy.PLAIN or policy is None:
        return first_in_queue(items, holds)
    return match(returned_copies(items), holds, on, policy).choices


def _policy(session: Session, on: date, places: set[str]) -> Policy | None:
    # Before the network and its rates are brought in, items are taken in all the same.
    timetable = read_timetable(session)
    rates = [one for one in read_all_rates(session) if one.valid_from <= on]
    if timetable is None or not rates or not places <= set(timetable.calendar.branches):
        return None
    today = rates_on(rates, on)
    hours = select(col(VehicleRow.cost_per_hour_sek)).where(col(VehicleRow.active).is_(True))
    journeys = journeys_on(
        timetable.calendar,
        sorted(places),
        timetable.hub,
        on,
        handling_sek=handling_sek(today.handling_seconds_per_item, list(session.scalars(hours))),
        planned=planned_calls(session, on, today.stop_seconds),
        sek_per_day=today.waiting_sek_per_item_day["hold"],
    )
    return Policy(journeys=journeys, rates=today, rules=lending_rules_of(session))


def _moment(named: tuple[str, ReturnedItem]) -> tuple[object, str]:
    return named[1].returned_at, named[0]


def _stale(item: ReturnedItem) -> Choice:
    why = "it was handed in again later"
    return Choice(item=item.item, at=item.at, goes_to=item.at, hold=None, why=why)


def _as_hold(row: HoldRow) -> Hold:
    return Hold(
        reference=row.reference,
        title=row.title,
        pickup=row.pickup,
        placed_at=row.placed_at,
        queue_position=row.queue_position,
        item=row.item,
    )
