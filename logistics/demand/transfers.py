"""One item that must go from one branch to another, and the steps of its journey."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.errors import ConflictError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class TransferKind(StrEnum):
    """
    Why an item travels.

    Attributes
    ----------
    HOLD
        A reader waits for it at the destination.
    RETURN
        It goes home to the branch that owns it.
    REBALANCE
        It evens out the shelves between two branches.
    SUPPLY
        New or loaned stock, and anything else the cooperation sends.
    """

    HOLD = "hold"
    RETURN = "return"
    REBALANCE = "rebalance"
    SUPPLY = "supply"


class TransferState(StrEnum):
    """
    How far an item has come.

    Attributes
    ----------
    REQUESTED
        Waiting at its origin, not packed.
    PACKED
        In a bundle, waiting for the van.
    ABOARD
        On a run.
    AT_HUB
        Resting at the hub between two runs.
    DELIVERED
        Put off at its destination; the end, unless the branch cannot find it there.
    CANCELLED
        No longer wanted, or taken over by the circulation system; the end.
    MISSING
        Not where it should be; it can be found again.
    """

    REQUESTED = "requested"
    PACKED = "packed"
    ABOARD = "aboard"
    AT_HUB = "at_hub"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    MISSING = "missing"


_S = TransferState

# Aboard cannot be cancelled: the item sits in a crate on the road and must first be put off
# somewhere. A missing item is found where it stands: waiting at a branch, at the hub, or already
# on the shelf of its destination. A delivered item is missing when the driver ticked it off and
# the branch, unpacking, does not find it.
ALLOWED_STEPS: Final[Mapping[TransferState, frozenset[TransferState]]] = {
    _S.REQUESTED: frozenset({_S.PACKED, _S.ABOARD, _S.CANCELLED, _S.MISSING}),
    _S.PACKED: frozenset({_S.REQUESTED, _S.ABOARD, _S.CANCELLED, _S.MISSING}),
    _S.ABOARD: frozenset({_S.AT_HUB, _S.DELIVERED, _S.REQUESTED, _S.MISSING}),
    _S.AT_HUB: frozenset({_S.ABOARD, _S.CANCELLED, _S.MISSING}),
    _S.MISSING: frozenset({_S.REQUESTED, _S.AT_HUB, _S.DELIVERED, _S.CANCELLED}),
    _S.DELIVERED: frozenset({_S.MISSING}),
    _S.CANCELLED: frozenset(),
}

#: States in which an item waits for a van, at a branch or at the hub.
WAITING_STATES: Final = frozenset({_S.REQUESTED, _S.PACKED, _S.AT_HUB})


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """
    One item that must go from one branch to another.

    Attributes
    ----------
    id
        Our own identifier.
    request_id
        The identifier under which the circulation system asked for it; the same one twice is one
        transfer.
    item
        Barcode of the item.
    kind
        Why it travels.
    origin
        Branch where the journey starts.
    destination
        Branch where it ends.
    requested_at
        When it was asked for, UTC.
    state
        How far it has come.
    at
        Branch or hub where it was last seen; the origin unless said otherwise.

    Raises
    ------
    InputError
        A text is blank, origin and destination are one, or the time has no zone.
    """

    id: str
    request_id: str
    item: str
    kind: TransferKind
    origin: str
    destination: str
    requested_at: datetime
    state: TransferState = TransferState.REQUESTED
    at: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", TransferKind(self.kind))
        object.__setattr__(self, "state", TransferState(self.state))
        object.__setattr__(self, "at", self.at or self.origin)
        problems = list(self._faults())
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "requested_at", self.requested_at.astimezone(UTC))

    @property
    def waiting(self) -> bool:
        """Whether the item waits for a van."""
        return self.state in WAITING_STATES

    def step(self, to: TransferState, *, at: str | None = None) -> Transfer:
        """
        Move along one of the allowed arrows.

        Parameters
        ----------
        to
            The new state.
        at
            Where the item is now; unchanged when absent. A delivered item is at its destination.

        Returns
        -------
        Transfer
            The transfer in its new state.

        Raises
        ------
        ConflictError
            There is no arrow from the present state to ``to``.
        """
        if to not in ALLOWED_STEPS[self.state]:
            reachable = ", ".join(sorted(ALLOWED_STEPS[self.state])) or "nothing: it is final"
            raise ConflictError(
                f"transfer {self.id!r}: no step from {self.state} to {to}; allowed: {reachable}"
            )
        place = self.destination if to is TransferState.DELIVERED else at or self.at
        return replace(self, state=to, at=place)

    def _faults(self) -> Iterator[str]:
        for name in ("id", "request_id", "item", "origin", "destination"):
            if not getattr(self, name).strip():
                yield f"transfer {self.id!r}: {name} is blank, expected a text"
        if self.origin == self.destination:
            yield (
                f"transfer {self.id!r}: origin and destination are both {self.origin!r}, "
                "expected two places"
            )
        if self.requested_at.tzinfo is None:
            yield (
                f"transfer {self.id!r}: requested_at is {self.requested_at.isoformat()}, "
                "expected a time with its zone, such as 2026-11-24T08:00:00+01:00"
            )


def transfer_id(request_id: str) -> str:
    """
    Name a transfer after the request it answers, so that the same request is the same transfer.

    Parameters
    ----------
    request_id
        Identifier under which the circulation system asked.

    Returns
    -------
    str
        ``t-`` and twenty hexadecimal digits.
    """
    return "t-" + hashlib.sha256(request_id.encode()).hexdigest()[:20]
