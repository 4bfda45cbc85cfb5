"""Every refusal in one shape: RFC 9457 problem details, with all faults of a request at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.overload import ERRORS, is_overload
from logistics.demand.privacy import holds_personal_value, patron_fields
from logistics.errors import LogisticsError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
#: Types are stable names, not addresses: nothing has to be reachable for a client to branch on one.
TYPE_PREFIX = "urn:courier-planner:problem:"

#: HTTP status and title of each kind; the first six are the slugs of the domain's errors.
KINDS: Mapping[str, tuple[int, str]] = {
    "bad-input": (422, "The data contradict themselves or the format"),
    "conflict": (409, "The state of the record forbids this step"),
    "not-found": (404, "There is no such record"),
    "unavailable": (503, "An outside service does not answer"),
    "no-plan": (409, "No plan can serve what must be served"),
    "rule-broken": (409, "The plan breaks a rule"),
    "malformed": (400, "The request cannot be read"),
    "not-authenticated": (401, "Who is asking is not known"),
    "not-allowed": (403, "This is not allowed to who is asking"),
    "method-not-allowed": (405, "This address does not know the method"),
    "not-acceptable": (406, "None of the accepted formats is available"),
    "timeout": (408, "The request came too slowly"),
    "changed-meanwhile": (412, "The record has changed since it was read"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "This format is not understood"),
    "key-reused": (422, "The idempotency key was used for another request"),
    "precondition-required": (428, "The request must say which version it changes"),
    "too-many-requests": (429, "Too many requests"),
    "internal": (500, "A fault of this service"),
    "busy": (503, "The service is busy"),
}
_log = structlog.get_logger("api")
_BY_STATUS = {status: slug for slug, (status, _) in reversed(list(KINDS.items()))}


class Fault(BaseModel):
    """
    One thing that is wrong.

    Attributes
    ----------
    detail
        The record, the value found, what was expected, and the cure.
    pointer
        JSON pointer into the body, or ``#/query/name`` and the like; empty for the whole request.
    """

    detail: str = Field(examples=["transfer 'T2': origin 'nowhere' is not a branch"])
    pointer: str = Field(default="", examples=["#/0/origin"])


class Problem(BaseModel):
    """
    Problem details after RFC 9457.

    Attributes
    ----------
    type
        Stable name of the kind of error.
    title
        What the kind means.
    status
        The HTTP status.
    detail
        The first fault in words.
    errors
        Every fault.
    request_id
        The identifier under which the log knows this request.
    """

    type: str = Field(examples=[TYPE_PREFIX + "bad-input"])
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[Fault]
    request_id: str = ""


class ProblemError(Exception):
    """
    A refusal that belongs to HTTP, not to the domain.

    Parameters
    ----------
    slug
        A key of `KINDS`.
    detail
        What is wrong, in one sentence.
    pointer
        Where in the request.
    headers
        Further headers of the answer.
    """

    def __init__(
        self,
        slug: str,
        detail: str,
        *,
        pointer: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.slug = slug
        self.faults = [Fault(detail=detail, pointer=pointer)]
        self.headers = dict(headers or {})


def problem(
    slug: str,
    faults: Sequence[Fault],
    *,
    request_id: str = "",
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """
    Build the answer to a refused request.

    Parameters
    ----------
    slug
        A key of `KINDS`.
    faults
        Everything that is wrong; at least one.
    request_id
        Identifier of the request in the log.
    headers
        Further headers; a 503 or 429 without ``Retry-After`` gets one.

    Returns
    -------
    JSONResponse
        With media type ``application/problem+json``.
    """
    status, title = KINDS[slug]
    extra = dict(headers or {})
    if status in {429, 503}:
        extra.setdefault("Retry-After", str(RETRY_SECONDS))
    if status == HTTPStatus.UNAUTHORIZED:
        extra.setdefault("WWW-Authenticate", "Bearer")
    body = Problem(
        type=TYPE_PREFIX + slug,
        title=title,
        status=status,
        detail=faults[0].detail,
        errors=list(faults),
        request_id=request_id,
    )
    return JSONResponse(printable(body.model_dump()), status, extra, MEDIA_TYPE)


def printable(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """
    Replace what UTF-8 cannot carry, such as half a surrogate pair in the name of a field.

    Parameters
    ----------
    value
        A JSON value.

    Returns
    -------
    Any
        The same value with every text encodable.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [printable(one) for one in value]
    if isinstance(value, dict):
        return {printable(key): printable(one) for key, one in value.items()}
    return value


def faults_of(error: RequestValidationError) -> list[Fault]:
    """
    Put what Pydantic found into the sentences of this project.

    Parameters
    ----------
    error
        All faults of a request.

    Returns
    -------
    list[Fault]
        One fault each; values are quoted shortened, and not at all where a field is unknown.
    """
    return [Fault(detail=sentence(one), pointer=_pointer(one["loc"])) for one in error.errors()]


#: Shows a refusal as a page, or None where a program asked.
AsPage = Callable[
    [Request, str, Sequence[Fault], Mapping[str, str] | None], Awaitable[Response | None]
]


async def _no_page(*_: object) -> None:
    return None


def install(app: FastAPI, as_page: AsPage = _no_page) -> None:
    """
    Make every refusal of an application a problem, or a page for people.

    Parameters
    ----------
    app
        The application.
    as_page
        Shows refusals to people.
    """

    async def answer(
        request: Request, slug: str, faults: Sequence[Fault], headers: Mapping[str, str] | None
    ) -> Response:
        return await as_page(request, slug, faults, headers) or problem(
            slug, faults, request_id=getattr(request.state, "request_id", ""), headers=headers
        )

    async def domain(request: Request, error: Exception) -> Response:
        assert isinstance(error, LogisticsError)  # noqa: S101  # registered for it below
        slug = error.slug if error.slug in KINDS else "bad-input"
        return await answer(request, slug, [Fault(detail=text) for text in error.problems], None)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)  # noqa: S101
        return await answer(request, error.slug, error.faults, error.headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return await answer(request, _slug_of(error), faults_of(error), None)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        slug = _BY_STATUS.get(error.status_code, "malformed")
        return await answer(request, slug, [Fault(detail=str(error.detail))], error.headers)

    async def overload(request: Request, error: Exception) -> Response:
        if not is_overload(error):
            raise error
        _log.warning("overload", exc_info=error)
        detail = "the database has too much to do; nothing was changed, try again in a moment"
        return await answer(request, "busy", [Fault(detail=detail)], None)

    async def bug(request: Request, error: Exception) -> Response:
        # by the number in the answer its cause is found; no middleware adds it outside of all
        number = getattr(request.state, "request_id", "")
        _log.error("fault", request_id=number, exc_info=error)
        fault = Fault(detail="a fault of this service; it is logged")
        return await answer(request, "internal", [fault], {"x-request-id": number})

    app.add_exception_handler(LogisticsError, domain)
    app.add_exception_handler(ProblemError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in ERRORS:
        app.add_exception_handler(kind, overload)
    app.add_exception_handler(Exception, bug)


def _slug_of(error: RequestValidationError) -> str:
    faults = error.errors()
    if any(one["type"] == "json_invalid" for one in faults):
        return "malformed"
    return "precondition-required" if all(map(_is_no_match, faults)) else "bad-input"


def _is_no_match(fault: Mapping[str, Any]) -> bool:
    place = [str(part).lower() for part in fault["loc"]]
    return bool(fault["type"] == "missing" and place == ["header", "if-match"])


def responses(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """
    Document the refusals of a route.

    Parameters
    ----------
    *slugs
        Keys of `KINDS` that the route may answer with.

    Returns
    -------
    dict
        For the ``responses`` argument of a route or router.
    """
    documented: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        status, title = KINDS[slug]
        told = documented.get(status, {}).get("description")
        documented[status] = {
            "description": f"{told}; or {title.lower()}" if told else title,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return documented


def sentence(fault: Mapping[str, Any]) -> str:
    """
    Put one fault that Pydantic found into words.

    Parameters
    ----------
    fault
        One entry of its ``errors()``.

    Returns
    -------
    str
        Field, value found, what was expected; no value where the field is unknown.
    """
    place = [str(part) for part in fault["loc"] if part not in {"body", "query", "path", "header"}]
    name = ".".join(place) or "the body"
    if fault["type"] == "extra_forbidden":
        about_a_reader = patron_fields(place[-1:])
        return about_a_reader[0] if about_a_reader else f"field {name!r} is unknown; leave it out"
    if _is_no_match(fault):
        return "If-Match is missing; send the ETag of what you saw"
    if fault["type"] == "missing":
        return f"{name} is missing"
    if fault["type"] == "json_invalid":
        reason = fault.get("ctx", {}).get("error", "")
        return f"the body is not JSON: {reason}".rstrip(": ")
    message = str(fault["msg"])
    message = message.removeprefix("Value error, ")
    value = fault.get("input")
    shown = repr(value) if isinstance(value, str | int | float | bool | None) else ""
    if holds_personal_value(shown):
        shown = "not repeated here"
    return f"{name} is {shown[:60]}: {message}" if shown else f"{name}: {message}"


def _pointer(location: Sequence[str | int]) -> str:
    parts = location[1:] if location and location[0] == "body" else location
    return "#/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in parts)
