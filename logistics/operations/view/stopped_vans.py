"""Goods aboard a van that goes no further: whose van it is, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.operations.day.stored_plans import StoredPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedVan:
    """
    A van that goes no further, with goods aboard.

    Attributes
    ----------
    name
        Its name for people.
    place
        The branch where it stands.
    """

    name: str
    place: str


def stopped_vans(plan: StoredPlan, names: Mapping[str, str]) -> dict[str, StoppedVan]:
    """
    Find what waited in vans that go no further when the day was planned anew.

    Parameters
    ----------
    plan
        The plan.
    names
        Names of the vehicles.

    Returns
    -------
    dict[str, StoppedVan]
        The van by shipment, the last where a second one stopped too; nothing of a van that
        stopped at the hub.
    """
    problem = plan.problem
    places = {one.id: one.origin for one in problem.shipments if one.origin != problem.hub}
    return {
        name: StoppedVan(name=names.get(change["subject"], change["subject"]), place=places[name])
        for change in plan.row.changes
        for name in change["details"].get("aboard", ())
        if name in places
    }
