"""Swedish public holidays, and the eves that are kept as such."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import holidays

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Language = Literal["sv", "en"]


@lru_cache(maxsize=65_536)
def holiday_name(day: date, language: Language = "sv") -> str | None:
    """
    Name the Swedish public holiday, or eve kept as one, of a day.

    Midsummer's, Christmas and New Year's Eve are no public holidays by law, yet nobody works.
    Sundays as such are left to the service patterns.

    Parameters
    ----------
    day
        The day.
    language
        Swedish or English.

    Returns
    -------
    str or None
        Its name, None on any other day.
    """
    name: str | None = _holidays(day.year, language).get(day)
    return name


@lru_cache(maxsize=512)
def _holidays(year: int, language: Language) -> Mapping[date, str]:
    return dict(
        holidays.country_holidays(
            "SE",
            years=year,
            categories=("public", "de_facto"),
            language={"sv": "sv", "en": "en_US"}[language],
        )
    )
