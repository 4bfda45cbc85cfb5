"""The OpenAPI document and the service say the same, in requests that nobody wrote."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import api.routes.plans
from logistics.operations.plan_day import plan_day
from tests.api.contract import operations, try_operation
from tests.api.day import DAY, publish
from tests.api.helpers import sqlite_only

if TYPE_CHECKING:
    import pytest
    from fastapi.testclient import TestClient

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "5"))


@sqlite_only
def test_no_request_gets_an_answer_that_is_not_documented(
    day: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(day)
    app: Any = day.app
    app.state.door.counting = False
    monkeypatch.setattr(
        api.routes.plans, "plan_day", lambda *given, **how: plan_day(*given, **how | QUICK)
    )
    headers = {"Authorization": day.headers["Authorization"]}
    failed = {}

    for operation in operations(app):
        try:
            try_operation(operation, headers, examples=EXAMPLES)
        except Exception as error:  # noqa: BLE001  # all faults at once
            failed[operation.label] = str(error)

    assert not failed, "\n\n".join(f"{name}: {text}" for name, text in failed.items())
    assert day.get(DAY).status_code == 200


QUICK = {"seconds": 0.2, "workers": 1}
