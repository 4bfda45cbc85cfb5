"""Expected days between branches, in the forms that library systems take.

Koha chooses the copy of least cost by its table ``transport_cost`` (frombranch, tobranch, cost as
decimal(6,2), disable_transfer); Evergreen by ``actor.org_unit_proximity_adjustment``. Both are
filled by hand today; here they follow from the calendar and the vans.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, Literal

from logistics.demand.waiting import LONGEST_WAIT_DAYS
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from logistics.demand.matching.journeys import Journeys

#: Koha's table holds no higher cost and no longer branch code.
KOHA_HIGHEST_COST: Final = 9_999.99
KOHA_LONGEST_CODE: Final = 10

WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def koha_transport_costs(
    journeys: Journeys, codes: Mapping[str, str], *, sek_per_day: float | None = None
) -> bytes:
    """
    Write Koha's transport cost matrix.

    Parameters
    ----------
    journeys
        Expected days and marginal SEK between the places.
    codes
        Koha's code of each branch; places without one are left out.
    sek_per_day
        What a day of waiting is worth; the cost is then in SEK, carrying included. None makes the
        cost the expected days.

    Returns
    -------
    bytes
        CSV with the columns of the table ``transport_cost``. A branch that no van reaches is
        disabled.

    Raises
    ------
    InputError
        With every fault: a code is given to two branches, or Koha cannot hold it.
    """
    _refuse_codes(codes, journeys, KOHA_LONGEST_CODE)
    rows = [("frombranch", "tobranch", "cost", "disable_transfer")]
    for origin, destination, days, sek in _pairs(journeys, codes):
        cost = days if sek_per_day is None else sek + days * sek_per_day
        rows.append(
            (
                codes[origin],
                codes[destination],
                f"{min(cost, KOHA_HIGHEST_COST):.2f}",
                str(int(days >= LONGEST_WAIT_DAYS)),
            )
        )
    return _csv(rows)


def evergreen_proximity(journeys: Journeys, codes: Mapping[str, str]) -> str:
    """
    Write Evergreen's proximity adjustments.

    Parameters
    ----------
    journeys
        Expected days between the places.
    codes
        Evergreen's short name of each branch; places without one are left out.

    Returns
    -------
    str
        SQL in one transaction that replaces the adjustments between these branches: the expected
        days, absolute, from the library where the copy is to the one where it is picked up.

    Raises
    ------
    InputError
        A short name is given to two branches.
    """
    _refuse_codes(codes, journeys)
    values = ",\n".join(
        f"    ({_quoted(codes[origin])}, {_quoted(codes[destination])}, {days:.2f})"
        for origin, destination, days, _ in _pairs(journeys, codes)
    )
    names = ", ".join(_quoted(codes[place]) for place in journeys.places if place in codes)
    # Every name is quoted, and an administrator reads the script before running it.
    return f"""BEGIN;
DELETE FROM actor.org_unit_proximity_adjustment
 WHERE item_circ_lib IN (SELECT id FROM actor.org_unit WHERE shortname IN ({names}))
   AND hold_pickup_lib IN (SELECT id FROM actor.org_unit WHERE shortname IN ({names}))
   AND item_owning_lib IS NULL AND copy_location IS NULL
   AND hold_request_lib IS NULL AND circ_mod IS NULL;
INSERT INTO actor.org_unit_proximity_adjustment
       (item_circ_lib, hold_pickup_lib, pos, absolute_adjustment, prox_adjustment)
SELECT item.id, pickup.id, 0, TRUE, expected.days
  FROM (VALUES
{values}
       ) AS expected (item_at, picked_up_at, days)
  JOIN actor.org_unit AS item ON item.shortname = expected.item_at
  JOIN actor.org_unit AS pickup ON pickup.shortname = expected.picked_up_at;
COMMIT;
"""  # noqa: S608


def by_weekday(week: Sequence[Journeys], what: Literal["days", "sek"] = "days") -> bytes:
    """
    Write what is expected between all places for each day of a week.

    Parameters
    ----------
    week
        Journeys of items packed before the vans leave on Monday, Tuesday and so on.
    what
        ``days`` for calendar days until an item arrives, ``sek`` for what carrying it adds.

    Returns
    -------
    bytes
        CSV with the columns from, to, Mo to Su.
    """
    rows: list[tuple[str, ...]] = [("from", "to", *WEEKDAYS)]
    places = week[0].places
    for i, origin in enumerate(places):
        for j, to in enumerate(places):
            if i != j:
                values = (getattr(day, what)[i][j] for day in week)
                rows.append((origin, to, *(f"{value:.2f}" for value in values)))
    return _csv(rows)


def _pairs(journeys: Journeys, codes: Mapping[str, str]) -> Iterator[tuple[str, str, float, float]]:
    for row, origin in enumerate(journeys.places):
        for column, destination in enumerate(journeys.places):
            if origin != destination and origin in codes and destination in codes:
                yield origin, destination, journeys.days[row][column], journeys.sek[row][column]


def _refuse_codes(codes: Mapping[str, str], journeys: Journeys, longest: int | None = None) -> None:
    problems, seen = [], dict[str, str]()
    for place in journeys.places:
        code = codes.get(place)
        if code is None:
            continue
        if code in seen:
            problems.append(
                f"branch {place!r}: code is {code!r} as of {seen[code]!r}, expected one of its own"
            )
        if longest is not None and not 0 < len(code) <= longest:
            problems.append(
                f"branch {place!r}: code is {code!r}, expected 1 to {longest} characters"
            )
        seen.setdefault(code, place)
    if len(seen) < 2:  # noqa: PLR2004
        problems.append(f"{len(seen)} of the branches have a code, expected two or more")
    if problems:
        raise InputError(problems)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()
