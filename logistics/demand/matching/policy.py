"""What the cooperation wants of a matching, and what each single decision costs by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logistics.demand.matching.journeys import Journeys
from logistics.demand.matching.records import LendingRules
from logistics.demand.waiting import LOCAL_TIME, WaitingRates

if TYPE_CHECKING:
    from datetime import date

    from logistics.demand.matching.records import Copy
    from logistics.demand.returns import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    What the cooperation wants of a matching.

    Attributes
    ----------
    journeys
        Expected days and marginal kronor between branches.
    rates
        What waiting costs.
    rules
        Which copy may fill which hold.
    strict_queue
        First come, first served within a title; else any hold may be filled, whichever is
        cheapest, and still as many as can be.
    float_room
        Number of copies of others that a branch keeps in place of sending them home; a branch
        that is absent keeps none.
    lender_price_sek
        SEK added for each copy that an owner lends elsewhere, so that those who lend more than
        they borrow are spared; see ``lender_prices``.
    """

    journeys: Journeys
    rates: WaitingRates
    rules: LendingRules = field(default_factory=LendingRules)
    strict_queue: bool = True
    float_room: Mapping[str, int] = field(default_factory=dict)
    lender_price_sek: Mapping[str, float] = field(default_factory=dict)


class Prices:
    """
    Costs of single decisions in öre, worked out once for each pair of branches.

    Parameters
    ----------
    policy
        Costs and rules.
    on
        The day.
    """

    def __init__(self, policy: Policy, on: date) -> None:
        self.policy = policy
        self.on = on
        self.index = policy.journeys.index()
        waiting = policy.rates.waiting_sek_per_item_day
        self._rates = (waiting["hold"], waiting["late"])
        self._there = {rate: self._table(rate) for rate in {*self._rates, waiting["return"]}}
        self._home = self._there[waiting["return"]]
        self._back = self._lent_back()

    def lending_class(self, copy: Copy) -> tuple[str, ...]:
        """
        Name what the lending rules look at in a copy.

        Parameters
        ----------
        copy
            The copy.

        Returns
        -------
        tuple of str
            Equal for copies that may fill the same holds; empty where no rule limits it.
        """
        if self.policy.rules.stays_home(copy, self.on):
            return ("home", copy.owner)
        return (copy.owner, copy.material) if self.policy.rules.forbidden else ()

    def may_have(self, copy: Copy, hold: Hold) -> bool:
        """
        Tell whether a copy may fill a hold.

        Parameters
        ----------
        copy
            The copy.
        hold
            The hold.

        Returns
        -------
        bool
            True when it may.
        """
        wanted = hold.item is None or hold.item == copy.item
        return wanted and self.policy.rules.allow(copy, hold.pickup, self.on)

    def rate(self, hold: Hold) -> float:
        """
        Price a day that a hold waits.

        Parameters
        ----------
        hold
            The hold.

        Returns
        -------
        float
            SEK per day: more once the promise has passed.
        """
        age = (self.on - hold.placed_at.astimezone(LOCAL_TIME).date()).days
        return self._rates[age > self.policy.rates.promise_days]

    def days(self, origin: str, destination: str) -> float:
        """
        Expect the days of a journey.

        Parameters
        ----------
        origin
            Where it starts.
        destination
            Where it ends.

        Returns
        -------
        float
            Calendar days.
        """
        return self.policy.journeys.days[self.index[origin]][self.index[destination]]

    def fill_oere(self, copy: Copy, pickup: str, sek_per_day: float) -> int:
        """
        Price filling a hold by a copy: there, home again, and the lender's price.

        Parameters
        ----------
        copy
            The copy.
        pickup
            Where the reader fetches it.
        sek_per_day
            What a day of the reader's waiting costs.

        Returns
        -------
        int
            Öre.
        """
        to = self.index[pickup]
        there = self._there[sek_per_day][self.index[copy.at]][to]
        return there + self._back[to][self.index[copy.owner]]

    def home_oere(self, at: str, owner: str) -> int:
        """
        Price sending a book home.

        Parameters
        ----------
        at
            Where it is.
        owner
            Where it belongs.

        Returns
        -------
        int
            Öre.
        """
        return self._home[self.index[at]][self.index[owner]]

    def _table(self, sek_per_day: float) -> list[list[int]]:
        journeys = self.policy.journeys
        return [
            [
                0 if i == j else round(100 * (days * sek_per_day + sek))
                for j, (days, sek) in enumerate(zip(*rows, strict=True))
            ]
            for i, rows in enumerate(zip(journeys.days, journeys.sek, strict=True))
        ]

    def _lent_back(self) -> list[list[int]]:
        places, floats = self.policy.journeys.places, self.policy.float_room
        price = [round(100 * self.policy.lender_price_sek.get(owner, 0.0)) for owner in places]
        return [
            [
                0 if i == j else price[j] + (0 if pickup in floats else self._home[i][j])
                for j in range(len(places))
            ]
            for i, pickup in enumerate(places)
        ]


def lender_prices(
    lent: Mapping[str, int], borrowed: Mapping[str, int], sek: float
) -> dict[str, float]:
    """
    Price lending so that it evens out over time.

    Parameters
    ----------
    lent
        Copies each owner has lent elsewhere over the past months.
    borrowed
        Copies each has borrowed.
    sek
        SEK added for an owner that only lends; nothing for one that borrows as much or more.

    Returns
    -------
    dict
        SEK for each copy lent, by owner.
    """
    prices = {}
    for owner, count in lent.items():
        net = count - borrowed.get(owner, 0)
        prices[owner] = sek * max(0.0, net / count) if count else 0.0
    return prices
