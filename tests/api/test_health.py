from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.helpers import assert_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient


def test_a_live_process_says_so_to_anybody(stranger: TestClient) -> None:
    answer = stranger.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_it_is_ready_with_a_migrated_database(stranger: TestClient) -> None:
    assert stranger.get("/readyz").status_code == 200


def test_it_is_not_ready_while_it_stops(app: FastAPI, stranger: TestClient) -> None:
    app.state.stopping = True

    answer = stranger.get("/readyz")

    assert_problem(answer, "busy", "stopping")
    assert answer.headers["retry-after"] == "5"


def test_it_is_not_ready_on_a_full_disk(app: FastAPI, stranger: TestClient) -> None:
    if app.state.engine.dialect.name != "sqlite":
        return  # PostgreSQL watches its own disk
    app.state.settings = app.state.settings.model_copy(update={"disk_bytes": 2**62})

    assert_problem(stranger.get("/readyz"), "busy", "disk")


def test_metrics_need_a_key_of_their_own(
    stranger: TestClient, make_key: Callable[..., str]
) -> None:
    assert_problem(stranger.get("/metrics"), "not-authenticated")
    wrong = {"Authorization": f"Bearer {make_key('plans:read')}"}
    assert_problem(stranger.get("/metrics", headers=wrong), "not-allowed", "metrics:read")
    right = {"Authorization": f"Bearer {make_key('metrics:read')}"}

    answer = stranger.get("/metrics", headers=right)

    assert answer.status_code == 200
    assert 'logistics_requests_total{method="GET",route="/metrics",status="401"} 1.0' in answer.text
