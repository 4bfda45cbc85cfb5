"""Wire models of plans, their runs and stops."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.base import BranchId, Day, Flag, Impersonal, MaybeLine, Moment, Number, Wire
from api.schemas.paging import Paging

PlanStateName = Literal["draft", "published", "under_way", "closed", "superseded"]
RunStateName = Literal["planned", "under_way", "done", "cancelled"]


class PlanRequest(Wire):
    """How to plan a day; everything has a default."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seconds": 2}, {}]})

    seconds: float | None = Field(
        default=None, gt=0, le=3600, strict=True, description="Time for the search at most."
    )
    workers: int | None = Field(default=None, ge=1, le=64, strict=True)
    seed: int = Field(default=0, ge=0, le=2**31 - 1, strict=True)


class PlanSummary(Wire):
    """A version of a day's plan: what it costs, and how good it is proved to be."""

    date: Day
    version: Number
    state: PlanStateName
    revision: Number = Field(description="Rises with each change; the ETag follows it.")
    cost_sek: float
    bound_sek: float | None = Field(description="No plan can cost less; proved.")
    gap: float | None
    status: Literal["optimal", "feasible"]
    solve_seconds: float
    travel_source: str
    caveats: list[str]
    made_by: str
    made_at: Moment
    published_at: Moment | None


class Stop(Wire):
    """One call of a run at a branch; clock times are seconds since local midnight."""

    number: Number
    branch: str
    arrive: int
    begin: int
    depart: int
    items_off: int
    items_on: int
    items_aboard: int
    distance_metres: int
    code: str
    arrived_at: Moment | None
    done_at: Moment | None


class Run(Wire):
    """One vehicle's trip."""

    id: int
    number: Number
    plan_version: Number = Field(description="The version of the plan that its stops are of.")
    vehicle: str
    state: RunStateName
    code: str
    start: int
    end: int
    break_after: int | None
    distance_metres: int
    paid_seconds: int
    departed_at: Moment | None
    returned_at: Moment | None
    stops: list[Stop]


class Plan(PlanSummary):
    """A plan with its runs, and the answer as the day problem's format has it."""

    runs: list[Run]
    answer: dict[str, Any]
    changes: list[dict[str, Any]]


class PlanQuery(Wire):
    """Which version of a day."""

    version: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="The one in force when absent, else a draft."
    )


class PaperQuery(PlanQuery):
    """How a page or paper shall look."""

    language: Literal["sv", "en"] = "sv"
    format: Literal["html", "pdf"] = "html"


class SheetQuery(PaperQuery):
    """Which run sheets."""

    run: int | None = Field(default=None, ge=1, le=1000, description="One run; all when absent.")


class BranchPaperQuery(PaperQuery):
    """Which branch's papers."""

    branch: BranchId | None = Field(default=None, description="One branch; all when absent.")


class Span(Paging):
    """Which days, and which page of their list."""

    first_day: Day | None = Field(default=None, description="Both days are included.")
    last_day: Day | None = None


class DayChange(Wire):
    """One decision about a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "close-branch", "subject": "nora", "reason": "water damage"}]
        }
    )

    kind: Literal["close-branch", "vehicle-out", "extra-vehicle", "must-visit", "pin"]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[!-~ ]+$")]
    reason: Annotated[MaybeLine, Impersonal] = ""
    strength: Literal["vehicle", "order", "time"] | None = Field(
        default=None, description="What a pin keeps."
    )
    like: MaybeLine = Field(default="", description="The vehicle that an extra one is like.")
    name: MaybeLine = Field(default="", description="What an extra vehicle is called.")


class StoredChange(Wire):
    """A decision about a day."""

    id: int
    kind: str
    subject: str
    details: dict[str, Any]
    made_by: str
    made_at: Moment


class CloseRequest(Wire):
    """How to close a day."""

    as_planned: Flag = Field(
        default=False,
        description="Take what nobody reported as done when it was planned.",
    )


class Booking(Wire):
    """What one run cost as it was driven."""

    run_number: int
    vehicle_name: str
    distance_metres: int
    paid_seconds: int
    stops: int
    items: int
    fixed_sek: float
    stops_sek: float
    distance_sek: float
    time_sek: float
    co2e_grams: float | None


class Publication(Wire):
    """Which version to put in force."""

    version: Number


class CompareQuery(Wire):
    """Which two versions of a day."""

    model_config = ConfigDict(populate_by_name=True)

    version: int = Field(ge=1, le=2**31 - 1)
    other: int = Field(alias="with", ge=1, le=2**31 - 1, description="The version before.")


class CostWire(Wire):
    """What a plan costs, SEK."""

    fixed: float
    stops: float
    distance: float
    time: float
    delay: float
    total: float


class ComparedStop(Wire):
    """A stop that differs: vehicle and arrival, seconds since midnight."""

    site: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None


class ComparisonWire(Wire):
    """How one plan differs from another."""

    before: CostWire
    after: CostWire
    stops: list[ComparedStop]
    newly_delivered: list[str]
    no_longer_delivered: list[str]
    sentences: list[str]
