"""Price what groups of municipalities would pay by themselves, day by day, and keep the shares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.sharing.day import DayShares
from logistics.operations.reports.report_books import read_books
from logistics.operations.reports.report_shares import divided
from logistics.operations.reports.share_games import MOST_SEARCHES, PROOF_SECONDS, share_games
from logistics.storage.jobs import enqueue
from logistics.storage.session import reading, writing
from logistics.storage.tables import BookedSharesRow, BookingRow, JobRow, MunicipalityRow

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.dispatch.served_day import Runs
    from logistics.operations.upkeep.work import Task

PRICE_SHARES: Final = "price-shares"
#: Days further back are priced when somebody asks for them.
BY_THE_CLOCK: Final = timedelta(days=62)


def kept_shares(session: Session, first_day: date, last_day: date) -> dict[date, DayShares]:
    """
    Read the shares that were priced before.

    Parameters
    ----------
    session
        A session.
    first_day
        First day of the span.
    last_day
        Last day of the span.

    Returns
    -------
    dict[date, DayShares]
        By day, as far as they are priced.
    """
    query = select(BookedSharesRow).where(
        col(BookedSharesRow.service_date).between(first_day, last_day)
    )
    return {
        row.service_date: DayShares(
            total_sek=row.total_sek,
            by_rule=row.by_rule,
            alone_sek=row.alone_sek,
            objections=(),
            error_sek=row.error_sek,
            remarks=(),
            groups=row.groups,
            proved_groups=row.proved_groups,
        )
        for row in session.scalars(query)
    }


def unpriced_days(session: Session, first_day: date, last_day: date) -> list[date]:
    """
    List the booked days whose shares are not priced yet.

    Parameters
    ----------
    session
        A session.
    first_day
        First day of the span.
    last_day
        Last day of the span.

    Returns
    -------
    list[date]
        In order.
    """
    priced = select(col(BookedSharesRow.service_date))
    query = (
        select(col(BookingRow.service_date))
        .where(
            col(BookingRow.service_date).between(first_day, last_day),
            col(BookingRow.service_date).not_in(priced),
        )
        .distinct()
        .order_by(col(BookingRow.service_date))
    )
    return list(session.scalars(query))


def request_shares(session: Session, first_day: date, last_day: date) -> JobRow:
    """
    Ask for the shares of a span to be priced in the background.

    Parameters
    ----------
    session
        The transaction.
    first_day
        First day of the span.
    last_day
        Last day of the span.

    Returns
    -------
    JobRow
        The job, perhaps one that was asked for before.
    """
    return enqueue(session, PRICE_SHARES, f"{first_day}/{last_day}")


def price_shares(task: Task) -> dict[str, Any]:
    """
    Price and keep the shares of the days of a span that have none; a job's handler.

    Parameters
    ----------
    task
        Its key is the first and the last day, with a slash between.

    Returns
    -------
    dict[str, Any]
        How many days were priced.
    """
    first, last = (date.fromisoformat(part) for part in task.key.split("/"))
    with reading(task.engine) as session:
        days = unpriced_days(session, first, last)
    known: dict[frozenset[str], Runs] = {}
    for number, day in enumerate(days, start=1):
        task.check()
        price_day(task.engine, day, known_runs=known)
        task.progress("shares", {"days": number, "of": len(days)})
    return {"days": len(days)}


def price_day(
    engine: Engine,
    day: date,
    *,
    most_searches: int = MOST_SEARCHES,
    proof_seconds: float = PROOF_SECONDS,
    known_runs: dict[frozenset[str], Runs] | None = None,
) -> None:
    """
    Price the shares of one booked day and keep them.

    Parameters
    ----------
    engine
        The database.
    day
        The day.
    most_searches
        Groups that are searched and proved at most.
    proof_seconds
        Wall time for proofs; what is not proved by then stays between bounds.
    known_runs
        Best runs by set of calls, to keep from day to day.

    Raises
    ------
    NotFoundError
        The plan that was driven is not stored.
    """
    with reading(engine) as session:
        games = share_games(
            session,
            day,
            day,
            most_searches=most_searches,
            proof_seconds=proof_seconds,
            known_runs=known_runs,
        )
        books = read_books(session, day, day)
        owners = {owner.code: owner for owner in session.scalars(select(MunicipalityRow))}
    for shared in divided(books, owners, games, {}).values():
        with writing(engine) as session:
            session.merge(
                BookedSharesRow(
                    service_date=day,
                    total_sek=shared.total_sek,
                    by_rule={rule: dict(shares) for rule, shares in shared.by_rule.items()},
                    alone_sek=dict(shared.alone_sek),
                    error_sek=dict(shared.error_sek),
                    groups=shared.groups,
                    proved_groups=shared.proved_groups,
                )
            )
