"""What a day of waiting costs and what the house counts with, from a date onwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from logistics.csvfile import Column, read_records
from logistics.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Classes of waiting that every set of rates prices.
WAITING_CLASSES: Final = ("late", "hold", "supply", "rebalance", "return")


_SEK: Final = "0 or more SEK"
_WHOLE: Final = "a whole number"
_COLUMNS: Final = (
    Column(name="valid_from", parse=date.fromisoformat, expected="a date, such as 2026-01-01"),
    *(Column(name=f"waiting_{name}_sek", parse=float, expected=_SEK) for name in WAITING_CLASSES),
    *(
        Column(name=name, parse=int, expected=_WHOLE)
        for name in (
            "promise_days",
            "stop_seconds",
            "handling_seconds_per_item",
            "items_per_crate",
            "break_after_seconds",
            "break_seconds",
        )
    ),
    Column(name="source"),
    Column(name="confidence"),
)


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
    source
        Who says so.
    confidence
        How sure it is: high, medium or low.

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
    source: str = ""
    confidence: str = "low"

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


def read_rates(data: bytes, name: str = "rates.csv") -> list[Rates]:
    """
    Read dated rates.

    Parameters
    ----------
    data
        CSV with the columns of ``data/rates.csv``.
    name
        What to call the file in faults.

    Returns
    -------
    list of Rates
        In the order of their dates.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    rates = read_records(data, name, _COLUMNS, _build)
    days = [one.valid_from for one in rates]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise InputError(f"{name}: two rows are valid from {day}, expected one" for day in twice)
    return sorted(rates, key=lambda one: one.valid_from)


def rates_on(rates: Iterable[Rates], day: date) -> Rates:
    """
    Find the rates that hold on a day.

    Parameters
    ----------
    rates
        Dated rates in any order.
    day
        The day.

    Returns
    -------
    Rates
        The latest that are valid from that day or earlier.

    Raises
    ------
    NotFoundError
        The day lies before the first of them.
    """
    held = [one for one in rates if one.valid_from <= day]
    if not held:
        raise NotFoundError(f"no rates hold on {day}; add a row valid from that day or earlier")
    return max(held, key=lambda one: one.valid_from)


def _build(**fields: Any) -> Rates:  # noqa: ANN401 (a row is read by heading)
    waiting = {name: fields.pop(f"waiting_{name}_sek") for name in WAITING_CLASSES}
    return Rates(waiting_sek_per_item_day=waiting, **fields)
