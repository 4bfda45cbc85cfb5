"""The sentences of a day: decisions, versions, who, why nothing runs, what a list shows."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from api.queries.day import DayFacts
from api.queries.day_items import Filters
from logistics.operations.change.try_change import Idea
from logistics.storage.tables import DayChangeRow, PlanRow
from maps.escape import short
from maps.i18n import Words

_NAME: Final = 60


def place_name(facts: DayFacts, branch: str) -> str:
    """
    Name a branch in short.

    Parameters
    ----------
    facts
        The day.
    branch
        Its identifier.

    Returns
    -------
    str
        The identifier itself where nobody knows it; not escaped.
    """
    place = facts.places.get(branch)
    return short(place.short_name if place else branch, _NAME)


def names(facts: DayFacts) -> dict[str, str]:
    """
    List what people call the branches and vehicles of a day.

    Parameters
    ----------
    facts
        The day.

    Returns
    -------
    dict[str, str]
        By identifier; not escaped.
    """
    places = {branch: place_name(facts, branch) for branch in facts.places}
    return places | {van: van_name(facts, van) for van in facts.vans}


def van_name(facts: DayFacts, van: str) -> str:
    """
    Name a vehicle.

    Parameters
    ----------
    facts
        The day.
    van
        Its identifier.

    Returns
    -------
    str
        The identifier itself where nobody knows it; not escaped.
    """
    return short(facts.vans.get(van, van), _NAME)


def change(w: Words, row: DayChangeRow, facts: DayFacts) -> str:
    """
    Say what was decided.

    Parameters
    ----------
    w
        The reader's words.
    row
        The decision.
    facts
        The day, for names.

    Returns
    -------
    str
        One clause, not escaped.
    """
    return _decision(w, row.kind, row.subject, row.details, facts)


def idea(w: Words, thought: Idea, facts: DayFacts) -> str:
    """
    Say what somebody thinks of deciding.

    Parameters
    ----------
    w
        The reader's words.
    thought
        What is thought of.
    facts
        The day, for names.

    Returns
    -------
    str
        One clause, not escaped.
    """
    return _decision(w, thought.kind or "", thought.subject, thought.details, facts)


def _decision(
    w: Words, kind: str, subject: str, details: Mapping[str, Any], facts: DayFacts
) -> str:
    place, van = place_name(facts, subject), van_name(facts, subject)
    reason = short(str(details.get("reason", "")), 100)
    match kind:
        case "close-branch":
            said = w.t("{place} is closed", place=place)
        case "vehicle-out":
            said = w.t("{van} does not run", van=van)
        case "extra-vehicle":
            like = van_name(facts, str(details.get("like", "")))
            van = short(str(details.get("name") or subject), _NAME)
            said = w.t("{van} runs too, a van like {like}", van=van, like=like)
        case "must-visit":
            said = w.t("{place} must be visited", place=place)
        case "pin":
            said = pin(w, str(details.get("strength", "")), place)
        case "move":
            said = w.t(
                "{place} rides with {van}",
                place=place,
                van=van_name(facts, str(details.get("vehicle", ""))),
            )
            after = str(details.get("after", ""))
            if after:
                said = w.t("{said}, after {other}", said=said, other=place_name(facts, after))
        case _:
            said = str(kind)
    return f"{said} ({reason})" if reason else said


def pin(w: Words, strength: str, place: str) -> str:
    """
    Say what is fixed about a stop.

    Parameters
    ----------
    w
        The reader's words.
    strength
        ``vehicle``, ``order`` or ``time``.
    place
        Name of the branch.

    Returns
    -------
    str
        One clause, not escaped.
    """
    return {
        "vehicle": w.t("{place} keeps its van", place=place),
        "order": w.t("{place} keeps its van and order", place=place),
        "time": w.t("{place} keeps its van, order and time", place=place),
    }.get(strength, place)


def pins(facts: DayFacts) -> dict[str, str]:
    """
    Tell what is fixed, also where no plan has been made since.

    Parameters
    ----------
    facts
        The day.

    Returns
    -------
    dict[str, str]
        Strength by branch.
    """
    return {
        row.subject: str(row.details.get("strength", ""))
        for row in facts.changes
        if row.kind == "pin"
    }


def version(w: Words, row: PlanRow) -> str:
    """
    Name a version with its state.

    Parameters
    ----------
    w
        The reader's words.
    row
        The version.

    Returns
    -------
    str
        As "Utkast 3".
    """
    name = {
        "draft": w.t("Draft {n}", n=row.version),
        "published": w.t("Published, version {n}", n=row.version),
        "under_way": w.t("Under way, version {n}", n=row.version),
        "closed": w.t("Closed, version {n}", n=row.version),
        "superseded": w.t("Replaced, version {n}", n=row.version),
    }
    return name[row.state]


def maker(w: Words, name: str, own: str) -> str:
    """
    Say who did something, without any name: the records hold none.

    Parameters
    ----------
    w
        The reader's words.
    name
        Identifier of who did it.
    own
        Identifier of the reader.

    Returns
    -------
    str
        One or two words.
    """
    if name == own:
        return w.t("you")
    if name in {"", "schedule"}:
        return w.t("the clock")
    return w.t("a colleague") if name.startswith(("user:", "local")) else w.t("another system")


def progress(w: Words, numbers: Mapping[str, Any]) -> str:
    """
    Say how far the planner is.

    Parameters
    ----------
    w
        The reader's words.
    numbers
        What it reported.

    Returns
    -------
    str
        One sentence.
    """
    cost, gap = numbers.get("cost_sek"), numbers.get("gap")
    if cost is None:
        return w.t("Looks for the cheapest runs")
    if gap is None:
        return w.t("Best so far {cost}", cost=w.sek(cost))
    share = w.percent(gap, 1)
    return w.t("Best so far {cost}, proved at most {share} off", cost=w.sek(cost), share=share)


def items_title(w: Words, facts: DayFacts, wanted: Filters) -> str:
    """
    Say which transfers a list shows.

    Parameters
    ----------
    w
        The reader's words.
    facts
        The day.
    wanted
        Which were asked for.

    Returns
    -------
    str
        A heading, not escaped.
    """
    title = {
        "": w.t("All transfers of the day"),
        "delivered": w.t("Delivered today"),
        "at_hub": w.t("At the hub when the day ends"),
        "left": w.t("Left behind"),
    }[wanted.outcome]
    if wanted.run is not None:
        title = w.t("{what}, run {n}", what=title, n=wanted.run)
    if wanted.stop:
        title = w.t("{what}, at {place}", what=title, place=place_name(facts, wanted.stop))
    return title


def quoted(text: str) -> str:
    """
    Write a text into an address.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Percent-encoded.
    """
    return quote(text, safe="")
