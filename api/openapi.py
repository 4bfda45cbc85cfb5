"""The OpenAPI document: what every route may answer, said once and true of each."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.problems import MEDIA_TYPE, Problem, responses
from api.schemas.packing import PackingLists
from api.schemas.transfers import NewTransfer

_INTRODUCTION = """
Transfers in, plans and arrivals out. Times are RFC 3339 with an offset; clock times of a plan are
seconds since local midnight; costs are SEK, distances metres. Unknown fields are refused by name,
and nothing about a reader of the library is ever taken in.
"""

# What the door, the intake and the frame around every route can answer.
_NOT_IN_SIGNATURES: tuple[type[BaseModel], ...] = (Problem, NewTransfer, PackingLists)
_ANYWHERE = ("malformed", "not-found", "timeout", "too-large", "busy")
_GUARDED = ("not-authenticated", "not-allowed", "too-many-requests")


def describe(app: FastAPI) -> None:
    """
    Give an application its document.

    Parameters
    ----------
    app
        The application, with all its routes.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=_INTRODUCTION, routes=app.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in _NOT_IN_SIGNATURES:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in document["paths"].values():
        for operation in path.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    documented = operation["responses"]
    slugs = [*_ANYWHERE, *(_GUARDED if operation.get("security") else ())]
    if operation.get("requestBody") or operation.get("parameters"):
        documented.pop("422", None)
        slugs.append("bad-input")
    if operation.get("requestBody"):
        slugs.append("unsupported-media-type")
    for status, refusal in responses(*slugs).items():
        known = documented.setdefault(str(status), refusal)
        known.setdefault("content", {}).setdefault(
            MEDIA_TYPE, {"schema": {"$ref": "#/components/schemas/Problem"}}
        )
