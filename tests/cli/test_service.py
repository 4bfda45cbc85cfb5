"""A service that is new says what it lacks, with the command that brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.security.accounts import create_account
from logistics.cli.service import first_steps
from logistics.operations.network.import_network import import_folder
from logistics.storage.session import writing

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_first_steps_are_named_until_they_are_done(engine: Engine) -> None:
    network, account = first_steps(engine)
    assert "`logistics init`" in network
    assert "`logistics account create" in account
    with writing(engine) as session:
        import_folder(session)
    assert first_steps(engine) == [account]
    with writing(engine) as session:
        create_account(session, login="anna@example.se", role="admin")
    assert first_steps(engine) == []
