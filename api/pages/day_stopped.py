"""What is aboard a van that goes no further: who fetches it, and what to do with the rest."""

from collections import Counter

from logistics.operations.view.day_view import DayView
from logistics.operations.view.kinds import LateReason
from maps.escape import short
from maps.i18n import Words

_NAME = 60


def in_stopped_vans(w: Words, view: DayView) -> list[str]:
    """
    Say where the goods of stopped vans are, and what becomes of them.

    Parameters
    ----------
    w
        The reader's words.
    view
        The day, planned anew since.

    Returns
    -------
    list[str]
        One or two sentences a van that fetches some, and a van that has some left; not escaped.
    """
    return [*_fetched(w, view), *_left(w, view)]


def _fetched(w: Words, view: DayView) -> list[str]:
    said = []
    for run in view.runs:
        for stop in run.stops:
            if not stop.fetches_from:
                continue
            values = {
                "van": short(run.vehicle_name, _NAME),
                "other": short(stop.fetches_from, _NAME),
                "place": short(stop.place.short_name, _NAME),
                "time": w.clock(stop.arrive if stop.done_at is None else stop.done_at),
            }
            fetches = w.many(
                "{van} fetches {n} item out of {other}, which has stopped at {place}, at {time}.",
                "{van} fetches {n} items out of {other}, which has stopped at {place}, at {time}.",
                stop.items_fetched,
                **values,
            )
            fetched = w.many(
                "{van} has fetched {n} item out of {other} at {place}, at {time}.",
                "{van} has fetched {n} items out of {other} at {place}, at {time}.",
                stop.items_fetched,
                **values,
            )
            said.append(fetches if stop.done_at is None else fetched)
    return said


def _left(w: Words, view: DayView) -> list[str]:
    left: Counter[tuple[str, str]] = Counter()
    for late in view.undelivered:
        if late.reason is LateReason.VAN_STOPPED:
            place = (late.waits_at or late.origin).short_name
            left[late.subject or w.t("the van"), place] += late.items
    said = []
    for (van, place), items in left.items():
        values = {"van": short(van, _NAME), "place": short(place, _NAME)}
        aboard = w.many(
            "{n} item is aboard {van}, which has stopped at {place}; no van fetches it today.",
            "{n} items are aboard {van}, which has stopped at {place}; no van fetches them today.",
            items,
            **values,
        )
        cure = w.t(
            "Have it handed in at {place}: there it counts as waiting, "
            "and the next plan takes it along.",
            **values,
        )
        said.append(f"{aboard} {cure}")
    return said
