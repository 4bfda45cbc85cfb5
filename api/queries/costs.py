"""What is booked, what is not yet, and whose shares are being priced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from logistics.operations.reports.price_shares import PRICE_SHARES
from logistics.storage.tables import BookingRow, JobRow, PlanRow

if TYPE_CHECKING:
    from datetime import date

_UNDER_WAY = ("queued", "running")


def booked_days(session: Session) -> list[date]:
    """
    List the days that are booked.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    list[date]
        In order.
    """
    day = col(BookingRow.service_date)
    return list(session.exec(select(day).distinct().order_by(day)))


def unclosed_days(session: Session, first_day: date, last_day: date) -> list[date]:
    """
    List the days whose plan is in force and not closed.

    Parameters
    ----------
    session
        A session.
    first_day
        First day to look at.
    last_day
        Last day to look at.

    Returns
    -------
    list[date]
        In order.
    """
    day = col(PlanRow.service_date)
    query = select(day).where(
        day.between(first_day, last_day), col(PlanRow.state).in_(("published", "under_way"))
    )
    return list(session.exec(query.order_by(day)))


def is_pricing(session: Session) -> bool:
    """
    Tell whether shares are being priced in the background.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    bool
        True while a job for it waits or runs.
    """
    query = select(JobRow.id).where(
        col(JobRow.kind) == PRICE_SHARES, col(JobRow.state).in_(_UNDER_WAY)
    )
    return session.exec(query.limit(1)).first() is not None
