"""Everything that is wrong with requests for transfers, told at once whatever kind it is of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlmodel import Session

from api.problems import Fault, ProblemError, faults_of
from api.schemas.transfers import Intake
from logistics.demand.privacy import holds_personal_value, personal_values
from logistics.storage.codes import quick_code_map

_MOST = 10_000
_ENDS = ("origin", "destination")


def all_faults(
    session: Session, body: bytes, how: Intake, shape: RequestValidationError | None = None
) -> ProblemError:
    """
    Find what is wrong with the values of a request besides its shape.

    Parameters
    ----------
    session
        A session.
    body
        One request or a list of them, as it came.
    how
        Whose branch codes they name, and whether unknown ones are kept.
    shape
        What is wrong with the shape, if anything.

    Returns
    -------
    ProblemError
        To be raised, with the faults of shape first.
    """
    asked = json.loads(body)
    many = enumerate(asked) if isinstance(asked, list) else [(None, asked)]
    requests = {
        "#" if number is None else f"#/{number}": one
        for number, one in many
        if isinstance(one, dict)
    }
    named = [
        one[end] for one in requests.values() for end in _ENDS if isinstance(one.get(end), str)
    ]
    codes = quick_code_map(session, how.source, named) if len(requests) <= _MOST else None
    found = faults_of(shape) if shape else []
    told = {fault.pointer for fault in found}
    for place, one in requests.items():
        found += [
            fault
            for fault in _meant(place, one, None if how.park else codes)
            if fault.pointer not in told
        ]
    error = ProblemError("bad-input", found[0].detail if found else "")
    error.faults = found
    return error


def _meant(place: str, one: Mapping[str, Any], codes: Mapping[str, str] | None) -> Iterator[Fault]:
    name = _named(one)
    for field in ("item", "request_id"):
        for sentence in personal_values({field: one.get(field)}):
            yield Fault(detail=f"transfer: {sentence}", pointer=f"{place}/{field}")
    origin, destination = (one.get(end) for end in _ENDS)
    if isinstance(origin, str) and origin == destination:
        detail = f"{name}: origin and destination are both {_shown(origin)}"
        yield Fault(detail=detail, pointer=f"{place}/destination")
    for end in _ENDS if codes is not None else ():
        value = one.get(end)
        if isinstance(value, str) and value not in (codes or ()):
            detail = (
                f"{name}: {end} is {_shown(value)}, which is not a branch; import the branch or "
                "explain the code"
            )
            yield Fault(detail=detail, pointer=f"{place}/{end}")


def _named(one: Mapping[str, Any]) -> str:
    request = one.get("request_id")
    return f"transfer {_shown(request)}" if isinstance(request, str) else "transfer"


def _shown(value: str) -> str:
    return "not repeated here" if holds_personal_value(value) else repr(value[:60])


def has_json(faults: Sequence[Mapping[str, Any]]) -> bool:
    """
    Tell whether a body could be read at all.

    Parameters
    ----------
    faults
        What Pydantic says of it.

    Returns
    -------
    bool
        False where it is no JSON.
    """
    return all(fault["type"] != "json_invalid" for fault in faults)
