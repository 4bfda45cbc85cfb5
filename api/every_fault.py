"""Routes that tell every fault of a request at once: of its headers, its address and its body."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel
from sqlmodel import Session
from starlette.responses import Response

from api.all_faults import all_faults, has_json
from api.body import LINES, is_json, media_type, not_json, not_lines, parse_transfers
from api.known_codes import unknown_codes
from api.problems import ProblemError, faults_of
from api.schemas.transfers import Intake
from logistics.storage.session import reading

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_ENTITY_TAG = 2


def _match(value: str) -> str:
    for one in value.split(","):
        tag = one.strip().removeprefix("W/")
        quoted = len(tag) >= _ENTITY_TAG and tag[0] == tag[-1] == '"'
        if not quoted and tag != "*":
            raise ValueError("expected an ETag in its quotes, as it came with what was read")
    return value


#: Demanded by every change of what others may change too; alone missing, it is a 428.
IfMatch = Annotated[
    str,
    Header(max_length=400, description="ETag of what was seen; without it: 428."),
    AfterValidator(_match),
]


class EveryFault(APIRoute):
    """A route whose headers and address are judged also where its body is no JSON."""

    def get_route_handler(self) -> Handler:
        """
        Build what answers a request.

        Returns
        -------
        Handler
            FastAPI's own, with all faults in what it raises.
        """
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                if self.body_field is None:
                    raise
                body, found = await request.body(), list(error.errors())
                is_typed = not body or is_json(request)
                if not is_typed:
                    found = [one for one in found if one["loc"][0] != "body"]
                    found += await run_in_threadpool(_shape, self, body)
                elif not has_json(found):
                    found = [*await _besides_the_body(handle, request), *found]
                found += await run_in_threadpool(_codes, self, request, body, found)
                if is_typed:
                    raise RequestValidationError(found) from None
                raise _with_more(not_json(media_type(request)), found) from None

        return answer


class LinesByHand(APIRoute):
    """The route that reads lines, whose media type is judged also where a header is wrong."""

    def get_route_handler(self) -> Handler:
        """
        Build what answers a request.

        Returns
        -------
        Handler
            FastAPI's own, with all faults in what it raises.
        """
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                if media_type(request) == LINES:
                    raise
                raise _with_more(not_lines(media_type(request)), error.errors()) from None

        return answer


class TransfersByHand(APIRoute):
    """The route that reads transfers by hand, whose body is judged also where a header is wrong."""

    def get_route_handler(self) -> Handler:
        """
        Build what answers a request.

        Returns
        -------
        Handler
            FastAPI's own, with all faults in what it raises.
        """
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                if any(fault["loc"][0] == "body" for fault in error.errors()):
                    raise
                body = await request.body()
                raise await run_in_threadpool(_with_body, request, body, error) from None
            except ProblemError as refusal:
                if refusal.slug != "unsupported-media-type":
                    raise
                besides = RequestValidationError(await _besides_the_body(handle, _as_json(request)))
                body = await request.body()
                more = await run_in_threadpool(_with_body, request, body, besides)
                told = more.faults if isinstance(more, ProblemError) else faults_of(besides)
                refusal.faults += told
                raise

        return answer


def _shape(route: APIRoute, body: bytes) -> list[Any]:
    """What is wrong with a body that may be JSON, though it does not say so."""
    try:
        value = json.loads(body)
    except ValueError:
        return []
    assert route.body_field is not None  # noqa: S101  # asked before
    _, faults = route.body_field.validate(value, {}, loc=("body",))
    return list(faults)


def _codes(route: APIRoute, request: Request, body: bytes, found: list[Any]) -> list[Any]:
    model = route.body_field.field_info.annotation if route.body_field else None
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return []
    told = {str(one["loc"][1]) for one in found if one["loc"][0] == "body" and len(one["loc"]) > 1}
    with reading(request.app.state.engine) as session:
        return list(unknown_codes(session, model, body, told))


def _with_more(refusal: ProblemError, more: Sequence[Any]) -> ProblemError:
    refusal.faults += faults_of(RequestValidationError(more))
    return refusal


def _as_json(request: Request) -> Request:
    named = [one for one in request.scope["headers"] if one[0] != b"content-type"]
    headers = [*named, (b"content-type", b"application/json")]
    return Request({**request.scope, "headers": headers})


async def _besides_the_body(handle: Handler, request: Request) -> list[Any]:
    """Ask again without a body, which every route with one refuses before it does anything."""

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    try:
        await handle(Request(request.scope, nothing))
    except RequestValidationError as error:
        return [fault for fault in error.errors() if fault["loc"][0] != "body"]
    raise AssertionError(f"{request.url.path} demands no body")


def _with_body(
    request: Request, body: bytes, besides: RequestValidationError
) -> RequestValidationError | ProblemError:
    shape = None
    try:
        parse_transfers(body)
    except RequestValidationError as error:
        if not has_json(error.errors()):
            return RequestValidationError([*besides.errors(), *error.errors()])
        shape = error
    told = faults_of(besides)
    wrong = {fault.pointer for fault in told}
    query = {
        name: value
        for name, value in request.query_params.items()
        if name in Intake.model_fields and f"#/query/{name}" not in wrong
    }

    def look(session: Session) -> list[Any]:
        return all_faults(session, body, Intake.model_validate(query), shape).faults

    with reading(request.app.state.engine) as session:
        told += look(session)
    refusal = ProblemError("bad-input", told[0].detail if told else "")
    refusal.faults = told
    return refusal
