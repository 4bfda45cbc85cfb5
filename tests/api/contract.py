"""Requests that nobody wrote, made from the OpenAPI document, and what must hold of each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from schemathesis import APIOperation, Case

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
#: Too busy, not ready: a server error by number, and an answer that is meant.
MEANT = frozenset({503})
#: The first answers with a stream that ends when a job does; the log-in needs its own counting.
LEFT_OUT = frozenset({"/v1/jobs/{job}/progress"})


@schemathesis.serializer("application/x-ndjson")
def _lines(_: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def operations(app: FastAPI) -> list[APIOperation[Any, Any, Any, Any]]:
    """Every operation of the document."""
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.path not in LEFT_OUT]


def try_operation(
    operation: APIOperation[Any, Any, Any, Any],
    headers: dict[str, str],
    *,
    examples: int,
    before: Callable[[], None] = lambda: None,
    seed: int | None = None,
    answered: Callable[[list[int]], None] = lambda _: None,
) -> None:
    """Send requests that fit the document, and requests that do not; the same for the same seed."""

    def judge(case: Case) -> None:
        before()
        answer = case.call(headers={**headers, **(case.headers or {}), **headers})
        answered([answer.status_code])
        checks = [
            check
            for check in CHECKS
            if not (check is not_a_server_error and answer.status_code in MEANT)
        ]
        case.validate_response(answer, checks=checks, excluded_checks=[])

    modes = schemathesis.GenerationMode
    strategy = st.one_of(
        *(operation.as_strategy(generation_mode=mode) for mode in (modes.POSITIVE, modes.NEGATIVE))
    )
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    configured = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=seed is None,
        phases=[Phase.generate],
        suppress_health_check=quiet,
    )
    ask = configured(given(case=strategy)(judge))
    (ask if seed is None else hypothesis.seed(seed)(ask))()
