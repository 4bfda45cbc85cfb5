"""How a browser comes in and goes out: the steps behind the log-in of the API and of the pages."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from api.door import Door  # noqa: TC001  # names what the state holds
from api.problems import ProblemError
from api.security import accounts
from api.security.roles import ROLES, Principal
from api.security.sessions import begin_session, end_session
from api.settings import Settings
from logistics.storage.session import reading, writing
from logistics.storage.tables import AuditRow

#: Addresses of our own that a log-in may lead to; never those of another host.
OWN_PATH: Final = r"^/([A-Za-z0-9_.~%?=&-][!-~]*)?$"


def log_in(request: Request, login: str, password: str) -> tuple[Principal, str]:
    """
    Log somebody in with a local account; whatever log-in the browser brought along is ended.

    Parameters
    ----------
    request
        The request, whose address is counted against the rate of attempts.
    login, password
        What was typed.

    Returns
    -------
    tuple[Principal, str]
        Who, and the value of the cookie.

    Raises
    ------
    ProblemError
        The two do not belong together, or there were too many attempts, or too many at once.
    """
    door: Door = request.app.state.door
    settings: Settings = request.app.state.settings
    door.count_login(request, login)
    with reading(door.engine) as session:
        made = accounts.guess(session, login, password)
    with writing(door.engine) as session:
        user = accounts.settle(session, made)
        actor = f"user:{user.id}" if user else "nobody"
        session.add(AuditRow(actor=actor, action="log in" if user else "log-in refused"))
        found = (
            begin_session(session, user, settings, ends=request.cookies.get(door.cookie))
            if user
            else None
        )
    door.forget()
    if user is None or found is None:
        raise ProblemError("not-authenticated", "the name or the password is wrong")
    who = Principal(
        kind="user",
        id=f"user:{user.id}",
        scopes=ROLES[user.role],
        role=user.role,
        branch=user.branch_id,
        csrf=found[1].csrf,
    )
    return who, found[0]


def log_out(request: Request, response: Response) -> None:
    """
    Log a browser out; its cookie is worthless from now on.

    Parameters
    ----------
    request
        The request.
    response
        The answer, which takes the cookie away.
    """
    door: Door = request.app.state.door
    cookie = request.cookies.get(door.cookie)
    if cookie:
        with writing(door.engine) as session:
            end_session(session, cookie)
        door.forget()
    response.delete_cookie(door.cookie, secure=door.settings.secure_cookies, httponly=True)


def set_cookie(response: Response, name: str, value: str, settings: Settings) -> None:
    """
    Hand a browser its log-in.

    Parameters
    ----------
    response
        The answer.
    name
        Name of the cookie.
    value
        The secret.
    settings
        Whether only https may carry it.
    """
    response.set_cookie(
        name, value, secure=settings.secure_cookies, httponly=True, samesite="lax", path="/"
    )
