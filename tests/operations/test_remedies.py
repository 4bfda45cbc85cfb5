"""What would bring a shipment today is told as the one change that people would make."""

from __future__ import annotations

import pytest

from logistics.operations.view.kinds import Remedy
from logistics.operations.view.remedies import remedy_views
from logistics.planning.changes import Change
from logistics.planning.explain import Explanation, Reason
from logistics.planning.outcomes import Outcome
from logistics.planning.plan import Cost, Plan, Run, Stop

NAMES = {"nora": "Nora", "kumla": "Kumla", "laxa": "Laxå", "van-1": "Bil 1", "van-2": "Bil 2"}
Orders = dict[str, str]


def plan(orders: Orders) -> Plan:
    """Runs with these stops, whatever their times."""
    return Plan(
        problem="day",
        cost=Cost(),
        runs=tuple(
            Run(
                vehicle=van,
                start=0,
                end=9,
                stops=tuple(Stop(site=site, arrive=1, begin=1, depart=1) for site in sites.split()),
            )
            for van, sites in orders.items()
        ),
    )


def explained(after: Plan | None, *changes: Change) -> Explanation:
    """What planning again has shown of three holds from Nora for Kumla."""
    return Explanation(
        shipment="nora>kumla:hold",
        outcome=Outcome.AT_HUB,
        reasons=(Reason.WINDOW,),
        extra_sek=212.0 if after else None,
        changes=changes,
        plan=after,
    )


@pytest.mark.parametrize(
    ("before", "after", "remedy", "subject", "other"),
    [
        ({"van-1": "kumla"}, {"van-1": "nora kumla"}, Remedy.VISIT, "Nora", ""),
        ({"van-1": "laxa"}, {"van-1": "nora kumla"}, Remedy.VISIT_INSTEAD, "Nora, Kumla", "Laxå"),
        ({"van-1": "kumla"}, {"van-1": "kumla", "van-2": "nora"}, Remedy.EXTRA_RUN, "Bil 2", ""),
        ({"van-1": "kumla nora"}, {"van-1": "nora kumla"}, Remedy.REVERSE_RUN, "Bil 1", ""),
        (
            {"van-1": "kumla laxa", "van-2": "nora"},
            {"van-1": "laxa", "van-2": "nora kumla"},
            Remedy.OTHER_VAN,
            "Kumla",
            "Bil 2",
        ),
        (
            {"van-1": "kumla laxa", "van-2": "nora"},
            {"van-1": "nora kumla laxa"},
            Remedy.OTHER_VAN,
            "Nora",
            "Bil 1",
        ),
        (
            {"van-1": "kumla nora laxa"},
            {"van-1": "nora kumla laxa"},
            Remedy.STOP_LATER,
            "Kumla",
            "Nora",
        ),
        ({"van-1": "nora kumla"}, {"van-1": "nora kumla"}, Remedy.TAKE_ALONG, "Bil 1", ""),
        (
            {"van-1": "nora laxa kumla"},
            {"van-1": "laxa nora kumla"},
            Remedy.OTHER_ORDER,
            "Bil 1",
            "",
        ),
    ],
)
def test_another_plan_of_the_day_is_told_by_what_differs(
    before: Orders, after: Orders, remedy: Remedy, subject: str, other: str
) -> None:
    (found,) = remedy_views(plan(before), explained(plan(after)), NAMES)
    assert (found.change, found.subject, found.other) == (remedy, subject, other)
    assert found.cost_sek == 212.0
    assert not found.change.lifts_rule


def test_rules_that_would_have_to_give_way_come_by_their_price() -> None:
    late = Change(kind="window-later", subject="kumla", amount=15, extra_sek=40.0)
    room = Change(kind="more-room", subject="van-1", amount=3, extra_sek=12.0)
    found = remedy_views(plan({"van-1": "kumla nora"}), explained(None, late, room), NAMES)
    assert [(one.change, one.subject, one.amount, one.cost_sek) for one in found] == [
        (Remedy.MORE_ROOM, "Bil 1", 3, 12.0),
        (Remedy.WINDOW_LATER, "Kumla", 15, 40.0),
    ]
    assert all(one.change.lifts_rule for one in found)


def test_nothing_that_helps_is_no_remedy() -> None:
    assert remedy_views(plan({"van-1": "kumla nora"}), explained(None), NAMES) == ()
