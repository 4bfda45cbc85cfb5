"""What a matching decides about each item, and the transfers that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.demand.transfers import Transfer, TransferKind, transfer_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    Where one item goes, and why.

    Attributes
    ----------
    item
        Barcode.
    at
        Branch where it is.
    goes_to
        Branch it goes to; where it is when it stays.
    hold
        Reference of the hold it fills, None when it fills none.
    why
        The reason in one sentence.
    """

    item: str
    at: str
    goes_to: str
    hold: str | None
    why: str

    @property
    def travels(self) -> bool:
        """Whether a van must carry it."""
        return self.at != self.goes_to


def transfers_of(choices: Iterable[Choice], decided_at: datetime) -> list[Transfer]:
    """
    Turn choices into transfers; an item that stays makes none.

    Parameters
    ----------
    choices
        What was decided.
    decided_at
        When, with its zone.

    Returns
    -------
    list of Transfer
        One for each item that travels; deciding the same again on the same day gives the same
        identifiers.
    """
    transfers = []
    for choice in choices:
        if not choice.travels:
            continue
        kind = TransferKind.RETURN if choice.hold is None else TransferKind.HOLD
        cause = choice.hold or f"{decided_at:%Y-%m-%d}"
        request_id = f"{kind.value}:{choice.item}:{cause}"
        transfers.append(
            Transfer(
                id=transfer_id(request_id),
                request_id=request_id,
                item=choice.item,
                kind=kind,
                origin=choice.at,
                destination=choice.goes_to,
                requested_at=decided_at,
            )
        )
    return transfers
