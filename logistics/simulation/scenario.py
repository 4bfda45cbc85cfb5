"""What is changed in a simulated year against today, read from TOML."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence  # noqa: TC003 - pydantic reads it
from datetime import date
from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from logistics.errors import InputError
from logistics.simulation.scenario_parts import (
    WEEKDAYS,
    Clock,
    Closure,
    Hours,
    NewBranch,
    Sek,
    Strict,
    Texts,
    Van,
    Weekdays,
    as_tuple,
)
from logistics.units import clock


class Scenario(Strict):
    """
    One way to run the network for a while.

    Attributes
    ----------
    name
        Short name, unique among the scenarios compared.
    title
        What it is, in a few words.
    first, last
        First and last day of the period, both included.
    seed
        Seed of demand and weather; scenarios with the same seed see the same returns and holds.
    hub
        Where runs start and end; None for the network's own.
    service_days
        ISO weekdays by kind of branch (``main``, ``branch``, ...) or by branch, which weighs more;
        what is not named keeps the network's calendar.
    vans
        Number of vehicles; None for the network's own.
    vehicle
        Which vehicle of the network they are; None for the first.
    shift_start, shift_end
        Seconds since midnight; None for the vehicle's own.
    max_hours
        Longest run in hours; None for the vehicle's own.
    cost_per_stop_sek
        A carrier's price for each stop, instead of kilometres, hours and fixed cost; None for an
        own van.
    fleet
        Vans of several kinds, in place of ``vans``, ``vehicle`` and ``cost_per_stop_sek``.
    receiving_hours
        When goods are taken in, by kind of branch or by branch, as ``Mo-Fr 10:00-18:00``; what is
        not named keeps the network's hours.
    floating
        Whether an item stays where it was handed in until somebody asks for it.
    demand_factor
        Loans that travel, as a multiple of today's.
    without_municipalities
        Names of municipalities that leave.
    without_branches
        Branches that close for good; their readers go to the main library.
    closures
        Branches that close for a while.
    joining
        Branches that join, such as those of a new member.
    history
        CSV file of transfers that are replayed in place of generated ones, with the columns of
        ``data/sample_week/transfers.csv``; the path is seen from the scenario's own file.
    snow_days_per_year
        Expected number of days from November to March on which driving is slow.
    snow_slowdown
        Travel time on such a day as a multiple of the normal.
    loans_per_inhabitant
        Loans per inhabitant and year.
    travelling_share
        Part of the loans that travel between branches.
    iterations
        Effort of each day's planning; the same number gives the same plans.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    title: str = ""
    first: date = date(2026, 1, 1)
    last: date = date(2026, 12, 31)
    seed: Annotated[int, Field(ge=0)] = 1
    hub: str | None = None
    service_days: Mapping[str, Weekdays] = {}
    vans: Annotated[int, Field(ge=1)] | None = None
    vehicle: str | None = None
    shift_start: Clock | None = None
    shift_end: Clock | None = None
    max_hours: Hours | None = None
    cost_per_stop_sek: Sek | None = None
    fleet: Annotated[tuple[Van, ...], BeforeValidator(as_tuple)] = ()
    receiving_hours: Mapping[str, str] = {}
    floating: bool = False
    demand_factor: Annotated[float, Field(ge=0)] = 1.0
    without_municipalities: Texts = ()
    without_branches: Texts = ()
    closures: Annotated[tuple[Closure, ...], BeforeValidator(as_tuple)] = ()
    joining: Annotated[tuple[NewBranch, ...], BeforeValidator(as_tuple)] = ()
    history: Path | None = None
    snow_days_per_year: Annotated[float, Field(ge=0, le=150)] = 0.0
    snow_slowdown: Annotated[float, Field(ge=1)] = 1.3
    loans_per_inhabitant: Annotated[float, Field(ge=0)] = 5.0
    travelling_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    iterations: Annotated[int, Field(ge=1)] = 20_000

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"last is {self.last}, before first, {self.first}")
        return self

    @model_validator(mode="after")
    def _fleet_is_said_once(self) -> Self:
        twice = [
            name
            for name in ("vans", "vehicle", "cost_per_stop_sek")
            if self.fleet and getattr(self, name) is not None
        ]
        if twice:
            raise ValueError(f"fleet is given and so is {', '.join(twice)}; leave one of them out")
        return self

    @model_validator(mode="after")
    def _history_is_not_multiplied(self) -> Self:
        if self.history is not None and self.demand_factor != 1:
            raise ValueError(f"demand_factor is {self.demand_factor}, expected 1 with a history")
        return self


def read_scenario(path: Path) -> Scenario:
    """
    Read a scenario file.

    Parameters
    ----------
    path
        A TOML file whose keys are the attributes of `Scenario`; weekdays as ``["mon", "wed"]``,
        clock times as ``"07:30"``, dates as TOML dates.

    Returns
    -------
    Scenario
        The scenario; its name is the file's own unless it says another.

    Raises
    ------
    InputError
        The file cannot be read, or a key or value is wrong; all faults at once.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: is not TOML in UTF-8: {error}") from error
    try:
        return Scenario.model_validate({"name": path.stem, **values, **_beside(path, values)})
    except ValidationError as error:
        raise InputError(_sentences(str(path), error)) from error


def write_scenario(scenario: Scenario) -> str:
    """
    Write a scenario as the file that ``read_scenario`` reads.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    str
        TOML with the keys that differ from the defaults.
    """
    values = scenario.model_dump(exclude_defaults=True)
    days, hours = values.pop("service_days", {}), values.pop("receiving_hours", {})
    rows = {key: values.pop(key, ()) for key in ("closures", "joining", "fleet")}
    lines = [f"{key} = {_toml(key, value)}" for key, value in values.items()]
    if days:
        lines += ["", "[service_days]"]
        lines += [f"{_text(name)} = {_toml('weekdays', one)}" for name, one in days.items()]
    if hours:
        lines += ["", "[receiving_hours]"]
        lines += [f"{_text(name)} = {_text(one)}" for name, one in hours.items()]
    for key, records in rows.items():
        for record in records:
            lines += ["", f"[[{key}]]"]
            lines += [f"{name} = {_toml(name, value)}" for name, value in record.items()]
    return "\n".join(lines) + "\n"


def refuse_unlike(scenarios: Sequence[Scenario]) -> None:
    """
    Refuse scenarios that cannot be put side by side, before any of them is simulated.

    Parameters
    ----------
    scenarios
        What is to be compared.

    Raises
    ------
    InputError
        Two have one name, or their periods differ; all faults at once.
    """
    names = Counter(one.name for one in scenarios)
    problems = [
        f"scenario {name!r} stands {count} times, expected names that differ; "
        "say name = ... in one of the files"
        for name, count in names.items()
        if count > 1
    ]
    problems += [
        f"scenario {one.name!r} is from {one.first} to {one.last}, expected {scenarios[0].first} "
        f"to {scenarios[0].last} as {scenarios[0].name!r}; say --first and --last for all"
        for one in scenarios[1:]
        if (one.first, one.last) != (scenarios[0].first, scenarios[0].last)
    ]
    if problems:
        raise InputError(problems)


def _toml(key: str, value: object) -> str:
    if key == "weekdays":
        names = {number: name for name, number in WEEKDAYS.items()}
        return "[" + ", ".join(_text(names[day]) for day in _as_tuple(value)) + "]"
    if key in {"shift_start", "shift_end"} and isinstance(value, int):
        return _text(clock(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(str(one)) for one in value) + "]"
    return str(value) if isinstance(value, int | float | date) else _text(str(value))


def _as_tuple(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _beside(path: Path, values: Mapping[str, object]) -> dict[str, Path]:
    history = values.get("history")
    return {"history": path.parent / history} if isinstance(history, str) else {}


def _sentences(where: str, error: ValidationError) -> list[str]:
    return [
        f"{where}: {'.'.join(map(str, fault['loc'])) or 'period'} is {fault['input']!r:.80}: "
        f"{fault['msg']}"
        for fault in error.errors(include_url=False)
    ]
