"""Wire models of the addresses that calendar programs subscribe to."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.base import Impersonal, Line, Moment, Wire


class NewCalendarAddress(Wire):
    """An address to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "staff calendar"}]})

    name: Annotated[Line, Impersonal, Field(max_length=100)] = Field(
        description="Where it will be used; no names of persons."
    )


class CalendarAddress(Wire):
    """An address that works, without its secret."""

    id: int
    branch: str
    name: str
    created_at: Moment
    last_used_at: Moment | None = Field(description="Noted once a day.")


class ShownCalendarAddress(Wire):
    """An address with its secret: this is the only time it is shown."""

    address: CalendarAddress
    url: str = Field(description="For a calendar program; whoever has it sees this calendar.")


class CalendarLanguage(Wire):
    """In which words a calendar is written."""

    language: Literal["sv", "en"] = "sv"
