"""The keys in use: by stop, item or inhabitant, alike, as if alone, and a mix of them.

The mix follows the South Central Library System of Wisconsin (delivery committee, 9 June 2022): a
share by volume, a share by stops, a base fee alike for all, less the aid that comes from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def proportional(total_sek: float, weights: Mapping[str, float]) -> dict[str, float]:
    """
    Divide a cost in proportion to weights; alike where all weights are zero.

    Parameters
    ----------
    total_sek
        SEK to divide.
    weights
        Stops, items, inhabitants or stand-alone costs by municipality.

    Returns
    -------
    dict
        Unrounded SEK by municipality.

    Raises
    ------
    InputError
        There is nobody, or a weight is negative.
    """
    wrong = [
        f"weight of {name!r} is {weight}, expected 0 or more"
        for name, weight in weights.items()
        if not 0 <= weight < float("inf")
    ]
    if wrong or not weights:
        raise InputError(wrong or "nobody to share the cost, expected at least one municipality")
    whole = sum(weights.values())
    if not whole:
        return {name: total_sek / len(weights) for name in weights}
    return {name: total_sek * (weight / whole) for name, weight in weights.items()}


def equally(total_sek: float, names: Mapping[str, object]) -> dict[str, float]:
    """
    Divide a cost alike.

    Parameters
    ----------
    total_sek
        SEK to divide.
    names
        Municipalities.

    Returns
    -------
    dict
        Unrounded SEK by municipality.
    """
    return proportional(total_sek, dict.fromkeys(names, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """
    A key mixed of volume, stops and a base fee.

    Attributes
    ----------
    by_volume
        Part of the cost divided by items, 0 to 1.
    by_stops
        Part divided by stops.
    base
        Part divided alike; the three sum to 1.
    aid_sek
        Money from outside, taken off the cost before it is divided.

    Raises
    ------
    InputError
        The parts do not sum to 1, or one is negative.
    """

    by_volume: float = 0.5
    by_stops: float = 0.4
    base: float = 0.1
    aid_sek: float = 0.0

    def __post_init__(self) -> None:
        parts = (self.by_volume, self.by_stops, self.base)
        if min(*parts, self.aid_sek) < 0 or not isclose(sum(parts), 1):
            raise InputError(
                f"mixed key: parts are {parts} and aid {self.aid_sek}, "
                "expected parts from 0 that sum to 1 and aid from 0"
            )

    def divide(
        self, total_sek: float, *, items: Mapping[str, float], stops: Mapping[str, float]
    ) -> dict[str, float]:
        """
        Divide a cost by the mix.

        Parameters
        ----------
        total_sek
            SEK before aid.
        items
            Items put off and taken, by municipality.
        stops
            Stops, by municipality.

        Returns
        -------
        dict
            Unrounded SEK by municipality, summing to the total less the aid.

        Raises
        ------
        InputError
            The aid is more than the cost, or the municipalities differ.
        """
        if self.aid_sek > total_sek or items.keys() != stops.keys():
            raise InputError(
                f"mixed key: aid {self.aid_sek} of {total_sek} SEK, items of {sorted(items)} and "
                f"stops of {sorted(stops)}; expected aid within the cost and the same names"
            )
        rest = total_sek - self.aid_sek
        volume = proportional(rest * self.by_volume, items)
        calls = proportional(rest * self.by_stops, stops)
        fee = equally(rest * self.base, items)
        return {name: volume[name] + calls[name] + fee[name] for name in items}
