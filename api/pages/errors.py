"""Refusals as pages: what happened, in words, and what to do next."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.door import FORGED, Door
from api.pages.frame import Frame, login_address
from api.pages.language import words_of
from api.problems import KINDS, RETRY_SECONDS, Fault
from api.security.roles import Principal
from maps.i18n import Words

_OF_PROGRAMS: Final = ("/v1/", "/healthz", "/readyz", "/metrics")
_LOG_IN_OF_PEOPLE: Final = "/v1/session/oidc"
_SAID_ALREADY: Final = frozenset({"internal", "not-authenticated", "too-many-requests", "old-form"})
_PHRASES: Final = frozenset(status.phrase for status in HTTPStatus)  # the framework's own words
_COME_BACK: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
#: The database may not answer; who is asking is not worth a second fault.
_WITHOUT_DATABASE: Final = frozenset({"internal", "busy", "unavailable"})
_PASSES: Final = frozenset({"internal", "busy", "unavailable", "too-many-requests"})
_LOOKING: Final = frozenset({"GET", "HEAD"})


def is_page(request: Request) -> bool:
    """
    Tell whether people, not programs, read the answer.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    bool
        False for the API, whose refusals are problem details.
    """
    path = request.url.path
    if path.startswith(_LOG_IN_OF_PEOPLE):
        return "text/html" in request.headers.get("accept", "")
    return not path.startswith(_OF_PROGRAMS)


async def error_page(
    request: Request, slug: str, faults: Sequence[Fault], headers: Mapping[str, str] | None
) -> Response | None:
    """
    Show a refusal to people.

    Parameters
    ----------
    request
        The request.
    slug
        A key of `api.problems.KINDS`.
    faults
        Everything that is wrong.
    headers
        Further headers.

    Returns
    -------
    Response | None
        A page, a part of one for htmx, or the way to the log-in; None where a program asked.
    """
    if not is_page(request):
        return None
    slug = _as_seen(slug, faults)
    if slug == "not-authenticated" and not request.url.path.startswith(_LOG_IN_OF_PEOPLE):
        onward = _to_log_in(request)
        if onward is not None:
            return onward
    frame = Frame(request=request, known=await _known(request, slug), w=words_of(request))
    title, cure = _explained(frame.w, slug)
    return _shown(frame, slug, faults, title=title, cure=cure, headers=headers)


def _shown(
    frame: Frame,
    slug: str,
    faults: Sequence[Fault],
    *,
    title: str,
    cure: str,
    headers: Mapping[str, str] | None,
) -> HTMLResponse:
    status = KINDS[slug][0] if slug in KINDS else 403
    values = {
        "slug": slug,
        "title": title,
        "cure": cure,
        "details": []
        if slug in _SAID_ALREADY
        else [one for one in faults if one.detail not in _PHRASES],
        "request_id": getattr(frame.request.state, "request_id", ""),
        "retry": frame.here if slug in _PASSES and frame.request.method in _LOOKING else "",
        "again": login_address(_referring(frame.request), "ended"),
    }
    if frame.htmx:
        answer = frame.part("error_part.html", status=status, **values)
    else:
        answer = frame.page("error.html", status=status, **values)
    answer.headers.update(headers or {})
    if status in _COME_BACK:
        answer.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    return answer


def _as_seen(slug: str, faults: Sequence[Fault]) -> str:
    pointers = {fault.pointer for fault in faults}
    if FORGED in pointers:
        return "old-form"
    if slug == "bad-input" and any(pointer.startswith("#/path/") for pointer in pointers):
        return "not-found"
    return slug


def _to_log_in(request: Request) -> Response | None:
    door: Door = request.app.state.door
    because = "ended" if door.cookie in request.cookies else ""
    if request.headers.get("hx-request") == "true":
        where = login_address(_referring(request), because)
        return Response(status_code=204, headers={"HX-Redirect": where})
    if request.method in _LOOKING:
        path = request.url.path
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(login_address(path + query if path != "/" else "/", because), 303)
    return None


def _referring(request: Request) -> str:
    page = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    parts = urlsplit(page)
    if parts.netloc != request.headers.get("host", "") or not parts.path.startswith("/"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def _known(request: Request, slug: str) -> Principal | None:
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None or slug in _WITHOUT_DATABASE:
        return known
    door: Door = request.app.state.door
    return await door.identify(request, None)


def _explained(w: Words, slug: str) -> tuple[str, str]:
    nothing_saved = w.t("Nothing was changed.")
    explained = {
        "not-authenticated": (
            w.t("Your log-in has ended"),
            w.t("Nothing was saved. Log in and do it once more."),
        ),
        "old-form": (
            w.t("This form is too old"),
            w.t("You have logged in again since it was opened. Open the page anew and try again."),
        ),
        "not-allowed": (
            w.t("This is not for you"),
            w.t("Your role does not reach this far. Ask your coordinator if you need it."),
        ),
        "not-found": (
            w.t("There is nothing here"),
            w.t("The address may be mistyped, or what it showed has been removed."),
        ),
        "conflict": (
            w.t("Somebody else was faster"),
            w.t("It has changed since you opened the page. Look at it as it is now."),
        ),
        "changed-meanwhile": (
            w.t("Somebody else was faster"),
            w.t("It has changed since you opened the page. Look at it as it is now."),
        ),
        "too-many-requests": (
            w.t("Too many attempts"),
            w.t("Wait a minute and try again."),
        ),
        "internal": (
            w.t("Something broke here"),
            w.t("It is our fault and has been logged. Try again; if it stays, report the number."),
        ),
        "unavailable": (
            w.t("A service we need does not answer"),
            w.t("Wait a minute and try again."),
        ),
        "busy": (w.t("Much to do right now"), w.t("Wait a minute and try again.")),
        "no-plan": (w.t("No plan fits"), w.t("Look at what must be served, and change it.")),
        "rule-broken": (w.t("This breaks a rule"), w.t("Look at what is said below.")),
    }
    return explained.get(
        slug, (w.t("This does not fit"), f"{nothing_saved} {w.t('Look at what is said below.')}")
    )
