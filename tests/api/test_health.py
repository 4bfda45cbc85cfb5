from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlmodel import col
from structlog.testing import capture_logs

from api.app import create_app
from logistics.storage.feed import place_events, tell
from logistics.storage.jobs import enqueue
from logistics.storage.session import writing
from logistics.storage.tables import TransferRow, WebhookRow, now
from tests.api.day import publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from sqlalchemy import Engine

    from api.settings import Settings


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


def test_a_fault_of_ours_is_found_in_the_log_by_its_number(app: FastAPI) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    app.add_api_route("/v1/broken", broken)
    client = TestClient(app, raise_server_exceptions=False)

    with capture_logs() as lines:
        answer = client.get("/v1/broken")

    assert_problem(answer, "internal")
    [fault] = [line for line in lines if line["event"] == "fault"]
    assert fault["request_id"] == answer.json()["request_id"] != ""
    assert isinstance(fault["exc_info"], ZeroDivisionError)


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


def test_metrics_tell_of_queue_plans_transfers_and_outbox(day: TestClient) -> None:
    app: Any = day.app
    publish(day)
    with writing(app.state.engine) as session:
        enqueue(session, "plan-day", "2026-11-25")
        session.add(WebhookRow(url="https://ils.example.se", secret="-", kinds=[]))  # noqa: S106
        old = update(TransferRow).where(col(TransferRow.request_id) == "r-1")
        session.exec(old.values(requested_at=now() - timedelta(days=5)))
        tell(session, [{"kind": "plan.seen", "at": now() - timedelta(minutes=10)}])
    place_events(app.state.engine)

    lines = dict(
        line.rsplit(" ", 1)
        for line in day.get("/metrics").text.splitlines()
        if not line.startswith("#")
    )
    assert float(lines["logistics_database_up"]) == 1
    assert float(lines['logistics_jobs{kind="plan-day",state="queued"}']) == 1
    ages = {name: float(lines[name]) for name in lines if name.startswith("logistics_transfers_")}
    assert sum(ages.values()) == 8
    assert ages['logistics_transfers_open{age="3 to 7 days",state="requested"}'] >= 1
    assert float(lines["logistics_outbox_lag_seconds"]) >= 599
    assert float(lines['logistics_webhook_deliveries{state="waiting"}']) > 8
    assert float(lines["logistics_plan_seconds"]) > 0
    assert 0 <= float(lines["logistics_plan_gap"]) < 1
    assert 'logistics_requests_total{method="POST",route="/v1/transfers",status="201"}' in lines


@sqlite_only
def test_metrics_are_open_only_where_the_operator_says_so(
    engine: Engine, settings: Settings
) -> None:
    opened = settings.model_copy(update={"metrics_open": True})
    for chosen, status in ((settings, 401), (opened, 200)):
        with TestClient(create_app(chosen, engine=engine)) as client:
            assert client.get("/metrics").status_code == status
            assert client.get("/v1/jobs").status_code == 401
