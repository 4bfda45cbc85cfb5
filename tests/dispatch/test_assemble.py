from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from logistics.costing.rates import Rates
from logistics.demand.transfers import Transfer, TransferKind, TransferState
from logistics.dispatch.assemble import DayInputs, assemble, promised
from logistics.errors import InputError
from logistics.network.branches import Branch, BranchKind, Confidence
from logistics.network.travel import TravelTimes
from logistics.network.vehicles import Energy, VehicleKind, VehicleRecord

TUESDAY = date(2026, 11, 24)


@dataclass
class Calendar:
    """Everybody is served every day but those named in ``closed``."""

    closed: dict[str, str] = field(default_factory=dict)
    windows: dict[str, tuple[int, int]] = field(default_factory=dict)

    def is_served(self, branch_id: str, day: date, /) -> bool:
        return day != TUESDAY or branch_id not in self.closed

    def next_service(self, branch_id: str, after: date, /) -> date:  # noqa: ARG002
        return after + timedelta(days=1)

    def receiving_window(self, branch_id: str, day: date, /) -> tuple[int, int] | None:  # noqa: ARG002
        return self.windows.get(branch_id)

    def why_not(self, branch_id: str, day: date, /) -> str | None:
        return None if self.is_served(branch_id, day) else self.closed[branch_id]


def branch(
    name: str, kind: BranchKind = BranchKind.MAIN, stop_seconds: int | None = None
) -> Branch:
    return Branch(
        id=name,
        name=name.title(),
        municipality="1885",
        kind=kind,
        locality=name.title(),
        latitude=59.0,
        longitude=15.0,
        road_node=name,
        source="test",
        confidence=Confidence.HIGH,
        stop_seconds=stop_seconds,
    )


def transfer(name: str, origin: str, destination: str, at: str = "") -> Transfer:
    return Transfer(
        id=name,
        request_id=name,
        item=name,
        kind=TransferKind.HOLD,
        origin=origin,
        destination=destination,
        requested_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        state=TransferState.AT_HUB if at else TransferState.REQUESTED,
        at=at,
    )


def day(*transfers: Transfer, calendar: Calendar | None = None) -> DayInputs:
    ids = ("hub", "kumla", "nora", "stora")
    places = {
        "hub": branch("hub", BranchKind.TERMINAL),
        "kumla": branch("kumla"),
        "nora": branch("nora", stop_seconds=600),
        "stora": branch("stora", BranchKind.BRANCH),
    }
    return DayInputs(
        date=TUESDAY,
        hub="hub",
        branches=places,
        vehicles=[
            VehicleRecord(
                id="van-1",
                name="Bil 1",
                kind=VehicleKind.OWN,
                capacity_crates=10,
                items_per_crate=20,
                shift_start=25_200,
                shift_end=61_200,
                max_hours=9.5,
                fixed_cost_sek=100.0,
                cost_per_stop_sek=0.0,
                cost_per_km_sek=3.5,
                cost_per_hour_sek=330.0,
                energy=Energy.DIESEL,
                consumption_per_km=0.08,
            )
        ],
        calendar=calendar or Calendar(),
        rates=Rates(
            valid_from=date(2026, 1, 1),
            waiting_sek_per_item_day={
                "late": 18.0,
                "hold": 9.0,
                "supply": 3.0,
                "rebalance": 1.5,
                "return": 1.5,
            },
            promise_days=4,
            stop_seconds=360,
            handling_seconds_per_item=2,
            items_per_crate=20,
            break_after_seconds=18_000,
            break_seconds=1_800,
        ),
        travel=TravelTimes(
            ids=ids,
            metres=tuple(tuple(1_000 * abs(a - b) for b in range(4)) for a in range(4)),
            seconds=tuple(tuple(60 * abs(a - b) for b in range(4)) for a in range(4)),
            source="road-graph",
            caveats=("a sketch",),
        ),
        transfers=transfers,
    )


def test_a_branch_becomes_a_site_when_it_has_something_to_take_or_to_get() -> None:
    made = assemble(day(transfer("t1", "nora", "kumla"), transfer("t2", "nora", "kumla")))

    assert [site.id for site in made.problem.sites] == ["hub", "kumla", "nora"]
    (shipment,) = made.problem.shipments
    assert (shipment.origin, shipment.destination, shipment.items) == ("nora", "kumla", 2)
    assert made.shipments[shipment.id].transfers == ("t1", "t2")
    assert made.caveats == ("a sketch",)


def test_sites_take_their_own_stop_time_or_that_of_the_rates() -> None:
    made = assemble(day(transfer("t1", "nora", "kumla")))

    seconds = {site.id: site.stop_seconds for site in made.problem.sites}
    assert seconds == {"hub": 0, "kumla": 360, "nora": 600}


def test_the_fleet_is_counted_in_items_and_seconds() -> None:
    (van,) = assemble(day(transfer("t1", "nora", "kumla"))).problem.vehicles

    assert van.capacity == 200  # 10 crates of 20 items
    assert van.max_seconds == 34_200  # 9.5 hours


def test_rows_and_columns_follow_the_sites() -> None:
    problem = assemble(day(transfer("t1", "stora", "kumla"))).problem

    assert [site.id for site in problem.sites] == ["hub", "kumla", "stora"]
    assert problem.travel_metres == ((0, 1_000, 3_000), (1_000, 0, 2_000), (3_000, 2_000, 0))


def test_goods_for_a_closed_branch_may_ride_to_the_hub_for_the_difference() -> None:
    calendar = Calendar(closed={"kumla": "inventering"})
    made = assemble(day(transfer("t1", "nora", "kumla"), calendar=calendar))

    (shipment,) = made.problem.shipments
    assert (shipment.destination, shipment.cost_if_at_hub) == ("hub", 0.0)
    # At the hub it waits one day more; at Nora one and a half in the mean: half a day's 9 kronor.
    assert shipment.cost_if_left == pytest.approx(4.5)
    assert made.unserved == {"kumla": "inventering"}


def test_goods_at_a_closed_branch_and_at_the_hub_for_one_are_stranded() -> None:
    calendar = Calendar(closed={"kumla": "stängt"})
    made = assemble(
        day(
            transfer("t1", "kumla", "nora"),
            transfer("t2", "nora", "kumla", at="hub"),
            calendar=calendar,
        )
    )

    assert made.problem.shipments == ()
    assert {one.transfers for one in made.stranded} == {("t1",), ("t2",)}


def test_receiving_hours_become_the_window() -> None:
    calendar = Calendar(windows={"nora": (28_800, 43_200)})
    problem = assemble(day(transfer("t1", "nora", "kumla"), calendar=calendar)).problem

    assert problem.sites[problem.site_index["nora"]].window == (28_800, 43_200)
    assert problem.sites[problem.site_index["kumla"]].window is None


def test_what_does_not_wait_is_not_planned() -> None:
    delivered = replace(transfer("t1", "nora", "kumla"), state=TransferState.DELIVERED)

    assert assemble(day(delivered)).problem.shipments == ()


def test_the_break_rule_is_off_at_zero() -> None:
    inputs = day(transfer("t1", "nora", "kumla"))
    without = replace(inputs, rates=replace(inputs.rates, break_after_seconds=0))

    assert assemble(inputs).problem.break_ is not None
    assert assemble(without).problem.break_ is None


def test_every_unknown_place_is_named_at_once() -> None:
    wrong = (transfer("t1", "nowhere", "kumla"), transfer("t2", "nora", "elsewhere"))

    with pytest.raises(InputError) as caught:
        assemble(day(*wrong))

    assert caught.value.problems == [
        "transfer 't1': place 'nowhere' is not a branch; import the branch or cancel the transfer",
        (
            "transfer 't2': destination 'elsewhere' is not a branch; "
            "import the branch or cancel the transfer"
        ),
    ]


def test_a_branch_that_must_be_visited_has_to_be_open() -> None:
    closed = replace(
        day(calendar=Calendar(closed={"kumla": "stängt"})),
        must_visit=frozenset({"kumla", "atlantis"}),
    )

    with pytest.raises(InputError, match="'atlantis': must be visited, but is not a branch") as e:
        assemble(closed)

    assert "'kumla': must be visited on 2026-11-24, but is not served" in e.value.problems[1]


def test_the_timetable_promises_main_libraries_with_goods_a_van() -> None:
    inputs = day(transfer("t1", "nora", "stora"))

    # Kumla has nothing, Storå is no main library, the hub is where runs start.
    assert promised(
        inputs.branches.values(), inputs.calendar, TUESDAY, "hub", inputs.transfers
    ) == frozenset({"nora"})
