"""The OpenAPI document is enough to make a client from: every operation named, every body typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.app import create_app
from api.problems import MEDIA_TYPE
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NO_BODY = {"204", "303", "304"}
_SHAPES = {"type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"}


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    settings = Settings(_env_file=None, worker=False, database=f"sqlite:///{tmp_path / 'none'}")
    written: dict[str, Any] = create_app(settings).openapi()
    return written


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    asked = operation.get("requestBody", {}).get("content", {})
    yield from (("request", kind, body.get("schema", {})) for kind, body in asked.items())
    for status, answer in operation["responses"].items():
        for kind, body in answer.get("content", {}).items():
            yield status, kind, body.get("schema", {})


def test_every_operation_has_a_name_of_its_own_that_a_program_can_call(
    document: dict[str, Any],
) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]

    assert len(names) > 80
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not name.isidentifier() or name.count("__")] == []
    assert {"create_transfers", "list_events", "publish_plan"} <= set(names)
    for label, operation in operations(document):
        assert operation["summary"], label
        assert operation["tags"], label


def test_every_body_has_a_shape_and_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for label, operation in operations(document):
        answers = operation["responses"]
        good = [status for status in answers if status[0] in "23"]
        assert good, label
        for status in good:
            assert bool(answers[status].get("content")) is (status not in _NO_BODY), (label, status)
        for status, kind, schema in bodies(operation):
            assert schema.keys() & _SHAPES, (label, status, kind)
            if status[0] in "45":
                assert kind == MEDIA_TYPE, (label, status)
                assert schema == {"$ref": "#/components/schemas/Problem"}, (label, status)
        refused = {status for status in answers if status[0] in "45"}
        assert {"400", "503"} <= refused, label
        if operation.get("security"):
            assert {"401", "403", "429"} <= refused, label
        if operation.get("parameters") or operation.get("requestBody"):
            assert "422" in refused, label


def test_every_reference_leads_somewhere_and_every_field_has_a_shape(
    document: dict[str, Any],
) -> None:
    named = document["components"]["schemas"]
    nodes = list(objects(document, "#"))
    lost = [
        where
        for where, node in nodes
        if isinstance(ref := node.get("$ref"), str)
        and ref.removeprefix("#/components/schemas/") not in named
    ]
    shapeless = [
        f"{where}/{name}"
        for where, node in nodes
        if node.get("type") == "object"
        for name, schema in node.get("properties", {}).items()
        if not schema.keys() & _SHAPES
    ]
    of_what = [
        where
        for where, node in nodes
        if node.get("type") == "array" and not node.keys() & {"items", "prefixItems"}
    ]

    assert len(nodes) > 1_000
    assert (lost, shapeless, of_what) == ([], [], [])


def objects(node: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document but those of its examples, and where it stands."""
    if isinstance(node, dict):
        yield where, node
        for name, one in node.items():
            if name not in {"example", "examples", "default"}:
                yield from objects(one, f"{where}/{name}")
    elif isinstance(node, list):
        for number, one in enumerate(node):
            yield from objects(one, f"{where}/{number}")
