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
    "why-at-hub": (
        "{shipment} stannar i navet till nästa tur.",
        "{shipment} stays at the hub until the next run.",
    ),
    "why-left": ("{shipment} blir kvar.", "{shipment} is left where it is."),
    "not-worth-it": (
        "Att leverera i dag skulle kosta {amount} kr mer.",
        "Delivering it today would cost {amount} kr more.",
    ),
    "binding": (
        "Ingen plan hinner med det: {rules}.",
        "No plan can deliver it: {rules}.",
    ),
    "rule-window": ("öppettid", "a receiving window"),
    "rule-shift": ("arbetspass eller turens längd", "the shift or the longest run"),
    "rule-capacity": ("plats i bilen", "room in the van"),
    "rule-vehicles": ("antal bilar", "the number of vans"),
    "rule-several-rules": ("flera regler på en gång", "several rules at once"),
    "change-window-later": (
        "Tar {subject} emot {amount} minuter längre kommer det fram i dag ({extra} kr).",
        "If {subject} receives {amount} minutes later, it arrives today ({extra} kr).",
    ),
    "change-window-earlier": (
        "Tar {subject} emot {amount} minuter tidigare kommer det fram i dag ({extra} kr).",
        "If {subject} receives {amount} minutes earlier, it arrives today ({extra} kr).",
    ),
    "change-shift-longer": (
        "Får {subject} köra {amount} minuter längre kommer det fram i dag ({extra} kr).",
        "If {subject} may drive {amount} minutes longer, it arrives today ({extra} kr).",
    ),
    "change-more-room": (
        "Med {amount} platser till i {subject} kommer det fram i dag ({extra} kr).",
        "With {amount} more places aboard {subject}, it arrives today ({extra} kr).",
    ),
    "change-one-more-van": (
        "Med en bil till som {subject} från {amount} kommer det fram i dag ({extra} kr).",
        "With one more van like {subject} from {amount}, it arrives today ({extra} kr).",
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
