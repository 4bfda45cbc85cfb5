"""Show what branches pack and receive to programs."""

from api.schemas.packing import PackedBundle, PackedVisit, PackingLists
from logistics.operations.view.day_view import DayView
from logistics.operations.view.run_records import BundleView
from maps.visits import visits


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
    packed = [
        PackedVisit(
            branch=place.id,
            run=call.run.number,
            vehicle=call.run.vehicle,
            arrive=call.stop.arrive,
            depart=call.stop.depart,
            pack=[_bundle(one) for one in call.stop.packed],
            fetch=[_bundle(one) for one in call.stop.fetched],
            receive=[_bundle(one) for one in call.stop.unload],
        )
        for place, calls in sorted(visits(view, branch), key=lambda entry: entry[0].id)
        for call in calls
    ]
    return PackingLists(date=view.service_day, version=view.version, data=packed)


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
