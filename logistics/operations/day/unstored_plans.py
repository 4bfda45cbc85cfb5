"""A plan that is only looked at, as if it were stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.day.outcomes import fates
from logistics.operations.day.plan_rows import plan_row, run_rows, stop_rows
from logistics.operations.day.stored_plans import Promise, StoredPlan
from logistics.storage.tables import PlanTransferRow
from logistics.storage.transfers import find

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlmodel import Session

    from logistics.operations.day.day_problem import DayProblem
    from logistics.planning.plan import Plan


def as_if_stored(
    session: Session,
    day: DayProblem,
    plan: Plan,
    *,
    version: int,
    changes: Sequence[dict[str, Any]] = (),
) -> StoredPlan:
    """
    Write a plan down without storing anything.

    Parameters
    ----------
    session
        A session that reads.
    day
        The problem it answers.
    plan
        The plan; one that breaks rules may be shown too.
    version
        Number of the version it would be.
    changes
        The decisions it obeys.

    Returns
    -------
    StoredPlan
        As `read_stored_plan` would give it.
    """
    runs = run_rows(day, plan)
    for number, run in enumerate(runs, start=1):
        run.id = number
    transfers = find(session, day.transfers)
    return StoredPlan(
        row=plan_row(day, plan, version=version, changes=changes),
        problem=day.problem,
        plan=plan,
        runs=tuple(runs),
        stops={number + 1: tuple(stop_rows(day, plan, number, 0)) for number in range(len(runs))},
        promises={
            fate.shipment.id: Promise(
                row=PlanTransferRow(
                    plan_id=0,
                    transfer_id=fate.shipment.transfers[0],
                    shipment=fate.shipment.id,
                    outcome=fate.outcome.value,
                    reason=fate.reason.value if fate.reason else "",
                    expected_at=fate.expected_at,
                ),
                transfers=tuple(
                    transfers[name] for name in fate.shipment.transfers if name in transfers
                ),
            )
            for fate in fates(day, plan)
        },
    )
