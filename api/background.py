"""What runs beside the requests: jobs by the clock, webhooks, the drop folder; inside or apart."""

import threading
from datetime import timedelta
from functools import partial

import httpx2
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.settings import Settings
from api.webhooks import deliver_due
from logistics.errors import LogisticsError
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.receive_feeds import drop_folder, look_alone
from logistics.operations.upkeep.retention import Retention
from logistics.operations.upkeep.schedule import Schedule, enqueue_due, handlers
from logistics.operations.upkeep.work import work
from logistics.units import SECONDS_PER_DAY, parse_clock

_PAUSE_SECONDS = 1.0
_log = structlog.get_logger("background")


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

        lease = timedelta(seconds=settings.lease_seconds)
        jobs = partial(
            work, engine, handlers(schedule), self._stop, lease=lease, every_minute=by_the_clock
        )
        letters = partial(deliver_until, engine, settings, self._stop)
        tasks = {"jobs": jobs, "webhooks": letters}
        if settings.drop_folder is not None:
            tasks["drop folder"] = partial(watch_folder, engine, settings, self._stop)
        self._threads = [
            threading.Thread(target=task, name=name, daemon=True) for name, task in tasks.items()
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Say that it shall stop, and wait for nothing."""
        self._stop.set()

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
        """Wait until somebody calls `end`."""
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
        moved_stop_sek=settings.moved_stop_sek,
        retention=Retention(
            item_days=settings.item_days,
            answer_days=settings.answer_days,
            job_days=settings.job_days,
            audit_days=settings.audit_days,
        ),
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


def watch_folder(engine: Engine, settings: Settings, stop: threading.Event) -> None:
    """
    Take in what is dropped into the folder until told to stop.

    Parameters
    ----------
    engine
        The database.
    settings
        Which folder, and whose codes.
    stop
        Set it to stop.
    """
    if settings.drop_folder is None:
        return
    drop = drop_folder(
        engine,
        settings.drop_folder,
        source=settings.drop_source,
        settle_seconds=settings.drop_settle_seconds,
        by=MatchBy(settings.match_by),
    )
    while not stop.is_set():
        try:
            for one in look_alone(drop):
                state = "rejected" if one.problems else "done"
                _log.info("file taken", state=state, count=len(one.problems))
            drop.purge(older_than_seconds=settings.drop_days * SECONDS_PER_DAY)
        except (LogisticsError, SQLAlchemyError, OSError) as error:
            _log.warning("drop folder cannot be read", error=type(error).__name__)
        stop.wait(_PAUSE_SECONDS)
