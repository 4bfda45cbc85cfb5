from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, text
from sqlmodel import col, select

from logistics.demand.transfers import TransferState
from logistics.errors import ConflictError, InputError
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.network.import_network import import_folder
from logistics.operations.network.move_hub import hub_of, move_hub
from logistics.storage.session import reading, writing
from logistics.storage.tables import EventRow, ServicePatternRow, TransferRow, VehicleRow
from logistics.storage.transfers import Step, move
from tests.databases import postgres_only
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlmodel import Session


def rest_at_hub(engine: Engine, wanted: int) -> dict[str, str]:
    """Bring some to the hub, one that is bound for Lindesberg among them; tell where they go."""
    with writing(engine) as session:
        rows = session.exec(select(TransferRow)).all()
        rows = sorted(rows, key=lambda row: (row.destination != "lindesberg", row.id))[:wanted]
        move(session, [Step(transfer=row.id, to=TransferState.ABOARD) for row in rows])
        steps = [Step(transfer=row.id, to=TransferState.AT_HUB, at="orebro") for row in rows]
        move(session, steps)
        return {row.id: row.destination for row in rows}


def test_what_rests_at_the_old_hub_is_carried_to_the_new(sample: Engine) -> None:
    goals = rest_at_hub(sample, 3)
    assert "lindesberg" in goals.values()

    with writing(sample) as session:
        assert move_hub(session, "lindesberg", carry=True, actor="chief") == 3

    with reading(sample) as session:
        rows = [session.get_one(TransferRow, name) for name in goals]
        told = session.exec(select(EventRow).where(EventRow.actor == "chief")).all()
    assert {row.at for row in rows} == {"lindesberg"}
    for row in rows:
        home = row.destination == "lindesberg"
        assert row.state == (TransferState.DELIVERED if home else TransferState.AT_HUB).value
    assert len(told) == 6
    assert {one.cause for one in told} == {"the hub moved from orebro to lindesberg"}
    day = build_day_problem(sample, TUESDAY, travel="road-graph")
    assert day.problem.hub == "lindesberg"
    everything = [*day.shipments.values(), *day.stranded]
    there = {name for one in everything if one.origin == "lindesberg" for name in one.transfers}
    assert {row.id for row in rows if row.state == "at_hub"} <= there


def test_a_hub_where_something_rests_is_not_left(sample: Engine) -> None:
    (name,) = rest_at_hub(sample, 1)

    with (
        pytest.raises(ConflictError, match=rf"1 items rest at 'orebro' \({name}\)"),
        writing(sample) as session,
    ):
        move_hub(session, "lindesberg")

    with reading(sample) as session:
        assert hub_of(session) == "orebro"


def test_a_hub_is_not_moved_while_a_plan_begins_there(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY)

    with (
        pytest.raises(ConflictError, match=f"the plan of {TUESDAY} begins at 'orebro'"),
        writing(sample) as session,
    ):
        move_hub(session, "lindesberg")


def test_a_draft_that_begins_at_the_old_hub_is_not_published(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        move_hub(session, "lindesberg")

    with (
        pytest.raises(ConflictError, match="begins at 'orebro', and the hub is 'lindesberg'"),
        writing(sample) as session,
    ):
        publish(session, TUESDAY)

    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        assert publish(session, TUESDAY).problem["hub"] == "lindesberg"


def test_a_branch_that_was_the_hub_must_be_served(network: Engine) -> None:
    with writing(network) as session:
        move_hub(session, "lindesberg")
        session.execute(
            delete(ServicePatternRow).where(col(ServicePatternRow.branch) == "lindesberg")
        )

    with (
        pytest.raises(ConflictError, match="'lindesberg' would be a branch that is served on no"),
        writing(network) as session,
    ):
        move_hub(session, "orebro")


def test_a_terminal_that_something_is_bound_for_stays_the_hub(sample: Engine) -> None:
    with writing(sample) as session:
        row = session.exec(select(TransferRow).where(TransferRow.origin != "orebro")).first()
        assert row is not None
        row.destination, name = "orebro", row.id

    with (
        pytest.raises(ConflictError, match=f"{name} bound for 'orebro', where no van would call"),
        writing(sample) as session,
    ):
        move_hub(session, "lindesberg", carry=True)


def test_vehicles_start_at_the_new_hub(network: Engine) -> None:
    with writing(network) as session:
        for row in session.exec(select(VehicleRow)):
            row.depot = "orebro"

    with (
        pytest.raises(ConflictError, match="no vehicle starts there"),
        writing(network) as session,
    ):
        move_hub(session, "lindesberg")

    with writing(network) as session:
        session.get_one(VehicleRow, "van-1").depot = "lindesberg"
        session.flush()
        move_hub(session, "lindesberg")
    vehicles = build_day_problem(network, TUESDAY, travel="road-graph").problem.vehicles
    assert [one.id for one in vehicles] == ["van-1"]


def test_a_place_that_is_not_there_is_no_hub(network: Engine) -> None:
    with pytest.raises(InputError, match="hub is 'nowhere'"), writing(network) as session:
        move_hub(session, "nowhere")


def test_bringing_the_files_in_again_leaves_the_hub_where_it_is(network: Engine) -> None:
    with writing(network) as session:
        move_hub(session, "lindesberg")

    with writing(network) as session:
        import_folder(session)
        assert hub_of(session) == "lindesberg"
        assert move_hub(session, "lindesberg") == 0


@postgres_only
@pytest.mark.parametrize("first", ["the hub moves", "the plan is published"])
def test_of_a_move_and_a_publishing_at_once_the_second_is_refused(
    sample: Engine, first: str
) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    acts: dict[str, Callable[[Session], object]] = {
        "the hub moves": lambda session: move_hub(session, "lindesberg"),
        "the plan is published": lambda session: publish(session, TUESDAY),
    }
    begin = acts.pop(first)
    (then,) = acts.values()

    def second() -> object:
        with writing(sample) as session:
            return then(session)

    with ThreadPoolExecutor(1) as pool:
        with writing(sample) as session:
            begin(session)
            later = pool.submit(second)
            until = time.monotonic() + 30
            asked = text(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            while not session.scalar(asked):
                assert time.monotonic() < until, "the second waits for nothing"
                time.sleep(0.01)
        with pytest.raises(ConflictError, match="begins at 'orebro'"):
            later.result(timeout=30)
