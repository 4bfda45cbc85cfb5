"""What people see of a day is what is stored of it, to the last item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logistics.errors import NotFoundError
from logistics.operations.day.plan_day import plan_day
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import Ride, UnservedReason
from logistics.storage.session import reading
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_the_view_adds_up(sample: Engine) -> None:
    plan = plan_day(sample, TUESDAY, seconds=1)
    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)

    assert view.totals.total_sek == pytest.approx(plan.cost_sek)
    assert view.totals.driving_sek == pytest.approx(sum(run.cost_sek for run in view.runs))
    assert view.totals.items == 437  # what the sample asks for on Friday and Monday
    for run in view.runs:
        aboard = sum(bundle.items for bundle in run.load_at_hub)
        for stop in run.stops:
            aboard += sum(bundle.items for bundle in stop.load)
            aboard -= sum(bundle.items for bundle in stop.unload)
            assert stop.items_aboard == aboard
        assert aboard == sum(bundle.items for bundle in run.unload_at_hub)
        assert len(run.legs) == len(run.stops) + 1
        assert run.distance_metres == sum(leg.distance_metres for leg in run.legs)
        assert all(leg.line[0] != leg.line[-1] for leg in run.legs)
    at_hub = sum(late.items for late in view.undelivered if late.at_hub)
    left = sum(late.items for late in view.undelivered if not late.at_hub)
    assert (at_hub, left) == (view.totals.items_at_hub, view.totals.items_left)


def test_every_branch_is_called_at_or_says_why_not(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
    called_at = {stop.place.id for run in view.runs for stop in run.stops}
    others = {unserved.place.id: unserved for unserved in view.unserved}
    assert not called_at & set(others)
    assert len(called_at) + len(others) == 20
    # Small branches are served on Mondays, Wednesdays and Fridays.
    assert others["frovi"].reason is UnservedReason.NOT_ITS_DAY
    assert others["frovi"].next_service is not None
    assert others["frovi"].next_service.isoweekday() == 3


def test_bundles_have_labels_of_their_own_and_hold_the_transfers(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
    taken = [bundle for run in view.runs for stop in run.stops for bundle in stop.load]
    put_off = [bundle for run in view.runs for stop in run.stops for bundle in stop.unload]
    labels = [bundle.id for bundle in taken]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 40
    assert all(bundle.items == len(bundle.transfers) for bundle in taken)
    direct = {bundle.id for bundle in taken if bundle.ride is Ride.DIRECT}
    assert direct == {bundle.id for bundle in put_off if bundle.ride is Ride.DIRECT}


def test_a_day_without_plan_says_so(network: Engine) -> None:
    with (
        reading(network) as session,
        pytest.raises(NotFoundError, match="2026-11-24: there is none; plan the day first"),
    ):
        build_day_view(session, TUESDAY)
