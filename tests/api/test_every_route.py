"""What must hold of every route there is, and of each that will ever be added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import APIRoute

from api.door import allow
from api.pages.routers import ROUTERS as PAGES
from api.routes import ROUTERS
from api.security.roles import ROLES, SCOPES
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from fastapi.testclient import TestClient

#: Routes for everybody. A new one must be argued for here, not forgotten there.
PUBLIC = {
    "GET /healthz": "a load balancer asks it",
    "GET /readyz": "a load balancer asks it",
    "POST /v1/session": "it is the log-in",
    "GET /v1/calendars/{token}.ics": "calendar programs send no key; the address is the secret",
    "GET /v1/openapi.json": "it describes the service, and holds no data",
    "GET /v1/session/oidc": "it is the log-in",
    "GET /v1/session/oidc/callback": "it is the log-in",
}
#: Routes for whoever is known, whatever they may do.
ANY_SCOPE = {"GET /v1/session", "DELETE /v1/session"}

ROUTES = {
    f"{method} {route.path}": route
    for router in ROUTERS
    if router not in PAGES  # tests/api/pages/test_every_page.py walks those
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
}
GUARDED = sorted(ROUTES.keys() - PUBLIC.keys())


def dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from dependants(inner)


def scopes_of(route: APIRoute) -> set[str] | None:
    """Scopes that a route demands; None when nobody is asked for a key."""
    guards = [one for one in dependants(route.dependant) if one.call is allow]
    if not guards:
        return None
    return {scope for guard in guards for scope in (guard.own_oauth_scopes or ())}


def address(route: APIRoute) -> str:
    values = {
        "transfer": "t-" + "0" * 20, "date": "2026-11-24", "branch": "nora", "vehicle": "van-1",
        "code": "1884", "depot": "orebro",
        "valid_from": "2027-01-01",
    }  # fmt: skip
    return re.sub(r"{(\w+)}", lambda match: values.get(match[1], "1"), route.path)


def test_every_route_is_in_the_application(app: FastAPI) -> None:
    served = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    hidden = {name for name, route in ROUTES.items() if not route.include_in_schema}

    assert served == ROUTES.keys() - hidden


@pytest.mark.parametrize("name", GUARDED)
def test_every_route_but_the_public_ones_demands_a_scope(name: str) -> None:
    demanded = scopes_of(ROUTES[name])

    assert demanded is not None, f"{name} lets everybody in"
    assert demanded <= SCOPES.keys()
    assert demanded or name in ANY_SCOPE, f"{name} demands no scope"


def test_the_public_routes_are_those_that_are_argued_for() -> None:
    public = {name for name, route in ROUTES.items() if scopes_of(route) is None}

    assert public <= PUBLIC.keys()


@sqlite_only
def test_no_route_answers_a_stranger(app: FastAPI, stranger: TestClient) -> None:
    app.state.door.counting = False
    for name in GUARDED:
        method = name.partition(" ")[0]
        body: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": {}}
        answer = stranger.request(method, address(ROUTES[name]), **body)
        assert answer.status_code == 401, (name, answer.text)
        assert_problem(answer, "not-authenticated")
        assert answer.headers["www-authenticate"] == "Bearer"
        junk = {"Authorization": "Bearer cp_junk_junk"}
        again = stranger.request(method, address(ROUTES[name]), headers=junk, **body)
        assert again.status_code == 401, (name, again.text)


@sqlite_only
def test_no_route_answers_a_key_of_another_scope(
    app: FastAPI, stranger: TestClient, make_key: Callable[..., str]
) -> None:
    app.state.door.counting = False
    keys = {scope: make_key(*(SCOPES.keys() - {scope})) for scope in SCOPES}
    for name in GUARDED:
        for scope in scopes_of(ROUTES[name]) or ():
            method = name.partition(" ")[0]
            body: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": {}}
            key = {"Authorization": f"Bearer {keys[scope]}"}
            answer = stranger.request(method, address(ROUTES[name]), headers=key, **body)
            assert_problem(answer, "not-allowed", scope)


def test_every_change_takes_an_idempotency_key() -> None:
    for name, route in ROUTES.items():
        if not name.startswith("POST "):
            continue
        headers = {
            field.alias.lower()
            for dependant in dependants(route.dependant)
            for field in dependant.header_params
        }
        assert "idempotency-key" in headers, name


def test_roles_get_scopes_that_exist() -> None:
    assert all(scopes <= SCOPES.keys() for scopes in ROLES.values())
    assert "admin" not in set().union(*(ROLES[role] for role in ROLES.keys() - {"admin"}))


def test_every_answer_is_documented_with_its_refusals(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            documented = set(operation["responses"])
            if name not in PUBLIC:
                assert {"401", "403", "429"} <= documented, name
            assert operation.get("summary"), name
            assert operation.get("description"), name
