"""Many scenarios at once: local processes by default, a Dask cluster when an address is given.

A scenario is one task, and each finished day is on disk before the next begins. A worker that dies
loses at most the day it was at: the task is given to another, which reads what is there.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from logistics.errors import UnavailableError
from logistics.network.load import DATA_FOLDER
from logistics.simulation.outcome import read_lines
from logistics.simulation.setting import build_setting
from logistics.simulation.year import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from logistics.simulation.outcome import DayOutcome
    from logistics.simulation.scenario import Scenario

#: A scenario whose worker died so often is not tried again.
MOST_TRIES: Final = 5
#: How long a scheduler may take to answer.
PATIENCE: Final = "10s"
#: Another number makes days anew that an earlier version wrote with less in them.
_FORMAT: Final = 2


def sweep(
    scenarios: Sequence[Scenario],
    folder: Path,
    *,
    workers: int = 2,
    scheduler: str | None = None,
    data: Path | None = None,
    on_done: Callable[[str], None] | None = None,
) -> dict[str, list[DayOutcome]]:
    """
    Simulate scenarios, those already in the folder only as far as they are unfinished.

    Parameters
    ----------
    scenarios
        What to simulate; names differ.
    folder
        Where finished days are kept; every worker must see it.
    workers
        Local processes; ignored with a scheduler.
    scheduler
        Address of a Dask scheduler such as ``tcp://host:8786``; None for local processes.
    data
        Folder of the network; the shipped one when None.
    on_done
        Called with the name of each finished scenario.

    Returns
    -------
    dict
        Days of each scenario, in the order given; the same to the byte for any number of workers.

    Raises
    ------
    UnavailableError
        The scheduler does not answer, or workers die again and again.
    """
    jobs = {one.name: (one, checkpoint(folder, one, data), data) for one in scenarios}
    report = on_done or _ignore
    if scheduler is not None:
        _run_on_dask(jobs, scheduler, report)
    elif workers == 1:
        for name, job in jobs.items():
            run_scenario(*job)
            report(name)
    else:
        _run_in_processes(jobs, workers, report)
    return {
        name: [outcome for outcome, _ in read_lines(path)] for name, (_, path, _) in jobs.items()
    }


class Watch:
    """
    Counts the days that are finished, wherever the workers are.

    Parameters
    ----------
    scenarios
        What is simulated.
    folder
        Where finished days are kept.
    data
        Folder of the network; the shipped one when None.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], folder: Path, data: Path | None = None
    ) -> None:
        self._paths = {one.name: checkpoint(folder, one, data) for one in scenarios}
        self._read = dict.fromkeys(self._paths, 0)
        self._days = dict.fromkeys(self._paths, 0)

    def days(self) -> dict[str, int]:
        """
        Count, reading only what is new.

        Returns
        -------
        dict
            Finished days by scenario.
        """
        for name, path in self._paths.items():
            if path.exists():
                with path.open("rb") as file:
                    file.seek(self._read[name])
                    new = file.read()
                whole = new[: new.rfind(b"\n") + 1]
                self._read[name] += len(whole)
                self._days[name] += whole.count(b"\n")
        return dict(self._days)


def run_scenario(scenario: Scenario, path: Path, data: Path | None) -> int:
    """
    Simulate one scenario into its file: the task that a worker carries out.

    Parameters
    ----------
    scenario
        What to simulate.
    path
        Its file of finished days.
    data
        Folder of the network; the shipped one when None.

    Returns
    -------
    int
        Number of days in the file.
    """
    return len(simulate(build_setting(scenario, data), path))


def checkpoint(folder: Path, scenario: Scenario, data: Path | None = None) -> Path:
    """
    Name the file of a scenario; one whose settings, network or history changed has another name.

    Parameters
    ----------
    folder
        Where finished days are kept.
    scenario
        The scenario.
    data
        Folder of the network; the shipped one when None.

    Returns
    -------
    Path
        A JSON lines file.
    """
    content = hashlib.sha256(f"{_FORMAT} {scenario.model_dump_json()}".encode())
    read = [] if scenario.history is None else [scenario.history]
    for file in (*sorted((data or DATA_FOLDER).glob("*.csv")), *read):
        if file.is_file():  # what is missing is refused by name when it is read
            content.update(f"{file.name} {file.stat().st_size} ".encode())
            content.update(file.read_bytes())
    safe = "".join(letter if letter.isalnum() else "-" for letter in scenario.name)
    return folder / f"{safe}-{content.hexdigest()[:12]}.jsonl"


def _ignore(_name: str) -> None:
    return


def _run_in_processes(
    jobs: Mapping[str, tuple[Scenario, Path, Path | None]],
    workers: int,
    report: Callable[[str], None],
) -> None:
    left = dict(jobs)
    for _ in range(MOST_TRIES):
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            running: dict[Future[int], str] = {
                pool.submit(run_scenario, *job): name for name, job in left.items()
            }
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    name = running.pop(future)
                    # A killed process breaks the whole pool; what it left undone goes to the next.
                    if isinstance(future.exception(), BrokenProcessPool):
                        continue
                    future.result()
                    del left[name]
                    report(name)
        if not left:
            return
    raise UnavailableError(
        f"scenario {name!r}: its worker died {MOST_TRIES} times; is there enough memory?"
        for name in left
    )


def _run_on_dask(
    jobs: Mapping[str, tuple[Scenario, Path, Path | None]],
    scheduler: str,
    report: Callable[[str], None],
) -> None:
    try:
        from distributed import Client, as_completed  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise UnavailableError(
            "a Dask scheduler needs the package distributed; install courier-planner[cluster]"
        ) from error
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise UnavailableError(
            f"scheduler {scheduler!r} does not answer: {error}; start dask scheduler there"
        ) from error
    with client:
        names = {
            client.submit(run_scenario, *job, pure=False, retries=MOST_TRIES): name
            for name, job in jobs.items()
        }
        for future in as_completed(list(names), loop=client.loop):  # type: ignore[no-untyped-call]
            future.result()
            report(names[future])
