"""Fixtures of the pages: people logged in through the real form, a real server, a real browser."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.security import accounts
from api.security.accounts import create_account
from api.settings import Settings
from logistics.demand.importers.files import read_transfers
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.storage.session import open_database, writing
from tests.api.conftest import NOW, quick_hasher
from tests.api.pages.people import BRANCH, PASSWORD, ROLES, submit
from tests.api.pages.phone import phone
from tests.databases import copy_sqlite
from tests.operations.helpers import SAMPLE_WEEK, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Engine

    from tests.browser import Tab

__all__ = ["phone"]


@pytest.fixture(scope="session")
def _staffed(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shipped network, and one account for each role, named after it."""
    folder = tmp_path_factory.mktemp("staffed")
    url = copy_sqlite(_sqlite_template, folder)
    engine = open_database(url)
    with pytest.MonkeyPatch.context() as patch, writing(engine) as session:
        patch.setattr(accounts, "_hasher", quick_hasher())
        import_folder(session)
        for role in ROLES:
            branch = BRANCH if role == "branch" else None
            create_account(session, login=role, role=role, password=PASSWORD, branch=branch)
    engine.dispose()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture(scope="session")
def _published(_staffed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the Tuesday of the sample week planned and published: one run, nine stops."""
    url = copy_sqlite(_staffed, tmp_path_factory.mktemp("published"))
    engine = open_database(url)
    week = read_transfers(SAMPLE_WEEK.read_bytes())
    asked = [one for one in week if one.requested_at.date() < TUESDAY]
    with writing(engine) as session:
        accept(receive_transfers(session, asked, source="csv"))
    plan_day(engine, TUESDAY, seconds=1)
    with writing(engine) as session:
        publish(session, TUESDAY)
    engine.dispose()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def database_url(_staffed: Path, tmp_path: Path) -> str:
    """One kind of database: what pages ask of it is tested on both where it is asked."""
    return copy_sqlite(_staffed, tmp_path)


@pytest.fixture
def app(engine: Engine, settings: Settings) -> FastAPI:
    """The service with that network and those accounts."""
    return create_app(settings, engine=engine, now=lambda: NOW)


@pytest.fixture
def asked(app: FastAPI) -> FastAPI:
    """The service with what the sample week asks for before its Tuesday, quick to show changes."""
    asked = read_transfers(SAMPLE_WEEK.read_bytes())
    early = [one for one in asked if one.requested_at.date() < TUESDAY]
    with writing(app.state.engine) as session:
        accept(receive_transfers(session, early, source="csv"))
    app.state.settings = app.state.settings.model_copy(
        update={"preview_seconds": 0.1, "plan_workers": 1}
    )
    return app


@pytest.fixture
def planned(asked: FastAPI) -> FastAPI:
    """The same with a draft of the Tuesday."""
    plan_day(asked.state.engine, TUESDAY, seconds=0.25, workers=1, made_by="schedule")
    return asked


@pytest.fixture
def visitor(app: FastAPI) -> Iterator[TestClient]:
    """A browser without scripts that is not logged in; it follows no redirect by itself."""
    with TestClient(app, follow_redirects=False) as client:
        client.headers["Accept"] = "text/html"
        yield client


@pytest.fixture
def enter(app: FastAPI) -> Callable[[str], TestClient]:
    """Makes a browser without scripts that is logged in: ``enter("coordinator")``."""

    def make(role: str) -> TestClient:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        client.headers["Accept"] = "text/html"
        answer = submit(client, "/logga-in", login=role, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return client

    return make


@dataclass(frozen=True, kw_only=True)
class Live:
    """A server that a browser can reach."""

    address: str
    app: FastAPI

    def log_in(self, opened: Tab, role: str, path: str = "/") -> Any:
        """Log in through the form, as people do; returns Playwright's page."""
        page = opened.page
        page.goto(f"{self.address}/logga-in?next={path}")
        page.get_by_label("Namn").fill(role)
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda url: "/logga-in" not in url)
        return page


@pytest.fixture
def live(engine: Engine) -> Iterator[Live]:
    """The service behind a real socket, at the moment `NOW`."""
    settings = Settings(_env_file=None, worker=False)
    with served(create_app(settings, engine=engine, now=moment)) as running:
        yield running


def moment() -> datetime:
    return NOW


class served:  # noqa: N801  # reads as a statement: with served(app) as live
    """Runs an application in a thread of its own."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        config = uvicorn.Config(app, port=0, log_level="error", lifespan="on")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> Live:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            time.sleep(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return Live(address=f"http://127.0.0.1:{port}", app=self.app)

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)
