"""Scenarios side by side: what each costs, how long readers wait, and how sure the difference is.

Scenarios that share a seed see the same readers, so their weeks are compared in pairs: the spread
of the weekly differences, not that of the weeks, makes the interval (paired t, common random
numbers; Law 2015, Simulation Modeling and Analysis, section 11.2; weeks as batches, section 9.5.3).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, mean, stdev
from typing import TYPE_CHECKING, Final

from logistics.demand.transfers import TransferKind
from logistics.errors import InputError
from logistics.simulation.arrivals import weeks
from logistics.units import GRAMS_PER_KILOGRAM, METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.simulation.outcome import DayOutcome

CONFIDENCE: Final = 0.95
#: Days at the start that are left out, while the empty network fills.
WARM_UP_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """
    A mean, and how far the truth may lie from it.

    Attributes
    ----------
    mean
        Mean over the weeks.
    half_width
        Half of the 95 % interval; 0 with fewer than two weeks.
    """

    mean: float
    half_width: float

    @property
    def certain(self) -> bool:
        """Whether the interval does not contain zero."""
        return abs(self.mean) > self.half_width


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """
    What a scenario came to.

    Attributes
    ----------
    name
        The scenario.
    per_week
        Each measure's mean week with its interval.
    difference
        The same measures less those of the first scenario, paired week by week; empty for it.
    days_to_reader
        Number of holds by calendar days from request to delivery.
    pairs
        For each pair of municipalities or branches, as grouped, holds by days.
    """

    name: str
    per_week: Mapping[str, Interval]
    difference: Mapping[str, Interval]
    days_to_reader: Mapping[int, int]
    pairs: Mapping[tuple[str, str], Mapping[int, int]]

    def quantile(self, part: float) -> int:
        """
        Tell in how many days a part of the readers has the book.

        Parameters
        ----------
        part
            Between 0 and 1; 0.5 is the median.

        Returns
        -------
        int
            Calendar days; 0 when nothing was delivered.
        """
        return quantile(self.days_to_reader, part)

    @property
    def mean_days(self) -> float:
        """Calendar days from request to delivery, mean over all holds; 0 without any."""
        items = sum(self.days_to_reader.values())
        waited = sum(days * count for days, count in self.days_to_reader.items())
        return waited / items if items else 0.0


def quantile(counts: Mapping[int, int], part: float) -> int:
    """
    Find a quantile of counted whole numbers.

    Parameters
    ----------
    counts
        How often each number occurs.
    part
        Between 0 and 1.

    Returns
    -------
    int
        The smallest number that at least this part does not exceed; 0 when there is none.
    """
    total = sum(counts.values())
    seen = 0
    for number in sorted(counts):
        seen += counts[number]
        if seen >= part * total:
            return number
    return 0


MEASURES: Final[Mapping[str, Callable[[DayOutcome], float]]] = {
    "driving_sek": lambda day: day.driving_sek,
    "kilometres": lambda day: day.metres / METRES_PER_KILOMETRE,
    "paid_hours": lambda day: day.paid_seconds / SECONDS_PER_HOUR,
    "runs": lambda day: day.runs,
    "stops": lambda day: day.stops,
    "empty_stops": lambda day: day.empty_stops,
    "delivered": lambda day: day.delivered,
    "reader_days": lambda day: day.reader_days,
    "holds": lambda day: day.holds,
    "backlog": lambda day: day.backlog,
    "days": lambda _: 1,
    "co2e_kg": lambda day: day.co2e_grams / GRAMS_PER_KILOGRAM,
    "item_metres": lambda day: day.item_metres,
    "capacity_metres": lambda day: day.capacity_metres,
}


def compare(
    outcomes: Mapping[str, Sequence[DayOutcome]],
    municipality: Mapping[str, str] | None = None,
    warm_up_days: int = WARM_UP_DAYS,
) -> list[Summary]:
    """
    Put scenarios side by side.

    Parameters
    ----------
    outcomes
        Days of each scenario, of the same period; the first is what the others are held against.
    municipality
        Municipality of each branch, to group pairs by; branches themselves when absent.
    warm_up_days
        Days at the start that are left out; none of a period that is not twice as long.

    Returns
    -------
    list of Summary
        In the order given.

    Raises
    ------
    InputError
        The scenarios do not cover the same days.
    """
    base_name, base = next(iter(outcomes.items()))
    for name, days in outcomes.items():
        if [day.day for day in days] != [day.day for day in base]:
            raise InputError(
                f"scenario {name!r}: its days are not those of {base_name!r}; "
                "compare scenarios of the same period"
            )
    skipped = warm_up_days if len(base) > 2 * warm_up_days else 0
    return [
        _summary(name, days[skipped:], None if name == base_name else base[skipped:], municipality)
        for name, days in outcomes.items()
    ]


def _summary(
    name: str,
    days: Sequence[DayOutcome],
    base: Sequence[DayOutcome] | None,
    municipality: Mapping[str, str] | None,
) -> Summary:
    spans = _whole_weeks(days)
    own = {measure: _weekly(days, spans, of) for measure, of in MEASURES.items()}
    own |= _ratios(own)
    difference = {}
    if base is not None:
        other = {measure: _weekly(base, spans, of) for measure, of in MEASURES.items()}
        other |= _ratios(other)
        difference = {
            measure: interval([a - b for a, b in zip(values, other[measure], strict=True)])
            for measure, values in own.items()
        }
    pairs = _pairs(days, municipality or {})
    readers: Counter[int] = Counter()
    for counts in pairs.values():
        readers.update(counts)
    return Summary(
        name=name,
        per_week={measure: interval(values) for measure, values in own.items()},
        difference=difference,
        days_to_reader=dict(sorted(readers.items())),
        pairs={pair: dict(sorted(counts.items())) for pair, counts in sorted(pairs.items())},
    )


def _whole_weeks(days: Sequence[DayOutcome]) -> list[tuple[int, int]]:
    """Give the weeks of seven days; all days as one where there is none."""
    spans = weeks([day.day for day in days])
    whole = [(start, end) for start, end in spans if end - start == 7]  # noqa: PLR2004
    return whole or [(0, len(days))]


def _weekly(
    days: Sequence[DayOutcome],
    spans: list[tuple[int, int]],
    measure: Callable[[DayOutcome], float],
) -> list[float]:
    return [sum(measure(day) for day in days[start:end]) for start, end in spans]


def _ratios(weekly: dict[str, list[float]]) -> dict[str, list[float]]:
    delivered = weekly["delivered"]
    found = {
        f"{measure}_per_item": _ratio(weekly[measure], delivered)
        for measure in ("driving_sek", "kilometres")
    }
    found["days_per_hold"] = _ratio(weekly["reader_days"], weekly.pop("holds"))
    # What waits is counted each evening; a week's is the mean of them.
    weekly["backlog"] = _ratio(weekly["backlog"], weekly.pop("days"))
    full = _ratio(weekly.pop("item_metres"), weekly.pop("capacity_metres"))
    return {**found, "fill_percent": [100 * part for part in full]}


def _ratio(parts: Sequence[float], wholes: Sequence[float]) -> list[float]:
    return [part / whole if whole else 0.0 for part, whole in zip(parts, wholes, strict=True)]


def _pairs(
    days: Sequence[DayOutcome], municipality: Mapping[str, str]
) -> dict[tuple[str, str], Counter[int]]:
    pairs: dict[tuple[str, str], Counter[int]] = {}
    for day in days:
        for one in day.deliveries:
            if one.kind == TransferKind.HOLD:
                ends = (
                    municipality.get(one.origin, one.origin),
                    municipality.get(one.destination, one.destination),
                )
                pairs.setdefault(ends, Counter())[one.days] += one.items
    return pairs


def interval(values: Sequence[float]) -> Interval:
    """
    Give the mean of some weeks with its 95 % interval.

    Parameters
    ----------
    values
        One number a week.

    Returns
    -------
    Interval
        Student's t on the weeks.
    """
    if len(values) < 2:  # noqa: PLR2004 - one week has no spread
        return Interval(mean=mean(values), half_width=0.0)
    spread = stdev(values) / math.sqrt(len(values))
    return Interval(
        mean=mean(values), half_width=student_quantile(CONFIDENCE, len(values) - 1) * spread
    )


def student_quantile(confidence: float, freedom: int) -> float:
    """
    Approximate the two-sided quantile of Student's t.

    Parameters
    ----------
    confidence
        Such as 0.95.
    freedom
        Degrees of freedom.

    Returns
    -------
    float
        Within 0.5 % of the table from 4 degrees of freedom on (Abramowitz and Stegun 1964,
        formula 26.7.5); an over-estimate is not promised below.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / freedom + second / freedom**2 + third / freedom**3 + fourth / freedom**4
