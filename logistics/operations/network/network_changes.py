"""Changes of the network that somebody thinks of: tried on a copy first, then kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlmodel import col

from logistics.errors import ConflictError, NotFoundError
from logistics.network.branches import Branch, Confidence
from logistics.network.calendar import ServiceCalendar
from logistics.network.hours import parse_hours
from logistics.network.new_branch import connect
from logistics.network.patterns import Closure, ServicePattern, Weeks
from logistics.operations.network.import_network import import_branches, import_roads
from logistics.operations.network.load_network import read_network
from logistics.storage.locks import lock_network
from logistics.storage.records import to_row
from logistics.storage.tables import BranchRow, ClosureRow, ServicePatternRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from logistics.network.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHours:
    """
    A branch receives at other times.

    Attributes
    ----------
    branch
        Identifier.
    hours
        In OpenStreetMap's opening_hours syntax; empty for any time.
    """

    branch: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewServiceDays:
    """
    A branch is served on other days.

    Attributes
    ----------
    branch
        Identifier.
    weekdays
        ISO weekdays, 1 is Monday; none ends the service.
    weeks
        In which weeks.
    valid_from
        First day on which it holds.
    """

    branch: str
    weekdays: tuple[int, ...]
    weeks: Weeks
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """
    A branch, or the whole service, is closed for some days.

    Attributes
    ----------
    closure
        The days and the reason.
    """

    closure: Closure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBranch:
    """
    A branch joins the network.

    Attributes
    ----------
    branch
        The branch; its place on the roads is found from its position.
    weekdays
        ISO weekdays on which it is served.
    weeks
        In which weeks.
    """

    branch: Branch
    weekdays: tuple[int, ...]
    weeks: Weeks = Weeks.EVERY


Change = NewHours | NewServiceDays | NewClosure | NewBranch


def changed(network: Network, change: Change) -> Network:
    """
    Apply a change to a copy of the network.

    Parameters
    ----------
    network
        The network.
    change
        What is different.

    Returns
    -------
    Network
        As it would be.

    Raises
    ------
    InputError
        The change contradicts itself or the network.
    NotFoundError
        The branch is not in the network.
    """
    match change:
        case NewHours(branch=name, hours=hours):
            branch = replace(network.branch(name), receiving_hours=_checked(hours))
            others = tuple(branch if one.id == name else one for one in network.branches)
            return _with_calendar(replace(network, branches=others))
        case NewServiceDays(branch=name):
            network.branch(name)
            patterns = _patterns_after(network.calendar.patterns, change)
            return _with_calendar(network, patterns=patterns)
        case NewClosure(closure=closure):
            if closure.branch is not None:
                network.branch(closure.branch)
            return _with_calendar(network, closures=[*network.calendar.closures, closure])
        case NewBranch(branch=branch):
            if branch.receiving_hours:
                _checked(branch.receiving_hours)
            placed, roads = connect(network, replace(branch, service_days=change.weekdays))
            wider = replace(network, branches=(*network.branches, placed), roads=roads)
            return _with_calendar(wider, patterns=[*network.calendar.patterns, *_first(change)])


def first_day_of(change: Change, today: date) -> date:
    """
    Tell when a change is first felt.

    Parameters
    ----------
    change
        The change.
    today
        Today.

    Returns
    -------
    date
        Tomorrow, or the first day of the closure or of the new service days if that is later.
    """
    match change:
        case NewServiceDays(valid_from=first):
            day = first
        case NewClosure(closure=closure):
            day = closure.first_day
        case _:
            day = today
    return max(day, today + timedelta(days=1))


def keep(session: Session, change: Change, *, revision: int | None = None, actor: str = "") -> None:
    """
    Keep a change.

    Parameters
    ----------
    session
        The transaction.
    change
        The change.
    revision
        Revision of the branch that was looked at; None where there was none.
    actor
        Who says so; becomes the source of the fact.

    Raises
    ------
    ConflictError
        The branch has changed since.
    InputError
        The change contradicts itself or the network.
    NotFoundError
        The branch is not in the network.
    """
    lock_network(session)  # roads are cut and written anew where a branch joins
    after = changed(read_network(session), change)
    match change:
        case NewHours(branch=name, hours=hours):
            row = _seen(session, name, revision)
            row.receiving_hours = hours or None
            row.hours_source, row.hours_confidence = actor, Confidence.HIGH.value
        case NewServiceDays(branch=name):
            _seen(session, name, revision)
            _replace_patterns(session, name, after, actor)
        case NewClosure(closure=closure):
            if closure.branch is not None:
                _seen(session, closure.branch, revision)
            session.add(to_row(ClosureRow, replace(closure, source=actor)))
        case NewBranch(branch=branch):
            placed = next(one for one in after.branches if one.id == branch.id)
            if len(after.roads.nodes) != len(read_network(session).roads.nodes):
                import_roads(session, after.roads.nodes, after.roads.edges)
            import_branches(session, [placed])
            session.add_all(
                to_row(ServicePatternRow, replace(one, source=actor)) for one in _first(change)
            )
    session.flush()


def open_again(session: Session, closure: int) -> ClosureRow:
    """
    Take a closure back.

    Parameters
    ----------
    session
        The transaction.
    closure
        Its number.

    Returns
    -------
    ClosureRow
        What was closed.

    Raises
    ------
    NotFoundError
        There is none of this number.
    """
    row = session.get(ClosureRow, closure)
    if row is None:
        raise NotFoundError(f"closure {closure}: there is none of this number")
    session.delete(row)
    session.flush()
    return row


def _checked(hours: str) -> str | None:
    return parse_hours(hours) if hours else None


def _with_calendar(
    network: Network,
    *,
    patterns: Sequence[ServicePattern] | None = None,
    closures: Sequence[Closure] | None = None,
) -> Network:
    old = network.calendar
    calendar = ServiceCalendar(
        patterns=old.patterns if patterns is None else patterns,
        closures=old.closures if closures is None else closures,
        receiving_hours={branch.id: branch.receiving_hours for branch in network.branches},
        hub=network.hub,
    )
    return replace(network, calendar=calendar)


def _first(change: NewBranch) -> list[ServicePattern]:
    if not change.weekdays:
        return []
    return [
        ServicePattern(
            branch=change.branch.id,
            weekdays=change.weekdays,
            weeks=change.weeks,
            confidence=Confidence.HIGH,
        )
    ]


def _patterns_after(
    patterns: Sequence[ServicePattern], change: NewServiceDays
) -> list[ServicePattern]:
    """End what holds the day before, drop what would have begun later, begin the new one."""
    eve = change.valid_from - timedelta(days=1)
    kept = []
    for pattern in patterns:
        is_over = pattern.valid_until is not None and pattern.valid_until <= eve
        if pattern.branch != change.branch or is_over:
            kept.append(pattern)
        elif pattern.valid_from is None or pattern.valid_from <= eve:
            kept.append(replace(pattern, valid_until=eve))
    if change.weekdays:
        kept.append(
            ServicePattern(
                branch=change.branch,
                weekdays=change.weekdays,
                weeks=change.weeks,
                valid_from=change.valid_from,
                confidence=Confidence.HIGH,
            )
        )
    return kept


def _replace_patterns(session: Session, branch: str, after: Network, actor: str) -> None:
    session.execute(delete(ServicePatternRow).where(col(ServicePatternRow.branch) == branch))
    session.add_all(
        to_row(ServicePatternRow, pattern if pattern.source else replace(pattern, source=actor))
        for pattern in after.calendar.patterns
        if pattern.branch == branch
    )


def _seen(session: Session, branch: str, revision: int | None) -> BranchRow:
    row = session.get(BranchRow, branch, with_for_update=True)
    if row is None:
        raise NotFoundError(f"branch {branch!r}: there is none of this name")
    if revision is not None and row.revision != revision:
        raise ConflictError(f"branch {branch!r} has changed since it was looked at; look again")
    row.revision += 1
    session.add(row)
    return row
