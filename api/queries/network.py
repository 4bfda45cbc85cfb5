"""What the network pages look up: branches as they are stored, patterns, closures, doubts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlmodel import Session, col, select

from logistics.errors import NotFoundError
from logistics.network.verify import Topic, verify
from logistics.storage.tables import BranchRow, ClosureRow, MunicipalityRow, ServicePatternRow

if TYPE_CHECKING:
    from logistics.network.network import Network
    from logistics.network.public_holidays import Language

CALENDAR_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """
    Who is served when.

    Attributes
    ----------
    branch, name
        Identifier and name of the branch.
    reasons
        For each day why it is not served; empty where it is.
    """

    branch: str
    name: str
    reasons: tuple[str, ...]


def find_branch(session: Session, name: str) -> BranchRow:
    """
    Look a branch up.

    Parameters
    ----------
    session
        A session.
    name
        Its identifier.

    Returns
    -------
    BranchRow
        The branch as it is stored.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = session.get(BranchRow, name)
    if row is None:
        raise NotFoundError(f"branch {name[:60]!r}: there is none of this name")
    return row


def patterns_of(session: Session, branch: str) -> list[ServicePatternRow]:
    """
    List the service patterns of a branch.

    Parameters
    ----------
    session
        A session.
    branch
        Its identifier.

    Returns
    -------
    list[ServicePatternRow]
        As they were stored.
    """
    query = select(ServicePatternRow).where(col(ServicePatternRow.branch) == branch)
    return list(session.exec(query.order_by(col(ServicePatternRow.id))))


def coming_closures(session: Session, today: date, branch: str | None = None) -> list[ClosureRow]:
    """
    List closures that are not over.

    Parameters
    ----------
    session
        A session.
    today
        Today.
    branch
        Those of one branch and of the whole service; all when absent.

    Returns
    -------
    list[ClosureRow]
        The next one first.
    """
    query = select(ClosureRow).where(col(ClosureRow.last_day) >= today)
    if branch is not None:
        own = (col(ClosureRow.branch) == branch) | col(ClosureRow.branch).is_(None)
        query = query.where(own)
    return list(session.exec(query.order_by(col(ClosureRow.first_day), col(ClosureRow.id))))


def municipalities(session: Session) -> list[tuple[str, str]]:
    """
    List the municipalities.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    list[tuple[str, str]]
        Code and name.
    """
    rows = session.exec(select(MunicipalityRow).order_by(col(MunicipalityRow.name)))
    return [(row.code, row.name) for row in rows]


def calendar_rows(
    network: Network, first: date, language: Language
) -> tuple[list[date], list[CalendarRow]]:
    """
    Say who is served on the next days, and of everybody else why not.

    Parameters
    ----------
    network
        The network.
    first
        First day.
    language
        Of the reasons.

    Returns
    -------
    tuple
        The days, and one row a branch.
    """
    days = [first + timedelta(days=number) for number in range(CALENDAR_DAYS)]
    rows = [
        CalendarRow(
            branch=branch.id,
            name=branch.name,
            reasons=tuple(network.calendar.why_not(branch.id, day, language) or "" for day in days),
        )
        for branch in sorted(network.branches, key=lambda one: one.name)
        if not branch.is_hub
    ]
    return days, rows


def doubts(network: Network) -> Counter[Topic]:
    """
    Count what is uncertain about the network.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    Counter[Topic]
        How many facts of each kind somebody should check.
    """
    return Counter(finding.topic for finding in verify(network))
