"""What happened to a day since somebody looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session, col

from logistics.operations.change.keep_change import stamp
from logistics.storage.tables import DayChangeRow, PlanRow

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """
    What is new.

    Attributes
    ----------
    who
        Identifier of who did the last of it; empty where nobody is known.
    plans
        Versions made, published or begun since, the oldest first.
    changes
        Decisions made since, the oldest first.
    taken_back
        How many decisions were taken back since.
    """

    who: str
    plans: Sequence[PlanRow]
    changes: Sequence[DayChangeRow]
    taken_back: int


def news_since(session: Session, day: date, seen: str) -> News | None:
    """
    Find what is new.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    seen
        State of the day as `logistics.operations.change.keep_change.stamp` named it then.

    Returns
    -------
    News | None
        None where nothing is.
    """
    if stamp(session, day) == seen:
        return None
    numbers = [int(one) if one.isdecimal() else 0 for one in seen.split(".")]
    version, _, change, undone = (*numbers, 0, 0, 0, 0)[:4]
    of_day = select(PlanRow).where(col(PlanRow.service_date) == day)
    plans = session.scalars(of_day.order_by(col(PlanRow.version))).all()
    decided = select(DayChangeRow).where(col(DayChangeRow.service_date) == day)
    rows = session.scalars(decided.order_by(col(DayChangeRow.id))).all()
    newer = [row for row in plans if row.version > version]
    made = [row for row in rows if (row.id or 0) > change]
    if not newer:  # what was seen was published, or its vans have left
        newer = [row for row in plans if row.version == version]
    makers = [row.made_by for row in made]
    makers += [row.made_by for row in newer if row.version > version]
    return News(
        who=next((one for one in reversed(makers) if one), ""),
        plans=newer,
        changes=made,
        taken_back=sum(row.undone_at is not None for row in rows) - undone,
    )
