"""Commands on day problems as files: solve one, check an answer."""

# ruff: noqa: PLC0415 - a command loads only what it uses; the solver alone takes a second
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.live import Live
from rich.table import Table

from logistics.cli.console import as_json, notes, print_json, write_text

if TYPE_CHECKING:
    from logistics.planning.planner import Progress

ProblemFile = Annotated[
    Path, typer.Argument(metavar="PROBLEM.json", help="A day problem; docs/day-problem.md.")
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(solve)
    app.command()(check)


def solve(
    problem: ProblemFile,
    seconds: Annotated[
        float, typer.Option(min=0.0, help="Stop after this long, or when the optimum is proved.")
    ] = 30.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same search.")] = 0,
    output: Annotated[
        Path | None, typer.Option(help="Write the answer to this file as well.")
    ] = None,
) -> None:
    """Solve a day problem and print the answer as JSON: runs, cost, proved bound."""
    from logistics.planning.plan import plan_to_json
    from logistics.planning.planner import solve as solve_problem
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    with Live(console=notes, refresh_per_second=8, transient=True) as live:
        plan = solve_problem(
            day,
            seconds=seconds,
            workers=workers,
            seed=seed,
            on_progress=lambda progress: live.update(progress_table(progress)),
        )
    answer = plan_to_json(plan)
    if output is not None:
        write_text(output, as_json(answer) + "\n")
    print_json(answer)


def check(
    problem: ProblemFile,
    answer: Annotated[Path, typer.Argument(metavar="ANSWER.json", help="What solve printed.")],
) -> None:
    """Check an answer from scratch: every rule, every cost. Exit code 3 where one is broken."""
    from logistics.errors import RuleBrokenError
    from logistics.planning.check import check as check_plan
    from logistics.planning.check import recompute_cost
    from logistics.planning.plan import read_plan
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    plan = read_plan(answer)
    violations = check_plan(day, plan)
    if violations:
        raise RuleBrokenError([f"{broken.kind}: {broken.message}" for broken in violations])
    cost = recompute_cost(day, plan)
    print_json({"problem": day.name, "violations": [], "cost": round(cost.total, 2)})


def progress_table(progress: Progress) -> Table:
    """
    Show how far a search has come.

    Parameters
    ----------
    progress
        Seconds, cost and bound in SEK, gap as a fraction.

    Returns
    -------
    Table
        One line for a terminal.
    """
    table = Table(box=None, pad_edge=False)
    for heading in ("seconds", "cost SEK", "proved bound SEK", "gap", "phase"):
        table.add_column(heading, justify="right")
    table.add_row(
        f"{progress.seconds:.1f}",
        _amount(progress.cost),
        _amount(progress.bound),
        "-" if progress.gap is None else f"{progress.gap:.2%}",
        progress.phase,
    )
    return table


def _amount(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}".replace(",", " ")
