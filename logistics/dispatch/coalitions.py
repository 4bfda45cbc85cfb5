"""What groups of municipalities would pay for runs of their own, on a day as it was served.

The day is taken as it was: the same calls, at each the same items put off and taken. A group keeps
its own calls and drives them from the hub with the same fleet at the least driving cost; what comes
from others waits at the hub, and what goes to others is left there. Waiting is not billed, so it is
no part of the game. All together pay what their runs cost as they were driven, and no group pays
more than a larger one.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Final

from logistics.costing.sharing.game import CostGame, coalitions
from logistics.costing.sharing.shapley import shapley_bounds
from logistics.dispatch.group_prices import GroupBounds, Price, better_price, first_price
from logistics.dispatch.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, MutableMapping, Sequence

    from logistics.costing.sharing.game import Coalition
    from logistics.dispatch.served_day import Runs, ServedDay

#: Steps of search for one group; the calls of a few municipalities are few.
ITERATIONS: Final = 2_000
#: Wall time for the proofs of one day.
PROOF_SECONDS: Final = 60.0

# Groups that are priced side by side before the game is looked at again, whatever the processes.
_BATCH: Final = 16
# Wall time of the first proof of a group; where it fails, the next takes four times as long.
_FIRST_SECONDS, _LONGER = 0.5, 4.0


def cost_game(
    day: ServedDay,
    *,
    known_runs: MutableMapping[frozenset[str], Runs] | None = None,
    error_sek: float = 0.0,
    most_searches: int | None = None,
    proof_seconds: float = PROOF_SECONDS,
    iterations: int = ITERATIONS,
    processes: Processes | None = None,
) -> CostGame:
    """
    Price every group of the municipalities served on a day, each between two bounds that may meet.

    Groups whose bounds a table of rounds closes are done at once. The others are searched and
    proved, first the one that widens the shares most.

    Parameters
    ----------
    day
        The day as it was served.
    known_runs
        Best runs by set of calls, kept from day to day; filled as groups are priced.
    error_sek
        Leave off once no Shapley share can be wrong by more SEK; 0 goes on while time allows.
    most_searches
        Search and prove so many groups at most; None for all.
    proof_seconds
        Wall time for proofs; what is not proved by then stays between its bounds.
    iterations
        Steps of search for one group.
    processes
        Search and prove side by side where many groups are left to do; alone where absent.

    Returns
    -------
    CostGame
        Exact where the bounds meet; that of all together is what their runs cost.
    """
    groups = _Groups(day, {} if known_runs is None else known_runs)
    until = monotonic() + proof_seconds
    turns = chain([(iterations, _FIRST_SECONDS)], ((0, each) for each in _longer_ones()))
    among: set[Coalition] | None = None
    if processes is None or len(groups.open()) <= _BATCH:
        processes = Processes(1)
    for steps, seconds in turns:
        tried: set[Coalition] = set()
        while groups.error_sek > error_sek:
            rest = None if most_searches is None else max(0, most_searches - len(tried))
            batch = groups.open(among, tried)[:_BATCH][:rest]
            spare = max(0.0, until - monotonic())
            if not batch or not (steps or spare):
                break
            each = min(seconds, spare * processes.workers / len(batch))
            groups.improve(batch, steps, each, processes)
            tried.update(batch)
        if not tried or monotonic() >= until:
            break
        # Only those that were searched may have a longer proof.
        among = tried
    return groups.game


def _longer_ones() -> Iterator[float]:
    seconds = _FIRST_SECONDS
    while True:
        seconds *= _LONGER
        yield seconds


class _Groups:
    """Prices of all groups of a day, ever better ones, and the game they make."""

    def __init__(self, day: ServedDay, known_runs: MutableMapping[frozenset[str], Runs]) -> None:
        self._day = day
        self._known_runs = known_runs
        self._players = tuple(day.sites_of)
        self._whole = frozenset(self._players)
        self._prices = {
            self._whole: Price(low=day.driving_sek, high=day.driving_sek, runs=day.runs)
        }
        self._price_all()
        self.game = self._play()

    @property
    def error_sek(self) -> float:
        """By how much a Shapley share may be wrong."""
        return max(bound.high - bound.low for bound in shapley_bounds(self.game).values()) / 2

    def open(
        self, among: Container[Coalition] | None = None, but: Container[Coalition] = ()
    ) -> list[Coalition]:
        """Name groups that more can be proved of, first the one that widens the shares most."""
        return [
            group
            for group in self.game.open_groups()
            if not self._prices[group].final
            and (among is None or group in among)
            and group not in but
        ]

    def improve(
        self, groups: Sequence[Coalition], steps: int, seconds: float, processes: Processes
    ) -> None:
        """Search and prove some groups, beginning with the runs of larger ones."""
        calls = [self._day.sites(group) for group in groups]
        begun = [
            self._first_price(group, self._prices[group].low, [self._prices[group].runs])
            for group in groups
        ]
        most = [self.game.value(self.game.mask(group)).high for group in groups]
        better = partial(better_price, self._day.problem, iterations=steps, seconds=seconds)
        for group, price in zip(groups, processes.map(better, calls, begun, most), strict=True):
            self._keep(group, price)
        self.game = self._play()

    def _price_all(self) -> None:
        """Price every group by the tables of rounds, the large ones first."""
        bounds = GroupBounds(self._day)
        groups = [group for group in coalitions(self._players) if group != self._whole]
        found = {group: bounds.of(self._day.sites(group)) for group in groups}
        floors = {frozenset[str](): 0.0}
        for group in groups:
            floors[group] = max(found[group].floor, *(floors[group - {one}] for one in group))
        for group in reversed(groups):
            known = self._known_runs.get(self._day.sites(group), ())
            low = max(found[group].low, floors[group])
            self._keep(group, self._first_price(group, low, [found[group].runs, known]))
        for group in reversed(groups):
            price = self._prices[group]
            if not price.final:
                sharper = bounds.by_clock(self._day.sites(group))
                low = max(price.low, sharper.low)
                self._keep(group, self._first_price(group, low, [sharper.runs, price.runs]))

    def _first_price(self, group: Coalition, low: float, ideas: Sequence[Runs]) -> Price:
        larger = [self._prices[group | {one}].runs for one in self._players if one not in group]
        calls = self._day.sites(group)
        return first_price(self._day.problem, calls, low, [*ideas, *larger, self._day.runs])

    def _keep(self, group: Coalition, price: Price) -> None:
        self._prices[group] = price
        if price.runs:
            self._known_runs[self._day.sites(group)] = price.runs

    def _play(self) -> CostGame:
        most = self._day.driving_sek
        values = {group: price.value(most) for group, price in self._prices.items()}
        return CostGame(self._players, values)
