"""Round shares so that they sum to the öre."""

from __future__ import annotations

from math import floor, fsum
from typing import TYPE_CHECKING

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

OERE_PER_KRONA = 100


def to_the_oere(shares: Mapping[str, float], total_sek: float) -> dict[str, float]:
    """
    Round by largest remainder: each gets its öre or one more, and together they pay all.

    Parameters
    ----------
    shares
        Unrounded SEK by name, summing to the total up to the error of floating point.
    total_sek
        What has to be paid, rounded to the öre first.

    Returns
    -------
    dict
        SEK to the öre by name; counted in öre they sum to the total exactly.

    Raises
    ------
    InputError
        The shares do not sum to the total, or there are none.
    """
    oere = round(total_sek * OERE_PER_KRONA)
    exact = {name: share * OERE_PER_KRONA for name, share in shares.items()}
    missing = oere - fsum(exact.values())
    if not shares or abs(missing) > 1 + abs(oere) / 10**9:
        raise InputError(
            f"shares sum to {fsum(exact.values()) / OERE_PER_KRONA} SEK, "
            f"expected {oere / OERE_PER_KRONA}"
        )
    # What floating point leaves is far less than an öre, and the whole öre below sum exactly.
    exact = {name: share + missing / len(exact) for name, share in exact.items()}
    whole = {name: floor(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    for name in by_remainder[: oere - sum(whole.values())]:
        whole[name] += 1
    return {name: count / OERE_PER_KRONA for name, count in whole.items()}
