"""Readers of pickup and delivery with time windows: Li & Lim (2001), Sartori & Buriol (2019)."""

from __future__ import annotations

from logistics.planning.benchmark.build import (
    DETAIL,
    PRICE_OF_A_VEHICLE,
    Fleet,
    Instance,
    Place,
    assemble,
    euclidean,
)


def read_lilim(name: str, text: str) -> Instance:
    """
    Read an instance of Li & Lim: Euclidean, time is distance, fewest vehicles first.

    Parameters
    ----------
    name
        Of the instance.
    text
        The file.

    Returns
    -------
    Instance
        Every request rides direct.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    count, capacity = int(lines[0][0]), int(lines[0][1])
    rows = [[float(word) for word in line] for line in lines[1:]]
    places = [
        Place(
            id=f"{row[0]:g}",
            ready=round(DETAIL * row[4]),
            due=round(DETAIL * row[5]),
            service=round(DETAIL * row[6]),
        )
        for row in rows
    ]
    pairs = [(f"{row[0]:g}", f"{row[8]:g}", int(row[3])) for row in rows if row[8]]
    table = euclidean([(row[1], row[2]) for row in rows])
    fleet = Fleet(
        count=min(count, len(pairs)),
        capacity=capacity,
        fixed=PRICE_OF_A_VEHICLE,
        per_unit=1 / DETAIL,
        horizon=round(DETAIL * rows[0][5]),
    )
    problem = assemble(name, places, table, table, fleet, pairs)
    return Instance(problem=problem, family="lilim", unit_sek=1.0, vehicle_price=PRICE_OF_A_VEHICLE)


def read_sartori(name: str, text: str) -> Instance:
    """
    Read an instance of Sartori & Buriol: whole minutes by road, fewest vehicles first.

    Parameters
    ----------
    name
        Of the instance.
    text
        The file.

    Returns
    -------
    Instance
        Every request rides direct.
    """
    head, _, rest = text.partition("NODES")
    nodes, _, edges = rest.partition("EDGES")
    fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    rows = [line.split() for line in nodes.splitlines() if line.strip()]
    lines = [line.split() for line in edges.splitlines() if line.strip()]
    table = [[int(word) for word in line] for line in lines if line != ["EOF"]]
    places = [
        Place(id=row[0], ready=int(row[4]), due=int(row[5]), service=int(row[6])) for row in rows
    ]
    pairs = [(row[0], row[8], int(row[3])) for row in rows if int(row[8])]
    longest = int(fields["ROUTE-TIME"])
    fleet = Fleet(
        count=len(pairs),
        capacity=int(fields["CAPACITY"]),
        fixed=PRICE_OF_A_VEHICLE,
        horizon=int(rows[0][5]),
        longest=longest,
    )
    problem = assemble(name, places, table, table, fleet, pairs)
    return Instance(
        problem=problem, family="sartori", unit_sek=1.0, vehicle_price=PRICE_OF_A_VEHICLE
    )
