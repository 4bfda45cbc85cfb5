"""Read the files of service: vehicles, service calendar, closures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from logistics.csvfile import read_records
from logistics.network.patterns import Closure, ServicePattern
from logistics.network.rows import Reference, columns_of
from logistics.network.vehicles import VehicleRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Container

#: In closures.csv: the whole service.
EVERYWHERE: Final = "*"


def read_vehicles(
    data: bytes, name: str = "vehicles.csv", *, depots: Container[str] | None = None
) -> list[VehicleRecord]:
    """
    Read the fleet.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    depots
        Identifiers of the depots; None accepts any.

    Returns
    -------
    list of VehicleRecord
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    reference = Reference(column="depot", names=depots, file="depots.csv, or blank")
    columns = columns_of("vehicles.csv", reference, key="id")
    return read_records(data, name, columns, VehicleRecord)


def read_service_calendar(
    data: bytes,
    name: str = "service_calendar.csv",
    *,
    branches: Container[str] | None = None,
) -> list[ServicePattern]:
    """
    Read the weekly service patterns.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    branches
        Identifiers of the branches; None accepts any.

    Returns
    -------
    list of ServicePattern
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    reference = Reference(column="branch", names=branches, file="branches.csv")
    columns = columns_of("service_calendar.csv", reference)
    return read_records(data, name, columns, ServicePattern)


def read_closures(
    data: bytes, name: str = "closures.csv", *, branches: Collection[str] | None = None
) -> list[Closure]:
    """
    Read closures.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    branches
        Identifiers of the branches; None accepts any.

    Returns
    -------
    list of Closure
        One a row; ``*`` stands for the whole service.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    names = None if branches is None else {*branches, EVERYWHERE}
    reference = Reference(
        column="branch", names=names, file="branches.csv, or * for the whole service"
    )

    def build(**fields: Any) -> Closure:  # noqa: ANN401 (a row is read by heading)
        branch = fields.pop("branch")
        return Closure(branch=None if branch == EVERYWHERE else branch, **fields)

    return read_records(data, name, columns_of("closures.csv", reference), build)
