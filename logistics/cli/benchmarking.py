"""The command that measures the planner on public instances, beside other solvers on request."""

# ruff: noqa: PLC0415 - a command loads only what it uses; the solver alone takes a second
from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

Instances = Annotated[
    Path, typer.Argument(metavar="FOLDER|FILE", help="Instances; docs/benchmarks.md.")
]
Table = Annotated[Path | None, typer.Option(help="Add the results to this CSV file as well.")]


def register(app: typer.Typer) -> None:
    """
    Add the command of this module.

    Parameters
    ----------
    app
        The program it becomes part of.
    """
    app.command()(benchmark)


def benchmark(
    path: Instances,
    seconds: Annotated[float, typer.Option(min=0.0, help="For each solver and instance.")] = 10.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same search.")] = 0,
    peers: Annotated[bool, typer.Option(help="Let PyVRP and VROOM solve them too.")] = False,
    output: Table = None,
) -> None:
    """Solve public instances; print a JSON line each: cost, vehicles, best known, gap, seconds."""
    from logistics.planning.benchmark.run import append_results, run

    for result in run(path, seconds=seconds, workers=workers, seed=seed, peers=peers):
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False))
        if output is not None:
            append_results(output, [result])
