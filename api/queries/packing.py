"""Show what branches pack and receive to programs."""

from api.schemas.packing import PackedBundle, PackedVisit, PackingLists
from logistics.operations.view.day_view import DayView
from logistics.operations.view.run_records import BundleView


def packing_lists(view: DayView, branch: str | None = None) -> PackingLists:
    """
    List what is packed and received.

    Parameters
    ----------
    view
        The day.
    branch
        Id of one branch; None for all that are served.

    Returns
    -------
    PackingLists
        By branch, and of each in order of time.
    """
    visits = [
        PackedVisit(
            branch=stop.place.id,
            run=run.number,
            vehicle=run.vehicle,
            arrive=stop.arrive,
            depart=stop.depart,
            pack=[_bundle(one) for one in stop.load],
            receive=[_bundle(one) for one in stop.unload],
        )
        for run in view.runs
        for stop in run.stops
        if branch in {None, stop.place.id}
    ]
    visits.sort(key=lambda visit: (visit.branch, visit.arrive))
    return PackingLists(date=view.service_day, version=view.version, data=visits)


def _bundle(bundle: BundleView) -> PackedBundle:
    return PackedBundle(
        id=bundle.id,
        origin=bundle.origin.id,
        destination=bundle.destination.id,
        kind=bundle.kind.value,
        ride=bundle.ride.value,
        items=bundle.items,
        transfers=list(bundle.transfers),
    )
