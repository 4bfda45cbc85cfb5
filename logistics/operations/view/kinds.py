"""Kinds, states and reasons as the views of a day name them."""

from __future__ import annotations

from enum import StrEnum


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
