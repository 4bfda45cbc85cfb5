"""What can be wrong with a plan: a closed list, each kind with the rule it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The rules of docs/day-problem.md, one name for each way to break one."""

    OTHER_PROBLEM = "other-problem"
    UNKNOWN_VEHICLE = "unknown-vehicle"
    UNKNOWN_SITE = "unknown-site"
    UNKNOWN_SHIPMENT = "unknown-shipment"
    TOO_MANY_RUNS = "too-many-runs"
    NO_STOPS = "no-stops"
    STOP_AT_HUB = "stop-at-hub"
    VISITED_TWICE = "visited-twice"
    NOT_VISITED = "not-visited"
    LOADED_ELSEWHERE = "loaded-elsewhere"
    LOADED_TWICE = "loaded-twice"
    STRANDED = "stranded"
    WRONG_UNLOAD = "wrong-unload"
    WRONG_LEAVE = "wrong-leave"
    WRONG_CARRIED = "wrong-carried"
    OVERLOADED = "overloaded"
    WRONG_ARRIVAL = "wrong-arrival"
    BEGINS_BEFORE_ARRIVAL = "begins-before-arrival"
    WRONG_DEPARTURE = "wrong-departure"
    WRONG_END = "wrong-end"
    BEFORE_WINDOW = "before-window"
    AFTER_WINDOW = "after-window"
    BEFORE_SHIFT = "before-shift"
    AFTER_SHIFT = "after-shift"
    TOO_LONG = "too-long"
    TURNAROUND = "turnaround"
    BREAK_MISSING = "break-missing"
    BREAK_NOT_DUE = "break-not-due"
    BREAK_NOWHERE = "break-nowhere"
    BREAK_TOO_LATE = "break-too-late"
    BREAK_TOO_EARLY = "break-too-early"
    PAID_TOO_LONG = "paid-too-long"
    STARTS_TOO_LATE = "starts-too-late"
    WRONG_COST = "wrong-cost"
    BOUND_ABOVE_COST = "bound-above-cost"
    WRONG_STATUS = "wrong-status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """
    One rule broken at one place.

    Attributes
    ----------
    kind
        Which rule.
    run
        Position of the run in the plan; None where the whole plan is meant.
    subject
        The site, shipment or vehicle.
    message
        One sentence: what is found, what was expected.
    excess
        By how much, in the rule's own unit (seconds, items, SEK); 1 where there is no measure.
    """

    kind: Kind
    run: int | None
    subject: str
    message: str
    excess: float = 1.0
