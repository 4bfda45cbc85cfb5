"""Solve public instances, with peers beside us on request, and keep the results."""

from __future__ import annotations

import csv
import platform
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.errors import InputError, LogisticsError
from logistics.planning.benchmark.instance import (
    BestKnown,
    Instance,
    best_known,
    instance_files,
    read_instance,
)
from logistics.planning.benchmark.peers import PEERS, judged
from logistics.planning.outcomes import Outcome, outcomes
from logistics.planning.planner import solve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

_PACKAGES = ("courier-planner", "ortools", "numba", "pyvrp", "pyvroom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    What one solver made of one instance.

    Attributes
    ----------
    instance, family, customers
        Which; sites without the hub.
    solver
        ``courier-planner``, ``pyvrp`` or ``vroom``.
    limit_seconds, seconds
        Wall time allowed and used.
    workers, seed
        As given.
    cost, vehicles
        By our checker, as the literature counts; None where there is no plan.
    best_known_cost, best_known_vehicles
        As the tables beside the instance say; None where they do not.
    gap_percent
        Cost over the best known.
    bound
        Proved, as the literature counts; None where nothing was.
    items_direct
        Items that ride straight to where they are wanted.
    fault
        Why there is no plan; empty otherwise.
    delay
        SEK of waiting in a day problem's cost.
    reader_days
        Items that do not reach their destination today, for each of which somebody waits one day
        more at the least.
    """

    instance: str
    family: str
    customers: int
    solver: str
    limit_seconds: float
    seconds: float
    workers: int
    seed: int
    cost: float | None = None
    vehicles: int | None = None
    best_known_cost: float | None = None
    best_known_vehicles: int | None = None
    gap_percent: float | None = None
    bound: float | None = None
    items_direct: int | None = None
    fault: str = ""
    delay: float | None = None
    reader_days: int | None = None

    def to_json(self) -> dict[str, object]:
        """
        Write the result as one JSON line shows it.

        Returns
        -------
        dict[str, object]
            All fields.
        """
        return asdict(self)


def run(
    path: str | Path,
    *,
    seconds: float = 10.0,
    workers: int = 1,
    seed: int = 0,
    peers: bool = False,
) -> Iterator[Result]:
    """
    Solve an instance, or every instance in a folder.

    Parameters
    ----------
    path
        The file or folder.
    seconds
        Wall time for each solver on each instance.
    workers
        Cores for each solver that can use several.
    seed
        Of each solver that has one.
    peers
        Whether PyVRP and VROOM solve the same instances.

    Yields
    ------
    Result
        One for each solver and instance, as soon as it is there.

    Raises
    ------
    InputError
        A file is no instance.
    """
    for file in instance_files(path):
        instance = read_instance(file)
        known = best_known(file)
        for solver in ("courier-planner", *(PEERS if peers else ())):
            yield _one(file.stem, instance, known, solver, seconds, workers, seed)


def _one(  # noqa: PLR0917 - one line of the table
    name: str,
    instance: Instance,
    known: BestKnown | None,
    solver: str,
    limit: float,
    workers: int,
    seed: int,
) -> Result:
    began = time.monotonic()
    plan, fault = None, ""
    try:
        plan = _planned(instance, solver, limit, workers, seed)
    except LogisticsError as error:
        fault = str(error)
    cost = None if plan is None else instance.cost(plan)
    best = None if known is None else known.cost
    gap = None if cost is None or not best else 100 * (cost - best) / best
    counted = bool(instance.vehicle_price)
    direct, waiting = (None, None) if plan is None else _items(instance.problem, plan)
    return Result(
        instance=name,
        family=instance.family,
        customers=len(instance.problem.sites) - 1,
        solver=solver,
        limit_seconds=limit,
        seconds=round(time.monotonic() - began, 2),
        workers=workers,
        seed=seed,
        cost=None if cost is None else round(cost, 4),
        vehicles=None if plan is None else len(plan.runs),
        best_known_cost=best,
        best_known_vehicles=None if known is None else known.vehicles,
        gap_percent=None if gap is None else round(gap, 4),
        bound=_bound(plan) if plan is not None and not counted else None,
        items_direct=direct,
        fault=fault,
        delay=None if plan is None or instance.family != "day" else round(plan.cost.delay, 4),
        reader_days=waiting,
    )


def _bound(plan: Plan) -> float | None:
    return None if plan.bound is None else round(plan.bound, 4)


def _items(problem: Problem, plan: Plan) -> tuple[int, int]:
    """Count the items that ride direct, and those that are not delivered."""
    ends = outcomes(problem, plan)
    direct = waiting = 0
    for one in problem.shipments:
        direct += one.items * (ends[one.id] is Outcome.DIRECT)
        waiting += one.items * (not ends[one.id].delivered)
    return direct, waiting


def _planned(instance: Instance, solver: str, limit: float, workers: int, seed: int) -> Plan:
    problem = instance.problem
    if solver in PEERS:
        routes = PEERS[solver](problem, seconds=limit, seed=seed, workers=workers)
        return judged(problem, routes)
    certify = instance.family == "day"
    return solve(problem, seconds=limit, workers=workers, seed=seed, certify=certify)


def append_results(file: str | Path, results: Iterable[Result]) -> None:
    """
    Add results to a table, each with date, machine and versions; rows are only ever added.

    Parameters
    ----------
    file
        A CSV file; made with its head row where there is none.
    results
        What :func:`run` gave.

    Raises
    ------
    InputError
        The file has other columns.
    """
    where = Path(file)
    where.parent.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    machine = f"{platform.machine()} {platform.system()} Python {platform.python_version()}"
    about = {"date": now, "machine": machine, "versions": _versions()}
    rows = [{**about, **result.to_json()} for result in results]
    if not rows:
        return
    new = not where.exists()
    if not new:
        _same_columns(where, list(rows[0]))
    with where.open("a", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, fieldnames=list(rows[0]), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)


def _same_columns(where: Path, wanted: list[str]) -> None:
    with where.open(encoding="utf-8", newline="") as table:
        found = next(csv.reader(table), [])
    if found != wanted:
        given = ", ".join(found)
        raise InputError(
            f"table {str(where)!r} has the columns {given!r}, expected {', '.join(wanted)!r}; "
            "add the missing ones to its head row, or name a new file"
        )


def _versions() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
