"""Work is done once, whoever dies meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from logistics.errors import ConflictError, InputError, NotFoundError, UnavailableError
from logistics.operations.upkeep.work import CancelledError, work, work_once
from logistics.storage.jobs import (
    cancel_job,
    claim,
    enqueue,
    fail,
    finish,
    progress_after,
    renew,
    report_progress,
)
from logistics.storage.session import reading, writing
from logistics.storage.tables import JobRow, now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.upkeep.work import Task

PAST = timedelta(seconds=-1)


def ask(engine: Engine, key: str = "2026-11-24", **options: Any) -> int:
    with writing(engine) as session:
        return enqueue(session, "plan", key, **options).id or 0


def job(engine: Engine, number: int) -> JobRow:
    with reading(engine) as session:
        return session.get_one(JobRow, number)


def test_one_job_of_a_kind_and_key_at_a_time(engine: Engine) -> None:
    first = ask(engine)
    assert ask(engine) == first
    assert ask(engine, "2026-11-25") != first
    taken = claim(engine, "a", ["plan"])
    assert taken is not None
    assert taken.id == first
    assert ask(engine) == first  # it runs
    assert finish(engine, first, "a", {"version": 1})
    assert ask(engine) != first  # it is over, so a new one is a new one


def test_a_job_goes_to_one_worker(engine: Engine) -> None:
    numbers = {ask(engine, f"key {number}") for number in range(20)}
    taken: list[int] = []

    def take(name: str) -> None:
        while (found := claim(engine, name, ["plan"])) is not None:
            taken.append(found.id or 0)

    workers = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(numbers)


def test_a_dead_workers_job_goes_to_another_and_the_dead_cannot_finish_it(engine: Engine) -> None:
    number = ask(engine)
    assert claim(engine, "dead", ["plan"], lease=PAST) is not None
    taken = claim(engine, "alive", ["plan"])
    assert taken is not None
    assert (taken.id, taken.attempts) == (number, 2)
    assert not finish(engine, number, "dead", {})
    assert not renew(engine, number, "dead").ours
    assert renew(engine, number, "alive").ours
    assert finish(engine, number, "alive", {"by": "alive"})
    assert job(engine, number).result == {"by": "alive"}


def test_a_job_that_kills_every_worker_is_given_up(engine: Engine) -> None:
    number = ask(engine, max_attempts=2)
    assert claim(engine, "a", ["plan"], lease=PAST) is not None
    assert claim(engine, "b", ["plan"], lease=PAST) is not None
    assert claim(engine, "c", ["plan"]) is None
    assert job(engine, number).state == "failed"


def test_a_failed_try_waits_twice_as_long_each_time(engine: Engine) -> None:
    number = ask(engine, max_attempts=3)
    pauses = []
    for _ in range(2):
        taken = claim(engine, "a", ["plan"])
        assert taken is not None
        fail(engine, taken, "a", ["no network"], again=True)
        waiting = job(engine, number)
        assert waiting.state == "queued"
        pauses.append(round((waiting.run_after - now()).total_seconds()))
        assert claim(engine, "a", ["plan"]) is None
        with writing(engine) as session:
            session.execute(update(JobRow).values(run_after=now()))
    assert pauses == [5, 10]
    last = claim(engine, "a", ["plan"])
    assert last is not None
    fail(engine, last, "a", ["no network"], again=True)
    assert (job(engine, number).state, job(engine, number).problems) == ("failed", ["no network"])


def test_cancelling(engine: Engine) -> None:
    number = ask(engine)
    with writing(engine) as session:
        assert cancel_job(session, number).state == "cancelled"
    with pytest.raises(ConflictError, match="it is cancelled already"), writing(engine) as session:
        cancel_job(session, number)
    with pytest.raises(NotFoundError, match="job 999"), writing(engine) as session:
        cancel_job(session, 999)
    running = ask(engine)
    claim(engine, "a", ["plan"])
    with writing(engine) as session:
        assert cancel_job(session, running).state == "running"
    assert renew(engine, running, "a").cancel


def test_a_job_ends_with_what_it_made_or_not_at_all(engine: Engine) -> None:
    def handler(task: Task) -> dict[str, Any]:
        if task.key == "unwanted":
            with writing(engine) as session:
                cancel_job(session, job_of["unwanted"])
        with writing(engine) as session:
            enqueue(session, "made", task.key)
            task.finish(session, {"by": task.key})
            if task.key == "undone":
                raise InputError("it could not be kept")
        return {"by": "nobody"}

    job_of = {key: ask(engine, key) for key in ("fine", "unwanted", "undone")}
    for _ in job_of:
        assert work_once(engine, {"plan": handler}, worker="w")
    found = {key: (job(engine, n).state, job(engine, n).result) for key, n in job_of.items()}
    assert found == {
        "fine": ("done", {"by": "fine"}),
        "unwanted": ("cancelled", None),
        "undone": ("failed", None),
    }
    with reading(engine) as session:
        made = session.exec(select(JobRow).where(JobRow.kind == "made")).all()
    assert [one.key for one in made] == ["fine"]


def test_progress_is_read_from_where_one_left_off(engine: Engine) -> None:
    number = ask(engine)
    for step in range(3):
        report_progress(engine, number, "search", {"cost_sek": 100 - step})
    with reading(engine) as session:
        seen = progress_after(session, number)
        rest = progress_after(session, number, seen[0].id or 0)
    assert [report.details["cost_sek"] for report in seen] == [100, 99, 98]
    assert len(rest) == 2


def test_what_a_handler_raises_decides_what_becomes_of_the_job(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(task: Task) -> dict[str, Any]:
        match task.key:
            case "input":
                raise InputError(["one fault", "another"])
            case "unavailable":
                raise UnavailableError("no route service")
            case "bug":
                raise ZeroDivisionError
            case "cancelled":
                raise CancelledError
        task.progress("half way", {"gap": 0.5})
        task.check()
        return {"key": task.key}

    keys = ("fine", "input", "unavailable", "bug", "cancelled")
    numbers = {key: ask(engine, key) for key in keys}
    for _ in keys:
        assert work_once(engine, {"plan": handler}, worker="w")
    found = {key: job(engine, number) for key, number in numbers.items()}
    states = {key: row.state for key, row in found.items()}
    assert states == {
        "fine": "done",
        "input": "failed",
        "unavailable": "queued",
        "bug": "queued",
        "cancelled": "cancelled",
    }
    assert found["input"].problems == ["one fault", "another"]
    assert found["bug"].problems == ["ZeroDivisionError: a fault of the program"]
    assert "ZeroDivisionError" in caplog.text


def test_a_lease_is_kept_while_a_job_takes_longer_than_it(engine: Engine) -> None:
    ask(engine)

    def slow(task: Task) -> dict[str, Any]:
        time.sleep(1.2)
        task.check()
        return {}

    lease = timedelta(seconds=0.6)
    stop = threading.Event()
    minutes = []
    worker = threading.Thread(
        target=work,
        args=(engine, {"plan": slow}, stop),
        kwargs={"lease": lease, "poll_seconds": 0.05, "every_minute": lambda: minutes.append(1)},
    )
    worker.start()
    time.sleep(0.9)
    assert claim(engine, "thief", ["plan"], lease=lease) is None
    stop.set()
    worker.join()
    assert minutes == [1]
    assert job(engine, 1).state == "done"


_WORKER = """
import sys, time
from datetime import timedelta
from logistics.operations.upkeep.work import work_once
from logistics.storage.session import open_database
def handler(task):
    print("begun", flush=True)
    time.sleep(60)
    return {}
engine, lease = open_database(sys.argv[1]), timedelta(seconds=1)
work_once(engine, {"plan": handler}, worker="killed", lease=lease)
"""


def test_a_killed_workers_job_is_done_by_another(engine: Engine, database_url: str) -> None:
    number = ask(engine)
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, database_url], stdout=subprocess.PIPE
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"begun\n"
        worker.kill()
    assert job(engine, number).state == "running"
    deadline = time.monotonic() + 10
    while not work_once(engine, {"plan": lambda task: {"key": task.key}}, worker="heir"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert job(engine, number).result == {"key": "2026-11-24"}
    assert job(engine, number).attempts == 2
