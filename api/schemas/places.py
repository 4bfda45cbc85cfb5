"""Wire models of municipalities, depots, and the weekdays on which branches are served."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.schemas.base import BranchId, Day, Flag, Impersonal, Line, Number, Wire
from api.schemas.joining import NewId, Weekday, each_once
from api.schemas.network import A_BRANCH
from api.schemas.paging import Paging

Code = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
Area = Annotated[float, Field(strict=True, gt=0, le=1e6)]
People = Annotated[Number, Field(le=10_000_000)]


class NewMunicipality(Wire):
    """A municipality that joins: it owns branches and pays a share."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "1780",
                    "name": "Karlstad",
                    "population": 97233,
                    "population_date": "2024-12-31",
                    "area_square_kilometres": 1516.4,
                }
            ]
        }
    )

    code: Code = Field(description="Four digits, as Statistics Sweden has it; it never changes.")
    name: Annotated[Line, Impersonal, Field(max_length=100)]
    population: People
    population_date: Day = Field(description="The day the population was counted.")
    area_square_kilometres: Area


class Municipality(NewMunicipality):
    """A municipality, and how sure its numbers are."""

    source: str
    confidence: str


class MunicipalityChange(Wire):
    """What shall be different about a municipality; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"population": 8_640, "population_date": "2025-12-31"}]}
    )

    name: Annotated[Line, Impersonal, Field(max_length=100)] | None = None
    population: People | None = None
    population_date: Day | None = None
    area_square_kilometres: Area | None = None


class NewDepot(Wire):
    """A branch where runs may start and end."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "nora", "branch": "nora"}]})

    id: NewId = Field(description="Short name that vehicles are stationed by; it never changes.")
    branch: Annotated[BranchId, A_BRANCH]


class Depot(Wire):
    """A place where runs may start and end."""

    id: str
    branch: str
    in_use: Flag = Field(description="Whether it is the hub, from which runs start now.")
    source: str
    confidence: str


class UseOfDepot(Wire):
    """Runs shall start and end at another depot."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"in_use": True}]})

    in_use: Literal[True] = Field(description="Take it into use; the one in use so far is left.")
    carry_items: Flag = Field(
        default=False,
        description="Whether somebody brings along what rests at the hub so far; without it a hub "
        "where something rests is not left.",
    )


class MovedHub(Depot):
    """The depot in use, and what was brought along."""

    items_carried: int


class PatternQuery(Paging):
    """Which service patterns."""

    branch: BranchId | None = None


class ServicePattern(Wire):
    """Weekdays on which a branch is served, for a time; both days are included."""

    id: int
    branch: str
    weekdays: list[int] = Field(description="ISO weekdays, 1 is Monday.")
    weeks: Literal["every", "odd", "even"]
    valid_from: date | None
    valid_until: date | None
    source: str
    confidence: str


class NewServicePattern(Wire):
    """On which weekdays a branch is served from a day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "branch": "nora",
                    "weekdays": [1, 3, 5],
                    "weeks": "every",
                    "valid_from": "2027-01-11",
                }
            ]
        }
    )

    branch: Annotated[BranchId, A_BRANCH]
    weekdays: Annotated[list[Weekday], Field(max_length=7), AfterValidator(each_once)] = Field(
        description="ISO weekdays, 1 is Monday; none ends the service."
    )
    weeks: Literal["every", "odd", "even"] = "every"
    valid_from: Day = Field(description="The first day on which it holds.")
