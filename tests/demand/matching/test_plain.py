from __future__ import annotations

from datetime import timedelta

from logistics.demand.matching.plain import first_in_queue
from logistics.demand.matching.records import transfers_of
from logistics.demand.transfers import TransferKind
from tests.demand.conftest import MORNING, hold, returned


def test_first_in_the_queue_then_home() -> None:
    items = [
        returned("b1"),
        returned("b2", returned_at=MORNING + timedelta(minutes=5)),
        returned("b3", "emma"),
    ]
    choices = first_in_queue(items, [hold("h1"), hold("h2", pickup="nora", position=2)])
    assert [(c.item, c.goes_to, c.hold, c.why) for c in choices] == [
        ("b1", "laxa", "h1", "first in the queue who can have it, at laxa"),
        ("b3", "kumla", None, "nobody waits, so it goes home to kumla"),
        ("b2", "nora", "h2", "first in the queue who can have it, at nora"),
    ]
    assert [choice.travels for choice in choices] == [True, True, False]


def test_a_hold_for_one_copy_takes_no_other() -> None:
    (choice,) = first_in_queue([returned("b1", at="kumla")], [hold(item="b9")])
    assert (choice.goes_to, choice.why) == (
        "kumla",
        "no reader who waits may have it, and it is at home",
    )


def test_lending_rules_pass_the_copy_to_the_next() -> None:
    queue = [hold("h1", pickup="laxa"), hold("h2", pickup="stora", position=2)]
    (choice,) = first_in_queue(
        [returned()], queue, may_have=lambda _item, waiting: waiting.pickup != "laxa"
    )
    assert choice.hold == "h2"


def test_choices_become_transfers_once() -> None:
    choices = first_in_queue([returned("b1"), returned("b2"), returned("b3", at="kumla")], [hold()])
    transfers = transfers_of(choices, MORNING)
    assert [(t.item, t.kind, t.origin, t.destination) for t in transfers] == [
        ("b1", TransferKind.HOLD, "nora", "laxa"),
        ("b2", TransferKind.RETURN, "nora", "kumla"),
    ]
    assert transfers == transfers_of(choices, MORNING)
    assert transfers[0].request_id == "hold:b1:h1"
