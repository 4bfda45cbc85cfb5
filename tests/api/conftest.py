from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.app import create_app
from api.security import accounts
from api.security.keys import create_key
from api.security.roles import SCOPES
from api.settings import Settings
from logistics.operations.network.import_network import import_folder
from logistics.storage.session import writing
from tests.api.day import asked_on_monday
from tests.api.places import add_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from sqlalchemy import Engine

#: Tuesday, an hour before the vans leave.
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    # A hash that takes as long as it should would take most of the time of these tests.
    monkeypatch.setattr(accounts, "_hasher", quick_hasher())


def quick_hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None, public_url="http://testserver", worker=False)


@pytest.fixture
def app(engine: Engine, settings: Settings) -> FastAPI:
    with writing(engine) as session:
        add_places(session)
    return create_app(settings, engine=engine, now=lambda: NOW)


@pytest.fixture
def make_key(app: FastAPI) -> Callable[..., str]:
    """Makes an API key and returns it."""

    def make(*scopes: str, branch: str | None = None) -> str:
        with writing(app.state.engine) as session:
            _, token = create_key(session, name="test", scopes=scopes or SCOPES, branch=branch)
        return token

    return make


@pytest.fixture
def stranger(app: FastAPI) -> Iterator[TestClient]:
    """A client without any key."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, make_key: Callable[..., str]) -> TestClient:
    """A client that may do everything."""
    stranger.headers["Authorization"] = f"Bearer {make_key()}"
    return stranger


@pytest.fixture
def day(engine: Engine, settings: Settings) -> Iterator[TestClient]:
    """A client of a service with the shipped network and eight transfers that wait."""
    with writing(engine) as session:
        import_folder(session)
        _, token = create_key(session, name="test", scopes=SCOPES)
    with TestClient(create_app(settings, engine=engine, now=lambda: NOW)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        answer = client.post("/v1/transfers", json=asked_on_monday())
        assert answer.status_code == 201, answer.text
        yield client
