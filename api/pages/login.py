"""Log in and out."""

import re
from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi import Form as Field
from starlette.responses import Response

from api import entry
from api.door import refuse_other_sites
from api.overload import ERRORS, is_overload
from api.pages.forms import FormDep
from api.pages.frame import Frame, Visit, shown_to
from api.problems import KINDS, RETRY_SECONDS, ProblemError

router = APIRouter(include_in_schema=False)
_LOG_IN = "/logga-in"
_SAID_ON_THE_FORM: Final = frozenset({"not-authenticated", "too-many-requests", "busy"})
_OWN_PATH = re.compile(entry.OWN_PATH)


def onward(path: str) -> str:
    """
    Tell where a log-in leads.

    Parameters
    ----------
    path
        Where the browser says it wanted to go.

    Returns
    -------
    str
        The path if it is a page of ours, else the start.
    """
    is_ours = _OWN_PATH.fullmatch(path) and not path.startswith(("/v1/", _LOG_IN, "/static/"))
    return path if is_ours else "/"


@router.get(_LOG_IN)
def get_log_in(frame: Visit, next: str = "/", because: str = "") -> Response:  # noqa: A002
    """Ask for name and password."""
    if frame.known is not None and frame.known.kind != "key":
        return frame.go(onward(next))
    return _ask(frame, next, because=because)


@router.post(_LOG_IN)
def post_log_in(
    request: Request,
    frame: Visit,
    login: Annotated[str, Field(max_length=200)] = "",
    password: Annotated[str, Field(max_length=1_000)] = "",
    next: Annotated[str, Field(max_length=2_000)] = "/",  # noqa: A002
) -> Response:
    """Log in, or say what was wrong."""
    refuse_other_sites(request)
    try:
        _, cookie = entry.log_in(request, login, password)
    except ProblemError as error:
        if error.slug not in _SAID_ON_THE_FORM:
            raise
        return _again(frame, next, login, error.slug, error.headers)
    except ERRORS as error:
        if not is_overload(error):
            raise
        return _again(frame, next, login, "busy", {})
    answer = frame.go(onward(next))
    state = request.app.state
    entry.set_cookie(answer, state.door.cookie, cookie, state.settings)
    return answer


@router.post("/logga-ut")
def post_log_out(frame: Annotated[Frame, shown_to()], form: FormDep) -> Response:
    """Log out."""
    answer = frame.go(f"{_LOG_IN}?because=out")
    entry.log_out(form.request, answer)
    return answer


def _again(frame: Frame, path: str, login: str, slug: str, headers: Mapping[str, str]) -> Response:
    status, _ = KINDS[slug]
    answer = _ask(frame, path, login=login, fault=slug, status=status)
    answer.headers.update(headers)
    if slug != "not-authenticated":
        answer.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return answer


def _ask(
    frame: Frame,
    path: str,
    *,
    because: str = "",
    login: str = "",
    fault: str = "",
    status: int = 200,
) -> Response:
    has_issuer = frame.request.app.state.issuer is not None
    return frame.page(
        "log_in.html",
        status=status,
        next=onward(path),
        because=because,
        login=login,
        fault=fault,
        issuer=f"/v1/session/oidc?next={quote(onward(path))}" if has_issuer else "",
    )
