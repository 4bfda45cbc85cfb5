from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlmodel import select

from api.app import create_app
from logistics.storage.session import reading, writing
from logistics.storage.tables import UserRow
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.issuer import CLIENT, SECRET, Provider, provider
from tests.api.places import add_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from api.settings import Settings


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def issuer(started: Provider) -> Provider:
    started.person = {"sub": "4711", "name": "Karin", "roles": ["coordinator"]}
    started.lies, started.sign_with = {}, started.key
    return started


@pytest.fixture
def browser(engine: Engine, settings: Settings, issuer: Provider) -> Iterator[TestClient]:
    with writing(engine) as session:
        add_places(session)
    known = settings.model_copy(
        update={
            "oidc_issuer": issuer.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
        }
    )
    with TestClient(create_app(known, engine=engine), follow_redirects=False) as client:
        yield client


def come_back(browser: TestClient, path: str = "/dag") -> str:
    """Go to the issuer as a browser does, and return the address it sends us back to."""
    out = browser.get("/v1/session/oidc", params={"next": path})
    assert out.status_code == 303, out.text
    back = httpx2.get(out.headers["location"])
    assert back.status_code == 302, back.text
    address: str = back.headers["location"]
    return address


def test_a_person_logs_in_through_the_issuer(browser: TestClient, engine: Engine) -> None:
    answer = browser.get(come_back(browser))

    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/dag"
    who = browser.get("/v1/session").json()
    assert who["role"] == "coordinator"
    with reading(engine) as session:
        user = session.exec(select(UserRow)).one()
    assert (user.display_name, user.password_hash) == ("Karin", None)


def test_role_and_branch_follow_the_issuer(
    browser: TestClient, issuer: Provider, engine: Engine
) -> None:
    browser.get(come_back(browser))
    issuer.person |= {"roles": ["branch", "somebody"], "branch": "laxa"}

    browser.get(come_back(browser))

    who = browser.get("/v1/session").json()
    assert (who["role"], who["branch"]) == ("branch", "laxa")
    with reading(engine) as session:
        assert len(session.exec(select(UserRow)).all()) == 1


@sqlite_only
@pytest.mark.parametrize("roles", [[], ["guest"], "guest", ["branch"]])
def test_a_person_without_a_role_is_not_let_in(
    browser: TestClient, issuer: Provider, roles: Any
) -> None:
    issuer.person["roles"] = roles

    assert_problem(browser.get(come_back(browser)), "not-allowed", "no role here")
    assert_problem(browser.get("/v1/session"), "not-authenticated")


@sqlite_only
@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"aud": "another"}, id="for another service"),
        pytest.param({"iss": "https://evil.example"}, id="from another issuer"),
        pytest.param({"nonce": "replayed"}, id="of another log-in"),
        pytest.param({"exp": int(time.time()) - 3_600}, id="past its end"),
        pytest.param({"iat": int(time.time()) + 3_600}, id="of tomorrow"),
    ],
)
def test_a_token_that_is_not_ours_is_refused(
    browser: TestClient, issuer: Provider, lie: dict[str, Any]
) -> None:
    issuer.lies = lie

    assert_problem(browser.get(come_back(browser)), "not-authenticated", "not valid here")


@sqlite_only
def test_a_token_of_another_key_is_refused(browser: TestClient, issuer: Provider) -> None:
    issuer.sign_with = RSAKey.generate_key(2048, {"kid": "one"})

    assert_problem(browser.get(come_back(browser)), "not-authenticated", "not valid here")


@sqlite_only
def test_an_answer_of_another_log_in_is_refused(browser: TestClient) -> None:
    address = come_back(browser)
    come_back(browser)  # a second attempt in the same browser replaces the first

    assert_problem(browser.get(address), "not-authenticated", "another log-in")
    browser.cookies.clear()
    assert_problem(browser.get(address), "not-authenticated", "began elsewhere")


@sqlite_only
def test_a_code_works_once(browser: TestClient) -> None:
    address = come_back(browser)
    cookie = {"Cookie": f"oidc={browser.cookies['oidc']}"}
    assert browser.get(address).status_code == 303

    assert_problem(browser.get(address, headers=cookie), "not-authenticated", "know the code")


@sqlite_only
@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_nobody_is_sent_to_another_site(browser: TestClient, path: str) -> None:
    assert_problem(browser.get("/v1/session/oidc", params={"next": path}), "bad-input")


@sqlite_only
def test_without_an_issuer_there_is_no_such_log_in(stranger: TestClient) -> None:
    assert_problem(stranger.get("/v1/session/oidc"), "not-found", "LOGISTICS_OIDC_ISSUER")


@sqlite_only
def test_an_issuer_that_does_not_answer_is_said_so(engine: Engine, settings: Settings) -> None:
    gone = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    with TestClient(create_app(gone, engine=engine)) as client:
        assert_problem(client.get("/v1/session/oidc"), "unavailable", "no answer")
