"""The command line itself: the list of commands, and what an error becomes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import typer
from typer.exceptions import TyperException

from logistics.cli import (
    access,
    benchmarking,
    data,
    day,
    demo,
    feeds,
    journeys,
    matching,
    networking,
    scenarios,
    service,
    sharing,
    solving,
    upkeep,
)
from logistics.cli.console import complain
from logistics.cli.store import close_all
from logistics.errors import LogisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130

app = typer.Typer(
    name="logistics",
    help="Courier runs between the branches of a library cooperation: planned, proved, printed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (
    demo,
    data,
    day,
    solving,
    scenarios,
    journeys,
    matching,
    sharing,
    networking,
    service,
    feeds,
    access,
    upkeep,
    benchmarking,
):
    group.register(app)


def run() -> NoReturn:
    """
    Run the program and end the process.

    Raises
    ------
    SystemExit
        Always, with what :func:`main` returned; where a solver still works on what nobody waits
        for, the process ends without taking its threads down one by one.
    """
    code = main()
    crew = sys.modules.get("logistics.planning.crew")
    if crew is not None and crew.unfinished():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the program.

    Parameters
    ----------
    argv
        Arguments without the program name; those of the process when None.

    Returns
    -------
    int
        0 done, 2 bad input, 3 no plan or a broken rule, 130 interrupted; 1 is a bug.
    """
    arguments = None if argv is None else list(argv)
    try:
        code = app(args=arguments, prog_name="logistics", standalone_mode=False)
    except LogisticsError as error:
        for problem in error.problems:
            complain(f"logistics: {problem}")
        return error.exit_code
    except TyperException as error:
        complain(f"logistics: {error.format_message()} (logistics --help lists what there is)")
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        complain("logistics: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    finally:
        close_all()
    return code if isinstance(code, int) else 0
