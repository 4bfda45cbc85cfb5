"""What a branch takes in is there once, whatever the driver ticks, before it or after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.intake.handle import cancel, report_missing
from logistics.operations.intake.take_in import RECEIVED, received, take_in
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.feed import history
from logistics.storage.session import reading, writing
from logistics.storage.tables import LegRow, RunRow, StopRow, TransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

NINE = moment(TUESDAY, 9 * 3600)


@pytest.fixture
def published(sample: Engine) -> Engine:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY, actor="coordinator")
    return sample


def bound_for(engine: Engine) -> tuple[str, list[str]]:
    """The branch with most to receive today, and what is bound for it on the run."""
    with reading(engine) as session:
        legs = session.scalars(select(LegRow).where(LegRow.destination != "orebro")).all()
    names = [leg.destination for leg in legs]
    branch = max(sorted(set(names)), key=names.count)
    return branch, sorted(leg.transfer_id for leg in legs if leg.destination == branch)


def states(engine: Engine, ids: list[str]) -> set[str]:
    with reading(engine) as session:
        return {session.get_one(TransferRow, name).state for name in ids}


def drive_all(engine: Engine) -> None:
    with writing(engine) as session:
        run = session.scalars(select(RunRow)).one()
        stops = session.scalars(select(StopRow).where(StopRow.run_id == run.id)).all()
        kinds = [TickKind.DEPART, *[TickKind.DONE] * len(stops), TickKind.RETURN]
        for number, kind in enumerate(kinds):
            stop = number if kind is TickKind.DONE else None
            at = NINE + timedelta(minutes=number)
            drive(session, Tick(id=f"phone-{number:04}", run=run.code, kind=kind, at=at, stop=stop))


def refuse_what_is_not_here(engine: Engine, branch: str, ids: list[str]) -> None:
    with writing(engine) as session:
        with pytest.raises(InputError, match=f"bound for '{branch}', not for 'stora'"):
            take_in(session, ids, at="stora", moment=NINE)
        with pytest.raises(NotFoundError, match="'t-nothing'"):
            take_in(session, ["t-nothing"], at=branch, moment=NINE)
        cancel(session, ids[:1], reason="not wanted")
        with pytest.raises(ConflictError, match="no step from cancelled"):
            take_in(session, ids[:1], at=branch, moment=NINE)
        session.rollback()
    assert states(engine, ids) == {"requested"}


def test_what_is_taken_in_before_the_ticks_come_is_moved_once(published: Engine) -> None:
    # The driver's phone has no network: the branch is the first to tell.
    branch, ids = bound_for(published)
    refuse_what_is_not_here(published, branch, ids)
    with writing(published) as session:
        assert take_in(session, ids, at=branch, moment=NINE, actor="user:2") == ids

    drive_all(published)

    assert states(published, ids) == {"delivered"}
    with reading(published) as session:
        kinds = [event.kind for event in history(session, ids[0])]
        legs = session.scalars(select(LegRow).where(LegRow.transfer_id.in_(ids))).all()
    assert kinds[-3:] == ["transfer.aboard", "transfer.delivered", RECEIVED]
    assert {leg.left_at for leg in legs if leg.destination == branch} == {NINE}


def test_what_the_driver_ticked_off_is_confirmed_once(published: Engine) -> None:
    branch, ids = bound_for(published)
    drive_all(published)
    for expected in (ids, []):
        with writing(published) as session:
            assert take_in(session, ids, at=branch, moment=NINE) == expected

    with reading(published) as session:
        assert received(session, [*ids, "t-other"]) == set(ids)
        kinds = [event.kind for event in history(session, ids[0])]
    assert kinds.count(RECEIVED) == kinds.count("transfer.delivered") == 1

    # One of them is not in the crate after all, and turns up later.
    with writing(published) as session:
        report_missing(session, ids[:1], reason="not in the crate")
    assert states(published, ids[:1]) == {"missing"}
    with writing(published) as session:
        assert take_in(session, ids, at=branch, moment=NINE) == ids[:1]
    assert states(published, ids) == {"delivered"}
