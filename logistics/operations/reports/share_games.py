"""The cost games of days that were booked, for shares that rest on runs and not on keys."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from logistics.dispatch.coalitions import ITERATIONS, cost_game
from logistics.dispatch.processes import Processes
from logistics.dispatch.served_day import served_day
from logistics.operations.day.stored_plans import find_plan
from logistics.planning.plan import parse_plan
from logistics.planning.problem import parse_problem
from logistics.storage.tables import BookedStopRow, BookingRow, BranchRow

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from datetime import date

    from sqlmodel import Session

    from logistics.costing.sharing.game import CostGame
    from logistics.dispatch.served_day import Runs, ServedDay
    from logistics.planning.plan import Plan

#: Groups of one of many days that are searched and proved at most: enough for nine municipalities.
MOST_SEARCHES: Final = 512
#: Wall time for the proofs of one of many days: a year of them then ends within half an hour.
PROOF_SECONDS: Final = 4.0


def share_games(  # noqa: PLR0913 - one keyword a choice
    session: Session,
    first_day: date,
    last_day: date,
    *,
    error_sek: float = 0.0,
    most_searches: int | None = MOST_SEARCHES,
    proof_seconds: float = PROOF_SECONDS,
    workers: int = 1,
    iterations: int = ITERATIONS,
    known_runs: MutableMapping[frozenset[str], Runs] | None = None,
    on_day: Callable[[int, int], None] | None = None,
) -> dict[date, CostGame]:
    """
    Price what groups of municipalities would pay by themselves, on each booked day of a span.

    Parameters
    ----------
    session
        A session.
    first_day
        First day of the span.
    last_day
        Last day of the span.
    error_sek
        Leave groups between bounds once no share of a day can be wrong by more SEK.
    most_searches
        Groups a day that are searched and proved at most, beside those that a table of rounds
        proves; None for all.
    proof_seconds
        Wall time a day for proofs.
    workers
        Processor cores for searches and proofs.
    iterations
        Steps of search for one group.
    known_runs
        Best runs by set of calls, to keep between calls of this function.
    on_day
        Told how many days are priced, and of how many.

    Returns
    -------
    dict
        Cost game by day, its players named by code of municipality. A day is absent where a
        branch that was served belongs to no municipality.
    """
    booked = select(col(BookingRow.service_date)).where(
        col(BookingRow.service_date) >= first_day, col(BookingRow.service_date) <= last_day
    )
    days = sorted(set(session.scalars(booked)))
    owner_of = owners_of(session)
    known = {} if known_runs is None else known_runs
    games = {}
    with Processes(workers) as processes:
        for number, day in enumerate(days, start=1):
            served = booked_day(session, day, owner_of)
            if served is not None:
                games[day] = cost_game(
                    served,
                    known_runs=known,
                    error_sek=error_sek,
                    most_searches=most_searches,
                    proof_seconds=proof_seconds,
                    iterations=iterations,
                    processes=processes,
                )
            if on_day is not None:
                on_day(number, len(days))
    return games


def owners_of(session: Session) -> dict[str, str]:
    """
    Say to which municipality each branch belongs.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    dict
        Code of the municipality by branch; branches without one are left out.
    """
    return {
        branch.id: branch.municipality
        for branch in session.scalars(select(BranchRow))
        if branch.municipality
    }


def booked_day(session: Session, day: date, owner_of: dict[str, str]) -> ServedDay | None:
    """
    Read a booked day as it was served.

    Parameters
    ----------
    session
        A session.
    day
        The day.
    owner_of
        Municipality by branch.

    Returns
    -------
    ServedDay or None
        None where a branch that was served belongs to no municipality.

    Raises
    ------
    NotFoundError
        The plan that was driven is not stored.
    """
    row = find_plan(session, day)
    plan = _as_driven(session, day, parse_plan(json.dumps(row.answer)))
    if any(stop.site not in owner_of for run in plan.runs for stop in run.stops):
        return None
    return served_day(parse_problem(json.dumps(row.problem)), plan, owner_of)


def _as_driven(session: Session, day: date, plan: Plan) -> Plan:
    """Leave out the calls that were planned and not made, so that only who was served plays."""
    booked = select(col(BookedStopRow.branch_id)).join(BookingRow)
    made = set(session.scalars(booked.where(col(BookingRow.service_date) == day)))
    runs = [
        replace(run, stops=tuple(stop for stop in run.stops if stop.site in made))
        for run in plan.runs
    ]
    return replace(plan, runs=tuple(run for run in runs if run.stops))
