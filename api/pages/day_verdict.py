"""How a trial is judged in words: what it costs, and which rules it breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pages import day_words
from api.queries.day import DayFacts
from logistics.operations.change.try_change import Sums, Trial
from logistics.planning.check import Kind, Violation
from logistics.units import SECONDS_PER_MINUTE
from maps.i18n import Words

_BREAKS: Final = (
    Kind.BREAK_MISSING,
    Kind.BREAK_NOWHERE,
    Kind.BREAK_TOO_LATE,
    Kind.BREAK_TOO_EARLY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One number that changes.

    Attributes
    ----------
    name
        What it counts.
    said
        By how much, with sign and unit.
    now
        What it would be.
    tone
        ``dearer``, ``cheaper``, or nothing.
    """

    name: str
    said: str
    now: str
    tone: str


def differences(w: Words, trial: Trial) -> Sequence[Difference]:
    """
    Say what a decision changes.

    Parameters
    ----------
    w
        The reader's words.
    trial
        What it would do.

    Returns
    -------
    Sequence[Difference]
        Money first.
    """
    return compared(w, trial.before, trial.after)


def compared(w: Words, before: Sums, after: Sums) -> Sequence[Difference]:
    """
    Say how one plan differs from another.

    Parameters
    ----------
    w
        The reader's words.
    before, after
        The plans in numbers.

    Returns
    -------
    Sequence[Difference]
        Money first.
    """
    money = after.cost_sek - before.cost_sek
    metres = after.distance_metres - before.distance_metres
    paid = after.paid_seconds - before.paid_seconds
    delivered = after.delivered - before.delivered
    hub, left = after.at_hub - before.at_hub, after.left - before.left
    minutes = round(paid / SECONDS_PER_MINUTE)
    return [
        _difference(w.t("Cost"), w.sek(money), w.sek(after.cost_sek), round(money)),
        _difference(
            w.t("Driving"),
            w.sek(after.driving_sek - before.driving_sek),
            w.sek(after.driving_sek),
            round(after.driving_sek - before.driving_sek),
        ),
        _difference(w.t("Distance"), w.km(metres), w.km(after.distance_metres), round(metres, -3)),
        _difference(
            w.t("Paid time"),
            w.t("{n} min", n=w.number(minutes)),
            w.span(after.paid_seconds),
            minutes,
        ),
        _difference(
            w.t("Delivered today"),
            w.number(delivered),
            w.number(after.delivered),
            -delivered,
            delivered,
        ),
        _difference(w.t("To the hub"), w.number(hub), w.number(after.at_hub), 0, hub),
        _difference(w.t("Left behind"), w.number(left), w.number(after.left), left),
    ]


def _difference(name: str, said: str, now: str, worse: int, shown: int | None = None) -> Difference:
    number = worse if shown is None else shown
    tone = "dearer" if worse > 0 else "cheaper" if worse < 0 else ""
    return Difference(
        name=name, said=f"+{said}" if number > 0 else said if number else "±0", now=now, tone=tone
    )


def broken(w: Words, trial: Trial, facts: DayFacts) -> Sequence[str]:
    """
    Name the rules that runs arranged by hand break.

    Parameters
    ----------
    w
        The reader's words.
    trial
        What it would do.
    facts
        The day, for names.

    Returns
    -------
    Sequence[str]
        One sentence each.
    """
    said = [_rule(w, one, trial, facts) for one in trial.broken]
    return list(dict.fromkeys(said))


def _rule(w: Words, one: Violation, trial: Trial, facts: DayFacts) -> str:
    minutes = w.number(max(1, round(one.excess / SECONDS_PER_MINUTE)))
    place = day_words.place_name(facts, one.subject)
    run = trial.plan.runs[one.run].vehicle if one.run is not None else one.subject
    van = day_words.van_name(facts, run)
    items = w.number(one.excess)
    said = {
        Kind.AFTER_WINDOW: w.t(
            "{van} comes to {place} {n} min too late.", van=van, place=place, n=minutes
        ),
        Kind.BEFORE_WINDOW: w.t(
            "{van} comes to {place} {n} min too early.", van=van, place=place, n=minutes
        ),
        Kind.AFTER_SHIFT: w.t(
            "{van} is home {n} min after the end of the shift.", van=van, n=minutes
        ),
        Kind.TOO_LONG: w.t("The run of {van} is {n} min too long.", van=van, n=minutes),
        Kind.OVERLOADED: w.t("{van} is {n} items too full.", van=van, n=items),
        Kind.NOT_VISITED: w.t("{place} must be visited, but is not.", place=place),
    }
    said |= dict.fromkeys(_BREAKS, w.t("There is no place for the break of {van}.", van=van))
    other = w.t("{van} breaks a rule of the day: {rule}.", van=van, rule=one.kind.value)
    return said.get(one.kind, other)
