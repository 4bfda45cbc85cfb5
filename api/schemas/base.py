"""What every wire model shares: no unknown fields, no silent conversions, times with an offset."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from logistics.demand.privacy import personal_values

T = TypeVar("T")
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
#: Largest number that every JSON reader keeps exact.
LARGEST = 2**53 - 1

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Wire(BaseModel):
    """The root of every wire model: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _moment(value: Any) -> datetime:  # noqa: ANN401  # whatever the request holds
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("expected a time with its offset, such as 2026-11-24T08:00:00+01:00")
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise ValueError(f"no such time: {error}") from None
    return moment


def _in_our_times(value: datetime) -> datetime:
    if value.tzinfo is None or not EARLIEST_YEAR <= value.year < LATEST_YEAR:
        raise ValueError(f"expected a time between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return value.astimezone(UTC)


def _day(value: Any) -> date:  # noqa: ANN401  # whatever the request holds
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("expected a date, such as 2026-11-24")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"no such date: {error}") from None
    if not EARLIEST_YEAR <= day.year < LATEST_YEAR:
        raise ValueError(f"expected a date between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return day


def _no_person(value: str) -> str:
    for fault in personal_values({"it": value}):
        raise ValueError(fault)
    return value


def _not_backwards(last: date, info: ValidationInfo) -> date:
    first = info.data.get("first_day")
    if first is not None and first > last:
        raise ValueError(f"first_day {first} is after it, expected the first day first")
    return last


#: RFC 3339, with an offset; kept and answered in UTC.
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    AfterValidator(_in_our_times),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
#: The end of a span that has a ``first_day``; both are included.
LastDay = Annotated[Day, AfterValidator(_not_backwards)]
#: A text about things; one that names a reader is refused and not repeated.
Impersonal = AfterValidator(_no_person)
#: Printable ASCII, no blank at either end.
Code = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[!-~]([ -~]*[!-~])?$")
]
BranchId = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[!-~]([ -~]*[!-~])?$")
]
#: One line of text without control characters.
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")
]
MaybeLine = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
Number = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
#: The number of a row, in a path.
RowId = Annotated[int, Field(ge=1, le=2**31 - 1)]
ClockSeconds = Annotated[int, Field(strict=True, ge=0, le=2 * 86_400)]
Amount = Annotated[float, Field(strict=True, ge=0, le=1e9)]
Flag = Annotated[bool, Field(strict=True)]


class Page(Wire, Generic[T]):
    """
    One page of a list.

    Attributes
    ----------
    data
        The records.
    next
        Cursor of the next page; null on the last.
    """

    data: list[T]
    next: str | None = Field(
        default=None, description="Send it as `cursor` for the next page; null on the last."
    )
