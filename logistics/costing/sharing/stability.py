"""Whether anyone, alone or with others, pays more than for runs of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.costing.sharing.game import members

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logistics.costing.sharing.game import CostGame

_HALF_AN_OERE: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """
    A group that would pay less for runs of its own.

    Attributes
    ----------
    group
        Its members.
    share_sek
        What it pays by the division.
    alone_sek
        What it would pay at most for runs of its own.
    """

    group: frozenset[str]
    share_sek: float
    alone_sek: float

    @property
    def excess_sek(self) -> float:
        """How much more it pays."""
        return self.share_sek - self.alone_sek


def objections(game: CostGame, shares: Mapping[str, float]) -> list[Objection]:
    """
    List every group that a division charges more than it would pay by itself.

    An empty list means that the division lies in the core. A group whose value is only bounded is
    listed where it surely pays more.

    Parameters
    ----------
    game
        The cost game.
    shares
        SEK by player.

    Returns
    -------
    list of Objection
        The largest excess first; single municipalities are groups too.
    """
    found = []
    for mask in range(1, game.full):
        group = members(game.players, mask)
        paid, alone = sum(shares[player] for player in group), game.value(mask).high
        # Each member's share was rounded by up to one öre.
        if paid - alone > _HALF_AN_OERE * (1 + len(group)):
            found.append(Objection(group=group, share_sek=paid, alone_sek=alone))
    return sorted(found, key=lambda one: (-one.excess_sek, sorted(one.group)))


def span_objections(
    days: Iterable[tuple[CostGame, float]], shares: Mapping[str, float]
) -> list[Objection]:
    """
    List every group that pays more over many days than for runs of its own on each of them.

    Parameters
    ----------
    days
        Cost game of each day, and what was paid for the day. Where that is not what the game's
        runs cost, a group's own runs are taken to be dearer or cheaper in the same proportion.
    shares
        SEK by player over all days; a player need not take part on every day.

    Returns
    -------
    list of Objection
        The largest excess first. A value that is only bounded counts as its upper bound, so a
        group that is listed surely pays more.
    """
    players, days = tuple(sorted(shares)), tuple(days)
    masks = np.arange(1 << len(players))
    alone, paid = np.zeros(masks.size), np.zeros(masks.size)
    for i, player in enumerate(players):
        paid += np.where(masks >> i & 1, shares[player], 0.0)
    for game, paid_sek in days:
        here = np.zeros(masks.size, dtype=np.int64)
        for i, player in enumerate(players):
            if player in game.players:
                here |= np.where(masks >> i & 1, game.mask([player]), 0)
        alone += game.high[here] * (paid_sek / game.total_sek if game.total_sek else 1.0)
    rounding = _HALF_AN_OERE * max(1, len(days)) * (1 + len(players))
    found = [
        Objection(
            group=members(players, int(mask)),
            share_sek=float(paid[mask]),
            alone_sek=float(alone[mask]),
        )
        for mask in masks[1:-1][(paid - alone > rounding)[1:-1]]
    ]
    return sorted(found, key=lambda one: (-one.excess_sek, sorted(one.group)))
