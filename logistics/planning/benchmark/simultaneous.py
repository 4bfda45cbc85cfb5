"""Readers of simultaneous pickup and delivery: VRPLIB-like files, Wang & Chen (2012), JD (2021)."""

from __future__ import annotations

from logistics.errors import InputError
from logistics.planning.benchmark.build import (
    DETAIL,
    PRICE_OF_A_VEHICLE,
    Fleet,
    Instance,
    Place,
    assemble,
    enough_vehicles,
    euclidean,
)

_ITEMS = 1_000_000
"""JD's loads are fractions of a vehicle with six decimals."""


def _fields(text: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _section(text: str, name: str) -> list[list[str]]:
    rows = []
    for line in text.split(name, 1)[1].splitlines()[1:]:
        words = line.replace(",", " ").split()
        if words and not words[0].lstrip("-").replace(".", "", 1).isdigit():
            break
        if words:
            rows.append(words)
    return rows


def read_vrpspd(name: str, text: str) -> Instance:
    """
    Read a VRPLIB-like instance: no clock, least distance, vehicles limited in Rieck's set only.

    Parameters
    ----------
    name
        Of the instance.
    text
        The file.

    Returns
    -------
    Instance
        Everything rides from or to the hub.

    Raises
    ------
    InputError
        Distances are given in a way that is not known.
    """
    fields = _fields(text)
    rows = _section(text, "PICKUP_AND_DELIVERY_SECTION")
    kind = fields["EDGE_WEIGHT_TYPE"]
    if kind == "EXPLICIT":
        words = [word for row in _section(text, "EDGE_WEIGHT_SECTION") for word in row]
        size = len(rows)
        flat = [int(word) for word in words]
        table = tuple(tuple(flat[size * a : size * a + size]) for a in range(size))
    elif kind == "EXACT_2D":
        points = _section(text, "NODE_COORD_SECTION")
        table = euclidean([(float(row[1]), float(row[2])) for row in points])
    else:
        raise InputError(
            f"instance {name!r}: distances are {kind!r}, expected EXPLICIT or EXACT_2D"
        )
    places = [Place(id=row[0], pickup=int(row[5]), delivery=int(row[6])) for row in rows]
    capacity = int(fields["CAPACITY"])
    rieck = fields["TYPE"] == "VRPSPD" and kind == "EXPLICIT" and "DISTANCE" not in fields
    unit = _unit(name, kind, rieck=rieck)
    count = int(fields["VEHICLES"]) if rieck else enough_vehicles(places, capacity)
    fleet = Fleet(count=count, capacity=capacity, per_unit=1 / unit)
    still = [[0] * len(places) for _ in places]
    return Instance(
        problem=assemble(name, places, table, still, fleet), family="vrpspd", unit_sek=1.0
    )


def _unit(name: str, kind: str, *, rieck: bool) -> int:
    """Tell how many units of the table make one of the literature's."""
    if rieck:
        return 100 if name.startswith(("20_", "30_")) else 1
    return 10_000 if kind == "EXPLICIT" else DETAIL


def read_wangchen(name: str, text: str) -> Instance:
    """
    Read an instance of Wang & Chen: Solomon's with two demands, fewest vehicles first.

    Parameters
    ----------
    name
        Of the instance.
    text
        The file.

    Returns
    -------
    Instance
        Everything rides from or to the hub.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    rows = [line for line in lines if all(_is_number(word) for word in line)]
    (_, count, capacity), *customers = ([float(word) for word in row] for row in rows)
    places = [
        Place(
            id=f"{row[0]:g}",
            delivery=int(row[3]),
            pickup=int(row[4]),
            ready=round(DETAIL * row[5]),
            due=round(DETAIL * row[6]),
            service=round(DETAIL * row[7]),
        )
        for row in customers
    ]
    table = euclidean([(row[1], row[2]) for row in customers])
    fleet = Fleet(
        count=int(count),
        capacity=int(capacity),
        fixed=PRICE_OF_A_VEHICLE,
        per_unit=1 / DETAIL,
        horizon=round(DETAIL * customers[0][6]),
    )
    problem = assemble(name, places, table, table, fleet)
    return Instance(
        problem=problem, family="wangchen", unit_sek=1.0, vehicle_price=PRICE_OF_A_VEHICLE
    )


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()


def read_jd(name: str, text: str) -> Instance:
    """
    Read an instance of JD Logistics: 300 for a vehicle and 0.014 for a metre, in one sum.

    Parameters
    ----------
    name
        Of the instance.
    text
        The file.

    Returns
    -------
    Instance
        Everything rides from or to the hub; times are whole minutes.
    """
    fields = _fields(text)
    places = [
        Place(
            id=row[0],
            delivery=round(_ITEMS * float(row[1])),
            pickup=round(_ITEMS * float(row[2])),
            ready=int(row[3]),
            due=int(row[4]),
            service=int(row[5]),
        )
        for row in _section(text, "NODE_SECTION")
    ]
    size = len(places)
    metres, minutes = ([[0] * size for _ in places] for _ in range(2))
    for origin, destination, distance, time in _section(text, "DISTANCETIME_SECTION"):
        metres[int(origin)][int(destination)] = int(distance)
        minutes[int(origin)][int(destination)] = int(time)
    capacity = round(_ITEMS * float(fields["CAPACITY"]))
    fleet = Fleet(
        count=min(int(fields["VEHICLES"]), enough_vehicles(places, capacity) + size // 4),
        capacity=capacity,
        fixed=float(fields["DISPATCHINGCOST"]),
        per_unit=float(fields["UNITCOST"]),
        horizon=places[0].due or 0,
    )
    problem = assemble(name, places, metres, minutes, fleet)
    return Instance(problem=problem, family="jd", unit_sek=1.0)
