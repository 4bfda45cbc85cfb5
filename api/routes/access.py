"""Log in and out; keys, accounts and the audit log for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, Security
from sqlmodel import Session

from api import entry
from api.door import allow, may
from api.entry import set_cookie
from api.every_fault import EveryFault
from api.problems import responses
from api.queries.lists import Order, list_page
from api.schemas.access import (
    Account,
    AccountChange,
    AuditEntry,
    Key,
    LogIn,
    NewAccount,
    NewKey,
    Rotation,
    ShownKey,
    Who,
)
from api.schemas.base import Page, RowId
from api.schemas.paging import Paging
from api.security import accounts, keys
from api.security.attempts import ONE_ATTEMPT
from api.security.roles import Principal
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import Answer, ReaderDep, UnitDep
from logistics.errors import NotFoundError
from logistics.storage.tables import ApiKeyRow, AuditRow, UserRow

router = APIRouter(prefix="/v1", tags=["access"], route_class=EveryFault)
Anybody = Annotated[Principal, Security(allow)]
Admin = Annotated[Principal, may("admin")]


@router.post(
    "/session",
    responses=responses("not-authenticated", "too-many-requests"),
    dependencies=[ONE_ATTEMPT],
)
def log_in(request: Request, response: Response, body: LogIn) -> Who:
    """Log in with a local account; the answer sets the cookie of the log-in."""
    who, cookie = entry.log_in(request, body.login, body.password)
    settings: Settings = request.app.state.settings
    set_cookie(response, request.app.state.door.cookie, cookie, settings)
    return _who(who)


@router.get("/session")
def who_am_i(principal: Anybody) -> Who:
    """Tell who is asking."""
    return _who(principal)


@router.delete("/session", status_code=204)
def log_out(request: Request, response: Response, principal: Anybody) -> None:
    """Log out; the cookie is worthless from now on."""
    del principal
    entry.log_out(request, response)


@router.get("/keys")
def list_keys(reader: ReaderDep, principal: Admin, wanted: Annotated[Paging, Query()]) -> Page[Key]:
    """List every API key there ever was, without the secrets."""
    del principal
    return reader.run(lambda session: list_page(session, ApiKeyRow, wanted, _key))


@router.post("/keys", status_code=201, response_model=ShownKey, responses=responses("conflict"))
def create_key(body: NewKey, unit: UnitDep, principal: Admin) -> Response:
    """Make an API key; the secret is in this answer and nowhere else."""
    del principal

    def work(session: Session) -> Answer:
        row, token = keys.create_key(
            session, name=body.name, scopes=body.scopes, branch=body.branch, days=body.days
        )
        unit.audit(session, "make key", f"key:{row.id}", after={"scopes": row.scopes})
        return Answer(status=201, body=ShownKey(key=_key(row), token=token))

    return unit.run(work, secret=True)


@router.post(
    "/keys/{key}/rotate", status_code=201, response_model=ShownKey, responses=responses("conflict")
)
def rotate_key(key: RowId, body: Rotation, unit: UnitDep, principal: Admin) -> Response:
    """Make a successor of a key; the old one goes on for the overlap."""
    del principal

    def work(session: Session) -> Answer:
        row, token = keys.rotate_key(session, key, overlap_hours=body.overlap_hours)
        return Answer(status=201, body=ShownKey(key=_key(row), token=token))

    return unit.run(work, action="rotate key", subject=f"key:{key}", secret=True)


@router.delete("/keys/{key}", response_model=Key)
def revoke_key(key: RowId, request: Request, unit: UnitDep, principal: Admin) -> Response:
    """End a key now."""
    del principal
    answer = unit.run(
        lambda session: Answer(body=_key(keys.revoke_key(session, key))),
        action="revoke key",
        subject=f"key:{key}",
    )
    request.app.state.door.forget()
    return answer


@router.get("/accounts")
def list_accounts(
    reader: ReaderDep, principal: Admin, wanted: Annotated[Paging, Query()]
) -> Page[Account]:
    """List the accounts of staff."""
    del principal
    return reader.run(lambda session: list_page(session, UserRow, wanted, _account))


@router.post("/accounts", status_code=201, response_model=Account, responses=responses("conflict"))
def create_account(body: NewAccount, unit: UnitDep, principal: Admin) -> Response:
    """Make an account."""
    del principal

    def work(session: Session) -> Answer:
        row = accounts.create_account(session, **body.model_dump())
        unit.audit(session, "make account", f"user:{row.id}", after={"role": row.role})
        return Answer(status=201, body=_account(row))

    return unit.run(work)


@router.patch("/accounts/{account}", response_model=Account)
def change_account(
    account: RowId, body: AccountChange, request: Request, unit: UnitDep, principal: Admin
) -> Response:
    """Let an account in or out, or give it a new password; its log-ins end."""
    del principal

    def work(session: Session) -> Answer:
        row = session.get(UserRow, account)
        if row is None:
            raise NotFoundError(f"account {account}: there is none of this number")
        if body.password is not None:
            accounts.set_password(session, row.login, body.password)
        if body.active is not None:
            accounts.set_active(session, row.login, active=body.active)
        return Answer(body=_account(row))

    answer = unit.run(work, action="change account", subject=f"user:{account}")
    request.app.state.door.forget()
    return answer


@router.get("/audit")
def audit(
    reader: ReaderDep, principal: Admin, wanted: Annotated[Paging, Query()]
) -> Page[AuditEntry]:
    """Read who changed what, newest first."""
    del principal
    newest_first = Order(newest_first=True)
    return reader.run(
        lambda session: list_page(session, AuditRow, wanted, _entry, order=newest_first)
    )


def _who(principal: Principal) -> Who:
    return Who(
        id=principal.id,
        role=principal.role,
        branch=principal.branch,
        scopes=sorted(principal.scopes),
        csrf_token=principal.csrf,
    )


def _key(row: ApiKeyRow) -> Key:
    return Key(
        id=row.id or 0,
        name=row.name,
        prefix=row.prefix,
        scopes=row.scopes,
        branch=row.branch_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        replaces=row.replaces_id,
    )


def _account(row: UserRow) -> Account:
    return Account(
        id=row.id or 0,
        login=row.login,
        name=row.display_name,
        role=row.role,
        branch=row.branch_id,
        active=row.active,
        created_at=row.created_at,
    )


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id or 0,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        request_id=row.request_id,
    )
