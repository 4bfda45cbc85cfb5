"""The game of kilometres: how far each group would drive, so that emissions can be shared as costs.

Every group drives the runs that cost it least, which are known once its costs are; nothing is
solved again.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.costing.sharing.game import CostGame, coalitions, exactly
from logistics.units import kilometres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.dispatch.served_day import Runs, ServedDay


def kilometre_game(day: ServedDay, known_runs: Mapping[frozenset[str], Runs]) -> CostGame:
    """
    Say how far each group would drive by itself.

    Parameters
    ----------
    day
        The day as it was served.
    known_runs
        Best runs by set of calls, as pricing the groups of the day left them.

    Returns
    -------
    CostGame
        Kilometres in the place of SEK; groups whose runs are not known are bounded.

    Raises
    ------
    InputError
        The runs of a single municipality are not known: price the groups first.
    """
    players = tuple(day.sites_of)
    whole = frozenset(players)
    driven = {whole: exactly(_kilometres(day, day.runs))}
    for group in coalitions(players):
        runs = known_runs.get(day.sites(group))
        if group != whole and runs is not None:
            driven[group] = exactly(_kilometres(day, runs))
    return CostGame(players, driven)


def _kilometres(day: ServedDay, runs: Runs) -> float:
    index, metres = day.problem.site_index, day.problem.travel_metres
    hub = day.problem.hub
    legs = (leg for _, stops in runs for leg in pairwise((hub, *stops, hub)))
    return kilometres(sum(metres[index[a]][index[b]] for a, b in legs))
