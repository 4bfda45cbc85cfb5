"""Wire models of what branches pack and receive, for programs that print their own lists."""

from typing import Literal

from pydantic import Field

from api.schemas.base import BranchId, Day, Wire
from api.schemas.plans import PlanQuery


class PackingQuery(PlanQuery):
    """Which packing lists, and in which form."""

    language: Literal["sv", "en"] = "sv"
    format: Literal["html", "pdf", "json"] = "html"
    branch: BranchId | None = Field(default=None, description="One branch; all when absent.")


class PackedBundle(Wire):
    """Items that lie together, from one place for one place."""

    id: str = Field(description="What the bar code on its label says.")
    origin: str
    destination: str
    kind: str
    ride: str = Field(description="How it travels today: direct, to the hub, or from it.")
    items: int
    transfers: list[str]


class PackedVisit(Wire):
    """One call of a van at a branch; clock times are seconds since local midnight."""

    branch: str
    run: int
    vehicle: str
    arrive: int
    depart: int
    pack: list[PackedBundle] = Field(description="Goes on, packed by the branch.")
    fetch: list[PackedBundle] = Field(
        description="Goes on too, out of a van that has stopped there: nobody packs it."
    )
    receive: list[PackedBundle] = Field(description="Comes off.")


class PackingLists(Wire):
    """What branches pack and receive on a day, by branch and time."""

    date: Day
    version: int
    data: list[PackedVisit]
