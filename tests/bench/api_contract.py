"""Requests that nobody wrote to every operation of the OpenAPI document, for ten minutes.

Each round asks every operation with other requests than the rounds before, with a key that may do
everything, first on SQLite and then on PostgreSQL. Every answer must be one that the document
describes. Each fault is printed when it is found, once for each operation.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from fastapi.testclient import TestClient

import api.routes.plans
from api.app import create_app
from api.security import accounts
from api.security.keys import create_key
from api.security.roles import SCOPES
from api.settings import Settings
from logistics.operations.day.plan_day import plan_day
from logistics.operations.network.import_network import import_folder
from logistics.storage.session import open_database, writing
from tests.api.conftest import NOW, quick_hasher
from tests.api.contract import operations, try_operation
from tests.api.day import asked_on_monday, publish
from tests.databases import TEMPLATE, PostgresServer, copy_sqlite, sqlite_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

SECONDS = float(os.environ.get("CONTRACT_SECONDS", "600"))
#: Requests to each operation in a round.
EXAMPLES = 20
_QUICK = {"seconds": 0.2, "workers": 1}


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    accounts._hasher = quick_hasher()
    api.routes.plans.plan_day = lambda *given, **how: plan_day(  # type: ignore[attr-defined]
        *given, **how | _QUICK
    )
    folder = Path(tempfile.mkdtemp(prefix="courier-contract-"))
    server = PostgresServer()
    urls = {
        "sqlite": copy_sqlite(sqlite_template(folder), folder),
        "postgresql": server.create(template=TEMPLATE),
    }
    for kind, url in urls.items():
        print(json.dumps({"database": kind, **_ask(url, SECONDS)}), flush=True)  # noqa: T201
    server.stop()


def _ask(url: str, seconds: float) -> dict[str, Any]:
    with _service(url) as app:
        return _rounds(app, seconds)


def _rounds(app: FastAPI, seconds: float) -> dict[str, Any]:
    answers: Counter[int] = Counter()
    faults: dict[str, str] = {}
    begin, rounds = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        for number, operation in enumerate(operations(app)):
            if time.monotonic() - begin >= seconds:
                break
            seed = 1_000 * rounds + number
            try:
                headers = {"Authorization": f"Bearer {_key(app)}"}
                try_operation(
                    operation, headers, examples=EXAMPLES, seed=seed, answered=answers.update
                )
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  # all faults at once
                if operation.label not in faults:
                    faults[operation.label] = str(error)
                    told = "".join(traceback.format_exception(error, chain=False))
                    print(f"{operation.label}: {told}", flush=True)  # noqa: T201
        rounds += 1
    return {
        "seconds": round(time.monotonic() - begin),
        "rounds": rounds,
        "requests": answers.total(),
        "answers": {str(status): count for status, count in sorted(answers.items())},
        "operations_at_fault": len(faults),
    }


@contextmanager
def _service(url: str) -> Iterator[FastAPI]:
    engine = open_database(url)
    with writing(engine) as session:
        import_folder(session)
    settings = Settings(_env_file=None, public_url="http://testserver", worker=False)
    app = create_app(settings, engine=engine, now=lambda: NOW)
    with TestClient(app, headers={"Authorization": f"Bearer {_key(app)}"}) as client:
        assert client.post("/v1/transfers", json=asked_on_monday()).status_code == 201
        publish(client)
        app.state.door.counting = False
        yield app  # still running: a service that has stopped says that it is not ready


def _key(app: FastAPI) -> str:
    # One of its own for each operation: the one before may have revoked the last.
    with writing(app.state.engine) as session:
        return create_key(session, name="contract", scopes=SCOPES)[1]


if __name__ == "__main__":
    main()
