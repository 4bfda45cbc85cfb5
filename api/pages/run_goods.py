"""What comes off and goes on at a stop, counted as the driver handles it: in bundles and crates."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from logistics.operations.view.kinds import Ride
from logistics.operations.view.run_records import BundleView, RunView, StopView
from maps import terms
from maps.i18n import Words
from maps.stops import alphabet, crates

#: More places than these are a list to unfold, not a line to read at a glance.
MOST_PLACES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """
    One side of a stop.

    Attributes
    ----------
    items
        Number of items.
    bundles
        Number of bundles, those in hub crates not counted.
    crates
        Number of hub crates.
    places
        Place at the other end and number of bundles, most first.
    listed
        Every bundle, in the order of the places.
    """

    items: int
    bundles: int
    crates: int
    places: tuple[tuple[str, int], ...]
    listed: tuple[BundleView, ...]

    def heading(self, w: Words) -> str:
        """
        Count them.

        Parameters
        ----------
        w
            The reader's words.

        Returns
        -------
        str
            As "4 buntar, 1 navlåda".
        """
        counts = [
            w.many("{n} bundle", "{n} bundles", self.bundles) if self.bundles else "",
            w.many("{n} hub crate", "{n} hub crates", self.crates) if self.crates else "",
        ]
        return ", ".join(filter(None, counts)) or w.t("nothing")

    def line(self, w: Words) -> str:
        """
        Name the places in one line.

        Parameters
        ----------
        w
            The reader's words.

        Returns
        -------
        str
            As "Nora 2, Laxå"; how many more there are, where they are many.
        """
        named = [f"{place} {n}" if n > 1 else place for place, n in self.places[:MOST_PLACES]]
        rest = len(self.places) - MOST_PLACES
        more = [w.many("{n} more", "{n} more", rest)] if rest > 0 else []
        return ", ".join([*named, *more])


def taken_off(stop: StopView, w: Words) -> Goods:
    """
    Count what comes off at a stop, by where it was packed.

    Parameters
    ----------
    stop
        The stop.
    w
        The reader's words.

    Returns
    -------
    Goods
        The bundles.
    """
    hub = w.t("the hub")
    return _goods(
        stop.unload,
        [hub if b.ride is Ride.FROM_HUB else b.origin.short_name for b in stop.unload],
    )


def taken_on(run: RunView, stop: StopView) -> Goods:
    """
    Count what goes on at a stop: bundles by where they go, and the crates for the hub.

    Parameters
    ----------
    run
        The run.
    stop
        The stop.

    Returns
    -------
    Goods
        Bundles and crates.
    """
    direct = [bundle for bundle in stop.load if bundle.ride is Ride.DIRECT]
    rest = tuple(bundle for bundle in stop.load if bundle.ride is not Ride.DIRECT)
    return _goods(
        direct,
        [bundle.destination.short_name for bundle in direct],
        crated=(rest, crates(run, _items(rest))),
    )


def loaded_at_hub(run: RunView) -> Goods:
    """
    Count what the van leaves the hub with.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    Goods
        Bundles by where they go.
    """
    return _goods(run.load_at_hub, [one.destination.short_name for one in run.load_at_hub])


def unloaded_at_hub(run: RunView) -> Goods:
    """
    Count what the van brings to the hub, in the crates in which the branches packed it.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    Goods
        Crates.
    """
    count = sum(taken_on(run, stop).crates for stop in run.stops)
    places = Counter(bundle.origin.short_name for bundle in run.unload_at_hub)
    return Goods(
        items=_items(run.unload_at_hub),
        bundles=0,
        crates=count,
        places=tuple((place, 1) for place in sorted(places, key=alphabet)),
        listed=run.unload_at_hub,
    )


def bundle_line(w: Words, bundle: BundleView, *, off: bool) -> str:
    """
    Name one bundle.

    Parameters
    ----------
    w
        The reader's words.
    bundle
        The bundle.
    off
        Whether it comes off, so that where it was packed matters.

    Returns
    -------
    str
        As "till Nora: 3 reservationer".
    """
    if off:
        place = w.t("from {place}", place=bundle.origin.short_name)
    else:
        place = w.t("to {place}", place=bundle.destination.short_name)
    what = terms.kind_name(w, bundle.kind, bundle.items, overdue=bundle.overdue)
    return f"{place}: {what}"


def _goods(
    bundles: Sequence[BundleView],
    names: Sequence[str],
    *,
    crated: tuple[tuple[BundleView, ...], int] = ((), 0),
) -> Goods:
    counts = Counter(names)
    places = sorted(counts.items(), key=lambda one: (-one[1], alphabet(one[0])))
    order = {place: n for n, (place, _) in enumerate(places)}
    pairs = sorted(zip(names, bundles, strict=True), key=lambda one: (order[one[0]], one[1].id))
    return Goods(
        items=_items(bundles) + _items(crated[0]),
        bundles=len(bundles),
        crates=crated[1],
        places=tuple(places),
        listed=(*(bundle for _, bundle in pairs), *crated[0]),
    )


def _items(bundles: Sequence[BundleView]) -> int:
    return sum(bundle.items for bundle in bundles)
