"""Readers' data are planted at every door, and are then nowhere: no table, log, event, export."""

from __future__ import annotations

import gzip
import io
import json
import logging
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from api import logs
from logistics.demand.adapters.sip2 import CheckinTap, tap_log
from logistics.operations.intake.receive_feeds import drop_folder, take_in
from logistics.storage.backup import backup
from logistics.storage.session import reading
from logistics.storage.tables import HoldRow, TransferRow, metadata
from tests.api.test_transfers import asked
from tests.operations.test_receive_feeds import answered
from tests.operations.test_receive_feeds import asked as asked_by_sip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

    from api.settings import Settings

NUMBER, MAIL, NAME = "19811218-9876", "svea@example.se", "Svea Svensson"
REFERENCE, TITLE = "hold-of-svea-7", "bib-secret-1177"
PLANTED = (NUMBER, NUMBER[2:], MAIL, NAME, REFERENCE, TITLE, "19121212-1212")


def planted(text: str) -> list[str]:
    return [secret for secret in PLANTED if secret in text]


def plant_over_http(client: TestClient) -> Iterator[tuple[int, str]]:
    refused: list[tuple[str, Any]] = [
        ("/v1/transfers", asked(1, patron=NAME)),
        ("/v1/transfers", asked(1, item=NUMBER)),
        ("/v1/transfers", asked(1, request_id=MAIL)),
        ("/v1/transfers", [asked(1), asked(2, personnummer=NUMBER)]),
    ]
    for path, body in refused:
        yield client.post(path, json=body).status_code, json.dumps(body)
    lines = "\n".join(json.dumps(asked(9, **extra)) for extra in ({"item": NUMBER}, {"name": NAME}))
    kind = {"Content-Type": "application/x-ndjson"}
    answer = client.post("/v1/transfers/bulk", content=lines, headers=kind)
    assert answer.text.count('"refused"') == 2
    assert planted(answer.text) == []
    accepted = asked(3, hold_reference=REFERENCE)
    assert client.post("/v1/transfers", json=accepted).status_code == 201
    hold = {
        "reference": REFERENCE, "title": TITLE, "pickup": "laxa",
        "placed_at": "2026-11-20T12:00:00+01:00", "queue_position": 1,
    }  # fmt: skip
    assert client.post("/v1/holds", json={"data": [hold]}).status_code == 201
    item = {
        "item": "b-7", "title": TITLE, "owner": "nora", "at": "kumla",
        "returned_at": "2026-11-24T09:30:00+01:00",
    }  # fmt: skip
    assert client.post("/v1/returned-items", json={"data": [item]}).status_code == 201
    yield client.post("/v1/holds", json={"data": [hold | {"reference": MAIL}]}).status_code, ""


def plant_in_files(engine: Engine, folder: Path) -> None:
    drop = drop_folder(engine, folder, source="csv", settle_seconds=0)
    head = "request_id,item,kind,origin,destination,requested_at"
    row = "R1,{},hold,nora,kumla,2026-11-24T08:00:00Z"
    (folder / "transfers-1.csv").write_text(f"{head},patron\n{row.format('3300')},{NAME}\n")
    (folder / "transfers-2.csv").write_text(f"{head}\n{row.format(NUMBER)}\n")
    for dropped in drop.look():
        assert dropped.problems
        assert planted(" ".join(dropped.problems)) == []


def plant_over_sip(engine: Engine) -> None:
    tap = CheckinTap("sip2")
    lines = [asked_by_sip("nora", "3300"), answered("3300", "kumla")]
    heard = list(tap_log(tap, lines))
    assert planted(repr(heard)) == []
    assert take_in(engine, heard, source="sip2", actor="sip2")["created"] == 1


def everything_stored(engine: Engine) -> str:
    with reading(engine) as session:
        return "\n".join(
            repr(tuple(row))
            for table in metadata.sorted_tables
            for row in session.execute(select(table))
        )


def test_what_was_planted_is_nowhere(
    app: FastAPI,
    client: TestClient,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, written = logging.getLogger(), io.StringIO()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr("sys.stderr", written)
    logs.configure(settings.model_copy(update={"log_level": "debug"}))

    assert {status for status, _ in plant_over_http(client)} == {422}
    plant_in_files(app.state.engine, tmp_path / "drop")
    plant_over_sip(app.state.engine)
    client.get("/v1/transfers", params={"item": NUMBER})
    client.get(f"/v1/transfers/{NAME}")

    assert planted(everything_stored(app.state.engine)) == []
    assert written.getvalue().count('"event": "request"') > 8
    assert planted(written.getvalue()) == []
    for path in ("/v1/events", "/v1/transfers", "/v1/audit", "/v1/parked", "/metrics"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert planted(answer.text) == [], path
    backup(app.state.engine, tmp_path / "copy")
    copied = (tmp_path / "copy").read_bytes()
    content = gzip.decompress(copied) if copied.startswith(b"\x1f\x8b") else copied
    assert planted(content.decode("latin-1")) == []
    # The search finds what is there: the wall was not proved on an empty house.
    assert "3300" in everything_stored(app.state.engine)


def test_references_are_hashed_with_a_key_of_the_installation(
    app: FastAPI, client: TestClient
) -> None:
    client.post("/v1/transfers", json=asked(3, hold_reference=REFERENCE))
    client.post("/v1/transfers", json=asked(4, hold_reference=REFERENCE))
    with reading(app.state.engine) as session:
        kept = session.exec(select(TransferRow.hold_hash)).all()
        assert session.exec(select(HoldRow)).all() == []
    assert len(set(kept)) == 1
    assert len(kept[0] or "") == 32
    assert "hold_hash" not in client.get("/v1/transfers").text


def test_no_refusal_repeats_what_it_refuses(client: TestClient) -> None:
    for body in (asked(1, item=NUMBER), asked(1, patron_email=MAIL), asked(1, request_id=MAIL)):
        assert planted(client.post("/v1/transfers", json=body).text) == []
