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

from logistics.errors import LogisticsError
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
        items_direct=None if plan is None else _direct(instance, plan),
        fault=fault,
    )


def _bound(plan: Plan) -> float | None:
    return None if plan.bound is None else round(plan.bound, 4)


def _direct(instance: Instance, plan: Plan) -> int:
    ends = outcomes(instance.problem, plan)
    items = (one.items for one in instance.problem.shipments if ends[one.id] is Outcome.DIRECT)
    return sum(items)


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
    with where.open("a", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, fieldnames=list(rows[0]), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)


def _versions() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
