"""Wire models of what the circulation system reports when it does not decide itself."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.schemas.base import BranchId, Code, Impersonal, Line, Moment, Number, Wire
from api.schemas.network import A_BRANCH
from api.schemas.paging import Paging

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


class Withdrawals(Wire):
    """Holds that are withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"references": ["hold-5521"]}]})

    references: Annotated[list[About], Field(min_length=1, max_length=5_000)] = Field(
        description="As the holds were reported with."
    )


class Withdrawn(Wire):
    """What became of one withdrawal."""

    outcome: Literal["withdrawn", "unknown"]
    transfer: str | None = Field(
        description="A copy is on its way by it, and goes on unless the transfer is cancelled."
    )


class WithdrawnHolds(Wire):
    """What became of each withdrawal, in the order given."""

    data: list[Withdrawn]


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
    branch: Annotated[BranchId, A_BRANCH]


class CodeQuery(Paging):
    """Which branch codes."""

    source: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[!-~]+$")] | None = None


class BranchCode(Wire):
    """What another system calls a branch."""

    source: str
    code: str
    branch: str | None = Field(description="None where nobody has explained the code yet.")
    first_seen_at: Moment


class TakenIn(Wire):
    """How many waiting records could be taken in, and why others never can be."""

    records: int
    set_aside: list[str] = Field(
        default_factory=list,
        description="One sentence a record that contradicts itself or a later one.",
    )
