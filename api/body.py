"""Bodies that are read by hand: validated straight from the bytes, in a worker thread."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from api.problems import ProblemError
from api.schemas.transfers import NewTransfer, NewTransfers

T = TypeVar("T")
_ONE = TypeAdapter(NewTransfer)
_MANY = TypeAdapter(NewTransfers)


async def _raw(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ProblemError(
            "unsupported-media-type",
            f"the body is {kind or 'of no type'}, expected application/json",
        )
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
