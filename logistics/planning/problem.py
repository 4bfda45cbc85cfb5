"""The day problem: one service day complete, and its JSON; docs/day-problem.md says its rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from logistics.errors import InputError
from logistics.planning.records import Break, Shipment, Site, Vehicle
from logistics.planning.strict_json import (
    Faults,
    as_tuple,
    decode,
    is_whole,
    read_bytes,
    refuse,
    shown,
    text_fault,
    whole_fault,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "Break",
    "Matrix",
    "Problem",
    "Shipment",
    "Site",
    "Vehicle",
    "parse_problem",
    "problem_to_json",
    "read_problem",
]

Matrix = tuple[tuple[int, ...], ...]
_Fields = dict[str, object]
_Record = TypeVar("_Record", Site, Vehicle, Shipment, Break)
_MOST_FAULTS_A_MATRIX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    One service day, complete: docs/day-problem.md says what its rules are.

    Attributes
    ----------
    name
        What the day is called.
    hub
        The site where every run starts and ends.
    sites
        All sites, the hub among them.
    travel_metres, travel_seconds
        From row to column, both in the order of sites; the diagonal is never used.
    vehicles, shipments
        All of them.
    handling_seconds_per_item
        Time at a stop for each item put off or taken.
    break_
        The rule on breaks; None for no rule.
    site_index, vehicle_index, shipment_index
        Position of each record by its id.
    hub_index
        Position of the hub among the sites.

    Raises
    ------
    InputError
        The records contradict each other; every fault is named.
    """

    name: str
    hub: str
    sites: tuple[Site, ...]
    travel_metres: Matrix
    travel_seconds: Matrix
    vehicles: tuple[Vehicle, ...]
    shipments: tuple[Shipment, ...]
    handling_seconds_per_item: int
    break_: Break | None = None
    site_index: dict[str, int] = field(init=False, repr=False, compare=False)
    vehicle_index: dict[str, int] = field(init=False, repr=False, compare=False)
    shipment_index: dict[str, int] = field(init=False, repr=False, compare=False)
    hub_index: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        alone = ("name", "hub", "travel_metres", "travel_seconds", "handling_seconds_per_item")
        fields = {name: getattr(self, name) for name in alone}
        ids = [site.id for site in self.sites]
        refuse(_problem_faults(fields, ids, self.vehicles, self.shipments))
        vehicle_ids = [vehicle.id for vehicle in self.vehicles]
        shipment_ids = [shipment.id for shipment in self.shipments]
        lists = {"site_index": ids, "vehicle_index": vehicle_ids, "shipment_index": shipment_ids}
        for name, listed in lists.items():
            object.__setattr__(self, name, {value: place for place, value in enumerate(listed)})
        object.__setattr__(self, "hub_index", self.site_index[self.hub])


def _problem_faults(
    fields: Mapping[str, object],
    site_ids: Sequence[object],
    vehicles: Sequence[Vehicle],
    shipments: Sequence[Shipment],
) -> list[str]:
    """Judge the fields that are there, and what is wrong between records right by themselves."""
    faults = []
    if "name" in fields:
        faults += text_fault("problem", "name", fields["name"])
    name = "handling_seconds_per_item"
    if name in fields:
        faults += whole_fault("problem", name, fields[name])
    faults += _relation_faults(fields.get("hub"), site_ids, vehicles, shipments)
    for name in ("travel_metres", "travel_seconds"):
        if name in fields:
            faults += _matrix_faults(name, fields[name], site_ids)
    return faults


def _relation_faults(
    hub: object,
    site_ids: Sequence[object],
    vehicles: Sequence[Vehicle],
    shipments: Sequence[Shipment],
) -> Iterator[str]:
    known = {value for value in site_ids if isinstance(value, str)}
    if not isinstance(hub, str) or hub not in known:
        yield f"problem: hub {shown(hub)} is not a site; add it to the sites"
    yield from _twice("site", site_ids)
    yield from _twice("vehicle", [vehicle.id for vehicle in vehicles])
    yield from _twice("shipment", [shipment.id for shipment in shipments])
    for shipment in shipments:
        for name, place in (("from", shipment.origin), ("to", shipment.destination)):
            if place not in known:
                yield f"shipment {shown(shipment.id)}: {name} is {shown(place)}, not a site"


def _twice(kind: str, ids: Sequence[object]) -> Iterator[str]:
    seen: set[object] = set()
    told: set[object] = set()
    for value in (value for value in ids if isinstance(value, str)):
        if value in seen and value not in told:
            told.add(value)
            yield f"{kind} {shown(value)}: id is given twice, expected different ids"
        seen.add(value)


def _matrix_faults(name: str, matrix: object, ids: Sequence[object]) -> list[str]:
    size = len(ids)
    if not isinstance(matrix, tuple | list) or len(matrix) != size:
        rows = f"{len(matrix)} rows" if isinstance(matrix, tuple | list) else shown(matrix)
        return [f"{name}: is {rows}, expected {size} rows, one a site"]
    faults = []
    for origin, row in zip(ids, matrix, strict=True):
        if not isinstance(row, tuple | list) or len(row) != size:
            found = f"{len(row)} numbers" if isinstance(row, tuple | list) else shown(row)
            faults.append(f"{name}: row of {shown(origin)} is {found}, expected {size} numbers")
            continue
        faults += [
            f"{name}: from {shown(origin)} to {shown(destination)} is {shown(value)}, "
            "expected a whole number from 0 to 2^53"
            for destination, value in zip(ids, row, strict=True)
            if not is_whole(value)
        ]
    if len(faults) > _MOST_FAULTS_A_MATRIX:
        more = len(faults) - _MOST_FAULTS_A_MATRIX
        return [*faults[:_MOST_FAULTS_A_MATRIX], f"{name}: and {more} faults more like these"]
    return faults


_SITE: tuple[_Fields, _Fields] = (
    {"id": "-", "stop_seconds": 0},
    {"window": None, "must_visit": False},
)
_VEHICLE: tuple[_Fields, _Fields] = (
    {
        "id": "-",
        "capacity": 0,
        "shift": (0, 0),
        "max_seconds": 0,
        "fixed_cost": 0,
        "cost_per_km": 0,
        "cost_per_hour": 0,
    },
    {"cost_per_stop": 0.0, "max_runs": 1, "turnaround_seconds": 0},
)
_SHIPMENT: tuple[_Fields, _Fields] = (
    {"id": "-", "from": "-", "to": "--", "items": 0, "cost_if_at_hub": 0, "cost_if_left": 0},
    {"direct_only": False},
)
_BREAK: tuple[_Fields, _Fields] = ({"after_seconds": 0, "seconds": 0}, {})
_PROBLEM: tuple[_Fields, _Fields] = (
    {
        "name": "-",
        "hub": None,
        "sites": [],
        "travel_metres": None,
        "travel_seconds": None,
        "vehicles": [],
        "shipments": [],
        "handling_seconds_per_item": 0,
    },
    {"break": None},
)


def read_problem(path: str | Path) -> Problem:
    """
    Read a day problem from a file.

    Parameters
    ----------
    path
        A JSON file.

    Returns
    -------
    Problem
        The day.

    Raises
    ------
    InputError
        The file cannot be read or is no sound problem; every fault is named.
    """
    return parse_problem(read_bytes(path))


def parse_problem(data: bytes | str) -> Problem:
    """
    Read a day problem from JSON.

    Parameters
    ----------
    data
        The JSON text, or its UTF-8 bytes.

    Returns
    -------
    Problem
        The day.

    Raises
    ------
    InputError
        The data are no sound problem; every fault is named.
    """
    faults = Faults()
    raw = decode(data, "problem")
    top = faults.fields("problem", raw, *_PROBLEM)
    raw_sites = faults.array("problem", "sites", top["sites"])
    sites = _records(faults, "site", raw_sites, _SITE, _site)
    listed = faults.array("problem", "vehicles", top["vehicles"])
    vehicles = _records(faults, "vehicle", listed, _VEHICLE, _vehicle)
    listed = faults.array("problem", "shipments", top["shipments"])
    shipments = _records(faults, "shipment", listed, _SHIPMENT, _shipment)
    given = [] if top["break"] is None else [top["break"]]
    breaks = _records(faults, "break", given, _BREAK, _break)
    if faults.found:
        ids = [site.get("id") if isinstance(site, dict) else None for site in raw_sites]
        there = {key: value for key, value in top.items() if key in raw}
        faults.found += _problem_faults(there, ids, vehicles, shipments)
    faults.refuse()
    return Problem(
        name=cast("str", top["name"]),
        hub=cast("str", top["hub"]),
        sites=tuple(sites),
        travel_metres=cast("Matrix", _rows(top["travel_metres"])),
        travel_seconds=cast("Matrix", _rows(top["travel_seconds"])),
        vehicles=tuple(vehicles),
        shipments=tuple(shipments),
        handling_seconds_per_item=cast("int", top["handling_seconds_per_item"]),
        break_=breaks[0] if breaks else None,
    )


def _rows(matrix: object) -> object:
    return tuple(map(as_tuple, matrix)) if isinstance(matrix, list) else matrix


def _records(
    faults: Faults,
    kind: str,
    values: Sequence[object],
    names: tuple[_Fields, _Fields],
    build: Callable[[dict[str, Any]], _Record],
) -> list[_Record]:
    made = []
    for number, value in enumerate(values, start=1):
        named = value.get("id") if isinstance(value, dict) else None
        where = f"{kind} {shown(named)}" if isinstance(named, str) else f"{kind} number {number}"
        if names is _BREAK:
            where = kind
        fields = faults.fields(where, value, *names)
        try:
            made.append(build(fields))
        except InputError as error:
            own = f"{kind} {shown(fields.get('id'))}: "
            faults.found += [fault.replace(own, f"{where}: ", 1) for fault in error.problems]
    return made


def _site(fields: dict[str, Any]) -> Site:
    return Site(**{**fields, "window": as_tuple(fields["window"])})


def _vehicle(fields: dict[str, Any]) -> Vehicle:
    return Vehicle(**{**fields, "shift": as_tuple(fields["shift"])})


def _shipment(fields: dict[str, Any]) -> Shipment:
    rest = {key: value for key, value in fields.items() if key not in {"from", "to"}}
    return Shipment(origin=fields["from"], destination=fields["to"], **rest)


def _break(fields: dict[str, Any]) -> Break:
    return Break(**fields)


def problem_to_json(problem: Problem) -> dict[str, object]:
    """
    Write a day problem as the object that its JSON shows.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    dict[str, object]
        Ready for :func:`json.dumps`; :func:`parse_problem` reads it back to an equal problem.
    """
    shipments = []
    for shipment in problem.shipments:
        fields = asdict(shipment)
        ends = {"id": shipment.id, "from": fields.pop("origin"), "to": fields.pop("destination")}
        shipments.append({**ends, **fields})
    return {
        "name": problem.name,
        "hub": problem.hub,
        "sites": [asdict(site) for site in problem.sites],
        "travel_metres": [list(row) for row in problem.travel_metres],
        "travel_seconds": [list(row) for row in problem.travel_seconds],
        "vehicles": [asdict(vehicle) for vehicle in problem.vehicles],
        "shipments": shipments,
        "handling_seconds_per_item": problem.handling_seconds_per_item,
        "break": None if problem.break_ is None else asdict(problem.break_),
    }
