"""What a scanner or a tick at a branch does: pack, take back, receive, miss; and what is said."""

from collections.abc import Callable, Iterable

from sqlmodel import Session, col, select

from api.pages.forms import Done
from api.pages.frame import Frame
from api.queries.branch_day import BranchDay
from api.queries.parcels import Parcel
from logistics.demand.transfers import TransferState
from logistics.operations.intake.handle import pack, report_missing, unpack
from logistics.operations.intake.take_in import take_in
from logistics.operations.view.kinds import Kind as Why
from logistics.storage.tables import TransferRow
from maps import terms
from maps.escape import short

_ENDED = ("delivered", "cancelled")
_SIDES = ("pack", "fetch", "receive")
_PACKABLE, _PACKED = (TransferState.REQUESTED.value,), (TransferState.PACKED.value,)


class Desk:
    """
    The desk of a branch, where things are packed and unpacked.

    Parameters
    ----------
    frame
        Who stands there.
    day
        The branch's day.
    """

    def __init__(self, frame: Frame, day: BranchDay) -> None:
        self.w = frame.w
        self.actor = frame.who.label
        self.moment = frame.now
        self.day = day
        self.branch = day.place.id
        self.path = f"/bibliotek/{self.branch}"

    def pack(self, session: Session, parcels: Iterable[Parcel]) -> Done:
        """
        Say that parcels are packed.

        Parameters
        ----------
        session
            The transaction.
        parcels
            Which.

        Returns
        -------
        Done
            What to say.
        """
        ids = _standing(session, parcels, _PACKABLE)
        pack(session, ids, actor=self.actor)
        said = self.w.t("Packed: {n}.", n=terms.items(self.w, len(ids)))
        return self._done("packa", said if ids else self.w.t("It was packed already."))

    def unpack(self, session: Session, parcels: Iterable[Parcel]) -> Done:
        """
        Take back that parcels are packed.

        Parameters
        ----------
        session
            The transaction.
        parcels
            Which.

        Returns
        -------
        Done
            What to say.
        """
        ids = _standing(session, parcels, _PACKED)
        unpack(session, ids, actor=self.actor)
        return self._done("packa", self.w.t("No longer packed."))

    def receive(self, session: Session, parcels: Iterable[Parcel]) -> Done:
        """
        Take parcels in; what is reported missing stays so.

        Parameters
        ----------
        session
            The transaction.
        parcels
            Which.

        Returns
        -------
        Done
            What to say.
        """
        wanted = [
            row.id
            for row in _rows(session, parcels)
            if row.state not in {TransferState.MISSING.value, TransferState.CANCELLED.value}
        ]
        fresh = take_in(session, wanted, at=self.branch, moment=self.moment, actor=self.actor)
        said = self.w.t("Received: {n}.", n=terms.items(self.w, len(fresh)))
        return self._done("ta-emot", said if fresh else self.w.t("It was received already."))

    def miss(self, session: Session, code: str) -> Done:
        """
        Report an item or a bundle missing.

        Parameters
        ----------
        session
            The transaction.
        code
            What stands on it, or on the list.

        Returns
        -------
        Done
            What to say.
        """
        rows = self._known(session, code)
        live = [row.id for row in rows if row.state not in {"missing", "cancelled"}]
        report_missing(session, live, reason=f"missed at {self.branch}", actor=self.actor)
        if not rows:
            said = self.w.t("Nothing called {code} is handled here today.", code=short(code, 40))
            return self._done("saknas", said, "warn")
        said = self.w.t("Reported missing: {n}.", n=terms.items(self.w, len(live)))
        return self._done("saknas", said, "warn")

    def scan(self, session: Session, code: str) -> Done:
        """
        Do what a scanned code asks for here.

        Parameters
        ----------
        session
            The transaction.
        code
            A bundle's label, a crate's, or the bar code of an item.

        Returns
        -------
        Done
            What to say; the search where there is nothing to do.
        """
        for parcel in self.day.parcels("pack"):
            if code.upper() in parcel.codes:
                done = self.pack(session, [parcel])
                return self._done("packa", f"{self._to(parcel)}. {done.said}")
        for parcel in self.day.parcels("receive"):
            if code.upper() in parcel.codes:
                return self.receive(session, [parcel])
        rows = self._here(session, code)
        return self._item(session, rows[0]) if rows else self._nothing(code)

    def _item(self, session: Session, row: TransferRow) -> Done:
        w, places = self.w, self.day.places
        kind = terms.kind_name(w, Why(row.kind), 1)
        if row.destination == self.branch:
            take_in(session, [row.id], at=self.branch, moment=self.moment, actor=self.actor)
            origin = places[row.origin].short_name
            return self._done(
                "ta-emot", w.t("Received: {kind} from {place}.", kind=kind, place=origin)
            )
        goes = [*self.day.parcels("pack"), *self.day.parcels("fetch")]
        parcel = next((p for p in goes if _holds(p, row)), None)
        if row.state in _PACKABLE:
            pack(session, [row.id], actor=self.actor)
        to = self._to(parcel) if parcel else places[row.destination].short_name.upper()
        rest = w.t("no van takes it today") if parcel is None else w.t("packed")
        return self._done("packa", f"{to}. {kind}, {rest}.")

    def _to(self, parcel: Parcel) -> str:
        if parcel.to_hub:
            return self.w.t("HUB CRATE")
        return parcel.bundles[0].destination.short_name.upper()

    def _known(self, session: Session, code: str) -> list[TransferRow]:
        parcels = [one for side in _SIDES for one in self.day.parcels(side)]
        found = [parcel for parcel in parcels if code.upper() in parcel.codes]
        if found:
            return _rows(session, found)
        own = {row.id for parcel in parcels for row in parcel.items}
        query = select(TransferRow).where(col(TransferRow.item) == code)
        rows = session.exec(query.order_by(col(TransferRow.requested_at).desc())).all()
        return [row for row in rows if row.id in own or self._is_here(row)][:1]

    def _here(self, session: Session, code: str) -> list[TransferRow]:
        query = select(TransferRow).where(
            col(TransferRow.item) == code, col(TransferRow.state) != "cancelled"
        )
        rows = session.exec(query.order_by(col(TransferRow.requested_at).desc())).all()
        own = [row for row in rows if self._is_here(row) or row.destination == self.branch]
        return sorted(own, key=lambda row: row.state in _ENDED)

    def _is_here(self, row: TransferRow) -> bool:
        return row.at == self.branch and row.state in {*_PACKABLE, *_PACKED}

    def _nothing(self, code: str) -> Done:
        said = self.w.t("Nothing called {code} is handled here today.", code=short(code, 40))
        return self._done("skanna", said, "warn")

    def _done(self, part: str, said: str, kind: str = "good") -> Done:
        return Done(
            path=f"{self.path}?del={part}", said=said, kind="warn" if kind == "warn" else "good"
        )


def chosen(day: BranchDay, side: str, codes: Iterable[str]) -> list[Parcel]:
    """
    Find the parcels that a form names.

    Parameters
    ----------
    day
        The branch's day.
    side
        ``pack`` or ``receive``.
    codes
        First codes of parcels, or ``*`` for all.

    Returns
    -------
    list[Parcel]
        In the order of the page.
    """
    wanted = set(codes)
    return [one for one in day.parcels(side) if "*" in wanted or one.codes[0] in wanted]


#: What a form of the page does at the desk.
Deed = Callable[[Desk, Session], Done]


def _holds(parcel: Parcel, row: TransferRow) -> bool:
    return any(row.id == one.id for one in parcel.items)


def _rows(session: Session, parcels: Iterable[Parcel]) -> list[TransferRow]:
    names = [row.id for parcel in parcels for row in parcel.items]
    query = select(TransferRow).where(col(TransferRow.id).in_(names))
    return list(session.exec(query.order_by(col(TransferRow.id))))


def _standing(session: Session, parcels: Iterable[Parcel], states: tuple[str, ...]) -> list[str]:
    return [row.id for row in _rows(session, parcels) if row.state in states]
