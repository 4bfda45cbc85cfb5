"""What a cost report is made of, as plain records free of any language and of any markup.

Whoever closes the books fills them from what was booked; pages, PDF and spreadsheets only read
them.
Money is SEK, distances metres, durations seconds, emissions grams of CO2 equivalents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Period(StrEnum):
    """What span of time a report covers."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Rule(StrEnum):
    """How the cost is shared among the municipalities."""

    SHAPLEY = "shapley"
    PER_STOP = "per-stop"
    PER_ITEM = "per-item"
    INHABITANTS = "inhabitants"
    STAND_ALONE = "stand-alone"
    EQUAL = "equal"


class Measure(StrEnum):
    """What plan and outcome are compared on."""

    COST = "cost"
    DISTANCE = "distance"
    PAID_TIME = "paid-time"
    STOPS = "stops"
    ITEMS = "items"
    CO2E = "co2e"
    ON_TIME_STOPS = "on-time-stops"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTotals:
    """
    A span of time in numbers.

    Attributes
    ----------
    first_day, last_day
        The span, both days included.
    service_days
        Days on which a van ran.
    runs, stops, idle_stops
        How many; idle are stops with nothing to put off or take on.
    items, crates
        Items delivered, and crates they filled (whole crates at each stop).
    distance_metres, paid_seconds
        As driven.
    fixed_sek, stops_sek, distance_sek, time_sek
        What driving cost.
    co2e_grams
        Greenhouse gases; None where a factor is missing.
    fill_rate
        Load x distance over capacity x distance, 0 to 1; None when nothing was driven.
    median_days, ninetieth_days
        Days from request to the reader; None when nothing was delivered.
    on_time_items, promised_items
        Items that came by the promised day, of those with a promise.
    """

    first_day: date
    last_day: date
    service_days: int
    runs: int
    stops: int
    idle_stops: int
    items: int
    crates: int
    distance_metres: int
    paid_seconds: int
    fixed_sek: float
    stops_sek: float
    distance_sek: float
    time_sek: float
    co2e_grams: float | None = None
    fill_rate: float | None = None
    median_days: float | None = None
    ninetieth_days: float | None = None
    on_time_items: int = 0
    promised_items: int = 0

    @property
    def cost_sek(self) -> float:
        """What driving cost in all."""
        return self.fixed_sek + self.stops_sek + self.distance_sek + self.time_sek


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """
    One run that was driven.

    Attributes
    ----------
    service_day
        The day.
    vehicle_name
        Name of the vehicle, as data.
    stops, idle_stops, items
        How many.
    distance_metres, paid_seconds
        As driven.
    cost_sek
        What it cost.
    fill_rate
        Load x distance over capacity x distance, 0 to 1.
    co2e_grams
        Greenhouse gases; None where a factor is missing.
    """

    service_day: date
    vehicle_name: str
    stops: int
    idle_stops: int
    items: int
    distance_metres: int
    paid_seconds: int
    cost_sek: float
    fill_rate: float | None = None
    co2e_grams: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    """
    One branch over the whole span.

    Attributes
    ----------
    branch_name, municipality
        Names, as data.
    stops, idle_stops
        How often a van called, and how often for nothing.
    items_in, items_out
        Items put off and taken on.
    cost_sek
        The branch's part of the cost, by the first rule of the report.
    median_days
        Days from request to the reader here; None when nothing arrived.
    """

    branch_name: str
    municipality: str
    stops: int
    idle_stops: int
    items_in: int
    items_out: int
    cost_sek: float
    median_days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """
    What travelled from one municipality to another.

    Attributes
    ----------
    origin, destination
        Names of municipalities, as data.
    items
        Items delivered.
    median_days, ninetieth_days
        Days from request to the reader.
    on_time_items, promised_items
        Items that came by the promised day, of those with a promise.
    """

    origin: str
    destination: str
    items: int
    median_days: float | None = None
    ninetieth_days: float | None = None
    on_time_items: int = 0
    promised_items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """
    What one municipality pays, rule by rule.

    Attributes
    ----------
    municipality
        Its name, as data.
    inhabitants, items
        What the simple rules count.
    stops
        Calls at its branches.
    shares_sek
        Its share by each rule; the shares of all municipalities sum to the cost to the öre.
    alone_sek
        What it would have paid for runs of its own; None if that was not computed.
    co2e_grams
        Its part of the greenhouse gases of whole round trips; None where a factor is missing.
    """

    municipality: str
    inhabitants: int
    items: int
    stops: int
    shares_sek: tuple[tuple[Rule, float], ...]
    alone_sek: float | None = None
    co2e_grams: float | None = None

    def share(self, rule: Rule) -> float | None:
        """
        Look up the share by one rule.

        Parameters
        ----------
        rule
            The rule.

        Returns
        -------
        float | None
            SEK; None where the report does not use the rule.
        """
        return dict(self.shares_sek).get(rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """
    Plan against outcome on one measure.

    Attributes
    ----------
    measure
        What is compared; its unit is that of these records.
    planned, outcome
        The two values.
    """

    measure: Measure
    planned: float
    outcome: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """
    How many items took so many days.

    Attributes
    ----------
    days
        Days from request to the reader.
    items
        Items that took them.
    """

    days: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """
    What one unit of energy emits, and who says so.

    Attributes
    ----------
    energy
        "diesel", "hvo" or "electric".
    grams_per_unit
        Grams of CO2 equivalents, from well to wheel, for one unit.
    unit
        "litre" or "kWh".
    units_used
        How much was used in the span.
    valid_from
        The day from which the factor holds.
    source
        Who says so, as data.
    """

    energy: str
    grams_per_unit: float
    unit: str
    units_used: float
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """
    Everything a cost report shows.

    Attributes
    ----------
    period
        Day, month or year.
    totals
        The span in numbers.
    previous
        The span before it, to compare with; None at the beginning.
    runs, branches, relations, shares, outcomes, waits, factors
        The tables.
    trend
        Days before a day, months before a month and of a year; oldest first.
    made_at
        When the report was made, with time zone.
    caveats
        What is uncertain about it, one sentence each, as data.
    smallest_count
        Counts of items below this are not shown where a reader might be guessed from them.
    """

    period: Period
    totals: PeriodTotals
    previous: PeriodTotals | None = None
    runs: tuple[RunRow, ...] = ()
    branches: tuple[BranchRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    shares: tuple[ShareRow, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    waits: tuple[WaitRow, ...] = ()
    factors: tuple[FactorRow, ...] = ()
    trend: tuple[PeriodTotals, ...] = ()
    made_at: datetime | None = None
    caveats: tuple[str, ...] = ()
    smallest_count: int = 5

    @property
    def trend_period(self) -> Period:
        """How long the spans of the trend are."""
        return Period.DAY if self.period is Period.DAY else Period.MONTH
