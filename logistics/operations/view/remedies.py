"""What would bring a shipment today, told as the one change that people would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.view.day_view import RemedyView
from logistics.operations.view.kinds import Remedy
from logistics.operations.view.view_bundles import read_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logistics.planning.explain import Explanation
    from logistics.planning.plan import Plan


def remedy_views(
    plan: Plan, found: Explanation, names: Mapping[str, str]
) -> tuple[RemedyView, ...]:
    """
    Name the changes that would bring a shipment today.

    Parameters
    ----------
    plan
        The plan that does not deliver it.
    found
        What planning again has shown.
    names
        What people call branches and vehicles, by identifier.

    Returns
    -------
    tuple[RemedyView, ...]
        The cheapest first; one where a plan of the same day does it, none where nothing was found.
    """
    if found.plan is not None and found.extra_sek is not None:
        change, subject, other = _difference(plan, found.plan, found.shipment)
        return (
            RemedyView(
                change=change,
                subject=_named(subject, names),
                other=_named(other, names),
                cost_sek=found.extra_sek,
            ),
        )
    changes = sorted(found.changes, key=lambda one: (one.extra_sek, one.kind))
    return tuple(
        RemedyView(
            change=Remedy(one.kind),
            subject=_named([one.subject], names),
            cost_sek=one.extra_sek,
            amount=one.amount,
        )
        for one in changes
    )


def _named(identifiers: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(one, one) for one in identifiers)


def _difference(before: Plan, after: Plan, shipment: str) -> tuple[Remedy, list[str], list[str]]:
    """Tell the change, what it is about, and what else it speaks of."""
    old, new = _orders(before), _orders(after)
    van_before, van_after = _callers(old), _callers(new)
    visited = [site for site in van_after if site not in van_before]
    dropped = [site for site in van_before if site not in van_after]
    vans = [van for van in new if van not in old]
    name = read_name(shipment)
    if vans:
        return Remedy.EXTRA_RUN, vans, []
    if visited and dropped:
        return Remedy.VISIT_INSTEAD, visited, dropped
    if visited:
        return Remedy.VISIT, visited, []
    for site in (name.destination, name.origin):
        van = van_after.get(site)
        if van is not None and van != van_before.get(site):
            return Remedy.OTHER_VAN, [site], [van]
    van = van_after.get(name.destination) or van_after.get(name.origin) or next(iter(new), "")
    return _within_run(old.get(van, []), new.get(van, []), van, name.origin, name.destination)


def _within_run(
    old: list[str], new: list[str], van: str, origin: str, destination: str
) -> tuple[Remedy, list[str], list[str]]:
    if old == new:
        return Remedy.TAKE_ALONG, [van], []
    if old == new[::-1]:
        return Remedy.REVERSE_RUN, [van], []
    both = origin in new and destination in new
    if both and old.index(destination) < old.index(origin):
        return Remedy.STOP_LATER, [destination], [origin]
    return Remedy.OTHER_ORDER, [van], []


def _orders(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for run in plan.runs:
        found.setdefault(run.vehicle, []).extend(stop.site for stop in run.stops)
    return found


def _callers(orders: Mapping[str, list[str]]) -> dict[str, str]:
    return {site: van for van, sites in orders.items() for site in sites}
