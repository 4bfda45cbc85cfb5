"""Commands on day problems as files: solve one, check, explain and compare answers."""

# ruff: noqa: PLC0415 - a command loads only what it uses; the solver alone takes a second
from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.live import Live
from rich.table import Table

from logistics.cli.console import as_json, notes, print_json, write_text

if TYPE_CHECKING:
    from logistics.planning.explain import Explanation
    from logistics.planning.plan import Plan
    from logistics.planning.planner import Progress
    from logistics.planning.problem import Problem


class Words(StrEnum):
    """Language of the sentences in an answer."""

    SV = "sv"
    EN = "en"


ProblemFile = Annotated[
    Path, typer.Argument(metavar="PROBLEM.json", help="A day problem; docs/day-problem.md.")
]
AnswerFile = Annotated[Path, typer.Argument(metavar="ANSWER.json", help="What solve printed.")]


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
    app.command()(explain)
    app.command()(compare)


def solve(
    problem: ProblemFile,
    *,
    seconds: Annotated[
        float, typer.Option(min=0.0, help="Stop after this long, or when the optimum is proved.")
    ] = 30.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same search.")] = 0,
    output: Annotated[
        Path | None, typer.Option(help="Write the answer to this file as well.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            metavar="ANSWER.json", help="A plan that people know: begin with it, and change little."
        ),
    ] = None,
    moved_stop: Annotated[
        float, typer.Option(min=0.0, help="What each stop moved from that plan must save, SEK.")
    ] = 0.0,
) -> None:
    """Solve a day problem and print the answer as JSON: runs, cost, proved bound."""
    from logistics.planning.pins import Pins
    from logistics.planning.plan import plan_to_json, read_plan
    from logistics.planning.planner import solve as solve_problem
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    known = None if before is None else read_plan(before)
    pins = Pins(reference=known, cost_per_moved_stop=moved_stop) if known and moved_stop else None
    with Live(console=notes, refresh_per_second=8, transient=True) as live:
        plan = solve_problem(
            day,
            seconds=seconds,
            workers=workers,
            seed=seed,
            on_progress=lambda progress: live.update(progress_table(progress)),
            start=known,
            pins=pins,
        )
    answer = plan_to_json(plan)
    if output is not None:
        write_text(output, as_json(answer) + "\n")
    print_json(answer)


def check(
    problem: ProblemFile,
    answer: AnswerFile,
) -> None:
    """Check an answer from scratch: every rule, every cost. Exit code 3 where one is broken."""
    from logistics.planning.check import recompute_cost
    from logistics.planning.plan import read_plan
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    plan = read_plan(answer)
    _refuse_broken(day, plan)
    cost = recompute_cost(day, plan)
    print_json({"problem": day.name, "violations": [], "cost": round(cost.total, 2)})


def explain(
    problem: ProblemFile,
    answer: AnswerFile,
    shipment: Annotated[
        list[str] | None, typer.Option(help="Only this one; may be given several times.")
    ] = None,
    language: Annotated[Words, typer.Option(help="Of the sentences.")] = Words.EN,
) -> None:
    """Say why shipments are not delivered today, and the smallest change that delivers each."""
    from logistics.planning.explain import explain as explained
    from logistics.planning.plan import read_plan
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    plan = read_plan(answer)
    _refuse_broken(day, plan)
    found: list[dict[str, object]] = []
    with notes.status("Solving the day again, one rule after another lifted ..."):
        found.extend(_told(one, language) for one in explained(day, plan, shipment or None))
    print_json({"problem": day.name, "not_delivered": found})


def compare(
    problem: ProblemFile,
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help="The plan people know.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER.json", help="The other plan.")],
    language: Annotated[Words, typer.Option(help="Of the sentences.")] = Words.EN,
) -> None:
    """Compare two answers to one day problem, in numbers and in words."""
    from logistics.planning.compare import compare as compared
    from logistics.planning.plan import read_plan
    from logistics.planning.problem import read_problem

    day = read_problem(problem)
    plans = [read_plan(file) for file in (before, after)]
    for plan in plans:
        _refuse_broken(day, plan)
    found = compared(day, *plans)
    print_json(
        {
            "problem": day.name,
            "difference_sek": round(found.difference_sek, 2),
            "metres": found.metres,
            "paid_seconds": found.paid_seconds,
            "vehicles": found.vehicles,
            "items_delivered": found.items_delivered,
            "items_direct": found.items_direct,
            "moved_stops": found.moved_stops,
            "newly_delivered": found.newly_delivered,
            "no_longer_delivered": found.no_longer_delivered,
            "words": found.words(language),
        }
    )


def _told(one: Explanation, language: Words) -> dict[str, object]:
    return {
        "shipment": one.shipment,
        "outcome": one.outcome,
        "reasons": one.reasons,
        "extra_sek": None if one.extra_sek is None else round(one.extra_sek, 2),
        "changes": [
            {
                "kind": change.kind,
                "subject": change.subject,
                "amount": change.amount,
                "extra_sek": round(change.extra_sek, 2),
            }
            for change in one.changes
        ],
        "words": one.words(language),
    }


def _refuse_broken(day: Problem, plan: Plan) -> None:
    from logistics.errors import RuleBrokenError
    from logistics.planning.check import check as check_plan

    broken = check_plan(day, plan)
    if broken:
        raise RuleBrokenError([f"{one.kind}: {one.message}" for one in broken])


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
