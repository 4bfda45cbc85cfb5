"""The sentences of a day: decisions, versions, who, why nothing runs, what a list shows."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from api.queries.day import DayFacts
from api.queries.day_items import Filters
from logistics.operations.change.try_change import Idea
from logistics.planning.changes import Change
from logistics.planning.explain import Explanation, Reason
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


def why_no_service(w: Words, facts: DayFacts) -> str:
    """
    Say why nothing runs on a day.

    Parameters
    ----------
    w
        The reader's words.
    facts
        The day.

    Returns
    -------
    str
        One sentence, not escaped; empty on a service day.
    """
    if facts.served:
        return ""
    if facts.holiday:
        return w.t("It is {holiday}, a public holiday.", holiday=facts.why_not)
    if facts.why_not:
        return w.t("There is no service: {reason}.", reason=short(facts.why_not, 100))
    weekday = w.weekday(facts.day)
    return w.t("The service calendar has no run on this {weekday}.", weekday=weekday)


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


def shipment(w: Words, name: str, facts: DayFacts) -> str:
    """
    Name a shipment.

    Parameters
    ----------
    w
        The reader's words.
    name
        Its identifier within the day.
    facts
        The day, for names.

    Returns
    -------
    str
        As "Nora → Kumla", not escaped.
    """
    origin, _, goal = name.rpartition(":")[0].partition(">")
    start, end = place_name(facts, origin), place_name(facts, goal)
    return w.t("{origin} → {destination}", origin=start, destination=end)


def why(w: Words, found: Explanation | None, reason: str) -> str:
    """
    Say what keeps a shipment from arriving today.

    Parameters
    ----------
    w
        The reader's words.
    found
        What planning again has shown; None for what no plan of the day can move.
    reason
        Reason of the plan.

    Returns
    -------
    str
        One sentence, not escaped.
    """
    if found is None:
        if reason in {"origin-not-served", "destination-not-served"}:
            return w.t("No van calls there today; the service calendar says so.")
        return w.t("It arrives today.")
    if found.extra_sek is not None:
        amount = w.sek(found.extra_sek)
        return w.t("Another order of the stops would bring it today: +{amount}.", amount=amount)
    names = {
        Reason.WINDOW: w.t("the hours when libraries receive"),
        Reason.SHIFT: w.t("the length of the shift or the run"),
        Reason.CAPACITY: w.t("the room in the van"),
        Reason.VEHICLES: w.t("the number of vans"),
        Reason.SEVERAL: w.t("several rules at once"),
    }
    rules = ", ".join(names[one] for one in found.reasons if one in names)
    return w.t("No plan can bring it today; what stands in the way: {rules}.", rules=rules)


def remedies(w: Words, found: Explanation | None, facts: DayFacts) -> list[str]:
    """
    Say which small changes of the day would bring a shipment, each planned and checked.

    Parameters
    ----------
    w
        The reader's words.
    found
        What planning again has shown.
    facts
        The day, for names.

    Returns
    -------
    list[str]
        One sentence each, not escaped.
    """
    return [_remedy(w, one, facts) for one in found.changes] if found else []


def _remedy(w: Words, one: Change, facts: DayFacts) -> str:
    sign = "+" if one.extra_sek >= 0 else ""
    cost = sign + w.sek(one.extra_sek)
    place, van = place_name(facts, one.subject), van_name(facts, one.subject)
    n = w.number(one.amount)
    said = {
        "window-later": w.t(
            "If {place} receives {n} min longer: {cost}", place=place, n=n, cost=cost
        ),
        "window-earlier": w.t(
            "If {place} receives {n} min earlier: {cost}", place=place, n=n, cost=cost
        ),
        "shift-longer": w.t("If {van} may drive {n} min longer: {cost}", van=van, n=n, cost=cost),
        "more-room": w.t("With {n} more places in {van}: {cost}", van=van, n=n, cost=cost),
    }
    if one.kind in said:
        return said[one.kind]
    time = w.clock(one.amount)
    return w.t("With one more van like {van} from {time}: {cost}", van=van, time=time, cost=cost)


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
