"""Why something does not happen on a day."""

from api.pages.day_remedies import Found
from api.pages.day_words import place_name
from api.queries.day import DayFacts
from logistics.operations.view.kinds import LateReason
from logistics.planning.explain import Reason
from maps import terms
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


def why(w: Words, found: Found | None, reason: str) -> str:
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
        if reason == LateReason.NOT_TAKEN:
            return w.t("No van calls there again today.")
        return w.t("It arrives today.")
    if found.explanation.extra_sek is not None:
        return f"{terms.remedy(w, found.remedies[0])}."
    names = {
        Reason.WINDOW: w.t("the hours when libraries receive"),
        Reason.SHIFT: w.t("the length of the shift or the run"),
        Reason.CAPACITY: w.t("the room in the van"),
        Reason.VEHICLES: w.t("the number of vans"),
        Reason.SEVERAL: w.t("several rules at once"),
    }
    rules = ", ".join(names[one] for one in found.explanation.reasons if one in names)
    return w.t("No plan can bring it today; what stands in the way: {rules}.", rules=rules)
