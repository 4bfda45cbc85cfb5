"""Bodies that are read by hand: validated straight from the bytes, in a worker thread."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.problems import ProblemError
from api.schemas.transfers import NewTransfer, NewTransfers

T = TypeVar("T")
LINES = "application/x-ndjson"
_ONE = TypeAdapter(NewTransfer)
_MANY = TypeAdapter(NewTransfers)


def media_type(request: Request) -> str:
    """
    Tell what a request says its body is.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    str
        The media type without parameters, in lower case; empty where it does not say.
    """
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(request: Request) -> bool:
    """
    Tell whether a request says that its body is JSON.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    bool
        Whether it does.
    """
    kind = media_type(request)
    return kind == "application/json" or kind.endswith("+json")


def not_json(kind: str) -> ProblemError:
    """
    Refuse a body that is not JSON.

    Parameters
    ----------
    kind
        What it is.

    Returns
    -------
    ProblemError
        To be raised.
    """
    return _refusal(kind, "application/json")


def not_lines(kind: str) -> ProblemError:
    """
    Refuse a body that is not lines of JSON.

    Parameters
    ----------
    kind
        What it is.

    Returns
    -------
    ProblemError
        To be raised.
    """
    return _refusal(kind, LINES)


def _refusal(kind: str, expected: str) -> ProblemError:
    return ProblemError(
        "unsupported-media-type",
        f"the body is {kind[:60] or 'of no type'}, expected {expected}",
        pointer="#/header/content-type",
    )


async def _raw(request: Request) -> bytes:
    if not is_json(request):
        raise not_json(media_type(request))
    return await request.body()


#: The bytes of a JSON body.
RawJson = Annotated[bytes, Depends(_raw)]


def parse(adapter: TypeAdapter[T], body: bytes) -> T:
    """
    Read a JSON body.

    Parameters
    ----------
    adapter
        The shape it must have.
    body
        Its bytes.

    Returns
    -------
    T
        What it says.

    Raises
    ------
    RequestValidationError
        With all faults.
    """
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        ) from None


def parse_transfers(body: bytes) -> list[NewTransfer]:
    """
    Read one request for a transfer, or a list of them.

    Parameters
    ----------
    body
        The bytes.

    Returns
    -------
    list[NewTransfer]
        What is asked for.

    Raises
    ------
    RequestValidationError
        With all faults.
    """
    return parse(_MANY, body) if is_list(body) else [parse(_ONE, body)]


def is_list(body: bytes) -> bool:
    """
    Tell whether a JSON body is a list.

    Parameters
    ----------
    body
        The bytes.

    Returns
    -------
    bool
        True where it begins like one.
    """
    return body.lstrip()[:1] == b"["


def documented(schema: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """
    Describe a body that is read by hand.

    Parameters
    ----------
    schema
        Its JSON schema.
    examples
        Examples by name; the tests send each.

    Returns
    -------
    dict
        For ``openapi_extra``.
    """
    content = {
        "schema": schema,
        "examples": {name: {"value": value} for name, value in examples.items()},
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}
