"""What a driver reports from the road, and what a report did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TickKind(StrEnum):
    """
    What a driver reports.

    Attributes
    ----------
    DEPART
        The van leaves the hub with what waited there for this run.
    ARRIVE
        It stands at a stop.
    DONE
        The stop is served: put off and taken as on the sheet, but for what is named.
    EXCEPTION
        Something went otherwise; a note for the coordinator.
    RETURN
        The van is back at the hub.
    """

    DEPART = "depart"
    ARRIVE = "arrive"
    DONE = "done"
    EXCEPTION = "exception"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """
    One report.

    Attributes
    ----------
    id
        Made by the phone, so that a report sent twice is one.
    run
        Code of the run.
    kind
        What is reported.
    at
        When it happened.
    stop
        Number of the stop in that version; None for a report on the whole run.
    stop_code
        Code of the stop, which stays when the run is planned anew; outweighs the number.
    version
        Version of the plan that the driver had in hand; None for the one in force.
    not_taken
        Transfers on the sheet that stay where they are.
    missing
        Transfers on the sheet that were not to be found.
    note
        Words for the coordinator; nothing about a reader.
    """

    id: str
    run: str
    kind: TickKind
    at: datetime
    stop: int | None = None
    stop_code: str = ""
    version: int | None = None
    not_taken: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """
    What a report did.

    Attributes
    ----------
    known
        Whether the same report had come before; then nothing was done.
    moved
        Transfers that were moved, with their new state.
    skipped
        Transfers on the sheet that could not be moved, because they were cancelled or are missing.
    """

    known: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
