"""The sentences about an item on its way."""

from collections.abc import Mapping
from datetime import date, datetime

from api.queries.tracking import NextRide, Tracked
from logistics.demand.transfers import TransferState
from logistics.operations.day.local_time import clock_seconds, local_day
from logistics.storage.tables import EventRow
from maps.i18n import Words


def sentence(w: Words, found: Tracked, places: Mapping[str, str], today: date) -> str:
    """
    Say where an item is, by which run it goes on, and when it arrives.

    Parameters
    ----------
    w
        The reader's words.
    found
        The transfer.
    places
        Names of branches.
    today
        The day on which it is said.

    Returns
    -------
    str
        As "Ligger i Nora, packad till Kumla, åker med Bil 1 i dag, framme 13:05."
    """
    parts = [_where(w, found, places, today)]
    if not found.has_ended and found.row.state != TransferState.MISSING:
        if found.ride is not None and found.row.state != TransferState.ABOARD:
            parts.append(_rides(w, found.ride, today))
        parts.append(
            w.t("there {when}", when=when_said(w, found.expected, today))
            if found.expected
            else _promised(w, found.row.promised_on, today)
        )
    return ", ".join(parts) + "."


def _promised(w: Words, day: date | None, today: date) -> str:
    if day is None or day < today:
        return w.t("no published plan carries it yet")
    return w.t("there by {day} at the latest", day=w.day(day, year=day.year != today.year))


def step(w: Words, event: EventRow, places: Mapping[str, str]) -> str:
    """
    Name one step of an item's history.

    Parameters
    ----------
    w
        The reader's words.
    event
        What happened.
    places
        Names of branches.

    Returns
    -------
    str
        A few words.
    """
    named = {
        "transfer.requested": w.t("Asked for"),
        "transfer.expected": w.t("Planned"),
        "transfer.packed": w.t("Packed"),
        "transfer.aboard": w.t("Taken aboard"),
        "transfer.at_hub": w.t("Put down at the hub"),
        "transfer.delivered": w.t("Delivered"),
        "transfer.cancelled": w.t("Cancelled"),
        "transfer.missing": w.t("Reported missing"),
    }
    what = named.get(event.kind, event.kind)
    return f"{what}, {places.get(event.place, event.place)}" if event.place else what


def _where(w: Words, found: Tracked, places: Mapping[str, str], today: date) -> str:
    row = found.row
    values = {"place": places.get(row.at, row.at), "to": places.get(row.destination, "")}
    state = TransferState(row.state)
    if state is TransferState.DELIVERED:
        return w.t("Arrived in {to} {when}", when=when_said(w, row.changed_at, today), **values)
    if state is TransferState.ABOARD and found.ride is not None:
        return w.t("Aboard {van}, bound for {to}", van=found.ride.vehicle, **values)
    if found.in_van:
        return w.t(
            "Aboard {van}, which has stopped at {place}, bound for {to}", van=found.in_van, **values
        )
    return {
        TransferState.REQUESTED: w.t("Lies in {place}, not yet packed for {to}", **values),
        TransferState.PACKED: w.t("Lies in {place}, packed for {to}", **values),
        TransferState.ABOARD: w.t("Aboard a van, bound for {to}", **values),
        TransferState.AT_HUB: w.t("Rests at the hub, {place}, bound for {to}", **values),
        TransferState.CANCELLED: w.t("Cancelled; it was last in {place}", **values),
        TransferState.MISSING: w.t("Missing; it was last seen in {place}", **values),
    }[state]


def _rides(w: Words, ride: NextRide, today: date) -> str:
    if ride.day == today:
        return w.t("rides with {van} today", van=ride.vehicle)
    return w.t("rides with {van} on {day}", van=ride.vehicle, day=w.day(ride.day, year=False))


def when_said(w: Words, moment: datetime, today: date) -> str:
    """
    Say when something happens.

    Parameters
    ----------
    w
        The reader's words.
    moment
        When.
    today
        The day on which it is said.

    Returns
    -------
    str
        As "i dag 13:05".
    """
    day = local_day(moment)
    clock = w.clock(clock_seconds(day, moment))
    if day == today:
        return w.t("today at {time}", time=clock)
    return w.t("{day} at {time}", day=w.day(day, year=day.year != today.year), time=clock)
