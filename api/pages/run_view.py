"""A run as the driver's page shows it: one card for each step, one of them the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.run_goods import Goods, loaded_at_hub, taken_off, taken_on, unloaded_at_hub
from api.queries.progress import Progress, forecast
from logistics.operations.day.local_time import moment
from logistics.operations.view.day_view import DayView
from logistics.operations.view.place_records import PlaceView
from logistics.operations.view.run_records import RunView, StopView
from logistics.storage.tables import RunRow
from maps.i18n import Words

_NOON = 12 * 3600
_A_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """
    One step of a run.

    Attributes
    ----------
    number
        0 to leave the hub, the number of a stop, one more to come back.
    place
        Where.
    planned, expected
        Clock times of arrival; at the hub of departure.
    off, on
        What comes off and goes on; None where there is no such side.
    stop
        The stop; None at the hub.
    """

    number: int
    place: PlaceView
    planned: int
    expected: int
    off: Goods | None = None
    on: Goods | None = None
    stop: StopView | None = None

    @property
    def differs(self) -> bool:
        """Whether the expected time is another than the planned one, by a minute or more."""
        return self.expected // _A_MINUTE != self.planned // _A_MINUTE

    @property
    def geo(self) -> str:
        """The address that opens the phone's own map, without any page of ours or others."""
        latitude, longitude = self.place.point
        return f"geo:{latitude:.6f},{longitude:.6f}?q={latitude:.6f},{longitude:.6f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """
    Everything the driver's page shows.

    Attributes
    ----------
    code
        Code of the run.
    day
        Its service day.
    run
        The run.
    so_far
        How far it has come.
    cards
        The steps in order.
    next
        Number of the step to do next; one more than there are cards when all is done.
    shown
        Number of the card that is open.
    data
        What the page's script needs.
    """

    code: str
    day: date
    run: RunView
    so_far: Progress
    cards: tuple[Card, ...]
    next: int
    shown: int
    data: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        view: DayView,
        row: RunRow,
        so_far: Progress,
        w: Words,
        *,
        now: int,
        today: date,
        stop: int | None = None,
    ) -> "RunPage":
        """
        Lay the page out.

        Parameters
        ----------
        view
            The day.
        row
            The run as it is stored.
        so_far
            How far it has come.
        w
            The reader's words.
        now
            Clock time.
        today
            The day on which it is shown; the forecast of another day holds as planned.
        stop
            The stop that is asked for; None for the next step.

        Returns
        -------
        RunPage
            The page.
        """
        run = next(one for one in view.runs if one.number == row.number)
        arrivals = forecast(run, so_far, now if today == view.service_day else 0)
        following = so_far.next_step(len(run.stops))
        return cls(
            code=row.code,
            day=view.service_day,
            run=run,
            so_far=so_far,
            cards=_cards(view, run, arrivals, so_far, w),
            next=following,
            shown=stop if stop is not None and 0 < stop <= len(run.stops) else following,
            data=_data(view, run, row.code, so_far),
        )


def wire(so_far: Progress) -> dict[str, Any]:
    """
    Write down how far a run has come, for the page's script.

    Parameters
    ----------
    so_far
        How far.

    Returns
    -------
    dict[str, Any]
        Clock times.
    """
    marks = {
        str(number): {"arrived": one.arrived, "done": one.done, "skipped": one.skipped}
        for number, one in so_far.marks.items()
    }
    return {"departed": so_far.departed, "returned": so_far.returned, "marks": marks}


def _cards(
    view: DayView, run: RunView, arrivals: list[int], so_far: Progress, w: Words
) -> tuple[Card, ...]:
    leaves = Card(
        number=0,
        place=view.hub,
        planned=run.start,
        expected=run.start if so_far.departed is None else so_far.departed,
        on=loaded_at_hub(run),
    )
    back = Card(
        number=len(run.stops) + 1,
        place=view.hub,
        planned=run.end,
        expected=arrivals[-1],
        off=unloaded_at_hub(run),
    )
    stops = (
        Card(
            number=stop.number,
            place=stop.place,
            planned=stop.arrive,
            expected=expected,
            off=taken_off(stop, w),
            on=taken_on(run, stop),
            stop=stop,
        )
        for stop, expected in zip(run.stops, arrivals, strict=False)
    )
    return (leaves, *stops, back)


def _data(view: DayView, run: RunView, code: str, so_far: Progress) -> dict[str, Any]:
    zero = moment(view.service_day, _NOON).timestamp() - _NOON
    stops = [
        {
            "number": stop.number,
            "arrive": stop.arrive,
            "begin": stop.begin,
            "depart": stop.depart,
            "opens": stop.window[0] if stop.window else 0,
            "place": stop.code,
        }
        for stop in run.stops
    ]
    return {
        "code": code,
        "version": view.version,
        "zero": round(zero),
        "start": run.start,
        "end": run.end,
        "stops": stops,
        "state": wire(so_far),
    }
