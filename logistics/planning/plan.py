"""A plan: the runs of one day with clock times, what it costs, and how good it is proved to be."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from logistics.planning.strict_json import (
    Faults,
    as_tuple,
    cost_fault,
    decode,
    read_bytes,
    shown,
    text_fault,
    whole_fault,
)

if TYPE_CHECKING:
    from pathlib import Path

    from logistics.planning.problem import Problem

Status = Literal["optimal", "feasible"]
OPTIMAL_GAP = 1e-4
"""A plan counts as optimal where its cost is proved to be this close to the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    What a solver decides about one run; everything else follows.

    Attributes
    ----------
    vehicle
        Position of the vehicle in the problem.
    sites
        Positions of the sites in the order of the stops, without the hub.
    load
        For each stop the positions of the shipments taken there; None for all that may be taken.
    leave
        Positions of shipments from the hub that stay though the run visits their destination.
    carried
        Positions of shipments that earlier runs brought to the hub and this run takes on.
    """

    vehicle: int
    sites: tuple[int, ...]
    load: tuple[frozenset[int], ...] | None = None
    leave: frozenset[int] = frozenset()
    carried: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """
    One call at a site.

    Attributes
    ----------
    site
        Where.
    arrive, begin, depart
        Seconds since midnight: arrival, start of the service, end of the service.
    unload, load
        Shipments put off and taken.
    """

    site: str
    arrive: int
    begin: int
    depart: int
    unload: tuple[str, ...] = ()
    load: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """
    One vehicle's trip from the hub round its stops and back.

    Attributes
    ----------
    vehicle
        Who drives.
    start, end
        Seconds since midnight.
    stops
        In order of driving.
    leave
        Shipments from the hub that stay though the run visits their destination.
    carried
        Shipments brought to the hub by earlier runs that this run takes on.
    break_after
        Index of the stop after which the break is taken; None for no break.
    """

    vehicle: str
    start: int
    end: int
    stops: tuple[Stop, ...]
    leave: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    break_after: int | None = None

    def paid_seconds(self, problem: Problem) -> int:
        """
        Tell how long the driver is paid.

        Parameters
        ----------
        problem
            The day, for the length of the break.

        Returns
        -------
        int
            Seconds from start to end without the break.
        """
        rest = problem.break_.seconds if problem.break_ and self.break_after is not None else 0
        return self.end - self.start - rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """
    What a plan costs, SEK.

    Attributes
    ----------
    fixed, stops, distance, time
        For the vehicles that run, their stops, kilometres and paid hours.
    delay
        For the shipments that are not delivered today.
    """

    fixed: float = 0.0
    stops: float = 0.0
    distance: float = 0.0
    time: float = 0.0
    delay: float = 0.0

    @property
    def total(self) -> float:
        """All of it, SEK."""
        return self.fixed + self.stops + self.distance + self.time + self.delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    The runs of one day, with their certificate.

    Attributes
    ----------
    problem
        Name of the day problem it answers.
    status
        ``optimal`` only where the gap is at most 1e-4.
    bound
        SEK: no plan can cost less, as proved; None where nothing was proved.
    seconds
        Wall time that planning took.
    cost
        What it costs.
    runs
        One vehicle's runs stand in the order of driving.
    """

    problem: str
    status: Status = "feasible"
    bound: float | None = None
    seconds: float = 0.0
    cost: Cost
    runs: tuple[Run, ...]

    @property
    def gap(self) -> float | None:
        """(total - bound) / total; None where nothing was proved."""
        return gap(self.cost.total, self.bound)


def gap(total: float, bound: float | None) -> float | None:
    """
    Tell how far a cost may be from the best.

    Parameters
    ----------
    total
        Cost of a plan, SEK.
    bound
        What no plan can undercut, SEK; None where nothing was proved.

    Returns
    -------
    float or None
        The share of the cost that might still be saved.
    """
    if bound is None:
        return None
    return max(0.0, (total - bound) / total) if total > 0 else 0.0


_DECIMALS = 6
_TOLERANCE_SEK = 0.05
_PARTS = ("fixed", "stops", "distance", "time", "delay")
_PLAN: tuple[dict[str, object], dict[str, object]] = (
    {"problem": "-", "status": "feasible", "bound": None, "cost": {}, "runs": []},
    {"gap": None, "seconds": 0.0},
)
_RUN: tuple[dict[str, object], dict[str, object]] = (
    {"vehicle": "-", "start": 0, "end": 0, "stops": []},
    {"leave": [], "carried": [], "break_after": None},
)
_TIMES: dict[str, object] = {"arrive": 0, "begin": 0, "depart": 0}
_STOP: dict[str, object] = {"site": "-", **_TIMES, "unload": [], "load": []}


def plan_to_json(plan: Plan) -> dict[str, object]:
    """
    Write a plan as the object that its JSON shows.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    dict[str, object]
        Ready for :func:`json.dumps`; amounts to a millionth of a krona, the bound rounded down.
    """
    total = round(plan.cost.total, _DECIMALS)
    # A bound that meets the cost to the last bit but one must not print as a gap.
    scale = 10**_DECIMALS
    bound = None if plan.bound is None else math.floor(plan.bound * scale + 1e-3) / scale
    share = gap(total, bound)
    return {
        "problem": plan.problem,
        "status": plan.status,
        "bound": bound,
        "gap": None if share is None else round(share, _DECIMALS + 2),
        "seconds": round(plan.seconds, 3),
        "cost": {
            "total": total,
            **{part: round(getattr(plan.cost, part), _DECIMALS) for part in _PARTS},
        },
        "runs": [_run_to_json(run) for run in plan.runs],
    }


def _run_to_json(run: Run) -> dict[str, object]:
    fields = asdict(run)
    fields["stops"] = [
        {**stop, "unload": list(stop["unload"]), "load": list(stop["load"])}
        for stop in fields["stops"]
    ]
    return {**fields, "leave": list(run.leave), "carried": list(run.carried)}


def read_plan(path: str | Path) -> Plan:
    """
    Read a plan from a file.

    Parameters
    ----------
    path
        A JSON file.

    Returns
    -------
    Plan
        As it stands there: whether it keeps the rules is the checker's to say.

    Raises
    ------
    InputError
        The file cannot be read or is no answer; every fault is named.
    """
    return parse_plan(read_bytes(path))


def parse_plan(data: bytes | str) -> Plan:
    """
    Read a plan from JSON.

    Parameters
    ----------
    data
        The JSON text, or its UTF-8 bytes.

    Returns
    -------
    Plan
        As it stands there: whether it keeps the rules is the checker's to say.

    Raises
    ------
    InputError
        The data are no answer to a day problem; every fault is named.
    """
    faults = Faults()
    raw = decode(data, "answer")
    top = faults.fields("answer", raw, *_PLAN)
    faults.found += text_fault("answer", "problem", top["problem"])
    if top["status"] not in ("optimal", "feasible"):
        told = f"answer: status is {shown(top['status'])}, expected optimal or feasible"
        faults.found.append(told)
    faults.found += cost_fault("answer", "seconds", top["seconds"])
    for name in ("bound", "gap"):
        faults.found += [] if top[name] is None else cost_fault("answer", name, top[name])
    cost = _read_cost(faults, top["cost"])
    listed = faults.array("answer", "runs", top["runs"])
    runs = tuple(_read_run(faults, number, value) for number, value in enumerate(listed, start=1))
    faults.refuse()
    return Plan(
        problem=cast("str", top["problem"]),
        status=cast("Status", top["status"]),
        bound=cast("float | None", top["bound"]),
        seconds=cast("float", top["seconds"]),
        cost=cost,
        runs=runs,
    )


def _read_cost(faults: Faults, value: object) -> Cost:
    required: dict[str, object] = dict.fromkeys(("total", *_PARTS), 0.0)
    fields: dict[str, Any] = faults.fields("cost", value, required, {})
    wrong = [fault for name in fields for fault in cost_fault("cost", name, fields[name])]
    faults.found += wrong
    total = fields.pop("total")
    if not wrong and abs(sum(fields.values()) - total) > _TOLERANCE_SEK:
        faults.found.append(f"cost: total is {total}, but its parts sum to {sum(fields.values())}")
    return Cost(**fields)


def _read_run(faults: Faults, number: int, value: object) -> Run:
    where = f"run {number}"
    fields: dict[str, Any] = faults.fields(where, value, *_RUN)
    faults.found += text_fault(where, "vehicle", fields["vehicle"])
    for name in ("start", "end"):
        faults.found += whole_fault(where, name, fields[name])
    if fields["break_after"] is not None:
        faults.found += whole_fault(where, "break_after", fields["break_after"])
    for name in ("leave", "carried"):
        fields[name] = _read_ids(faults, where, name, fields[name])
    stops = faults.array(where, "stops", fields.pop("stops"))
    made = tuple(_read_stop(faults, f"{where}, stop {n}", stop) for n, stop in enumerate(stops, 1))
    return Run(stops=made, **fields)


def _read_stop(faults: Faults, where: str, value: object) -> Stop:
    fields: dict[str, Any] = faults.fields(where, value, _STOP, {})
    faults.found += text_fault(where, "site", fields["site"])
    for name in _TIMES:
        faults.found += whole_fault(where, name, fields[name])
    for name in ("unload", "load"):
        fields[name] = _read_ids(faults, where, name, fields[name])
    return Stop(**fields)


def _read_ids(faults: Faults, where: str, name: str, value: object) -> tuple[str, ...]:
    listed = faults.array(where, name, value)
    for entry in listed:
        faults.found += text_fault(where, f"an entry of {name}", entry)
    return cast("tuple[str, ...]", as_tuple(listed))
