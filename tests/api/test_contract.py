"""The OpenAPI document and the service say the same, in requests that nobody wrote."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

import api.routes.plans
from api.security.keys import create_key
from api.security.roles import SCOPES
from logistics.operations.day.plan_day import plan_day
from logistics.storage.session import writing
from tests.api.contract import operations, try_operation
from tests.api.day import DAY, publish

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

#: Requests of each kind to each operation; whoever asks for more has them on both databases.
MORE = os.environ.get("CONTRACT_EXAMPLES")
EXAMPLES = int(MORE or "5")
KINDS = ["sqlite"] if MORE is None else ["sqlite", "postgres"]


@pytest.mark.parametrize("database_url", KINDS, indirect=True)
def test_no_request_gets_an_answer_that_is_not_documented(
    day: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(day)
    app: Any = day.app
    app.state.door.counting = False
    monkeypatch.setattr(
        api.routes.plans, "plan_day", lambda *given, **how: plan_day(*given, **how | QUICK)
    )
    failed = {}

    for operation in operations(app):
        try:
            # a key of its own: an operation before may have revoked the last one
            headers = {"Authorization": f"Bearer {new_key(app)}"}
            try_operation(operation, headers, examples=EXAMPLES)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  # all faults at once
            failed[operation.label] = str(error)

    assert not failed, "\n\n".join(f"{name}: {text}" for name, text in failed.items())
    headers = {"Authorization": f"Bearer {new_key(app)}"}
    assert day.get(DAY, headers=headers).status_code == 200


def new_key(app: Any) -> str:
    """Make an API key that may do everything."""
    with writing(app.state.engine) as session:
        return create_key(session, name="contract", scopes=SCOPES)[1]


QUICK = {"seconds": 0.2, "workers": 1}
