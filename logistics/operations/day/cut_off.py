"""The hour at which a service day is planned, told once where the database is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

#: Where nobody says otherwise.
DEFAULT_CUT_OFF_SECONDS: Final = 6 * SECONDS_PER_HOUR

_OPTION: Final = "logistics_cut_off_seconds"


def plan_at(engine: Engine, cut_off_seconds: int) -> None:
    """
    Say when days are planned, to everything that takes items in through these connections.

    Parameters
    ----------
    engine
        The database.
    cut_off_seconds
        Clock time, seconds since midnight of the service day.
    """
    engine.update_execution_options(**{_OPTION: cut_off_seconds})


def cut_off_of(session: Session) -> int:
    """
    Look up when days are planned.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    int
        Clock time, seconds since midnight of the service day.
    """
    options = session.get_bind().get_execution_options()
    return int(options.get(_OPTION, DEFAULT_CUT_OFF_SECONDS))
