"""Commands that run the service."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import notes
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
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
    opened(settings.database).dispose()
    notes.print(f"Serving on http://{settings.host}:{settings.port} (Ctrl-C stops)")
    run(settings)


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
