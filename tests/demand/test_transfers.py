from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.demand.transfers import ALLOWED_STEPS, TransferState, transfer_id
from logistics.errors import ConflictError, InputError
from tests.demand.conftest import transfer


def test_every_state_has_its_arrows_and_only_one_is_final() -> None:
    assert set(ALLOWED_STEPS) == set(TransferState)
    final = {state for state, steps in ALLOWED_STEPS.items() if not steps}
    assert final == {TransferState.CANCELLED}


def test_a_delivered_item_can_only_be_missed() -> None:
    # The driver ticked it off; the branch unpacks and does not find it, and perhaps does later.
    delivered = transfer().step(TransferState.ABOARD).step(TransferState.DELIVERED)
    assert ALLOWED_STEPS[TransferState.DELIVERED] == {TransferState.MISSING}
    missed = delivered.step(TransferState.MISSING)
    assert missed.at == "kumla"
    assert missed.step(TransferState.DELIVERED).at == "kumla"


def test_the_usual_journey_over_the_hub() -> None:
    # nora > hub > kumla: two rides, one night at the hub.
    steps = [
        (TransferState.PACKED, None),
        (TransferState.ABOARD, None),
        (TransferState.AT_HUB, "orebro"),
        (TransferState.ABOARD, None),
        (TransferState.DELIVERED, None),
    ]
    moving = transfer()
    places = []
    for state, at in steps:
        moving = moving.step(state, at=at)
        places.append(moving.at)
    assert places == ["nora", "nora", "orebro", "orebro", "kumla"]
    assert not moving.waiting


def test_a_missing_item_can_be_found_at_the_hub() -> None:
    lost = transfer().step(TransferState.ABOARD).step(TransferState.MISSING)
    assert not lost.waiting
    assert lost.step(TransferState.AT_HUB, at="orebro").waiting


def test_an_item_on_the_road_cannot_be_cancelled() -> None:
    aboard = transfer().step(TransferState.ABOARD)
    message = "transfer 't1': no step from aboard to cancelled; allowed: at_hub, delivered, missing"
    with pytest.raises(ConflictError, match=message):
        aboard.step(TransferState.CANCELLED)


@given(st.lists(st.sampled_from(list(TransferState)), max_size=12))
def test_no_order_of_calls_leaves_the_arrows(calls: list[TransferState]) -> None:
    current = transfer()
    for wanted in calls:
        if wanted in ALLOWED_STEPS[current.state]:
            current = current.step(wanted)
            assert current.state is wanted
        else:
            with pytest.raises(ConflictError, match="no step from"):
                current.step(wanted)


def test_all_faults_of_a_transfer_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        transfer(" ", origin="nora", destination="nora", requested_at=datetime(2026, 11, 24))  # noqa: DTZ001
    assert [problem.split(": ", 1)[1] for problem in caught.value.problems] == [
        "id is blank, expected a text",
        "origin and destination are both 'nora', expected two places",
        (
            "requested_at is 2026-11-24T00:00:00, expected a time with its zone, "
            "such as 2026-11-24T08:00:00+01:00"
        ),
    ]


def test_times_are_kept_in_utc() -> None:
    local = datetime(2026, 11, 24, 8, 0, tzinfo=timezone(timedelta(hours=1)))
    assert transfer(requested_at=local).requested_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert transfer(requested_at=local).requested_at.tzinfo is UTC


def test_the_same_request_is_the_same_transfer() -> None:
    assert transfer_id("R-1") == transfer_id("R-1") != transfer_id("R-2")
