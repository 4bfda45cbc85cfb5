"""Returns and holds of a simulated year: who asks for what from whom, day by day.

Demand is drawn once at the highest rate and thinned, so that scenarios with the same seed see the
same readers: a scenario with 30 % more loans has all of today's and 30 % besides (common random
numbers; Law 2015, Simulation Modeling and Analysis, chapter 11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.demand.transfers import Transfer, TransferKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Demand is drawn for this multiple of today's and thinned to what a scenario asks for.
HIGHEST_FACTOR: Final = 4.0

#: Part of the week's holds placed on each weekday, Monday first: readers order from home on
#: Sunday evening and Monday; an estimate, as no weekday figures were found.
WEEKDAY_SHARE: Final = (0.20, 0.16, 0.15, 0.15, 0.13, 0.08, 0.13)

#: Loans by month against the average month: low in July, high in the dark months; an estimate.
MONTH_FACTOR: Final = (1.10, 1.06, 1.06, 1.00, 0.95, 0.90, 0.78, 0.92, 1.02, 1.08, 1.10, 1.03)

#: Loan periods in days: four weeks, fewer for new books, more with a renewal.
SHORTEST_LOAN_DAYS: Final = 7
LONGEST_LOAN_DAYS: Final = 56

#: Distance in metres at which a library is half as likely to lend as one next door.
HALF_LENDING_METRES: Final = 40_000

DAYS_PER_YEAR: Final = 365.25
ASKED_AT: Final = time(11, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandModel:
    """
    What demand is drawn from.

    Attributes
    ----------
    branches
        Branches that lend and are borrowed at, sorted.
    inhabitants
        Inhabitants each serves.
    metres
        Road distance between each two of them.
    seed
        Seed of the demand.
    loans_per_inhabitant
        Loans per inhabitant and year.
    travelling_share
        Part of the loans that travel.
    factor
        Multiple of that, at most `HIGHEST_FACTOR`.
    floating
        Whether an item stays where it was handed in.
    moved
        For a branch that is closed for good, the branch that its readers and shelves move to;
        None when they leave the cooperation.
    """

    branches: tuple[str, ...]
    inhabitants: tuple[int, ...]
    metres: Sequence[Sequence[int]]
    seed: int
    loans_per_inhabitant: float = 5.0
    travelling_share: float = 0.05
    factor: float = 1.0
    floating: bool = False
    moved: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Draw:
    """One loan that may travel: who lends, who borrows, how long, and its place in the thinning."""

    lender: int
    borrower: int
    loan_days: int
    mark: float


class Arrivals:
    """
    The transfers that come into being on each day.

    Parameters
    ----------
    model
        What demand is drawn from.
    """

    def __init__(self, model: DemandModel) -> None:
        self.model = model
        weights = np.asarray(model.inhabitants, dtype=float)
        self._borrower = np.cumsum(weights / weights.sum())
        self._lender = _lender_shares(weights, np.asarray(model.metres, dtype=float))
        self._daily = (
            weights.sum() * model.loans_per_inhabitant * model.travelling_share / DAYS_PER_YEAR
        )
        self._draws = lru_cache(maxsize=LONGEST_LOAN_DAYS + 2)(self._draw)

    def on(self, day: date) -> list[Transfer]:
        """
        List the transfers that come into being on a day.

        Parameters
        ----------
        day
            Any day.

        Returns
        -------
        list of Transfer
            Holds placed that day, then items handed in that day that go home; the same for the
            same model, whatever was asked before.
        """
        holds = [
            transfer
            for number, draw in enumerate(self._draws(day))
            if (transfer := self._hold(draw, day, number)) is not None
        ]
        return holds if self.model.floating else holds + self._returns(day)

    @property
    def floating(self) -> bool:
        """Whether an item stays where it was handed in."""
        return self.model.floating

    def expected_week(self) -> dict[tuple[str, str], float]:
        """
        Expect the holds of an average week.

        Returns
        -------
        dict
            Items by branch that lends and branch that borrows; pairs without any are absent.
        """
        model = self.model
        borrowing = np.diff(self._borrower, prepend=0.0)
        lending = np.diff(self._lender, prepend=0.0, axis=1)
        week: dict[tuple[str, str], float] = {}
        for borrower, part in enumerate(borrowing):
            for lender, chance in enumerate(lending[borrower]):
                start, end = self._place(lender), self._place(borrower)
                items = float(self._daily * 7 * model.factor * part * chance)
                if start is not None and end is not None and start != end and items > 0:
                    week[start, end] = week.get((start, end), 0.0) + items
        return week

    def _returns(self, day: date) -> list[Transfer]:
        transfers = []
        for loan_days in range(SHORTEST_LOAN_DAYS, LONGEST_LOAN_DAYS + 1):
            lent = day - timedelta(days=loan_days)
            for number, draw in enumerate(self._draws(lent)):
                if draw.loan_days == loan_days:
                    transfer = self._home(draw, lent, day, number)
                    if transfer is not None:
                        transfers.append(transfer)
        return transfers

    def _hold(self, draw: _Draw, day: date, number: int) -> Transfer | None:
        name = f"{day:%y%m%d}-{number}"
        return self._transfer(draw, name, TransferKind.HOLD, day, draw.lender, draw.borrower)

    def _home(self, draw: _Draw, lent: date, day: date, number: int) -> Transfer | None:
        name = f"{lent:%y%m%d}-{number}R"
        return self._transfer(draw, name, TransferKind.RETURN, day, draw.borrower, draw.lender)

    def _transfer(
        self, draw: _Draw, name: str, kind: TransferKind, day: date, origin: int, destination: int
    ) -> Transfer | None:
        if draw.mark >= self.model.factor / HIGHEST_FACTOR:
            return None
        start, end = self._place(origin), self._place(destination)
        if start is None or end is None or start == end:
            return None
        return Transfer(
            id=name,
            request_id=name,
            item=name,
            kind=kind,
            origin=start,
            destination=end,
            requested_at=datetime.combine(day, ASKED_AT),
        )

    def _place(self, index: int) -> str | None:
        branch = self.model.branches[index]
        return self.model.moved.get(branch, branch)

    def _draw(self, day: date) -> list[_Draw]:
        random = np.random.default_rng([self.model.seed, day.toordinal()])
        mean = self._daily * WEEKDAY_SHARE[day.weekday()] * 7 * MONTH_FACTOR[day.month - 1]
        count = int(random.poisson(mean * HIGHEST_FACTOR))
        borrowers = np.searchsorted(self._borrower, random.random(count), side="right")
        chances = random.random(count)
        loan_days = random.integers(SHORTEST_LOAN_DAYS, LONGEST_LOAN_DAYS + 1, count)
        marks = random.random(count)
        last = len(self.model.branches) - 1
        draws = []
        for place, chance, length, mark in zip(borrowers, chances, loan_days, marks, strict=True):
            borrower = min(int(place), last)
            lender = int(np.searchsorted(self._lender[borrower], chance, side="right"))
            draws.append(_Draw(min(lender, last), borrower, int(length), float(mark)))
        return draws


def _lender_shares(
    weights: NDArray[np.float64], metres: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cumulated chance that each library lends to each borrower: large and near ones lend most."""
    pull = weights[None, :] / (1 + metres / HALF_LENDING_METRES)
    np.fill_diagonal(pull, 0.0)
    return np.cumsum(pull / pull.sum(axis=1, keepdims=True), axis=1)


def snow_days(first: date, last: date, *, per_year: float, seed: int) -> frozenset[date]:
    """
    Draw the days on which driving is slow.

    Parameters
    ----------
    first, last
        Period, both ends included.
    per_year
        Expected number of such days a year, all from November to March.
    seed
        Seed of the weather.

    Returns
    -------
    frozenset of date
        The days; more of them when ``per_year`` is higher, never others.
    """
    winter_days = 151
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return frozenset(
        day
        for day in days
        if day.month in {11, 12, 1, 2, 3}
        and np.random.default_rng([seed, day.toordinal(), 1]).random() < per_year / winter_days
    )


def weeks(days: Sequence[date]) -> list[tuple[int, int]]:
    """
    Cut a period into its ISO weeks.

    Parameters
    ----------
    days
        Consecutive days.

    Returns
    -------
    list of tuple of int
        First index and index after the last, for each week.
    """
    starts = [
        number
        for number, day in enumerate(days)
        if number == 0 or day.isocalendar()[:2] != days[number - 1].isocalendar()[:2]
    ]
    return list(pairwise([*starts, len(days)]))
