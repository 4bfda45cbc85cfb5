"""Commands that run the service, and workers beside it."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import notes
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.settings import Settings


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [default: 8000]")] = None,
    database: Database = None,
) -> None:
    """Run the service; every setting stands in docs/settings.md. Stop it with Ctrl-C."""
    from api.server import serve as run

    settings = settings_of(host=host, port=port, database=database)
    engine = opened(settings.database)
    for step in first_steps(engine):
        notes.print(step, soft_wrap=True)
    notes.print(f"Serving on http://{settings.host}:{settings.port} (Ctrl-C stops)")
    run(settings)


def first_steps(engine: Engine) -> list[str]:
    """
    Say what a new installation still lacks.

    Parameters
    ----------
    engine
        The database.

    Returns
    -------
    list[str]
        A sentence with its command for each; empty where people can begin.
    """
    from sqlmodel import select

    from logistics.storage.session import reading
    from logistics.storage.tables import BranchRow, UserRow

    steps = []
    with reading(engine) as session:
        if session.exec(select(BranchRow)).first() is None:
            steps.append("No network yet: `logistics init` brings in that of the nine.")
        if session.exec(select(UserRow)).first() is None:
            steps.append(
                "Nobody can log in yet: `logistics account create you@example.se --role admin`"
                " makes the first account."
            )
    return steps


def worker(database: Database = None) -> None:
    """Do background jobs, webhooks and the drop folder; on PostgreSQL as many as are wanted."""
    import signal

    from api import logs
    from api.background import Background

    settings = settings_of(database=database)
    engine = opened(settings.database)
    logs.configure(settings)
    background = Background(engine, settings)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: background.end())
    background.start()
    notes.print("Working (Ctrl-C stops)")
    background.wait()
    background.stop(settings.graceful_seconds)
    engine.dispose()


def settings_of(**given: object) -> Settings:
    """
    Read the settings, with what was given on the command line on top.

    Parameters
    ----------
    **given
        Values by name; None leaves the environment's.

    Returns
    -------
    Settings
        The settings.
    """
    from api.settings import read_settings

    return read_settings(**{name: value for name, value in given.items() if value is not None})
