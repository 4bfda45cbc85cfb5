"""What a branch packs or receives in one move, with how much of it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from logistics.operations.intake.take_in import received
from logistics.operations.view.day_view import DayView
from logistics.operations.view.kinds import Ride
from logistics.operations.view.run_records import BundleView, RunView, StopView
from logistics.storage.chunks import chunks
from logistics.storage.tables import TransferRow
from maps.stops import alphabet, crates

_WAITING: Final = ("requested", "packed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """
    What is packed or received in one move: a bundle, or the crates for the hub.

    Attributes
    ----------
    codes
        What its labels say: one of a bundle, one for each crate.
    bundles
        What is inside.
    to_hub
        Whether it is the crates for the hub.
    items
        Its transfers as they stand.
    handled
        Those of them that are done with here: packed, or received.
    missing
        How many of them are missing.
    """

    codes: tuple[str, ...]
    bundles: tuple[BundleView, ...]
    to_hub: bool
    items: tuple[TransferRow, ...]
    handled: int
    missing: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do with it."""
        return self.handled + self.missing >= len(self.items)

    @property
    def is_fetched(self) -> bool:
        """Whether nothing of it lies in a stopped van any more."""
        return all(row.state not in _WAITING for row in self.items)

    @property
    def count(self) -> int:
        """Number of items, as planned."""
        return sum(bundle.items for bundle in self.bundles)


class Rows:
    """
    Transfers as they stand, read bundle by bundle.

    Parameters
    ----------
    session
        A session.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.received: set[str] = set()

    def of(self, names: Iterable[str]) -> tuple[TransferRow, ...]:
        """
        Read transfers, and note which of them were taken in.

        Parameters
        ----------
        names
            Their identifiers.

        Returns
        -------
        tuple[TransferRow, ...]
            In the order of their bar codes.
        """
        found: list[TransferRow] = []
        for part in chunks(list(names)):
            query = select(TransferRow).where(col(TransferRow.id).in_(part))
            found += self.session.exec(query.order_by(col(TransferRow.item)))
            self.received |= received(self.session, part)
        return tuple(found)


def packed_for(rows: Rows, view: DayView, run: RunView, stop: StopView) -> tuple[Parcel, ...]:
    """
    List what a branch packs for a stop: bundles that ride direct, and the crates for the hub.

    Parameters
    ----------
    rows
        Reads transfers.
    view, run, stop
        The stop, its run and its day.

    Returns
    -------
    tuple[Parcel, ...]
        By destination, the crates last; a parcel is what one label or set of crates is.
    """
    direct = [bundle for bundle in stop.packed if bundle.ride is Ride.DIRECT]
    rest = tuple(bundle for bundle in stop.packed if bundle.ride is not Ride.DIRECT)
    parcels = parcels_of(rows, direct, is_pack=True)
    if not rest:
        return parcels
    count = crates(run, sum(bundle.items for bundle in rest))
    name = f"HUB-{view.service_day:%y%m%d}-{run.number}-{stop.number}"
    codes = tuple(f"{name}-{number}" for number in range(1, count + 1))
    return (*parcels, _parcel(rows, rest, codes, is_pack=True, to_hub=True))


def parcels_of(rows: Rows, bundles: Sequence[BundleView], *, is_pack: bool) -> tuple[Parcel, ...]:
    """
    List bundles as parcels.

    Parameters
    ----------
    rows
        Reads transfers.
    bundles
        The bundles.
    is_pack
        Whether they are packed here; else they are received.

    Returns
    -------
    tuple[Parcel, ...]
        By the place at the other end.
    """

    def order(one: BundleView) -> tuple[list[str], str]:
        return alphabet((one.destination if is_pack else one.origin).short_name), one.id

    return tuple(
        _parcel(rows, (one,), (one.id,), is_pack=is_pack) for one in sorted(bundles, key=order)
    )


def _parcel(
    rows: Rows,
    bundles: tuple[BundleView, ...],
    codes: tuple[str, ...],
    *,
    is_pack: bool,
    to_hub: bool = False,
) -> Parcel:
    items = rows.of(name for bundle in bundles for name in bundle.transfers)
    known = rows.received if not is_pack else set()
    missing = sum(row.state in {"missing", "cancelled"} for row in items)
    if is_pack:
        handled = sum(row.state not in {"requested", "missing", "cancelled"} for row in items)
    else:
        handled = sum(row.id in known and row.state == "delivered" for row in items)
    return Parcel(
        codes=codes, bundles=bundles, to_hub=to_hub, items=items, handled=handled, missing=missing
    )
