"""The words for what the records name: reasons, kinds, states, changes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.operations.view.kinds import (
    Kind,
    LateReason,
    Pin,
    PlanState,
    Remedy,
    Ride,
    UnservedReason,
)

if TYPE_CHECKING:
    from logistics.operations.view.day_view import (
        RemedyView,
        TotalsView,
        UndeliveredView,
        UnservedView,
    )
    from logistics.operations.view.run_records import StopView
    from maps.i18n import Words

_NEVER = 1e-4
_CLOSE = 0.05  # so much dearer than the best is still worth publishing without a second look
_SAYS_NOTHING = 0.5  # a bound of half the cost is no certificate


class Proof(StrEnum):
    """
    How much was proved of a plan.

    Attributes
    ----------
    OPTIMAL
        No plan is cheaper.
    CLOSE
        None is cheaper by more than a few percent.
    LOOSE
        There is a bound, but a plan that is a good deal cheaper may exist.
    NONE
        Nothing worth saying.
    """

    OPTIMAL = "optimal"
    CLOSE = "close"
    LOOSE = "loose"
    NONE = "none"


def kind_name(w: Words, kind: Kind, n: int, *, overdue: bool = False) -> str:
    """
    Count items of one kind.

    Parameters
    ----------
    w
        The reader's words.
    kind
        Why they travel.
    n
        How many.
    overdue
        Whether readers have waited for them longer than was promised.

    Returns
    -------
    str
        As "3 reservationer".
    """
    if overdue:
        return w.many("{n} overdue hold", "{n} overdue holds", n)
    forms = {
        Kind.HOLD: w.many("{n} hold", "{n} holds", n),
        Kind.RETURN: w.many("{n} return", "{n} returns", n),
        Kind.REBALANCE: w.many("{n} item moved", "{n} items moved", n),
        Kind.SUPPLY: w.many("{n} new item", "{n} new items", n),
    }
    return forms[kind]


def items(w: Words, n: int) -> str:
    """
    Count items.

    Parameters
    ----------
    w
        The reader's words.
    n
        How many.

    Returns
    -------
    str
        As "3 exemplar".
    """
    return w.many("{n} item", "{n} items", n)


def ride_name(w: Words, ride: Ride) -> str:
    """
    Say how a bundle travels today.

    Parameters
    ----------
    w
        The reader's words.
    ride
        How it travels.

    Returns
    -------
    str
        A few words.
    """
    return {
        Ride.DIRECT: w.t("arrives today"),
        Ride.TO_HUB: w.t("rides to the hub"),
        Ride.FROM_HUB: w.t("from the hub"),
    }[ride]


def state_name(w: Words, state: PlanState) -> str:
    """
    Name the state of a plan.

    Parameters
    ----------
    w
        The reader's words.
    state
        The state.

    Returns
    -------
    str
        One or two words.
    """
    return {
        PlanState.DRAFT: w.t("Draft"),
        PlanState.PUBLISHED: w.t("Published"),
        PlanState.UNDER_WAY: w.t("Under way"),
        PlanState.CLOSED: w.t("Closed day"),
    }[state]


def pin_name(w: Words, pin: Pin) -> str:
    """
    Name what is fixed about a stop.

    Parameters
    ----------
    w
        The reader's words.
    pin
        What is fixed.

    Returns
    -------
    str
        One or two words.
    """
    return {
        Pin.VEHICLE: w.t("van fixed"),
        Pin.ORDER: w.t("order fixed"),
        Pin.TIME: w.t("time fixed"),
    }[pin]


def unserved_reason(w: Words, unserved: UnservedView) -> str:
    """
    Say why no run calls at a branch, and when the next one does.

    Parameters
    ----------
    w
        The reader's words.
    unserved
        The branch and the reason.

    Returns
    -------
    str
        One or two sentences, not escaped.
    """
    reason = {
        UnservedReason.NOT_ITS_DAY: w.t("Not one of its service days"),
        UnservedReason.HOLIDAY: w.t("Public holiday"),
        UnservedReason.CLOSED: w.t("Closed today"),
        UnservedReason.NOTHING_TO_DO: w.t("Nothing to fetch or bring"),
        UnservedReason.NOT_WORTH_IT: w.t("The detour costs more than waiting"),
        UnservedReason.OUT_OF_REACH: w.t("No van reaches it in time"),
    }[unserved.reason]
    detail = f" ({unserved.detail})" if unserved.detail else ""
    day = unserved.next_service
    after = " " + w.t("Next service {day}.", day=w.day(day, year=False)) if day else ""
    return f"{reason}{detail}.{after}"


def late_reason(w: Words, late: UndeliveredView) -> str:
    """
    Say why a shipment does not arrive today.

    Parameters
    ----------
    w
        The reader's words.
    late
        The shipment.

    Returns
    -------
    str
        A clause without a full stop, not escaped.
    """
    van = late.subject or w.t("the van")
    return {
        LateReason.VAN_HAD_PASSED: w.t(
            "{van} has already passed {place}", van=van, place=late.destination.short_name
        ),
        LateReason.OTHER_RUN: w.t(
            "{place} is on another run, so it changes at the hub",
            place=late.destination.short_name,
        ),
        LateReason.ORIGIN_NOT_SERVED: w.t(
            "no van calls at {place} today", place=late.origin.short_name
        ),
        LateReason.DESTINATION_NOT_SERVED: w.t(
            "no van calls at {place} today", place=late.destination.short_name
        ),
        LateReason.NO_ROOM: w.t("there is no room in {van}", van=van),
        LateReason.LEFT_BEHIND: w.t("taking it along would cost more than waiting"),
        LateReason.NOT_TAKEN: w.t(
            "it was not taken along when the van called at {place}", place=late.origin.short_name
        ),
        LateReason.VAN_STOPPED: w.t(
            "aboard {van}, which has stopped at {place}",
            van=van,
            place=(late.waits_at or late.origin).short_name,
        ),
    }[late.reason]


def fetched(w: Words, stop: StopView) -> str:
    """
    Say what is fetched at a stop out of a van that goes no further.

    Parameters
    ----------
    w
        The reader's words.
    stop
        The stop.

    Returns
    -------
    str
        One sentence, not escaped; empty where nothing is.
    """
    if not stop.fetches_from:
        return ""
    return w.many(
        "{n} item is fetched out of {van}, which has stopped here.",
        "{n} items are fetched out of {van}, which has stopped here.",
        stop.items_fetched,
        van=stop.fetches_from,
    )


def remedy(w: Words, change: RemedyView) -> str:
    """
    Say what would bring a shipment today, and at what price.

    Parameters
    ----------
    w
        The reader's words.
    change
        The change.

    Returns
    -------
    str
        One clause, not escaped.
    """
    subject, other = change.subject, change.other
    n = w.number(change.amount)
    what = {
        Remedy.VISIT: w.t("visit {subject}", subject=subject),
        Remedy.VISIT_INSTEAD: w.t(
            "visit {subject} instead of {other}", subject=subject, other=other
        ),
        Remedy.EXTRA_RUN: w.t("let {subject} run too", subject=subject),
        Remedy.REVERSE_RUN: w.t("turn the run of {subject} round", subject=subject),
        Remedy.OTHER_VAN: w.t("let {other} call at {subject}", subject=subject, other=other),
        Remedy.STOP_LATER: w.t("call at {subject} after {other}", subject=subject, other=other),
        Remedy.TAKE_ALONG: w.t("take it along with {subject}", subject=subject),
        Remedy.OTHER_ORDER: w.t("change the order of {subject}", subject=subject),
        Remedy.WINDOW_LATER: w.t("if {subject} receives {n} min longer", subject=subject, n=n),
        Remedy.WINDOW_EARLIER: w.t("if {subject} receives {n} min earlier", subject=subject, n=n),
        Remedy.SHIFT_LONGER: w.t("if {subject} may drive {n} min longer", subject=subject, n=n),
        Remedy.MORE_ROOM: w.t("with {n} more places in {subject}", subject=subject, n=n),
        Remedy.ONE_MORE_VAN: w.t(
            "with one more van like {subject} from {time}",
            subject=subject,
            time=w.clock(change.amount),
        ),
    }[change.change]
    sign = "+" if change.cost_sek >= 0 else ""
    return w.t("Today: {cost} ({what})", cost=sign + w.sek(change.cost_sek), what=what)


def certificate(w: Words, totals: TotalsView) -> str:
    """
    Say how good the plan is.

    Parameters
    ----------
    w
        The reader's words.
    totals
        The day in numbers.

    Returns
    -------
    str
        One sentence.
    """
    share = w.percent(totals.gap or 0.0, 1)
    return {
        Proof.OPTIMAL: w.t("Proved: no plan is cheaper."),
        Proof.CLOSE: w.t("Proved at most {share} from the best possible plan.", share=share),
        Proof.LOOSE: w.t(
            "Not proved to be near the best plan: a cheaper one by up to {share} may exist.",
            share=share,
        ),
        Proof.NONE: w.t("How far from the best plan is not proved."),
    }[proof(totals)]


def proof(totals: TotalsView) -> Proof:
    """
    Tell how much was proved of the plan.

    Parameters
    ----------
    totals
        The day in numbers.

    Returns
    -------
    Proof
        Each looks different, by sign and word.
    """
    if totals.gap is None or totals.gap >= _SAYS_NOTHING:
        return Proof.NONE
    if totals.gap <= _NEVER:
        return Proof.OPTIMAL
    return Proof.CLOSE if totals.gap <= _CLOSE else Proof.LOOSE


def travel_source(w: Words, source: str) -> str:
    """
    Say whence distances and times come.

    Parameters
    ----------
    w
        The reader's words.
    source
        "road-graph", "osrm" or "straight-line".

    Returns
    -------
    str
        One sentence; the source itself where it is not known here.
    """
    return {
        "road-graph": w.t("Distances and times from the cooperation's own road sketch."),
        "osrm": w.t("Distances and times from a road server with OpenStreetMap data."),
        "straight-line": w.t("Distances and times estimated from straight lines."),
    }.get(source, source)
