"""What was decided about one day: closed branches, vans out or in, calls that must be, pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from logistics.network.vehicles import VehicleRecord
from logistics.storage.records import to_record
from logistics.storage.tables import DayChangeRow, VehicleRow

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session


class ChangeKind(StrEnum):
    """
    What can be decided about a day.

    Attributes
    ----------
    CLOSE_BRANCH
        Nobody calls at a branch.
    VEHICLE_OUT
        A vehicle does not run.
    EXTRA_VEHICLE
        One more vehicle runs, like one there is.
    MUST_VISIT
        A run calls at a branch, goods or not.
    PIN
        A stop keeps its vehicle, its order or its time.
    MOVE
        A stop stands between two others, put there by hand.
    """

    CLOSE_BRANCH = "close-branch"
    VEHICLE_OUT = "vehicle-out"
    EXTRA_VEHICLE = "extra-vehicle"
    MUST_VISIT = "must-visit"
    PIN = "pin"
    MOVE = "move"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """
    What a pinned stop keeps.

    Attributes
    ----------
    strength
        ``vehicle``, ``order`` or ``time``; each keeps what the weaker ones keep too.
    vehicle
        Who calls there.
    begin
        When service began in the plan that was looked at, seconds since midnight.
    """

    strength: str
    vehicle: str
    begin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """
    Where somebody put a stop.

    Attributes
    ----------
    vehicle
        Who calls there.
    after, before
        The stops before and behind it; empty for the hub.
    """

    vehicle: str
    after: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """
    Everything decided about one day.

    Attributes
    ----------
    closed
        Reason by branch where nobody calls.
    vehicles_out
        Vehicles that do not run.
    extra_vehicles
        Vehicles that run besides the fleet.
    must_visit
        Branches that a run calls at, goods or not.
    pins
        What each pinned stop keeps, by branch.
    moves
        Where each stop stands that was moved by hand, by branch, the latest move last.
    """

    closed: Mapping[str, str] = field(default_factory=dict)
    vehicles_out: frozenset[str] = frozenset()
    extra_vehicles: tuple[VehicleRecord, ...] = ()
    must_visit: frozenset[str] = frozenset()
    pins: Mapping[str, Pinned] = field(default_factory=dict)
    moves: Mapping[str, Moved] = field(default_factory=dict)


def rows_of(session: Session, day: date) -> list[DayChangeRow]:
    """
    List what was decided about a day and not taken back.

    Parameters
    ----------
    session
        A session.
    day
        The service day.

    Returns
    -------
    list[DayChangeRow]
        In the order in which it was decided.
    """
    query = select(DayChangeRow).where(
        col(DayChangeRow.service_date) == day, col(DayChangeRow.undone_at).is_(None)
    )
    return list(session.scalars(query.order_by(col(DayChangeRow.id))))


def changes_of(session: Session, day: date) -> Changes:
    """
    Sum up what was decided about a day.

    Parameters
    ----------
    session
        A session.
    day
        The service day.

    Returns
    -------
    Changes
        All of it; nothing for a day that nobody touched.
    """
    return sum_up(session, rows_of(session, day))


def sum_up(session: Session, rows: Sequence[DayChangeRow]) -> Changes:
    """
    Sum up decisions, whether they are stored or only thought of.

    Parameters
    ----------
    session
        A session.
    rows
        The decisions, the latest last.

    Returns
    -------
    Changes
        All of it; where two speak of the same stop, the later one holds.
    """
    return Changes(
        closed={
            row.subject: str(row.details.get("reason", ""))
            for row in rows
            if row.kind == ChangeKind.CLOSE_BRANCH
        },
        vehicles_out=_subjects(rows, ChangeKind.VEHICLE_OUT),
        extra_vehicles=tuple(
            _extra(session, row) for row in rows if row.kind == ChangeKind.EXTRA_VEHICLE
        ),
        must_visit=_subjects(rows, ChangeKind.MUST_VISIT),
        pins=_pins(rows),
        moves=_moves(rows),
    )


def _pins(rows: Sequence[DayChangeRow]) -> dict[str, Pinned]:
    found: dict[str, Pinned] = {}
    for row in rows:
        if row.kind == ChangeKind.PIN:
            found[row.subject] = Pinned(
                strength=str(row.details["strength"]),
                vehicle=str(row.details["vehicle"]),
                begin=int(row.details["begin"]),
            )
        elif row.kind == ChangeKind.MOVE:
            found.pop(row.subject, None)  # who moves a stop loosens it first
    return found


def _moves(rows: Sequence[DayChangeRow]) -> dict[str, Moved]:
    found: dict[str, Moved] = {}
    for row in rows:
        if row.kind == ChangeKind.MOVE:
            found.pop(row.subject, None)  # the latest move stands last
            found[row.subject] = Moved(
                **{name: str(row.details[name]) for name in ("vehicle", "after", "before")}
            )
    return found


def describe(rows: Sequence[DayChangeRow]) -> list[dict[str, Any]]:
    """
    Write changes as they are kept with the plan that obeys them.

    Parameters
    ----------
    rows
        The changes.

    Returns
    -------
    list[dict[str, Any]]
        Kind, subject and details of each.
    """
    return [{"kind": row.kind, "subject": row.subject, "details": row.details} for row in rows]


def _subjects(rows: Sequence[DayChangeRow], kind: ChangeKind) -> frozenset[str]:
    return frozenset(row.subject for row in rows if row.kind == kind)


def _extra(session: Session, row: DayChangeRow) -> VehicleRecord:
    like = session.get_one(VehicleRow, str(row.details["like"]))
    return to_record(
        VehicleRecord, like, id=row.subject, name=str(row.details.get("name", row.subject))
    )
