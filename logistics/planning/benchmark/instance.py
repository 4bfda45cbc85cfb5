"""A public instance as a day problem, with what its literature minimises."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.errors import InputError
from logistics.planning.benchmark.build import Instance
from logistics.planning.benchmark.pickup_delivery import read_lilim, read_sartori
from logistics.planning.benchmark.simultaneous import read_jd, read_vrpspd, read_wangchen
from logistics.planning.problem import parse_problem
from logistics.planning.strict_json import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["BestKnown", "Instance", "best_known", "instance_files", "read_instance"]

_ENDINGS = {".txt", ".json", ".vrpspd", ".vrpsdptw"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BestKnown:
    """
    The best plan that anybody is known to have found.

    Attributes
    ----------
    cost
        As the literature of the set counts it.
    vehicles
        How many runs it has; None where that is not minimised or not known.
    """

    cost: float
    vehicles: int | None


def read_instance(path: str | Path) -> Instance:
    """
    Read an instance in any format that is known; the format is told by its content.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Instance
        The day problem that stands for it.

    Raises
    ------
    InputError
        The file cannot be read, or has none of the formats.
    """
    data = read_bytes(path)
    name = Path(path).stem
    if data.lstrip().startswith(b"{"):
        return Instance(problem=parse_problem(data), family="day", unit_sek=1.0)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"file {str(path)!r} is not UTF-8 at byte {error.start}") from error
    try:
        return _reader(text)(name, text)
    except (ValueError, IndexError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        told = f"file {str(path)!r} breaks off or is out of shape for its format: {error}"
        raise InputError(told) from error


def _reader(text: str) -> Callable[[str, str], Instance]:
    if "DISTANCETIME_SECTION" in text:
        return read_jd
    if "PICKUP_AND_DELIVERY_SECTION" in text:
        return read_vrpspd
    if "PDEMAND" in text:
        return read_wangchen
    if "EDGES" in text:
        return read_sartori
    first = text.split("\n", 1)[0].split()
    if len(first) == 3 and all(word.isdigit() for word in first):  # noqa: PLR2004 - its header
        return read_lilim
    raise InputError(
        "instance: no known format; expected a day problem, lilim, sartori, vrpspd, wangchen or jd"
    )


def instance_files(path: str | Path) -> Iterator[Path]:
    """
    Find the instances in a folder.

    Parameters
    ----------
    path
        A folder, or one instance.

    Yields
    ------
    Path
        Every file with an instance's ending, in order of name.
    """
    where = Path(path)
    if where.is_file():
        yield where
        return
    if not where.is_dir():
        raise InputError(f"{str(path)!r} is neither a folder nor a file")
    yield from sorted(file for file in where.rglob("*") if file.suffix in _ENDINGS)


def best_known(path: Path) -> BestKnown | None:
    """
    Look up the best known value in the tables beside an instance.

    Parameters
    ----------
    path
        The instance.

    Returns
    -------
    BestKnown or None
        From ``optima.csv`` or ``best_known.csv`` in its folder or the folder above.
    """
    tables = [folder / name for folder in path.parents[:2] for name in _TABLES]
    for table in tables:
        if not table.is_file():
            continue
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found = _value(path, row)
                if found is not None:
                    return found
    return None


_TABLES = ("optima.csv", "best_known.csv")


def _value(path: Path, row: dict[str, str]) -> BestKnown | None:
    if row.get("name") == path.stem:
        return BestKnown(cost=float(row["cost"]), vehicles=None)
    if row.get("instance") != path.stem or row.get("set", path.parent.name) != path.parent.name:
        return None
    if not row["best_known_cost"]:
        return None
    vehicles = row["best_known_vehicles"]
    counted = vehicles and "min vehicles" in row.get("convention", "")
    cost = float(row["best_known_cost"])
    return BestKnown(cost=cost, vehicles=math.floor(float(vehicles)) if counted else None)
