"""How commands reach the database and read files for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from logistics.errors import InputError

if TYPE_CHECKING:
    from sqlalchemy import Engine

#: Environment variable with the address of the database; the service reads the same one.
DATABASE_VARIABLE: Final = "LOGISTICS_DATABASE"
#: What the service is told about taking items in, which commands that take them in heed too:
#: the hour at which days are planned, which promises go by, and what is lent where.
INTAKE_VARIABLES: Final = ("LOGISTICS_CUT_OFF", "LOGISTICS_HOME_ONLY", "LOGISTICS_CLOSED_WAYS")

_opened: list[Engine] = []

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        envvar=DATABASE_VARIABLE,
        help="SQLite file or sqlite:/// or postgresql:// address. [default: logistics.sqlite]",
        show_default=False,
        show_envvar=True,
    ),
]


def opened(url: str | None) -> Engine:
    """
    Open the database and bring its tables up to date.

    Parameters
    ----------
    url
        Address or file; None for the environment's, or ``logistics.sqlite`` here.

    Returns
    -------
    Engine
        Ready for reading and writing.

    Raises
    ------
    InputError
        The address is of no kind that is known here, or a newer program wrote the database.
    """
    from logistics.storage.migrations import migrate  # noqa: PLC0415 - takes half a second
    from logistics.storage.session import reachable  # noqa: PLC0415

    engine = unchanged(url)
    with reachable(engine):
        migrate(engine)
    return engine


def unchanged(url: str | None) -> Engine:
    """
    Open the database as it is, at whatever revision.

    Parameters
    ----------
    url
        Address or file; None for the environment's, or ``logistics.sqlite`` here.

    Returns
    -------
    Engine
        Connections to it.

    Raises
    ------
    InputError
        The address is of no kind that is known here.
    """
    from logistics.operations.day.cut_off import plan_at  # noqa: PLC0415
    from logistics.operations.intake.lending import lend_by  # noqa: PLC0415
    from logistics.storage.session import DEFAULT_URL, open_database  # noqa: PLC0415
    from logistics.units import parse_clock  # noqa: PLC0415

    address = url or os.environ.get(DATABASE_VARIABLE)
    told = any(name in os.environ for name in INTAKE_VARIABLES) or Path(".env").is_file()
    if not told:
        engine = open_database(address or DEFAULT_URL)
    else:
        from api.settings import read_settings  # noqa: PLC0415

        settings = read_settings()  # as the service reads them
        engine = open_database(address or settings.database)
        plan_at(engine, parse_clock(settings.cut_off))
        lend_by(engine, settings.lending)
    _opened.append(engine)
    return engine


def close_all() -> None:
    """Close every connection that this command opened."""
    while _opened:
        _opened.pop().dispose()


def file_content(path: Path) -> bytes:
    """
    Read a file that a command was given.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; is the name right?") from error


def shipped(name: str) -> Path:
    """
    Find a file of the data that come with this program.

    Parameters
    ----------
    name
        Path within ``data/``.

    Returns
    -------
    Path
        Where it is.
    """
    from logistics.network.load import DATA_FOLDER  # noqa: PLC0415

    return Path(DATA_FOLDER) / name
