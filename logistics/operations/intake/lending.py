"""What libraries do not lend elsewhere, told once where the database is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.demand.matching.records import LendingRules

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

_OPTION: Final = "logistics_lending_rules"


def lend_by(engine: Engine, rules: LendingRules) -> None:
    """
    Say what is lent where, to everything that takes items in through these connections.

    Parameters
    ----------
    engine
        The database.
    rules
        The rules.
    """
    engine.update_execution_options(**{_OPTION: rules})


def lending_rules_of(session: Session) -> LendingRules:
    """
    Look up what is lent where.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    LendingRules
        The rules; all is lent everywhere where nobody says otherwise.
    """
    rules = session.get_bind().get_execution_options().get(_OPTION)
    return rules if isinstance(rules, LendingRules) else LendingRules()
