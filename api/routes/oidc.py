"""Log in through OpenID Connect."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import Field
from sqlmodel import Session

from api.door import Door  # noqa: TC001  # names what the state holds
from api.entry import OWN_PATH, set_cookie
from api.problems import ProblemError, responses
from api.schemas.base import Wire
from api.security.oidc import Attempt, Issuer, account_of
from api.security.sessions import begin_session
from logistics.storage.secret import hash_key
from logistics.storage.session import writing
from logistics.storage.tables import AuditRow

router = APIRouter(prefix="/v1/session/oidc", tags=["access"])
_COOKIE = "oidc"
_PATH = "/v1/session/oidc"
_SECONDS = 600
_TOLD: dict[int | str, dict[str, Any]] = {
    303: {"description": "On to the issuer, or back to where the person wanted to go."}
}


class Start(Wire):
    """Where to go after the log-in."""

    next: str = Field(default="/", max_length=500, pattern=OWN_PATH)


@router.get(
    "",
    status_code=303,
    response_class=RedirectResponse,
    responses={**_TOLD, **responses("too-many-requests", "unavailable")},
)
def begin(request: Request, where: Annotated[Start, Query()]) -> RedirectResponse:
    """Send the browser to the issuer."""
    door: Door = request.app.state.door
    door.count(request, None)
    url, attempt = _issuer(request).begin(where.next)
    with writing(door.engine) as session:
        value = _signer(session).dumps(asdict(attempt))
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        _COOKIE,
        value,
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        secure=door.settings.secure_cookies,
        samesite="lax",
    )
    return answer


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        **_TOLD,
        **responses("not-authenticated", "not-allowed", "too-many-requests", "unavailable"),
    },
)
def callback(request: Request) -> RedirectResponse:
    """Take the browser back from the issuer, and log its person in."""
    door: Door = request.app.state.door
    door.count(request, None)
    issuer = _issuer(request)
    with writing(door.engine) as session:
        attempt = _attempt(session, request.cookies.get(_COOKIE, ""))
    claims = issuer.finish(attempt, dict(request.query_params))
    with writing(door.engine) as session:
        user = account_of(session, door.settings, claims)
        session.add(AuditRow(actor=f"user:{user.id}", action="log in"))
        ends = request.cookies.get(door.cookie)
        token, _ = begin_session(session, user, door.settings, ends=ends)
    door.forget()
    answer = RedirectResponse(attempt.path, 303)
    answer.delete_cookie(_COOKIE, path=_PATH, httponly=True, secure=door.settings.secure_cookies)
    set_cookie(answer, door.cookie, token, door.settings)
    return answer


def _issuer(request: Request) -> Issuer:
    issuer: Issuer | None = request.app.state.issuer
    if issuer is None:
        raise ProblemError("not-found", "no OpenID issuer is set; LOGISTICS_OIDC_ISSUER names one")
    return issuer


def _signer(session: Session) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(hash_key(session), salt="oidc attempt")


def _attempt(session: Session, cookie: str) -> Attempt:
    try:
        return Attempt(**_signer(session).loads(cookie, max_age=_SECONDS))
    except BadSignature:
        raise ProblemError(
            "not-authenticated", "log-in refused: it took too long, or began elsewhere; start again"
        ) from None
