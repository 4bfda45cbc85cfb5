"""Wire models of what drivers report."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.base import Day, Impersonal, MaybeLine, Moment, Number, Wire
from api.schemas.paging import Paging
from api.schemas.plans import Run
from api.schemas.transfers import TransferId

TickId = Annotated[
    str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")
]
RunCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,32}$")]
StopName = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,6}|[A-Za-z0-9_-]{8,32})$")]
Transfers = Annotated[list[TransferId], Field(max_length=1_000)]


class Report(Wire):
    """What a driver reports; sent twice under one id it is one report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "phone-7f3a-0001", "at": "2026-11-24T08:04:00+01:00"}]
        }
    )

    id: TickId = Field(description="Made by the phone, so that a report sent twice is one.")
    at: Moment = Field(description="When it happened, which may be before it is sent.")
    not_taken: Transfers = Field(
        default_factory=list, description="Planned to go on here, and left."
    )
    missing: Transfers = Field(default_factory=list, description="Not found where they should be.")
    note: Annotated[MaybeLine, Impersonal] = ""
    plan_version: Number | None = Field(
        default=None,
        description="The version of the plan that the driver had in hand, as the run says it. A "
        "stop named by its number is refused with 409 unless this is the version in force; one "
        "named by its code is found in any version.",
    )


class Tick(Report):
    """A report in a list, saying what it is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "phone-7f3a-0002",
                    "at": "2026-11-24T08:20:00+01:00",
                    "kind": "done",
                    "stop_code": "5b0c9e7fd21a4c38",
                    "plan_version": 3,
                }
            ]
        }
    )

    kind: Literal["depart", "arrive", "done", "exception", "return"]
    stop: Number | None = Field(
        default=None,
        description="Number of the stop in plan_version; it moves when the day is planned anew.",
    )
    stop_code: RunCode | None = Field(
        default=None,
        description="Code of the stop, which stays its own whatever is planned; outweighs stop.",
    )


class Ticks(Wire):
    """Reports that a phone kept while it had no network, in the order in which things happened."""

    data: Annotated[list[Tick], Field(min_length=1, max_length=500)]


class Driven(Wire):
    """What reports did."""

    run: Run
    moved: dict[str, str] = Field(description="New state by transfer.")
    skipped: list[str] = Field(description="Transfers that stood elsewhere than planned.")


class DayQuery(Paging):
    """Which day, and which page of its runs."""

    date: Day | None = Field(default=None, description="Today when absent.")
