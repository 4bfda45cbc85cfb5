"""Four branches that every test of the service knows: the hub in Lindesberg, Nora, Kumla, Laxå."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.storage.tables import BranchRow

if TYPE_CHECKING:
    from sqlmodel import Session

PLACES = {
    "lindesberg": ("Lindesberg", 59.593, 15.230, True),
    "nora": ("Nora", 59.519, 15.040, False),
    "kumla": ("Kumla", 59.127, 15.143, False),
    "laxa": ("Laxå", 58.987, 14.620, False),
}


def add_places(session: Session) -> None:
    for key, (name, latitude, longitude, is_hub) in PLACES.items():
        session.add(
            BranchRow(
                id=key,
                name=name,
                kind="main",
                locality=name,
                latitude=latitude,
                longitude=longitude,
                road_node=key,
                is_hub=is_hub,
                confidence="high",
            )
        )
