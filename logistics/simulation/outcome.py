"""What a simulated day came to, as one line of a file that a stopped run continues from."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from logistics.demand.transfers import Transfer, TransferKind, TransferState
from logistics.simulation.arrivals import ASKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    Items that reached their destination on one day.

    Attributes
    ----------
    kind
        Why they travelled.
    origin, destination
        Where from and where to.
    days
        Calendar days since they were asked for.
    items
        How many.
    """

    kind: str
    origin: str
    destination: str
    days: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutcome:
    """
    One simulated day.

    Attributes
    ----------
    day
        The day.
    arrived
        Items that came into being.
    runs, stops
        Runs driven and stops made.
    empty_stops
        Stops where nothing was put off or taken.
    metres
        Driven distance.
    paid_seconds
        Paid time of the drivers.
    driving_sek
        Fixed cost, stops, kilometres and hours.
    waiting_sek
        Cost of waiting of the plan.
    consumption
        Litres or kilowatt-hours by energy.
    co2e_grams
        Greenhouse gases, well to wheel; 0 where no factor is known.
    highest_load
        Largest part of a vehicle's capacity in use on any leg.
    item_metres, capacity_metres
        Items aboard, and items there was room for, times the metres they rode.
    to_hub
        Items that ended the day at the hub.
    backlog
        Items that wait at the end of the day.
    deliveries
        What was delivered.
    """

    day: date
    arrived: int
    runs: int = 0
    stops: int = 0
    empty_stops: int = 0
    metres: int = 0
    paid_seconds: int = 0
    driving_sek: float = 0.0
    waiting_sek: float = 0.0
    consumption: dict[str, float]
    co2e_grams: float = 0.0
    highest_load: float = 0.0
    item_metres: int = 0
    capacity_metres: int = 0
    to_hub: int = 0
    backlog: int = 0
    deliveries: tuple[Delivery, ...] = ()

    @property
    def delivered(self) -> int:
        """Items delivered."""
        return sum(delivery.items for delivery in self.deliveries)

    @property
    def holds(self) -> int:
        """Items that reached a reader who waited."""
        return sum(one.items for one in self.deliveries if one.kind == TransferKind.HOLD)

    @property
    def reader_days(self) -> int:
        """Days that readers waited for what was delivered to them this day."""
        return sum(one.days * one.items for one in self.deliveries if one.kind == TransferKind.HOLD)


def outcome_line(outcome: DayOutcome, waiting: Iterable[Transfer]) -> str:
    """
    Write a day and what is left over from it as one line.

    Parameters
    ----------
    outcome
        The day.
    waiting
        Transfers that wait at its end.

    Returns
    -------
    str
        JSON without a line break; the same text for the same day, whatever the machine.
    """
    values: dict[str, Any] = asdict(outcome)
    values["day"] = outcome.day.isoformat()
    values["deliveries"] = [list(asdict(one).values()) for one in outcome.deliveries]
    values["waiting"] = [_row(transfer) for transfer in waiting]
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def read_lines(path: Path) -> Iterator[tuple[DayOutcome, list[Transfer]]]:
    """
    Read the days that a run has finished.

    Parameters
    ----------
    path
        File of a run; it may not exist, and its last line may be cut off.

    Yields
    ------
    tuple
        A day, and the transfers that wait at its end.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                return
            values = json.loads(line)
            waiting = [_transfer(row) for row in values.pop("waiting")]
            values["day"] = date.fromisoformat(values["day"])
            values["deliveries"] = tuple(
                Delivery(kind=kind, origin=origin, destination=destination, days=days, items=items)
                for kind, origin, destination, days, items in values["deliveries"]
            )
            yield DayOutcome(**values), waiting


def drop_torn_line(path: Path) -> int:
    """
    Cut a half-written last line from a file, so that the next day comes after whole ones.

    Parameters
    ----------
    path
        File of a run; it may not exist.

    Returns
    -------
    int
        Length of the file in bytes.
    """
    if not path.exists():
        return 0
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("rb+") as file:
            file.truncate(whole)
    return whole


def put_line(path: Path, line: str, start: int) -> int:
    """
    Write a finished day at its place in a file, and see it on the disk.

    The same day always has the same bytes at the same place, so two workers at one run, of which
    one was given up for dead, write the same file and no day twice.

    Parameters
    ----------
    path
        File of the run; it and its folder may not exist.
    line
        The day, without the line break.
    start
        Where the days before it end, in bytes.

    Returns
    -------
    int
        Where this one ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = f"{line}\n".encode()
    path.touch()
    with path.open("rb+") as file:
        file.seek(start)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return start + len(content)


def _row(transfer: Transfer) -> list[str]:
    asked = transfer.requested_at.date().isoformat()
    ends = [transfer.origin, transfer.destination, transfer.at]
    return [transfer.id, transfer.kind.value, *ends, asked]


def _transfer(row: list[str]) -> Transfer:
    name, kind, origin, destination, at, asked = row
    return Transfer(
        id=name,
        request_id=name,
        item=name,
        kind=TransferKind(kind),
        origin=origin,
        destination=destination,
        requested_at=datetime.combine(date.fromisoformat(asked), ASKED_AT),
        state=TransferState.REQUESTED if at == origin else TransferState.AT_HUB,
        at=at,
    )
