"""The sentences of comparisons and explanations, in Swedish and English."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("sv", "en")

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "fixed": ("bilar", "vehicles"),
    "stops": ("stopp", "stops"),
    "distance": ("kilometer", "kilometres"),
    "time": ("arbetstid", "working hours"),
    "delay": ("väntan", "waiting"),
    "same-cost": (
        "Kostar lika mycket: {total} kr.",
        "Costs the same: {total} kr.",
    ),
    "dearer": (
        "Kostar {amount} kr mer, {total} kr i stället.",
        "Costs {amount} kr more, {total} kr instead.",
    ),
    "cheaper": (
        "Kostar {amount} kr mindre, {total} kr i stället.",
        "Costs {amount} kr less, {total} kr instead.",
    ),
    "of-it": ("Därav: {parts}.", "Of which: {parts}."),
    "driving": (
        "Körning: {km} km, {minutes} minuter betald tid.",
        "Driving: {km} km, {minutes} minutes of paid time.",
    ),
    "items": (
        "Levererat i dag: {items} exemplar, {total} i allt.",
        "Delivered today: {items} items, {total} in all.",
    ),
    "new-stop": ("{site}: nytt stopp, {van} {time}.", "{site}: new stop, {van} at {time}."),
    "no-stop": ("{site}: besöks inte längre av {van}.", "{site}: no longer served by {van}."),
    "other-van": (
        "{site}: {new} i stället för {old}, {time}.",
        "{site}: {new} instead of {old}, at {time}.",
    ),
    "later": (
        "{site}: {minutes} minuter senare, {time}.",
        "{site}: {minutes} minutes later, at {time}.",
    ),
    "earlier": (
        "{site}: {minutes} minuter tidigare, {time}.",
        "{site}: {minutes} minutes earlier, at {time}.",
    ),
}


def told(key: str, language: str, **values: object) -> str:
    """
    Write a sentence.

    Parameters
    ----------
    key
        Which.
    language
        ``sv`` or ``en``.
    **values
        What it names.

    Returns
    -------
    str
        The sentence.
    """
    return _SENTENCES[key][LANGUAGES.index(language)].format(**values)
