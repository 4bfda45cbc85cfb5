"""A week of transfers as the facts suggest it, made up and reproducible, without any reader in it.

Readers borrow by the number of inhabitants, and libraries lend by their size and nearness, as
gravity models of trade have it. Each loan that travels goes out as a hold and, unless the
collection floats, some weeks later home; so in an even week the two are equally many.
"""

from __future__ import annotations

import csv
import io
import math
import random
from bisect import bisect
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from logistics.demand.importers.files import TRANSFER_COLUMNS
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.demand.waiting import LOCAL_TIME
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Friday's late returns, then the week of Monday 23 November 2026.
SAMPLE_DAYS: Final = tuple(date(2026, 11, day) for day in (20, 23, 24, 25, 26, 27))
SAMPLE_SEED: Final = 2026

#: Physical loans per inhabitant and year, as in the whole country (2023).
LOANS_PER_INHABITANT: Final = 5.0
#: Part of the loans that travel between branches; an estimate, 3 to 8 % are plausible.
TRAVELLING_SHARE: Final = 0.05
WEEKDAYS_PER_YEAR: Final = 260

#: Distance at which a library lends half as much as one next door; an estimate.
HALF_LENDING_METRES: Final = 40_000

_OPENS: Final = time(8)
_MINUTES_OPEN: Final = 9 * 60

# The exponential of a larger one is no normal number; a sum of Poisson numbers is one.
_LARGEST_MEAN: Final = 500.0


def sample_transfers(
    inhabitants: Mapping[str, int],
    metres: Sequence[Sequence[int]],
    days: Iterable[date] = SAMPLE_DAYS,
    *,
    seed: int = SAMPLE_SEED,
    loans_per_inhabitant: float = LOANS_PER_INHABITANT,
    travelling_share: float = TRAVELLING_SHARE,
    floating: bool = False,
) -> list[Transfer]:
    """
    Make up the transfers of some days.

    Parameters
    ----------
    inhabitants
        Inhabitants that each branch serves.
    metres
        Road distance between each two branches, in the order of ``inhabitants``.
    days
        The weekdays on which they come into being.
    seed
        Another seed gives other transfers; the same gives the same, on every machine.
    loans_per_inhabitant
        Loans per inhabitant and year.
    travelling_share
        Part of the loans that travel, between 0 and 1.
    floating
        Whether an item stays where it was handed in, so that nothing travels home. The holds are
        the same in both settings.

    Returns
    -------
    list of Transfer
        By the time they were asked for.

    Raises
    ------
    InputError
        There are fewer than two branches, the distances do not fit them, or a number is out of
        range.
    """
    _refuse(inhabitants, metres, loans_per_inhabitant, travelling_share)
    mean = sum(inhabitants.values()) * loans_per_inhabitant * travelling_share / WEEKDAYS_PER_YEAR
    lending = _Lending(inhabitants, metres)
    kinds = (TransferKind.HOLD,) if floating else (TransferKind.HOLD, TransferKind.RETURN)
    return [
        transfer
        for day in days
        for transfer in sorted(
            (one for kind in kinds for one in _made_up(lending, kind, day, mean, seed)),
            key=lambda transfer: (transfer.requested_at, transfer.request_id),
        )
    ]


def write_transfers(transfers: Iterable[Transfer]) -> bytes:
    """
    Write transfers as the CSV file that ``read_transfers`` reads.

    Parameters
    ----------
    transfers
        The transfers.

    Returns
    -------
    bytes
        UTF-8, lines ended by a line feed on every system; times are local with their offset.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(column.name for column in TRANSFER_COLUMNS)
    for one in transfers:
        asked = one.requested_at.astimezone(LOCAL_TIME).isoformat()
        writer.writerow(
            (one.request_id, one.item, one.kind.value, one.origin, one.destination, asked)
        )
    return file.getvalue().encode()


class _Lending:
    """Who borrows, and from whom."""

    def __init__(self, inhabitants: Mapping[str, int], metres: Sequence[Sequence[int]]) -> None:
        self._branches = tuple(inhabitants)
        sizes = tuple(inhabitants.values())
        self._borrowers = list(accumulate(sizes))
        self._lenders = [
            list(
                accumulate(
                    0.0 if row == column else sizes[column] / (1 + away / HALF_LENDING_METRES)
                    for column, away in enumerate(aways)
                )
            )
            for row, aways in enumerate(metres)
        ]

    def draw(self, chance: random.Random) -> tuple[str, str]:
        """Draw the branch that lends and the branch that borrows."""
        borrower = bisect(self._borrowers, chance.random() * self._borrowers[-1])
        lenders = self._lenders[borrower]
        lender = bisect(lenders, chance.random() * lenders[-1])
        return self._branches[lender], self._branches[borrower]


def _made_up(
    lending: _Lending, kind: TransferKind, day: date, mean: float, seed: int
) -> Iterator[Transfer]:
    # A text as seed is hashed the same way on every machine and in every version of Python.
    chance = random.Random(f"{seed} {day} {kind}")  # noqa: S311 (a sample, no secret)
    opens = datetime.combine(day, _OPENS, LOCAL_TIME)
    for number in range(1, _poisson(chance, mean) + 1):
        lender, borrower = lending.draw(chance)
        out = kind is TransferKind.HOLD
        request_id = f"{day:%Y%m%d}-{'H' if out else 'R'}{number:03d}"
        yield Transfer(
            id=transfer_id(request_id),
            request_id=request_id,
            item=f"3{chance.randrange(10**12):012d}",
            kind=kind,
            origin=lender if out else borrower,
            destination=borrower if out else lender,
            requested_at=opens + timedelta(minutes=chance.randrange(_MINUTES_OPEN)),
        )


def _poisson(chance: random.Random, mean: float) -> int:
    """Draw a Poisson number by products of uniforms (Knuth 1969, volume 2, section 3.4.1)."""
    if mean > _LARGEST_MEAN:
        return _poisson(chance, _LARGEST_MEAN) + _poisson(chance, mean - _LARGEST_MEAN)
    count, product, least = 0, chance.random(), math.exp(-mean)
    while product > least:
        product *= chance.random()
        count += 1
    return count


def _refuse(
    inhabitants: Mapping[str, int],
    metres: Sequence[Sequence[int]],
    loans_per_inhabitant: float,
    travelling_share: float,
) -> None:
    size, problems = len(inhabitants), []
    if sum(people > 0 for people in inhabitants.values()) < 2:  # noqa: PLR2004
        problems.append(f"sample: {size} branches, expected two with inhabitants or more")
    if len(metres) != size or any(len(row) != size for row in metres):
        problems.append(f"sample: distances are not {size} by {size}, as many as branches")
    if not (loans_per_inhabitant >= 0 and 0 <= travelling_share <= 1):
        problems.append(
            f"sample: {loans_per_inhabitant} loans, {travelling_share} of them travelling, "
            "expected 0 or more, and between 0 and 1"
        )
    if problems:
        raise InputError(problems)
