"""Causes of events in the reader's language: what the software writes itself, and no word else."""

import re
from collections.abc import Mapping
from typing import Final

from maps.i18n import Words

#: What the step says already.
_SAID: Final = {("transfer.packed", "packed"), ("transfer.missing", "missing")}
_PLACES: Final = frozenset({"place", "origin", "goal"})
_DECIMALS: Final = {"days": 1, "sek": 2}
_NAMED: Final = r"['\"](?P<name>.*)['\"]"
_WAY: Final = r"(?P<origin>\S+) to (?P<goal>\S+)"
_JOINTS: Final = ("; ", ", so ")


def cause_said(w: Words, kind: str, cause: str, places: Mapping[str, str]) -> str:
    """
    Say why a step of an item's history was taken.

    Parameters
    ----------
    w
        The reader's words.
    kind
        Kind of the event.
    cause
        Its cause as stored: in English where the software wrote it.
    places
        Names of branches.

    Returns
    -------
    str
        In the reader's language; what people wrote as they wrote it; empty where the step says
        the same.
    """
    if (kind, cause) in _SAID:
        return ""
    sentences = _of_the_road(w) | _of_requests(w) | _of_the_match(w)
    whole = _clause(w, cause, sentences, places)
    if whole is not None:
        return whole
    for joint in _JOINTS:
        said = [_clause(w, part, sentences, places) for part in cause.split(joint)]
        known = [one for one in said if one is not None]
        if len(known) == len(said):
            return (", " if joint.startswith(",") else joint).join(known)
    return cause


def _clause(
    w: Words, text: str, sentences: Mapping[str, str], places: Mapping[str, str]
) -> str | None:
    """Find what a text means; what is named in the pattern stands in the sentence too."""
    for pattern, sentence in sentences.items():
        if found := re.fullmatch(pattern, text):
            values = found.groupdict().items()
            return sentence.format(**{name: _shown(w, name, one, places) for name, one in values})
    return None


def _shown(w: Words, name: str, value: str, places: Mapping[str, str]) -> str:
    if name in _DECIMALS:
        return w.number(float(value), _DECIMALS[name])
    return places.get(value, value) if name in _PLACES else value


def _of_the_road(w: Words) -> dict[str, str]:
    return {
        r"run (?P<run>\d+), hub": w.t("run {run}, at the hub"),
        r"run (?P<run>\d+), stop (?P<stop>\d+)": w.t("run {run}, stop {stop}"),
        r"van stopped": w.t("the van has stopped"),
        rf"the hub moved from {_WAY}": w.t("the hub moved from {origin} to {goal}"),
        r"taken in by the branch": w.t("received by the library"),
    }


def _of_requests(w: Words) -> dict[str, str]:
    return {
        r"packed": w.t("it was packed"),
        r"unpacked": w.t("it was taken out again"),
        r"missing": w.t("it is missing"),
        r"missed at (?P<place>\S+)": w.t("missed at {place}"),
        r"found": w.t("it was found"),
        rf"{_NAMED} was asked for later: {_WAY}": w.t(
            "“{name}” was asked for later, from {origin} to {goal}"
        ),
        rf"{_NAMED} takes its place: {_WAY}": w.t(
            "“{name}” takes its place, from {origin} to {goal}"
        ),
        r"somebody waits for it, so it does not go home": w.t(
            "somebody waits for it, so it does not go home"
        ),
    }


def _of_the_match(w: Words) -> dict[str, str]:
    days = r"(?P<days>[\d.]+)"
    return {
        r"first in the queue who can have it, at (?P<place>\S+)": w.t(
            "for the first in the queue who can have it, at {place}"
        ),
        r"nobody waits": w.t("nobody waits for it"),
        r"no reader who waits may have it": w.t("no reader who waits may have it"),
        r"other copies serve those who wait better": w.t(
            "other copies serve those who wait better"
        ),
        r"it goes home to (?P<place>\S+)": w.t("so it goes home to {place}"),
        rf"it goes home to (?P<place>\S+) in {days} days": w.t(
            "so it goes home to {place} in {days} days"
        ),
        r"the reader waits where the copy is": w.t("the reader waits where the copy is"),
        rf"{days} days to a reader at (?P<place>\S+), (?P<sek>[\d.]+) SEK there and home": w.t(
            "{days} days to a reader at {place}, {sek} SEK there and home"
        ),
        r"no other copy may fill this hold": w.t("no other copy may fill this hold"),
        r"the cheapest of (?P<n>\d+) places with a copy": w.t(
            "the cheapest of {n} places with a copy"
        ),
        r"a copy at (?P<place>\S+) costs less here but serves the queue better elsewhere": w.t(
            "a copy at {place} costs less here but serves the queue better elsewhere"
        ),
    }
