"""What a day of waiting costs and what the house counts with, from a date onwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Classes of waiting that every set of rates prices.
WAITING_CLASSES: Final = ("late", "hold", "supply", "rebalance", "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """
    Rates that hold from one date until the next set begins.

    What a vehicle costs stands with the vehicle.

    Attributes
    ----------
    valid_from
        First service day they hold.
    waiting_sek_per_item_day
        SEK per item and calendar day of waiting, by class: late, hold, supply, rebalance, return.
    promise_days
        Calendar days after which a hold that still waits counts as late.
    stop_seconds
        Time at a stop before any item is handled, where the branch has none of its own.
    handling_seconds_per_item
        Time for one item put off or taken.
    items_per_crate
        Items in a full crate.
    break_after_seconds
        Longest work without a break; 0 for no rule.
    break_seconds
        Length of the break.

    Raises
    ------
    InputError
        A class is missing or unknown, or a number is out of range.
    """

    valid_from: date
    waiting_sek_per_item_day: Mapping[str, float]
    promise_days: int
    stop_seconds: int
    handling_seconds_per_item: int
    items_per_crate: int
    break_after_seconds: int
    break_seconds: int

    def __post_init__(self) -> None:
        problems = [f"rates from {self.valid_from}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    def _faults(self) -> Iterator[str]:
        given = self.waiting_sek_per_item_day
        for name in WAITING_CLASSES:
            if name not in given:
                yield f"no waiting rate for class {name!r}, expected SEK per item and day"
        for name, value in given.items():
            if name not in WAITING_CLASSES:
                yield f"waiting class {name!r} is unknown, expected {', '.join(WAITING_CLASSES)}"
            if not 0 <= value < float("inf"):
                yield f"waiting rate of {name!r} is {value}, expected 0 or more SEK"
        for name, least in (
            ("promise_days", 0),
            ("stop_seconds", 0),
            ("handling_seconds_per_item", 0),
            ("items_per_crate", 1),
            ("break_after_seconds", 0),
            ("break_seconds", 0),
        ):
            if getattr(self, name) < least:
                yield f"{name} is {getattr(self, name)}, expected {least} or more"
