"""Names that only the database knows: judged with the shape of a body, not after it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from sqlmodel import Session, SQLModel


@dataclass(frozen=True, slots=True)
class Known:
    """
    Marks a field of a wire model as the key of a row that must be there.

    Attributes
    ----------
    kind
        The table.
    expected
        What was expected instead of a name that is not there, and the cure.
    """

    kind: type[SQLModel]
    expected: str


def unknown_codes(
    session: Session, model: type[BaseModel], body: bytes, told: set[str]
) -> Iterator[dict[str, Any]]:
    """
    Find the fields of a body that name what is not there.

    Parameters
    ----------
    session
        A session.
    model
        What the body should be.
    body
        Its bytes.
    told
        Fields whose faults are known already.

    Yields
    ------
    dict
        A fault, as Pydantic's are.
    """
    try:
        value = json.loads(body)
    except ValueError:
        return
    if not isinstance(value, dict):
        return
    for name, field in model.model_fields.items():
        given = value.get(name)
        marks = [*field.metadata, *_within(field.annotation)]
        for mark in marks:
            if not isinstance(mark, Known) or not isinstance(given, str) or name in told:
                continue
            if not given.isprintable() or session.get(mark.kind, given) is None:
                yield {
                    "type": "unknown_code",
                    "loc": ("body", name),
                    "msg": mark.expected,
                    "input": given,
                }


def _within(annotation: Any) -> list[Any]:  # noqa: ANN401  # any annotation
    parts = get_args(annotation)
    return [mark for part in parts for mark in (*getattr(part, "__metadata__", ()), *_within(part))]
