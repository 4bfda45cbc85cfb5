"""Kinds, states and reasons as the views of a day name them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Why an item travels."""

    HOLD = "hold"
    RETURN = "return"
    REBALANCE = "rebalance"
    SUPPLY = "supply"


class Ride(StrEnum):
    """How a bundle travels today."""

    DIRECT = "direct"
    TO_HUB = "to-hub"
    FROM_HUB = "from-hub"


class UnservedReason(StrEnum):
    """Why no run calls at a branch."""

    NOT_ITS_DAY = "not-its-day"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    NOTHING_TO_DO = "nothing-to-do"
    NOT_WORTH_IT = "not-worth-it"
    OUT_OF_REACH = "out-of-reach"


class LateReason(StrEnum):
    """Why a shipment is not delivered today."""

    VAN_HAD_PASSED = "van-had-passed"
    OTHER_RUN = "other-run"
    ORIGIN_NOT_SERVED = "origin-not-served"
    DESTINATION_NOT_SERVED = "destination-not-served"
    NO_ROOM = "no-room"
    LEFT_BEHIND = "left-behind"
    VAN_STOPPED = "van-stopped"
    NOT_TAKEN = "not-taken"


class Remedy(StrEnum):
    """What would bring a shipment today."""

    VISIT = "visit"
    VISIT_INSTEAD = "visit-instead"
    EXTRA_RUN = "extra-run"
    REVERSE_RUN = "reverse-run"
    OTHER_VAN = "other-van"
    STOP_LATER = "stop-later"
    TAKE_ALONG = "take-along"
    OTHER_ORDER = "other-order"
    WINDOW_LATER = "window-later"
    WINDOW_EARLIER = "window-earlier"
    SHIFT_LONGER = "shift-longer"
    MORE_ROOM = "more-room"
    ONE_MORE_VAN = "one-more-van"

    @property
    def lifts_rule(self) -> bool:
        """Whether a rule of the day must give way; else another plan of it will do."""
        return self in _LIFTING


_LIFTING: Final = frozenset(
    {
        Remedy.WINDOW_LATER,
        Remedy.WINDOW_EARLIER,
        Remedy.SHIFT_LONGER,
        Remedy.MORE_ROOM,
        Remedy.ONE_MORE_VAN,
    }
)


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    UNDER_WAY = "under-way"
    CLOSED = "closed"


class Pin(StrEnum):
    """What the coordinator has fixed about a stop."""

    VEHICLE = "vehicle"
    ORDER = "order"
    TIME = "time"
