"""What plans admit to about their travel times, in English where stored and in Swedish on paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from logistics.network.public_holidays import Language

ESTIMATED_ROADS: Final = (
    "{estimated} of the {all} roads between the places are estimates; expect 10 % error on a run, "
    "20 % on a single road"
)
TOWN_ONLY: Final = (
    "{vague} of the {all} places are known by their town only; their doors may lie up to a "
    "kilometre away"
)
STRAIGHT_LINES: Final = (
    "travel is guessed from straight lines times {circuity} at {speed} km/h; lakes and roads are "
    "not seen"
)
FAR_FROM_ROAD: Final = "{place} lies {metres} m from the nearest road on the map of the OSRM server"

_SWEDISH: Final = {
    ESTIMATED_ROADS: "{estimated} av de {all} vägarna mellan platserna är uppskattade; räkna med "
    "10 % fel på en tur, 20 % på en enskild väg",
    TOWN_ONLY: "av {all} platser är {vague} bara kända till orten; dörren kan ligga upp till en "
    "kilometer bort",
    STRAIGHT_LINES: "restiderna är gissade från fågelvägen gånger {circuity} i {speed} km/h; sjöar "
    "och vägar syns inte",
    FAR_FROM_ROAD: "{place} ligger {metres} m från närmaste väg på OSRM-serverns karta",
}


def caveat_in(caveat: str, language: Language) -> str:
    """
    Say a caveat of travel times in a language.

    Parameters
    ----------
    caveat
        The sentence as it is stored.
    language
        Swedish or English.

    Returns
    -------
    str
        The sentence in that language; one that is not about travel stays as it is.
    """
    if language == "sv":
        for english, swedish in _SWEDISH.items():
            match = re.fullmatch(_pattern(english), caveat)
            if match:
                return swedish.format(**match.groupdict())
    return caveat


def _pattern(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(
        f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
