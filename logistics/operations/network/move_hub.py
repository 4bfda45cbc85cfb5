"""Let runs start and end at another place, and nothing be lost that rests at the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update
from sqlmodel import col

from logistics.demand.transfers import WAITING_STATES, TransferState
from logistics.errors import ConflictError, InputError
from logistics.network.branches import BranchKind
from logistics.storage.locks import lock_network
from logistics.storage.tables import (
    BranchRow,
    DepotRow,
    PlanRow,
    ServicePatternRow,
    TransferRow,
    VehicleRow,
)
from logistics.storage.transfers import Step, find, move

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

_SHOWN = 5
_UNKNOWN = "hub is {!r}, expected the id of a branch or terminal"


def hub_of(session: Session) -> str | None:
    """
    Find the hub.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    str | None
        Identifier of the place where runs start and end; None before a network came in.
    """
    return session.scalar(select(col(BranchRow.id)).where(col(BranchRow.is_hub).is_(True)))


def move_hub(session: Session, place: str, *, carry: bool = False, actor: str = "") -> int:
    """
    Make another place the hub.

    Parameters
    ----------
    session
        The transaction.
    place
        Identifier of the branch or terminal.
    carry
        Whether somebody brings along what rests at the old hub; it then rests at the new one, or
        is delivered where that is its destination.
    actor
        Who says so.

    Returns
    -------
    int
        How many items were brought along.

    Raises
    ------
    ConflictError
        With everything that would be lost or left hanging: plans in force, items that rest at the
        old hub or are bound for it, no vehicle that starts at the new one, no weekday on which
        the old one is served.
    InputError
        There is no such place.
    """
    lock_network(session)
    known = hub_of(session)
    if known is None:
        raise InputError("no network is in the database; run: logistics init")
    old = session.get_one(BranchRow, known)
    if old.id == place:
        return 0
    new = session.get(BranchRow, place)
    if new is None:
        raise InputError(_UNKNOWN.format(place))
    resting = _resting(session, old)
    faults = [*_faults(session, old, new), *([] if carry else _left(new, old, resting))]
    if faults:
        raise ConflictError(faults)
    choose_hub(session, place)
    return _carry(session, resting, old.id, place, actor)


def choose_hub(session: Session, hub: str) -> None:
    """
    Say where runs start and end, in a network of which nothing is on its way.

    Parameters
    ----------
    session
        The transaction.
    hub
        Identifier of a branch or terminal.

    Raises
    ------
    InputError
        There is no such place.
    """
    if session.get(BranchRow, hub) is None:
        raise InputError(_UNKNOWN.format(hub))
    before = update(BranchRow).where(col(BranchRow.is_hub).is_(True))
    session.execute(before.values(is_hub=False))
    session.execute(update(BranchRow).where(col(BranchRow.id) == hub).values(is_hub=True))
    session.expire_all()


def _faults(session: Session, old: BranchRow, new: BranchRow) -> Iterator[str]:
    about = f"hub {new.id!r}"
    if not new.active:
        yield f"{about}: it is out of use; take it into use first"
    in_force = col(PlanRow.state).in_(["published", "under_way"])
    days = session.scalars(select(col(PlanRow.service_date)).where(in_force).distinct())
    if begun := sorted(map(str, days)):
        yield (
            f"{about}: the plan of {_listed(begun)} begins at {old.id!r}; let the vans come home "
            "and close the day first"
        )
    home = select(col(DepotRow.id)).where(
        or_(col(DepotRow.branch) == new.id, col(DepotRow.id) == new.id)
    )
    starts = or_(col(VehicleRow.depot).is_(None), col(VehicleRow.depot).in_(home))
    fleet = select(col(VehicleRow.id)).where(col(VehicleRow.active).is_(True), starts)
    if session.scalars(fleet.limit(1)).first() is None:
        yield f"{about}: no vehicle starts there, expected one; station it there first"
    if old.kind == BranchKind.TERMINAL.value:
        if bound := _open(session, col(TransferRow.destination) == old.id):
            yield f"{about}: {_listed(bound)} bound for {old.id!r}, where no van would call"
        return
    served = select(col(ServicePatternRow.id)).where(col(ServicePatternRow.branch) == old.id)
    if session.scalars(served.limit(1)).first() is None:
        yield (
            f"{about}: {old.id!r} would be a branch that is served on no weekday; say when it is "
            "served first"
        )


def _left(new: BranchRow, old: BranchRow, resting: Sequence[str]) -> Iterator[str]:
    if resting:
        yield (
            f"hub {new.id!r}: {len(resting)} items rest at {old.id!r} ({_listed(resting)}); send "
            "them out first, or say that they are carried over"
        )


def _resting(session: Session, old: BranchRow) -> list[str]:
    """What no van would fetch: at a branch only what came from elsewhere, as it is called at."""
    here = col(TransferRow.at) == old.id
    if old.kind == BranchKind.TERMINAL.value:
        return _open(session, here)
    return _open(session, here, col(TransferRow.state) == TransferState.AT_HUB.value)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _open(session: Session, *which: ColumnElement[bool]) -> list[str]:
    waiting = col(TransferRow.state).in_([state.value for state in WAITING_STATES])
    query = select(col(TransferRow.id)).where(waiting, *which).order_by(col(TransferRow.id))
    return list(session.scalars(query))


def _carry(session: Session, names: Sequence[str], old: str, new: str, actor: str) -> int:
    cause = f"the hub moved from {old} to {new}"
    move(
        session,
        [Step(transfer=name, to=TransferState.ABOARD) for name in names],
        cause=cause,
        actor=actor,
    )
    goals = {name: row.destination for name, row in find(session, names).items()}
    put_off = [
        Step(
            transfer=name,
            to=TransferState.DELIVERED if goals[name] == new else TransferState.AT_HUB,
            at=new,
        )
        for name in names
    ]
    return len(move(session, put_off, cause=cause, actor=actor))
