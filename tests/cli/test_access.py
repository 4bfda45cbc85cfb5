"""Accounts, keys and subscriptions by command: what is made works, what is ended does not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from api.app import create_app
from api.security.accounts import check_password
from api.security.keys import find_key, list_keys
from api.security.roles import SCOPES
from api.settings import Settings
from logistics.storage.session import reading, writing
from logistics.storage.tables import AuditRow, DeliveryRow, WebhookRow, now
from tests.api.helpers import sqlite_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

SECRET = "correct horse battery"  # noqa: S105  # of a test


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))


def test_the_first_administrator_is_made_by_command(
    engine: Engine, run: Callable[..., Any], typed: Callable[[str], None]
) -> None:
    typed(SECRET)
    made = run("account", "create", "Anna@nora.se", "--role", "admin", "--password-stdin")
    assert made["account"]["login"] == "anna@nora.se"
    with writing(engine) as session:
        assert check_password(session, "anna@nora.se", SECRET) is not None
        assert check_password(session, "anna@nora.se", "another guess") is None

    typed("a new and better one")
    run("account", "password", "anna@nora.se", "--password-stdin")
    run("account", "disable", "anna@nora.se")
    with writing(engine) as session:
        assert check_password(session, "anna@nora.se", "a new and better one") is None
    run("account", "enable", "anna@nora.se")
    with writing(engine) as session:
        assert check_password(session, "anna@nora.se", "a new and better one") is not None

    (shown,) = run("account", "list")["accounts"]
    assert (shown["role"], shown["active"]) == ("admin", True)
    with reading(engine) as session:
        noted = session.exec(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert noted == ["make account", "change password", "change account", "change account"]


@sqlite_only
def test_there_is_no_default_password_and_no_weak_one(
    run: Callable[..., Any], typed: Callable[[str], None]
) -> None:
    typed("")
    assert "expected 12 to 256" in run(
        "account", "create", "anna", "--role", "admin", "--password-stdin", code=2
    )
    assert "role 'boss', expected one of" in run(
        "account", "create", "anna", "--role", "boss", "--external", code=2
    )
    assert "there is none of this name" in run("account", "disable", "anna", code=2)


def test_a_key_is_shown_once_rotated_and_revoked(engine: Engine, run: Callable[..., Any]) -> None:
    made = run("key", "create", "koha", "--scope", "transfers:write", "--scope", "events:read")
    old = made["token"]
    rotated = run("key", "rotate", str(made["key"]["id"]), "--overlap-hours", "1")
    with reading(engine) as session:
        assert find_key(session, old) is not None
        found = find_key(session, rotated["token"])
    assert found is not None
    assert found.scopes == {"transfers:write", "events:read"}

    run("key", "revoke", str(made["key"]["id"]))
    with reading(engine) as session:
        assert find_key(session, old) is None
        assert find_key(session, rotated["token"]) is not None
    listed = run("key", "list")
    assert old not in str(listed)
    assert [key["revoked_at"] is None for key in listed["keys"]] == [False, True]


@sqlite_only
def test_a_key_needs_scopes_that_exist(run: Callable[..., Any]) -> None:
    assert "scope 'all' is unknown" in run("key", "create", "koha", "--scope", "all", code=2)
    assert "branch 'nowhere' is unknown" in run(
        "key", "create", "koha", "--scope", "admin", "--branch", "nowhere", code=2
    )
    assert "no such key in use" in run("key", "revoke", "7", code=2)
    assert run("key", "scopes").keys() == SCOPES.keys()


@sqlite_only
def test_dead_letters_are_listed_and_sent_again(engine: Engine, run: Callable[..., Any]) -> None:
    from logistics.storage.feed import place_events, tell

    with writing(engine) as session:
        session.add(WebhookRow(url="https://ils.example.se/hook", secret=SECRET, kinds=[]))
        tell(session, [{"kind": "plan.published", "at": now()}])
    place_events(engine)
    with writing(engine) as session:
        session.exec(select(DeliveryRow)).one().state = "dead"

    (before,) = run("webhook", "list")["webhooks"]
    assert (before["waiting"], before["dead"]) == (0, 1)
    assert run("webhook", "replay", "1") == {"events": 1}
    (after,) = run("webhook", "list")["webhooks"]
    assert (after["waiting"], after["dead"]) == (1, 0)
    assert "none of this number" in run("webhook", "replay", "9", code=2)


@sqlite_only
def test_the_address_in_a_file_of_settings_is_the_one_of_commands(
    engine: Engine, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LOGISTICS_DATABASE")
    (tmp_path / ".env").write_text("LOGISTICS_DATABASE=sqlite:///from-the-file.sqlite\n")
    run("key", "create", "koha", "--scope", "admin")
    with reading(engine) as session:
        assert list_keys(session) == []
    service = create_app(Settings())
    with reading(service.state.engine) as session:
        assert len(list_keys(session)) == 1
    service.state.engine.dispose()
