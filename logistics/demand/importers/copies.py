"""Files of the matching: copies handed in or on a shelf, and what owners have lent and borrowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from logistics.csvfile import Column, one_of, read_records
from logistics.demand.importers.files import RETURN_COLUMNS
from logistics.demand.matching.records import Copy, returned_copies
from logistics.demand.privacy import (
    holds_personal_value,
    patron_fields,
    refuse_personal_values,
)
from logistics.demand.returns import ReturnedItem
from logistics.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

_YES_OR_NO: Final = {"yes": True, "no": False}
_RULE_COLUMNS: Final = (
    Column(
        name="acquired",
        parse=date.fromisoformat,
        expected="a date, such as 2026-01-01",
        required=False,
    ),
    Column(name="leaves_home", parse=one_of(_YES_OR_NO), expected="yes or no", required=False),
)
_COPY_COLUMNS: Final = (
    Column(name="item", expected="a barcode"),
    Column(name="title", expected="the identifier of a title"),
    Column(name="owner", expected="the code of a branch"),
    Column(name="at", expected="the code of a branch"),
    Column(name="material", required=False),
    *_RULE_COLUMNS,
)
_BALANCE_COLUMNS: Final = (
    Column(name="branch", expected="the code of a branch"),
    Column(name="lent", parse=int, expected="a whole number"),
    Column(name="borrowed", parse=int, expected="a whole number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """
    What a branch has lent to others and borrowed from them.

    Attributes
    ----------
    branch
        The branch.
    lent
        Its copies that were lent elsewhere.
    borrowed
        Copies of others that were lent here.

    Raises
    ------
    InputError
        A number is negative.
    """

    branch: str
    lent: int
    borrowed: int

    def __post_init__(self) -> None:
        if min(self.lent, self.borrowed) < 0:
            raise InputError(
                f"balance of {self.branch!r}: lent {self.lent} and borrowed {self.borrowed}, "
                "expected 0 or more"
            )


def read_shelf(data: bytes, name: str = "shelf.csv") -> list[Copy]:
    """
    Read a file of copies that stand on shelves and could be sent for.

    Parameters
    ----------
    data
        The CSV file: item, title, owner, at, and if need be material, acquired, leaves_home.
    name
        What to call it in faults.

    Returns
    -------
    list of Copy
        One a row.

    Raises
    ------
    InputError
        With every fault, by line; fields about readers are refused by name.
    """
    return read_records(
        data, name, _COPY_COLUMNS, Copy, refuse=patron_fields, hide=holds_personal_value
    )


def read_returned(data: bytes, name: str = "returns.csv") -> list[Copy]:
    """
    Read a file of returned items as copies, with what lending rules look at.

    Parameters
    ----------
    data
        The CSV file: item, title, owner, at, returned_at, and if need be material, acquired,
        leaves_home.
    name
        What to call it in faults.

    Returns
    -------
    list of Copy
        One a row, the first to come back first.

    Raises
    ------
    InputError
        With every fault, by line; fields about readers are refused by name.
    """
    columns = (*RETURN_COLUMNS, *_RULE_COLUMNS)
    rows = read_records(
        data, name, columns, _returned, refuse=patron_fields, hide=holds_personal_value
    )
    return [copy for _, copy in sorted(rows, key=lambda row: (row[0], row[1].item))]


def _returned(**fields: Any) -> tuple[datetime, Copy]:  # noqa: ANN401 (a row is read by heading)
    refuse_personal_values(fields)
    rules = {one.name: fields.pop(one.name) for one in _RULE_COLUMNS if one.name in fields}
    item = ReturnedItem(**fields)
    (copy,) = returned_copies([item])
    return item.returned_at, replace(copy, **rules)


def read_balance(data: bytes, name: str = "balance.csv") -> list[Balance]:
    """
    Read a file of what each branch has lent and borrowed over the past months.

    Parameters
    ----------
    data
        The CSV file: branch, lent, borrowed.
    name
        What to call it in faults.

    Returns
    -------
    list of Balance
        One a row.

    Raises
    ------
    InputError
        With every fault, by line; or a branch stands twice.
    """
    rows = read_records(data, name, _BALANCE_COLUMNS, Balance)
    names = [row.branch for row in rows]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise InputError(f"{name}: branch {one!r} stands twice, expected once" for one in twice)
    return rows
