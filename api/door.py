"""The door: find out who is asking, how often, and whether the route is theirs."""

import hmac
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer, SecurityScopes
from fastapi.security.http import HTTPAuthorizationCredentials
from sqlalchemy import Engine

from api.metrics import Metrics
from api.problems import ProblemError
from api.security.keys import digest, find_key
from api.security.memory import Memory
from api.security.rates import Rate
from api.security.roles import LOCAL, Principal
from api.security.sessions import cookie_name, find_session, note_use
from api.settings import Settings
from logistics.storage.session import reading, writing

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_OPEN_SCOPE = "metrics:read"
_PROMETHEUS = Principal(kind="key", id="prometheus", scopes=frozenset({_OPEN_SCOPE}))
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
FORGED = f"#/header/{CSRF_HEADER}"

_bearer = HTTPBearer(auto_error=False, description="API key")
_cookie = APIKeyCookie(name="session", auto_error=False, description="Log-in of a browser")


class Door:
    """
    Who may come in.

    Parameters
    ----------
    engine
        Where keys and log-ins are kept.
    settings
        Rates, and how long an answer may be remembered.
    metrics
        Where refusals are counted.

    Attributes
    ----------
    counting
        Whether requests are counted against rates.
    """

    def __init__(self, engine: Engine, settings: Settings, metrics: Metrics) -> None:
        self.engine = engine
        self.refused = metrics.refused
        self.counting = True
        self.settings = settings
        self.cookie = cookie_name(settings)
        self._memory = Memory(settings.key_cache_seconds)
        self._rate_key = Rate(settings.rate_key)
        self._rate_anonymous = Rate(settings.rate_anonymous)
        self._rate_login = Rate(settings.rate_login)
        self._rate_calendar = Rate(settings.rate_calendar)

    async def identify(self, request: Request, token: str | None) -> Principal | None:
        """
        Find who is asking.

        Parameters
        ----------
        request
            The request, for its cookie.
        token
            The API key it brought, if any; it goes before the cookie.

        Returns
        -------
        Principal | None
            None for nobody known.
        """
        if token:
            return await self._known(token, self._by_key)
        cookie = request.cookies.get(self.cookie)
        if cookie:
            return await self._known(cookie, self._by_cookie)
        return LOCAL if self.settings.authentication == "off" else None

    def forget(self) -> None:
        """Forget every remembered answer, so that a change of rights holds at once."""
        self._memory.forget()

    def count(self, request: Request, principal: Principal | None) -> None:
        """
        Count a request against the rate of who makes it.

        Parameters
        ----------
        request
            The request.
        principal
            Who, or None for a stranger, who is counted by address.

        Raises
        ------
        ProblemError
            There were too many; the answer says when to come back.
        """
        if principal is not None:
            self._hit(self._rate_key, principal.id)
        else:
            self._hit(self._rate_anonymous, address_of(request))

    def count_login(self, request: Request, login: str) -> None:
        """
        Count an attempt to log in, by address and by name.

        Parameters
        ----------
        request
            The request.
        login
            The name tried.

        Raises
        ------
        ProblemError
            There were too many.
        """
        self._hit(self._rate_login, f"from {address_of(request)}")
        self._hit(self._rate_login, f"as {digest(login.strip().lower())}")

    def count_calendar(self, request: Request, token: str) -> None:
        """
        Count a look at a branch's calendar, by where it comes from and by which address it names.

        Parameters
        ----------
        request
            The request.
        token
            The secret in its address.

        Raises
        ------
        ProblemError
            There were too many.
        """
        self._hit(self._rate_anonymous, address_of(request))
        self._hit(self._rate_calendar, digest(token))

    def _hit(self, rate: Rate, who: str) -> None:
        wait = rate.hit(who) if self.counting else 0
        if wait:
            self.refused.labels("rate").inc()
            raise ProblemError(
                "too-many-requests",
                f"more than {rate.amount} requests in {rate.seconds} seconds",
                headers={"Retry-After": str(wait)},
            )

    async def _known(
        self, secret: str, look: Callable[[str], Principal | None]
    ) -> Principal | None:
        found = self._memory.find(secret)
        return found or await run_in_threadpool(self._memory.ask, secret, look)

    def _by_key(self, token: str) -> Principal | None:
        with reading(self.engine) as session:
            return find_key(session, token)

    def _by_cookie(self, cookie: str) -> Principal | None:
        with reading(self.engine) as session:
            found = find_session(session, cookie, self.settings)
        if found is None:
            return None
        if found[1]:
            with writing(self.engine) as session:
                note_use(session, cookie)
        return found[0]


async def allow(
    request: Request,
    scopes: SecurityScopes,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    _session: Annotated[str | None, Security(_cookie)],
) -> Principal:
    """
    Let in who may use a route; every route but the public ones depends on this.

    Parameters
    ----------
    request
        The request.
    scopes
        What the route demands.
    bearer
        The ``Authorization`` header.
    _session
        Only named so that the OpenAPI document tells of the cookie.

    Returns
    -------
    Principal
        Who is asking.

    Raises
    ------
    ProblemError
        401 for nobody known, 403 for a missing scope or a forged form, 429 for too much.
    """
    door: Door = request.app.state.door
    who = await door.identify(request, bearer.credentials if bearer else None)
    door.count(request, who)
    if who is None and door.settings.metrics_open and scopes.scopes == [_OPEN_SCOPE]:
        who = _PROMETHEUS
    if who is None:
        raise ProblemError(
            "not-authenticated", "send an API key as `Authorization: Bearer ...`, or log in"
        )
    request.state.principal = who
    missing = [scope for scope in scopes.scopes if scope not in who.scopes]
    if missing:
        raise ProblemError("not-allowed", f"this needs the scope {', '.join(missing)}")
    if who.kind != "key" and request.method not in _SAFE:
        await _refuse_forgery(request, who)
    return who


def may(*scopes: str) -> Principal:
    """
    Demand scopes, in the annotation of a route's argument.

    Parameters
    ----------
    *scopes
        Names of scopes.

    Returns
    -------
    Principal
        In truth a marker that FastAPI turns into who is asking.
    """
    marker: Principal = Security(allow, scopes=list(scopes))
    return marker


def address_of(request: Request) -> str:
    """
    Tell where a request comes from.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    str
        An address; a trusted proxy's word for it has been taken already.
    """
    return request.client.host if request.client else "unknown"


def refuse_other_sites(request: Request) -> None:
    """
    Refuse a form that a page of another site sent.

    Parameters
    ----------
    request
        The request; every browser says where it comes from.

    Raises
    ------
    ProblemError
        It comes from elsewhere.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own = request.headers.get("host", "")
    if site not in {"same-origin", "none"} or (origin and urlsplit(origin).netloc != own):
        raise ProblemError("not-allowed", "the request comes from a page of another site")


async def _refuse_forgery(request: Request, who: Principal) -> None:
    refuse_other_sites(request)
    if who.kind == "local":
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").startswith(_FORMS):
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(given.encode(), who.csrf.encode()):
        raise ProblemError(
            "not-allowed",
            f"the log-in's token is missing or old; send it as {CSRF_HEADER}",
            pointer=FORGED,
        )
