"""What runs beside the requests: jobs by the clock, and webhooks; inside the server or apart."""

import threading
from functools import partial

import httpx2
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.settings import Settings
from api.webhooks import deliver_due
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.schedule import Schedule, enqueue_due, handlers
from logistics.operations.work import work
from logistics.units import parse_clock

_PAUSE_SECONDS = 1.0
_log = structlog.stdlib.get_logger("background")


class Background:
    """
    Threads that do what nobody waits for.

    A job that is cut off by the end of the process is taken up again when its lease runs out, by
    this process or another; a letter that was sent and not noted is sent again.

    Parameters
    ----------
    engine
        The database.
    settings
        When to plan, how long webhooks may take.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._stop = threading.Event()
        schedule = schedule_of(settings)

        def by_the_clock() -> None:
            enqueue_due(engine, schedule)

        jobs = partial(work, engine, handlers(schedule), self._stop, every_minute=by_the_clock)
        letters = partial(deliver_until, engine, settings, self._stop)
        self._threads = [
            threading.Thread(target=jobs, name="jobs", daemon=True),
            threading.Thread(target=letters, name="webhooks", daemon=True),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """
        Finish what is in hand, and no more.

        Parameters
        ----------
        seconds
            How long to wait for it.
        """
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)

    def wait(self) -> None:
        """Wait until somebody calls `stop`."""
        self._stop.wait()


def schedule_of(settings: Settings) -> Schedule:
    """
    Say when and how days are planned by themselves.

    Parameters
    ----------
    settings
        What the operator decided.

    Returns
    -------
    Schedule
        As the operations know it.
    """
    return Schedule(
        cut_off_seconds=parse_clock(settings.cut_off),
        plan_seconds=settings.plan_seconds,
        workers=settings.plan_workers,
        travel=settings.travel or ROAD_GRAPH,
    )


def deliver_until(engine: Engine, settings: Settings, stop: threading.Event) -> None:
    """
    Send webhooks until told to stop.

    Parameters
    ----------
    engine
        The database.
    settings
        How long a receiver may take.
    stop
        Set it to stop.
    """
    with httpx2.Client(timeout=settings.webhook_seconds, follow_redirects=False) as client:
        while not stop.is_set():
            try:
                sent = deliver_due(engine, settings, client)
            except SQLAlchemyError as error:
                _log.warning("database does not answer", error=type(error).__name__)
                sent = 0
            if not sent:
                stop.wait(_PAUSE_SECONDS)
