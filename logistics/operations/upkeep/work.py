"""Work in the background: take jobs, keep their leases, survive whatever happens to a worker."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from logistics.errors import LogisticsError, UnavailableError
from logistics.storage.jobs import (
    LEASE,
    abandon,
    claim,
    fail,
    finish,
    finish_in,
    renew,
    report_progress,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from logistics.storage.tables import JobRow

log = logging.getLogger(__name__)


class CancelledError(Exception):
    """The job was cancelled, or its lease was lost to another worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    What a handler is given.

    Attributes
    ----------
    engine
        The database.
    key
        What to work on.
    payload
        Further instructions.
    progress
        Tell whoever watches how far it has come: a phase, and numbers.
    check
        Raise ``CancelledError`` when the work is no longer wanted; to be called before anything is
        kept.
    finish
        End the job, with its result, in the transaction that keeps what it made; raises
        ``CancelledError`` when the work is no longer wanted. For work that done twice would be
        there twice.
    """

    engine: Engine
    key: str
    payload: Mapping[str, Any]
    progress: Callable[[str, dict[str, Any]], None]
    check: Callable[[], None]
    finish: Callable[[Session, dict[str, Any]], None]


Handler = Callable[[Task], dict[str, Any]]


def worker_name() -> str:
    """
    Name a worker unlike any other.

    Returns
    -------
    str
        Machine, process and a random part.
    """
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def work_once(
    engine: Engine,
    handlers: Mapping[str, Handler],
    *,
    worker: str,
    lease: timedelta = LEASE,
) -> bool:
    """
    Do the next job, if there is one.

    Parameters
    ----------
    engine
        The database.
    handlers
        What to call for each kind of job.
    worker
        Name of this worker.
    lease
        How long a job stays its own when it falls silent.

    Returns
    -------
    bool
        Whether there was a job.
    """
    job = claim(engine, worker, list(handlers), lease=lease)
    if job is None:
        return False
    _do(engine, job, handlers[job.kind], worker, lease)
    return True


def work(
    engine: Engine,
    handlers: Mapping[str, Handler],
    stop: threading.Event,
    *,
    poll_seconds: float = 1.0,
    lease: timedelta = LEASE,
    every_minute: Callable[[], None] | None = None,
) -> None:
    """
    Do jobs until told to stop; a job that has begun is done first.

    Parameters
    ----------
    engine
        The database.
    handlers
        What to call for each kind of job.
    stop
        Set it to stop.
    poll_seconds
        Pause while there is nothing to do.
    lease
        How long a job stays this worker's when it falls silent.
    every_minute
        Called at the start and then once a minute, such as the schedule.
    """
    worker = worker_name()
    pause = 0.0
    while not stop.is_set():
        try:
            if every_minute is not None and pause <= 0:
                every_minute()
                pause = 60.0
            if work_once(engine, handlers, worker=worker, lease=lease):
                continue
        except OperationalError:
            log.exception("the database does not answer; trying again")
        stop.wait(poll_seconds)
        pause -= poll_seconds


def _do(engine: Engine, job: JobRow, handler: Handler, worker: str, lease: timedelta) -> None:
    number = job.id or 0
    over, unwanted = threading.Event(), threading.Event()

    def keep_lease() -> None:
        while not over.wait(lease.total_seconds() / 3):
            try:
                beat = renew(engine, number, worker, lease=lease)
            except OperationalError:
                continue  # the lease may still hold when the database answers again
            if beat.cancel or not beat.ours:
                unwanted.set()

    def check() -> None:
        beat = renew(engine, number, worker, lease=lease)
        if unwanted.is_set() or beat.cancel or not beat.ours:
            raise CancelledError

    task = Task(
        engine=engine,
        key=job.key,
        payload=job.payload,
        progress=lambda phase, details: report_progress(engine, number, phase, details),
        check=check,
        finish=partial(_finish, number, worker),
    )
    keeper = threading.Thread(target=keep_lease, name=f"lease of job {number}", daemon=True)
    keeper.start()
    try:
        finish(engine, number, worker, handler(task))
    except CancelledError:
        abandon(engine, number, worker)
    except LogisticsError as error:
        fail(engine, job, worker, error.problems, again=isinstance(error, UnavailableError))
    except Exception as error:
        log.exception("job %s (%s %s) failed", number, job.kind, job.key)
        fail(engine, job, worker, [f"{type(error).__name__}: a fault of the program"], again=True)
    finally:
        over.set()
        keeper.join()


def _finish(job: int, worker: str, session: Session, result: dict[str, Any]) -> None:
    if not finish_in(session, job, worker, result):
        raise CancelledError
