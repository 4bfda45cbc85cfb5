"""Whether anyone, alone or with others, pays more than for runs of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from logistics.costing.sharing.game import members

if TYPE_CHECKING:
    from collections.abc import Mapping

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
