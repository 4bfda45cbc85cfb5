"""Every way to share a span's cost and emissions, side by side, and who would rather be alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from logistics.costing.sharing.day import SpanShares, share_day, share_span
from logistics.costing.sharing.rounding import to_the_oere
from logistics.costing.sharing.stability import Objection, span_objections
from logistics.dispatch.kilometres import kilometre_game
from logistics.errors import InputError
from logistics.operations.reports.report_books import Books, read_books
from logistics.operations.reports.report_shares import basis_of, divided, grams_by_transport
from logistics.operations.reports.share_games import (
    MOST_SEARCHES,
    PROOF_SECONDS,
    booked_day,
    owners_of,
    share_games,
)
from logistics.storage.tables import MunicipalityRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from logistics.costing.sharing.game import CostGame
    from logistics.dispatch.served_day import Runs

_GRAMS_PER_KILOGRAM = 1000.0
#: Emissions by ISO 14083: road from the hub times items, which no cost is divided by.
TRANSPORT = "transport"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesTable:
    """
    A span's cost and emissions by every rule.

    Attributes
    ----------
    first_day, last_day
        The span, both included.
    names
        Municipalities by code.
    sek
        Cost by rule and code; each rule sums to the total to the öre.
    alone_sek
        What each would pay for runs of its own on the same days.
    dearer
        By rule, the groups that pay more than for runs of their own.
    co2e_kg
        Emissions by rule and code, to ten grams; None where a factor is missing.
    """

    first_day: date
    last_day: date
    names: Mapping[str, str]
    sek: SpanShares
    alone_sek: Mapping[str, float]
    dearer: Mapping[str, tuple[Objection, ...]]
    co2e_kg: Mapping[str, Mapping[str, float]] | None

    def as_json(self, most: int = 5) -> dict[str, Any]:
        """
        Write the table as JSON.

        Parameters
        ----------
        most
            Groups to list by rule; all of them are counted.

        Returns
        -------
        dict
            Numbers by rule and name.
        """
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "days": self.sek.days,
            "total_sek": self.sek.total_sek,
            "shares_sek": {rule: self._named(row) for rule, row in self.sek.by_rule.items()},
            "sums_sek": {
                rule: round(sum(row.values()), 2) for rule, row in self.sek.by_rule.items()
            },
            "alone_sek": self._named(self.alone_sek),
            "pays_more_than_alone": {
                rule: {
                    "groups": len(found),
                    "single": sum(len(one.group) == 1 for one in found),
                    "worst": [self._objection(one) for one in found[:most]],
                }
                for rule, found in self.dearer.items()
            },
            "co2e_kg": None
            if self.co2e_kg is None
            else {rule: self._named(row) for rule, row in self.co2e_kg.items()},
            "groups": self.sek.groups,
            "proved_groups": self.sek.proved_groups,
            "how_sure": self.how_sure,
            "shapley_wrong_at_most_sek": self._named(self.sek.error_sek),
            "monotony": self.sek.monotony,
        }

    @property
    def how_sure(self) -> str:
        """How many groups are proved, and what the others leave open."""
        return "; ".join(self.sek.how_sure(self.names))

    def _named(self, row: Mapping[str, float]) -> dict[str, float]:
        return {self.names[code]: round(value, 2) for code, value in sorted(row.items())}

    def _objection(self, one: Objection) -> dict[str, Any]:
        return {
            "group": sorted(self.names[code] for code in one.group),
            "pays_sek": round(one.share_sek, 2),
            "alone_sek": round(one.alone_sek, 2),
        }


def compare_shares(
    session: Session,
    first_day: date,
    last_day: date,
    *,
    error_sek: float = 0.0,
    most_searches: int | None = MOST_SEARCHES,
    proof_seconds: float = PROOF_SECONDS,
    workers: int = 1,
    on_day: Callable[[int, int], None] | None = None,
) -> SharesTable:
    """
    Divide what was booked by every rule.

    Parameters
    ----------
    session
        A session.
    first_day
        First day of the span.
    last_day
        Last day of the span.
    error_sek
        Leave groups between bounds once no share of a day can be wrong by more SEK.
    most_searches
        Groups a day that are searched and proved at most; None for all.
    proof_seconds
        Wall time a day for proofs.
    workers
        Processor cores for searches and proofs.
    on_day
        Told how many days are priced, and of how many.

    Returns
    -------
    SharesTable
        Cost, emissions and objections.

    Raises
    ------
    InputError
        Nothing was booked, or a branch that was served belongs to no municipality.
    """
    known: dict[frozenset[str], Runs] = {}
    games = share_games(
        session,
        first_day,
        last_day,
        error_sek=error_sek,
        most_searches=most_searches,
        proof_seconds=proof_seconds,
        workers=workers,
        known_runs=known,
        on_day=on_day,
    )
    books = read_books(session, first_day, last_day)
    owners = {owner.code: owner for owner in session.scalars(select(MunicipalityRow))}
    days = divided(books, owners, games, {})
    if not days or games.keys() != days.keys():
        raise InputError(
            f"shares from {first_day} to {last_day}: expected booked days on which every branch "
            "belongs to a municipality; close each day that was driven, on its page or by "
            "POST /v1/plans/DATE/close"
        )
    span = share_span(days.values())
    priced = [(games[day], shared.total_sek) for day, shared in days.items()]
    alone: defaultdict[str, float] = defaultdict(float)
    for shared in days.values():
        for code, sek in shared.alone_sek.items():
            alone[code] += sek
    return SharesTable(
        first_day=first_day,
        last_day=last_day,
        names={code: owner.name for code, owner in owners.items()},
        sek=span,
        alone_sek=dict(alone),
        dearer={rule: tuple(span_objections(priced, row)) for rule, row in span.by_rule.items()},
        co2e_kg=_emissions(books, owners, _far(session, games, known)),
    )


def _far(
    session: Session, games: Mapping[date, CostGame], known: Mapping[frozenset[str], Runs]
) -> dict[date, CostGame]:
    owner_of = owners_of(session)
    served = {day: booked_day(session, day, owner_of) for day in games}
    return {day: kilometre_game(one, known) for day, one in served.items() if one is not None}


def _emissions(
    books: Books, owners: Mapping[str, MunicipalityRow], far: Mapping[date, CostGame]
) -> dict[str, Mapping[str, float]] | None:
    if books.totals.co2e_grams is None:
        return None
    grams: defaultdict[date, float] = defaultdict(float)
    for run in books.runs:
        grams[run.service_date] += run.co2e_grams or 0.0
    span = share_span(
        share_day(grams[day] / _GRAMS_PER_KILOGRAM, basis, game=far[day])
        for day, basis in basis_of(books, owners).items()
    )
    transport = {code: one / _GRAMS_PER_KILOGRAM for code, one in grams_by_transport(books).items()}
    return {**span.by_rule, TRANSPORT: to_the_oere(transport, sum(transport.values()))}
