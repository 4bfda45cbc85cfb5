"""Publish a plan: freeze the version, and tell the world when each transfer arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlmodel import col

from logistics.errors import ConflictError
from logistics.operations.day.stored_plans import IN_FORCE, find_plan
from logistics.operations.network.move_hub import hub_of
from logistics.storage.feed import tell
from logistics.storage.locks import lock_day, lock_network
from logistics.storage.tables import PlanRow, PlanTransferRow, now

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session


def publish(
    session: Session,
    day: date,
    version: int | None = None,
    *,
    revision: int | None = None,
    actor: str = "",
) -> PlanRow:
    """
    Put a draft in force; an earlier published version of the day is superseded.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    version
        Which version; the latest when absent.
    revision
        The revision the caller has seen; the plan must not have changed since.
    actor
        Who publishes.

    Returns
    -------
    PlanRow
        The plan, published.

    Raises
    ------
    ConflictError
        The plan is no draft, has changed, or the day is under way already.
    NotFoundError
        There is no such plan.
    """
    lock_day(session, day)
    plan = find_plan(session, day, version) if version else _latest(session, day)
    before = _in_force(session, day)
    if before and before.state != "published" and before.id != plan.id:
        raise ConflictError(
            f"plan of {day}: version {before.version} is {before.state.replace('_', ' ')}, so "
            "no other version can be published; change the day instead"
        )
    moment = now()
    if before and before.id != plan.id:
        change_state(session, before, "published", "superseded", {})
    if revision is not None and plan.revision != revision:
        raise ConflictError(
            f"plan of {day}: version {plan.version} has changed (revision {plan.revision}, "
            f"you saw {revision}); look at it again"
        )
    lock_network(session)  # or the hub could move between this look and the end
    if plan.problem["hub"] != (hub := hub_of(session)):
        raise ConflictError(
            f"plan of {day}: version {plan.version} begins at {plan.problem['hub']!r}, and the hub "
            f"is {hub!r} by now; plan the day again"
        )
    change_state(session, plan, "draft", "published", {"published_at": moment})
    tell_arrivals(session, plan, moment, actor)
    return plan


def change_state(
    session: Session, plan: PlanRow, before: str, after: str, values: dict[str, Any]
) -> None:
    """
    Move a plan from one state to the next, unless another writer was faster.

    Parameters
    ----------
    session
        The transaction.
    plan
        The plan; refreshed afterwards.
    before
        The state it must be in.
    after
        The state it gets.
    values
        Further columns to set.

    Raises
    ------
    ConflictError
        It is in another state.
    """
    changed = session.execute(
        update(PlanRow)
        .where(col(PlanRow.id) == plan.id, col(PlanRow.state) == before)
        .values(state=after, revision=PlanRow.revision + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(plan)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise ConflictError(
            f"plan of {plan.service_date}: version {plan.version} is "
            f"{plan.state.replace('_', ' ')}, expected {before.replace('_', ' ')}"
        )


def _latest(session: Session, day: date) -> PlanRow:
    of_day = select(PlanRow).where(col(PlanRow.service_date) == day)
    newest = session.scalars(of_day.order_by(col(PlanRow.version).desc()).limit(1)).first()
    return newest or find_plan(session, day)


def _in_force(session: Session, day: date) -> PlanRow | None:
    query = select(PlanRow).where(
        col(PlanRow.service_date) == day, col(PlanRow.state).in_(IN_FORCE)
    )
    return session.scalars(query.with_for_update()).one_or_none()


def tell_arrivals(session: Session, plan: PlanRow, moment: datetime, actor: str) -> None:
    """
    Tell the world that a plan is in force, and when each of its transfers arrives.

    Parameters
    ----------
    session
        The transaction.
    plan
        The plan.
    moment
        When it came into force.
    actor
        Who put it in force.
    """
    name = f"{plan.service_date.isoformat()}/{plan.version}"
    promises = select(PlanTransferRow).where(col(PlanTransferRow.plan_id) == plan.id)
    events: list[dict[str, Any]] = [
        {"kind": "plan.published", "subject": name, "at": moment, "actor": actor}
    ]
    events += [
        {
            "kind": "transfer.expected",
            "transfer_id": promise.transfer_id,
            "subject": name,
            "at": moment,
            "actor": actor,
            "details": {
                "expected_at": promise.expected_at.isoformat() if promise.expected_at else None,
                "outcome": promise.outcome,
                "reason": promise.reason,
            },
        }
        for promise in session.scalars(promises.order_by(col(PlanTransferRow.transfer_id)))
    ]
    tell(session, events)
