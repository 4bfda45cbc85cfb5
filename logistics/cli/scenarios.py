"""Commands about the network as a whole: simulated years and service days."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime  # noqa: TC003 - typer reads it
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress

from logistics.cli.console import notes, print_json, write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.simulation.compare import Summary
    from logistics.simulation.scenario import Scenario


Data = Annotated[
    Path | None, typer.Option(help="Folder with the network's files. [default: shipped]")
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(simulate)
    app.command("service-days")(service_days)


def simulate(  # noqa: PLR0917 - an option each
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO.toml...", help="Scenarios; the first is the measure."),
    ],
    output: Annotated[
        Path, typer.Option(help="Folder for finished days and the comparison; run again to go on.")
    ] = Path("out"),
    first: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day. [default: the file's]")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day. [default: the file's]")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Local processes.")] = 2,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask scheduler such as tcp://host:8786; it must see the folder."),
    ] = None,
    data: Data = None,
) -> None:
    """Simulate a year of each scenario and compare them: table, page and spreadsheet."""
    from logistics.network.load import load_network
    from logistics.simulation.compare import compare
    from logistics.simulation.scenario import read_scenario, refuse_unlike
    from logistics.simulation.sweep import sweep
    from maps.comparison import comparison_html, comparison_xlsx

    period = {"first": first, "last": last}
    changed = {name: day.date() for name, day in period.items() if day is not None}
    read = [read_scenario(path).model_copy(update=changed) for path in scenarios]
    refuse_unlike(read)
    with _days_of(read, output / "days", data):
        outcomes = sweep(read, output / "days", workers=workers, scheduler=scheduler, data=data)
    network = load_network(data)
    names = {one.code: one.name for one in network.municipalities}
    owners = {one.id: names.get(one.municipality, one.name) for one in network.branches}
    rows = [
        _summary(summary, scenario)
        for summary, scenario in zip(compare(outcomes, owners), read, strict=True)
    ]
    write_text(output / "comparison.html", comparison_html(rows))
    write_bytes(output / "comparison.xlsx", comparison_xlsx(rows))
    print_json(
        {
            "files": [str(output / f"comparison.{end}") for end in ("html", "xlsx")],
            "scenarios": [
                {key: row[key] for key in ("name", "per_week", "difference", "quantiles")}
                for row in rows
            ],
        }
    )


def service_days(  # noqa: PLR0917 - an option each
    scenario: Annotated[
        Path | None, typer.Argument(metavar="SCENARIO.toml", help="[default: the network as it is]")
    ] = None,
    promise: Annotated[
        float | None, typer.Option(min=0.1, help="Days to the reader at most; cost is minimised.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(min=1, help="SEK a week at most; days are minimised.")
    ] = None,
    vans: Annotated[int | None, typer.Option(min=1, help="Vans. [default: its own]")] = None,
    least: Annotated[
        list[str] | None,
        typer.Option(help="Days a week at least, as main=3 or nora=2; may be given again."),
    ] = None,
    spread: Annotated[int, typer.Option(min=0, help="Minutes between a branch's hours.")] = 120,
    seconds: Annotated[float, typer.Option(min=1, help="Time for the choice of days.")] = 120.0,
    gap: Annotated[float, typer.Option(min=0, max=1, help="Leave off at this gap.")] = 0.005,
    output: Annotated[
        Path | None, typer.Option(help="Write the decided days to this scenario file.")
    ] = None,
    data: Data = None,
) -> None:
    """Decide who is served on which weekdays, by which van and when, with a proved bound."""
    from logistics.errors import InputError
    from logistics.simulation.scenario import Scenario, read_scenario, write_scenario
    from logistics.simulation.service_days.decide import decide
    from logistics.simulation.service_days.model import Goal
    from logistics.simulation.setting import build_setting

    if (promise is None) == (budget is None):
        raise InputError("service days: expected either --promise or --budget, and not both")
    base = Scenario(name="network") if scenario is None else read_scenario(scenario)
    with notes.status("Choosing days") as status:
        decision = decide(
            build_setting(base, data),
            Goal(most_days=promise, most_sek=budget),
            least_days=_least_days(least or []),
            vans=vans,
            spread_minutes=spread,
            seconds=seconds,
            gap=gap,
            on_progress=lambda best, bound: status.update(
                f"Choosing days: best {'none yet' if best is None else f'{best:.2f}'}, "
                f"bound {bound:.2f}"
            ),
        )
    if output is not None:
        write_text(output, write_scenario(decision.as_scenario(base)))
    print_json(decision.as_json())


_LOOK_SECONDS = 1.0


@contextmanager
def _days_of(scenarios: list[Scenario], folder: Path, data: Path | None) -> Iterator[None]:
    """Show the finished days of each scenario, whoever simulates them."""
    from logistics.simulation.sweep import Watch

    watch, stop = Watch(scenarios, folder, data), threading.Event()
    with Progress(*Progress.get_default_columns(), console=notes, transient=True) as progress:
        tasks = {
            one.name: progress.add_task(one.name, total=(one.last - one.first).days + 1)
            for one in scenarios
        }

        def look() -> None:
            while not stop.wait(_LOOK_SECONDS):
                for name, days in watch.days().items():
                    progress.update(tasks[name], completed=days)

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        try:
            yield
        finally:
            stop.set()
            looking.join()


def _least_days(texts: list[str]) -> dict[str, int]:
    from logistics.errors import InputError

    days = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not number.isdigit():
            raise InputError(f"--least is {text!r}, expected a branch or kind and days, as main=3")
        days[name] = int(number)
    return days


def _summary(summary: Summary, scenario: Scenario) -> dict[str, Any]:
    return {
        "name": summary.name,
        "title": scenario.title or summary.name,
        "per_week": {name: asdict(one) for name, one in summary.per_week.items()},
        "difference": {
            name: {**asdict(one), "certain": one.certain}
            for name, one in summary.difference.items()
        },
        "quantiles": {str(part): summary.quantile(part) for part in (0.5, 0.9, 0.99)},
        "mean_days": summary.mean_days,
        "days_to_reader": dict(summary.days_to_reader),
        "pairs": [
            {"from": a, "to": b, "items": sum(days.values()), "median": _median(days)}
            for (a, b), days in summary.pairs.items()
        ],
    }


def _median(days: Any) -> int:  # noqa: ANN401 - counts by days
    from logistics.simulation.compare import quantile

    return quantile(days, 0.5)
