"""Read the files of service: vehicles, service calendar, closures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from logistics.csvfile import read_records
from logistics.network.columns import COLUMNS
from logistics.network.patterns import Closure, ServicePattern
from logistics.network.rows import Once, checked, unknown
from logistics.network.vehicles import VehicleRecord

if TYPE_CHECKING:
    from collections.abc import Container

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
    once = Once("vehicle")

    def build(**fields: Any) -> VehicleRecord:  # noqa: ANN401 (a row is read by heading)
        problems = [
            *once.faults(fields["id"]),
            *unknown("depot", fields, depots, "depots.csv"),
        ]
        return checked(problems, lambda: VehicleRecord(**fields))

    return read_records(data, name, COLUMNS["vehicles.csv"], build)


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

    def build(**fields: Any) -> ServicePattern:  # noqa: ANN401 (a row is read by heading)
        problems = unknown("branch", fields, branches, "branches.csv")
        return checked(problems, lambda: ServicePattern(**fields))

    return read_records(data, name, COLUMNS["service_calendar.csv"], build)


def read_closures(
    data: bytes, name: str = "closures.csv", *, branches: Container[str] | None = None
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

    def build(**fields: Any) -> Closure:  # noqa: ANN401 (a row is read by heading)
        everywhere = fields["branch"] == EVERYWHERE
        where = "branches.csv, or * for the whole service"
        problems = [] if everywhere else unknown("branch", fields, branches, where)
        branch = None if everywhere else fields["branch"]
        return checked(problems, lambda: Closure(**fields | {"branch": branch}))

    return read_records(data, name, COLUMNS["closures.csv"], build)
