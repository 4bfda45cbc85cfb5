"""Wire models of transfers, their history and the event feed."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from api.schemas.base import BranchId, Code, Count, Impersonal, Line, Moment, Wire

Kind = Literal["hold", "return", "rebalance", "supply"]
State = Literal["requested", "packed", "aboard", "at_hub", "delivered", "cancelled", "missing"]
RequestId = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]([ -~]*[!-~])?$")
]
TransferId = Annotated[str, StringConstraints(pattern=r"^t-[0-9a-f]{20}$")]

EXAMPLE: dict[str, JsonValue] = {
    "request_id": "koha-branchtransfer-81723",
    "item": "39001004321987",
    "kind": "hold",
    "origin": "nora",
    "destination": "kumla",
    "requested_at": "2026-11-24T08:15:00+01:00",
}


class NewTransfer(Wire):
    """One item that must go from one branch to another."""

    request_id: RequestId = Field(
        description="The sender's own identifier; sent twice it is one transfer."
    )
    item: Code = Field(description="Barcode of the item.")
    kind: Kind
    origin: BranchId = Field(description="Branch where it is; a code of the source is translated.")
    destination: BranchId
    requested_at: Moment | None = Field(
        default=None, description="When it was asked for; the time of arrival when absent."
    )
    hold_reference: Code | None = Field(
        default=None, description="The sender's reference of the hold; only a keyed hash is kept."
    )

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


NewTransfers = Annotated[list[NewTransfer], Field(min_length=1, max_length=10_000)]


class Transfer(Wire):
    """A transfer as it stands now."""

    id: TransferId
    request_id: str
    item: str
    kind: Kind
    origin: str
    destination: str
    requested_at: Moment
    state: State
    at: str = Field(description="Branch or hub where it was last seen.")
    changed_at: Moment


class Source(Wire):
    """Who speaks."""

    source: Annotated[str, StringConstraints(max_length=40, pattern=r"^[!-~]+$")] = Field(
        default="api", description="Whose branch codes these are."
    )


class Intake(Source):
    """How requests are taken in."""

    park: bool = Field(
        default=False,
        description="Keep unknown branch codes for the coordinator instead of refusing them.",
    )


class Receipt(Wire):
    """What became of one request."""

    request_id: str
    id: TransferId | None
    outcome: Literal["created", "known", "parked"]
    detail: str = ""


class Receipts(Wire):
    """What became of each request, in the order given."""

    data: list[Receipt]


class BulkReceipt(Wire):
    """One line of the answer to a bulk request."""

    line: int
    request_id: str | None
    id: TransferId | None
    outcome: Literal["created", "known", "parked", "conflict", "refused"]
    errors: list[str] = Field(default_factory=list)


class Cancellation(Wire):
    """Why a transfer is no longer wanted."""

    reason: Annotated[Line, Impersonal] = Field(examples=["the hold was withdrawn"])


class Named(Wire):
    """Some transfers."""

    transfers: Annotated[list[TransferId], Field(min_length=1, max_length=1_000)]


class Missing(Named):
    """Transfers that are not where they should be."""

    reason: Annotated[Line, Impersonal] = Field(default="missing", examples=["not in the crate"])


class Found(Named):
    """Missing transfers that turned up."""

    at: BranchId


class Event(Wire):
    """Something that happened."""

    position: Count = Field(description="Place in the feed; send the last as `after`.")
    kind: str = Field(examples=["transfer.delivered"])
    at: Moment
    transfer: str | None
    subject: str | None
    place: str | None
    cause: str
    actor: str
    details: dict[str, Any] | None


class Events(Wire):
    """A stretch of the feed."""

    data: list[Event]
    last: Count = Field(description="Position to go on from.")


class HistoryEntry(Wire):
    """One step of a transfer."""

    kind: str
    at: Moment
    place: str | None
    cause: str
    actor: str


class History(Wire):
    """What happened to one transfer, oldest first."""

    transfer: Transfer
    data: list[HistoryEntry]


class Arrival(Wire):
    """When a transfer is expected, and how sure that is."""

    transfer: TransferId
    state: State
    expected_at: Moment | None = Field(
        description="When the published plan says; before there is one, by the service calendar."
    )
    basis: Literal["delivered", "published plan", "timetable", "none"]
    promised_on: date | None = Field(
        default=None, description="Day that was promised when it was taken in."
    )
    detail: str


class ComingTransfer(Arrival):
    """A transfer on its way to a branch."""

    request_id: str
    item: str
    kind: Kind
    origin: str
    at: str = Field(description="Where it was last seen.")
