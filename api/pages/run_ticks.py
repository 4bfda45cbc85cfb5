"""What a driver's form reports, as ticks: one tap is one report, however often it is sent."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from api.pages.forms import Form
from api.pages.run_goods import bundle_line
from api.problems import ProblemError
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import InputError
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.run_records import BundleView, StopView
from maps.escape import short
from maps.i18n import Words

#: A phone that lay dead longer than this sends what nobody needs any more.
LONGEST_AGE: Final = timedelta(hours=36)
_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,60}")
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_NOTE_LENGTH = 160
_OF_RUN: Final = frozenset({TickKind.DEPART, TickKind.RETURN})
_KINDS: Final = {kind.value: kind for kind in TickKind}


class Exceptional(StrEnum):
    """
    Why a stop went otherwise than planned.

    Attributes
    ----------
    CLOSED
        Nobody let the driver in: the stop is passed by, its goods stay aboard.
    MISSING
        Bundles were not to be found; the rest was handled.
    NO_ROOM
        Bundles did not fit and stay; the rest was handled.
    BREAKDOWN
        The van does not go on; the stop waits.
    """

    CLOSED = "closed"
    MISSING = "missing"
    NO_ROOM = "no-room"
    BREAKDOWN = "breakdown"


def reason_name(w: Words, reason: Exceptional) -> str:
    """
    Name a reason.

    Parameters
    ----------
    w
        The reader's words.
    reason
        The reason.

    Returns
    -------
    str
        A few words.
    """
    return {
        Exceptional.CLOSED: w.t("Closed, nobody opened"),
        Exceptional.MISSING: w.t("Bundles are missing"),
        Exceptional.NO_ROOM: w.t("Bundles did not fit"),
        Exceptional.BREAKDOWN: w.t("The van has broken down"),
    }[reason]


def kind_name(w: Words, kind: TickKind) -> str:
    """
    Name what was reported.

    Parameters
    ----------
    w
        The reader's words.
    kind
        What.

    Returns
    -------
    str
        A word or two.
    """
    return {
        TickKind.DEPART: w.t("left the hub"),
        TickKind.ARRIVE: w.t("there"),
        TickKind.DONE: w.t("done"),
        TickKind.EXCEPTION: w.t("exception"),
        TickKind.RETURN: w.t("back at the hub"),
    }[kind]


def tick_id(code: str, kind: str, stop: int | str | None) -> str:
    """
    Name the report of one step, so that two taps, two phones and two tries are one report.

    Parameters
    ----------
    code
        Code of the run.
    kind
        A kind of `TickKind`.
    stop
        Code of the stop, or its number from a page that had none; None at the hub.

    Returns
    -------
    str
        As "3f0a-done-77b1".
    """
    return f"{code}-{kind}" if stop is None else f"{code}-{kind}-{stop}"


def ticks_of(
    form: Form, code: str, on_sheet: Callable[[Tick], StopView | None], w: Words, now: datetime
) -> list[Tick]:
    """
    Read a form of the driver's page.

    Parameters
    ----------
    form
        With ``kind``, ``stop`` and its code ``place``, the ``version`` of the plan that was shown,
        ``id`` and, from a phone that kept it, ``age`` in milliseconds: a phone's clock may be
        wrong, but what lies between two of its moments is not.
    code
        Code of the run.
    on_sheet
        Looks the stop up as the driver saw it, for its bundles.
    w
        The driver's words, for what the coordinator reads.
    now
        The moment, by our own clock.

    Returns
    -------
    list[Tick]
        In the order in which they are to be taken in.

    Raises
    ------
    ProblemError
        A field does not say what it should.
    """
    kind = _KINDS.get(form.text("kind"))
    if kind is None:
        raise ProblemError("bad-input", f"kind: expected one of {', '.join(_KINDS)}")
    stop, place = _stop(form), _matching(form, "place", _CODE, "a code")
    if kind in _OF_RUN:
        stop, place = None, ""
    version = _matching(form, "version", _NUMBER, "the version of a plan")
    told = Tick(
        id=tick_id(code, kind.value, place or stop),
        run=code,
        kind=kind,
        at=now - _age(form),
        stop=stop,
        stop_code=place,
        version=int(version) if version else None,
    )
    return _exception(form, told, on_sheet, w) if kind is TickKind.EXCEPTION else [told]


def _exception(
    form: Form, told: Tick, on_sheet: Callable[[Tick], StopView | None], w: Words
) -> list[Tick]:
    try:
        reason = Exceptional(form.text("reason"))
    except ValueError:
        raise ProblemError("bad-input", w.t("Choose what has happened.")) from None
    name = form.text("id") or f"{told.run}-{form.text('once')}"[:60]
    if not _ID.fullmatch(name):
        raise ProblemError("bad-input", "id: expected 8 to 60 letters, digits, dots or dashes")
    stays = reason in {Exceptional.MISSING, Exceptional.NO_ROOM}
    chosen = _chosen(form, on_sheet(told)) if stays else []
    if stays and not chosen:
        raise ProblemError("bad-input", w.t("Choose which bundles it is about."))
    words = [reason_name(w, reason), *(bundle_line(w, b, off=off) for b, off in chosen)]
    is_of_van = reason is Exceptional.BREAKDOWN
    note = short(": ".join(filter(None, [", ".join(words), _note(form, w)])), 200)
    report = replace(
        told,
        id=name,
        note=note,
        stop=None if is_of_van else told.stop,
        stop_code="" if is_of_van else told.stop_code,
    )
    if not stays:
        return [report]
    ids = frozenset(transfer for bundle, _ in chosen for transfer in bundle.transfers)
    is_missing = reason is Exceptional.MISSING
    done = replace(
        told,
        id=tick_id(told.run, TickKind.DONE.value, told.stop_code or told.stop),
        kind=TickKind.DONE,
        missing=ids if is_missing else frozenset(),
        not_taken=frozenset() if is_missing else ids,
    )
    return [report, done]


def _chosen(form: Form, stop: StopView | None) -> list[tuple[BundleView, bool]]:
    if stop is None:
        return []
    wanted = set(form.texts("bundle"))
    return [
        *((bundle, True) for bundle in stop.unload if f"off {bundle.id}" in wanted),
        *((bundle, False) for bundle in stop.load if f"on {bundle.id}" in wanted),
    ]


def _note(form: Form, w: Words) -> str:
    note = short(form.text("note"), _NOTE_LENGTH)
    try:
        refuse_personal_values({"note": note})
    except InputError:
        # Refusing the report would lose it; what it says about a person is lost instead.
        return w.t("(a note that looked like a personal number was left out)")
    return note


def _stop(form: Form) -> int | None:
    text = form.text("stop")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ProblemError("bad-input", f"stop: it is {text[:20]!r}, expected its number")
    return int(text)


def _matching(form: Form, name: str, pattern: re.Pattern[str], expected: str) -> str:
    text = form.text(name)
    if text and not pattern.fullmatch(text):
        raise ProblemError("bad-input", f"{name}: it is {text[:20]!r}, expected {expected}")
    return text


def _age(form: Form) -> timedelta:
    text = form.text("age", "0")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        return timedelta()
    return min(timedelta(milliseconds=int(text)), LONGEST_AGE)
