"""No order of calls, and no two clients at once, bring a transfer where no arrow leads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count, pairwise
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics.demand.transfers import ALLOWED_STEPS, Transfer, TransferKind, TransferState
from logistics.demand.transfers import transfer_id as name_of
from logistics.errors import ConflictError
from logistics.operations.intake.handle import cancel, pack, report_found, report_missing, unpack
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.storage.feed import history
from logistics.storage.session import reading, writing
from logistics.storage.tables import TransferRow, now
from logistics.storage.transfers import Step, move

if TYPE_CHECKING:
    from sqlalchemy import Engine

CALLS: Final = {
    "pack": pack,
    "unpack": unpack,
    "cancel": partial(cancel, reason="withdrawn"),
    "miss": report_missing,
    "find at the hub": partial(report_found, at="hub"),
    "find at the goal": partial(report_found, at="kumla"),
    "find elsewhere": partial(report_found, at="frovi"),
    **{
        f"drive to {state}": lambda session, ids, state=state: move(
            session, [Step(transfer=one, to=state) for one in ids]
        )
        for state in (TransferState.ABOARD, TransferState.AT_HUB, TransferState.DELIVERED)
    },
}
_numbers = count()
calls = st.lists(st.sampled_from(sorted(CALLS)), max_size=12)


def live(engine: Engine, name: str, wanted: list[str]) -> None:
    for call in wanted:
        try:
            with writing(engine) as session:
                CALLS[call](session, [name])
        except ConflictError:
            continue  # refused, as it should be where no arrow leads


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(first=calls, second=calls)
def test_a_transfers_life_follows_the_arrows(
    engine: Engine, places: tuple[str, ...], first: list[str], second: list[str]
) -> None:
    del places
    request = f"life-{next(_numbers)}"
    asked = Transfer(
        id=name_of(request),
        request_id=request,
        item=request,
        kind=TransferKind.HOLD,
        origin="nora",
        destination="kumla",
        requested_at=now(),
    )
    with writing(engine) as session:
        accept(receive_transfers(session, [asked]))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda wanted: live(engine, asked.id, wanted), (first, second)))

    with reading(engine) as session:
        row = session.get_one(TransferRow, asked.id)
        states = [
            TransferState(event.kind.removeprefix("transfer."))
            for event in history(session, asked.id)
        ]
    assert states[0] is TransferState.REQUESTED
    assert all(after in ALLOWED_STEPS[before] for before, after in pairwise(states)), states
    assert row.state == states[-1].value
    assert row.revision == len(states)
    assert row.state != "delivered" or row.at == "kumla"
