"""Wire models of what the circulation system reports when it does not decide itself."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas.base import BranchId, Code, Impersonal, Line, Moment, Number, Wire

About = Annotated[Code, Impersonal]


class NewReturnedItem(Wire):
    """An item that was handed in and is free to travel."""

    item: About = Field(description="Barcode.")
    title: About = Field(description="Identifier of the title; only a keyed hash is kept.")
    owner: BranchId = Field(description="Where it goes when nobody waits.")
    at: BranchId
    returned_at: Moment
    material: Code = "book"


class NewReturnedItems(Wire):
    """Items that were handed in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data": [
                        {
                            "item": "39001004321987",
                            "title": "bib-1177",
                            "owner": "nora",
                            "at": "kumla",
                            "returned_at": "2026-11-24T09:30:00+01:00",
                        }
                    ]
                }
            ]
        }
    )

    data: Annotated[list[NewReturnedItem], Field(min_length=1, max_length=5_000)]


class NewHold(Wire):
    """A place in a title's queue, without any trace of who stands in it."""

    reference: About = Field(description="The sender's reference; only a keyed hash is kept.")
    title: About
    pickup: BranchId
    placed_at: Moment
    queue_position: Number
    item: About | None = Field(default=None, description="Barcode when only this copy will do.")


class NewHolds(Wire):
    """Places in queues."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data": [
                        {
                            "reference": "hold-5521",
                            "title": "bib-1177",
                            "pickup": "laxa",
                            "placed_at": "2026-11-20T12:00:00+01:00",
                            "queue_position": 1,
                        }
                    ]
                }
            ]
        }
    )

    data: Annotated[list[NewHold], Field(min_length=1, max_length=5_000)]


class Parked(Wire):
    """A record whose branch code nobody knows yet."""

    id: int
    source: str
    kind: str
    request_id: str
    unknown_codes: list[str]
    parked_at: Moment


class CodeMeaning(Wire):
    """Which branch another system's code stands for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"source": "koha", "code": "NOR", "branch": "nora"}]}
    )

    source: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[!-~]+$")]
    code: Annotated[Line, Field(max_length=60, description="As it writes it, blanks inside too.")]
    branch: BranchId


class TakenIn(Wire):
    """How many waiting records could be taken in, and why others never can be."""

    records: int
    set_aside: list[str] = Field(
        default_factory=list,
        description="One sentence a record that contradicts itself or a later one.",
    )
