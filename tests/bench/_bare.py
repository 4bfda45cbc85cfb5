"""The bare program that the service is measured beside: one model, one insert, one commit."""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, event, insert
from sqlalchemy.orm import Session

from logistics.storage.tables import TransferRow, table_of

engine = create_engine(os.environ["BARE_DATABASE"], pool_size=20, max_overflow=20)
app = FastAPI()


@event.listens_for(engine, "connect")
def _durable(connection: Any, _: object) -> None:
    # As the service asks for: an answer survives a power cut. PostgreSQL does so by itself.
    if engine.dialect.name == "sqlite":
        connection.isolation_level = None
        for setting in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {setting}")


@event.listens_for(engine, "begin")
def _begin(connection: Any) -> None:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class Transfer(BaseModel):
    """The same fields as in the service."""

    request_id: str
    item: str
    kind: str
    origin: str
    destination: str
    requested_at: datetime


@app.post("/transfer", status_code=201)
def create_one(body: Transfer) -> dict[str, str]:
    """Store what came, and answer when it is stored."""
    return store([body])[0]


@app.post("/transfers", status_code=201)
def create_many(body: list[Transfer]) -> list[dict[str, str]]:
    """Store what came, and answer when it is stored."""
    return store(body)


def store(many: list[Transfer]) -> list[dict[str, str]]:
    """One insert, one commit."""
    moment = datetime.now(UTC)
    rows = [
        {
            **one.model_dump(),
            "id": "t-" + hashlib.sha256(one.request_id.encode()).hexdigest()[:20],
            "source": "bare",
            "received_at": moment,
            "state": "requested",
            "at": one.origin,
            "changed_at": moment,
            "revision": 1,
        }
        for one in many
    ]
    with Session(engine) as session:
        session.execute(insert(table_of(TransferRow)), rows)
        session.commit()
    return [{"id": row["id"], "request_id": row["request_id"]} for row in rows]


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
