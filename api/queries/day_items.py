"""The transfers behind a number of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlmodel import Session, col

from api.schemas.base import Wire
from logistics.operations.view.view_bundles import read_name
from logistics.storage.tables import LegRow, PlanTransferRow, RunRow, TransferRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.queries.day import DayFacts

#: Beyond these a list helps nobody; the page says that there are more.
MOST = 500


class Filters(Wire):
    """Which of the transfers of a day are wanted."""

    model_config = ConfigDict(extra="ignore")

    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    outcome: Literal["", "delivered", "at_hub", "left"] = Field(default="", alias="utfall")
    run: int | None = Field(default=None, alias="tur", ge=1, le=1000)
    stop: str = Field(default="", alias="stopp", max_length=60)
    shipment: str = Field(default="", alias="frakt", max_length=160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One transfer with what the plan makes of it.

    Attributes
    ----------
    id, item, kind, origin, destination
        The transfer.
    outcome
        Where it is when the day ends.
    expected_at
        When it arrives, if that is known.
    runs
        Numbers of the runs it rides.
    overdue
        Whether a reader has waited for it longer than was promised.
    """

    id: str
    item: str
    kind: str
    origin: str
    destination: str
    outcome: str
    expected_at: datetime | None
    runs: tuple[int, ...]
    overdue: bool


def items_of_day(session: Session, facts: DayFacts, wanted: Filters) -> Sequence[Item]:
    """
    List transfers of the version that is shown.

    Parameters
    ----------
    session
        A session.
    facts
        The day.
    wanted
        Which.

    Returns
    -------
    Sequence[Item]
        By destination; one more than `MOST` where there are more.
    """
    if facts.plan is None:
        return []
    query = (
        select(PlanTransferRow, TransferRow)
        .join(TransferRow, col(TransferRow.id) == col(PlanTransferRow.transfer_id))
        .where(col(PlanTransferRow.plan_id) == facts.plan.id)
    )
    if wanted.outcome:
        query = query.where(col(PlanTransferRow.outcome) == wanted.outcome)
    if wanted.shipment:
        query = query.where(col(PlanTransferRow.shipment) == wanted.shipment)
    rides = _rides(session, facts.plan.id or 0)
    found = []
    order = (col(TransferRow.destination), col(TransferRow.origin), col(TransferRow.id))
    for promise, row in session.execute(query.order_by(*order)):
        legs = rides.get(row.id, ())
        if wanted.run is not None and all(leg.run != wanted.run for leg in legs):
            continue
        if wanted.stop and all(wanted.stop not in {leg.on, leg.off} for leg in legs):
            continue
        found.append(
            Item(
                id=row.id,
                item=row.item,
                kind=row.kind,
                origin=row.origin,
                destination=row.destination,
                outcome=promise.outcome,
                expected_at=promise.expected_at,
                runs=tuple(leg.run for leg in legs),
                overdue=read_name(promise.shipment).overdue,
            )
        )
    return found[: MOST + 1]


@dataclass(frozen=True, slots=True)
class _Leg:
    run: int
    on: str
    off: str


def _rides(session: Session, plan: int) -> Mapping[str, list[_Leg]]:
    query = (
        select(LegRow, col(RunRow.number))
        .join(RunRow, col(RunRow.id) == col(LegRow.run_id))
        .where(col(RunRow.plan_id) == plan)
        .order_by(col(RunRow.number))
    )
    rides: dict[str, list[_Leg]] = {}
    for leg, number in session.execute(query):
        rides.setdefault(leg.transfer_id, []).append(_Leg(number, leg.origin, leg.destination))
    return rides
