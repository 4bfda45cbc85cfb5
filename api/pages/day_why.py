"""Why something does not happen on a day, and the smallest change that would make it happen."""

from api.pages.day_words import place_name, van_name
from api.queries.day import DayFacts
from logistics.planning.changes import Change
from logistics.planning.explain import Explanation, Reason
from maps.escape import short
from maps.i18n import Words


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
