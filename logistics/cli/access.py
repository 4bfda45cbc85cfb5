"""Commands about who gets in: accounts of staff, API keys of programs, subscriptions to events."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from logistics.cli.console import notes, print_json
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from sqlmodel import Session

    from logistics.storage.tables import ApiKeyRow, UserRow

accounts = typer.Typer(help="Who of the staff may log in.", no_args_is_help=True)
keys = typer.Typer(help="Which programs may come in.", no_args_is_help=True)
webhooks = typer.Typer(help="Who is told of events.", no_args_is_help=True)

_ACTOR = "command line"
Login = Annotated[str, typer.Argument(help="What the person types to log in.")]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.add_typer(accounts, name="account")
    app.add_typer(keys, name="key")
    app.add_typer(webhooks, name="webhook")


@accounts.command("create")
def create_account(  # noqa: PLR0917 - one argument an option
    login: Login,
    role: Annotated[
        str, typer.Option(help="coordinator, branch, driver, management or admin.")
    ] = "coordinator",
    branch: Annotated[
        str | None, typer.Option(help="The branch that an account of role branch is bound to.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name to show.")] = "",
    password_stdin: Stdin = False,
    external: Annotated[
        bool, typer.Option("--external", help="No password: the person logs in by OpenID Connect.")
    ] = False,
    database: Database = None,
) -> None:
    """Make an account; the first should be of role admin. The password is asked for."""
    from api.security.accounts import create_account as create
    from logistics.storage.session import writing

    engine = opened(database)
    password = None if external else _password(from_stdin=password_stdin)
    with writing(engine) as session:
        row = create(session, login=login, role=role, password=password, name=name, branch=branch)
        _note(session, "make account", f"user:{row.id}", {"role": row.role})
    print_json({"account": _account(row)})


@accounts.command("list")
def list_accounts(database: Database = None) -> None:
    """List the accounts."""
    from sqlmodel import col, select

    from logistics.storage.session import reading
    from logistics.storage.tables import UserRow

    with reading(opened(database)) as session:
        rows = session.exec(select(UserRow).order_by(col(UserRow.id))).all()
    print_json({"accounts": [_account(row) for row in rows]})


@accounts.command("password")
def set_password(login: Login, password_stdin: Stdin = False, database: Database = None) -> None:
    """Give an account a new password; its log-ins end."""
    from api.security.accounts import set_password as change
    from logistics.storage.session import writing

    engine = opened(database)
    password = _password(from_stdin=password_stdin)
    with writing(engine) as session:
        row = change(session, login, password)
        _note(session, "change password", f"user:{row.id}")
    print_json({"account": _account(row)})


@accounts.command("disable")
def disable(login: Login, database: Database = None) -> None:
    """Let an account out at once, and not in again."""
    _set_active(login, database, active=False)


@accounts.command("enable")
def enable(login: Login, database: Database = None) -> None:
    """Let a disabled account in again."""
    _set_active(login, database, active=True)


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What program will use it.")],
    scope: Annotated[
        list[str], typer.Option(help="What it may do, once for each; `key scopes` lists them.")
    ],
    branch: Annotated[str | None, typer.Option(help="The only branch it may act for.")] = None,
    days: Annotated[
        float | None, typer.Option(min=0.01, help="Days until it ends. [default: never]")
    ] = None,
    database: Database = None,
) -> None:
    """Make an API key; it is printed once and stored nowhere."""
    from api.security import keys as own
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        row, token = own.create_key(session, name=name, scopes=scope, branch=branch, days=days)
        _note(session, "make key", f"key:{row.id}", {"scopes": row.scopes})
    _show_key(row, token)


@keys.command("list")
def list_keys(database: Database = None) -> None:
    """List every key there ever was, without the secrets."""
    from api.security import keys as own
    from logistics.storage.session import reading

    with reading(opened(database)) as session:
        rows = own.list_keys(session)
    print_json({"keys": [_key(row) for row in rows]})


@keys.command("scopes")
def list_scopes() -> None:
    """List what a key can be allowed to do."""
    from api.security.roles import SCOPES

    print_json(dict(SCOPES))


@keys.command("rotate")
def rotate_key(
    key: Annotated[int, typer.Argument(help="Number of the key.")],
    overlap_hours: Annotated[
        float, typer.Option(min=0, help="How long the old key works beside the new one.")
    ] = 24,
    database: Database = None,
) -> None:
    """Make a successor of a key with the same rights; it is printed once."""
    from api.security import keys as own
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        row, token = own.rotate_key(session, key, overlap_hours=overlap_hours)
        _note(session, "rotate key", f"key:{key}")
    _show_key(row, token)


@keys.command("revoke")
def revoke_key(
    key: Annotated[int, typer.Argument(help="Number of the key.")], database: Database = None
) -> None:
    """End a key now."""
    from api.security import keys as own
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        row = own.revoke_key(session, key)
        _note(session, "revoke key", f"key:{key}")
    print_json({"key": _key(row)})


@webhooks.command("list")
def list_webhooks(database: Database = None) -> None:
    """List the subscriptions, what is owed to each, and what was given up."""
    from sqlmodel import col, select

    from api.webhooks import counts
    from logistics.storage.session import reading
    from logistics.storage.tables import WebhookRow

    with reading(opened(database)) as session:
        rows = session.exec(select(WebhookRow).order_by(col(WebhookRow.id))).all()
        owed = counts(session, [row.id or 0 for row in rows])
    shown = [
        {
            "id": row.id,
            "url": row.url,
            "kinds": row.kinds,
            "active": row.active,
            "waiting": owed.get((row.id or 0, "waiting"), 0),
            "dead": owed.get((row.id or 0, "dead"), 0),
        }
        for row in rows
    ]
    print_json({"webhooks": shown})


@webhooks.command("replay")
def replay_webhook(
    webhook: Annotated[int, typer.Argument(help="Number of the subscription.")],
    from_position: Annotated[
        int | None,
        typer.Option(min=1, help="Everything from this place of the feed on. [default: the dead]"),
    ] = None,
    database: Database = None,
) -> None:
    """Send dead letters again, or everything from a position of the feed on."""
    from api.webhooks import replay
    from logistics.errors import NotFoundError
    from logistics.storage.session import writing
    from logistics.storage.tables import WebhookRow

    with writing(opened(database)) as session:
        row = session.get(WebhookRow, webhook)
        if row is None:
            raise NotFoundError(f"webhook {webhook}: there is none of this number")
        row.active = True
        count = replay(session, webhook, from_position)
        _note(session, "replay webhook", str(webhook))
    print_json({"events": count})


def _set_active(login: str, database: str | None, *, active: bool) -> None:
    from api.security.accounts import set_active
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        row = set_active(session, login, active=active)
        _note(session, "change account", f"user:{row.id}", {"active": active})
    print_json({"account": _account(row)})


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _note(session: Session, action: str, subject: str, after: dict[str, Any] | None = None) -> None:
    from logistics.storage.tables import AuditRow

    session.add(AuditRow(actor=_ACTOR, action=action, subject=subject, after=after))


def _account(row: UserRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "login": row.login,
        "name": row.display_name,
        "role": row.role,
        "branch": row.branch_id,
        "active": row.active,
    }


def _key(row: ApiKeyRow) -> dict[str, Any]:
    times = {
        name: value.isoformat() if value else None
        for name, value in (("expires_at", row.expires_at), ("revoked_at", row.revoked_at))
    }
    named = {"id": row.id, "name": row.name, "prefix": row.prefix, "scopes": row.scopes}
    return {**named, "branch": row.branch_id, "replaces": row.replaces_id, **times}


def _show_key(row: ApiKeyRow, token: str) -> None:
    notes.print("Keep the token now: it is shown this once and stored nowhere.")
    print_json({"key": _key(row), "token": token})
