"""What is uncertain about a report, in the reader's language; the records hold it in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words


def told(data: ReportData, w: Words) -> list[str]:
    """
    Say what is uncertain about a report.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    list[str]
        One sentence each; one that is not known here stays as it is.
    """
    return [_sentence(text, w) for text in data.caveats]


def _sentence(text: str, w: Words) -> str:
    for pattern, say in (
        (r"nothing was booked .*", _nothing),
        (r"no emission factor for (?P<energy>.*); CO2e is not whole", _no_factor),
        (r"the emission factor for (?P<energy>.*) is of (?P<day>\S+): over .*", _old_factor),
        (
            r"shares by the game: all (?P<groups>\d+) groups of (the|(?P<days>\d+)) days? are \w+",
            _all_proved,
        ),
        (
            r"shares by the game: (?P<proved>\d+) of (?P<groups>\d+) .* (?P<sek>[\d.]+) SEK .*",
            _some_bounded,
        ),
        (r"shares by the game: (?P<n>\d+) of \d+ days were priced without proofs", _not_proved),
    ):
        match = re.fullmatch(pattern, text)
        if match:
            return say(w, match)
    return text


def _nothing(w: Words, _: re.Match[str]) -> str:
    return w.t("Nothing is booked in this period; close its days first.")


def _no_factor(w: Words, match: re.Match[str]) -> str:
    return w.t(
        "There is no CO2e factor for {energy}; the emissions are not whole.", **match.groupdict()
    )


def _old_factor(w: Words, match: re.Match[str]) -> str:
    return w.t(
        "The CO2e factor for {energy} is of {day}, more than two years old.", **match.groupdict()
    )


def _all_proved(w: Words, match: re.Match[str]) -> str:
    return w.many(
        "The Shapley shares of {n} day rest on the proved cost of all {groups} groups of "
        "municipalities.",
        "The Shapley shares of all {n} days rest on the proved cost of all {groups} groups of "
        "municipalities.",
        int(match["days"] or 1),
        groups=w.number(int(match["groups"])),
    )


def _some_bounded(w: Words, match: re.Match[str]) -> str:
    return w.t(
        "The Shapley shares rest on the proved cost of {proved} of {groups} groups and on bounds "
        "for the others; no municipality's share is more than {sek} uncertain.",
        proved=w.number(int(match["proved"])),
        groups=w.number(int(match["groups"])),
        sek=w.sek(float(match["sek"]), 2),
    )


def _not_proved(w: Words, match: re.Match[str]) -> str:
    return w.many(
        "The Shapley shares of {n} day rest on plans that were not proved.",
        "The Shapley shares of {n} days rest on plans that were not proved.",
        int(match["n"]),
    )
