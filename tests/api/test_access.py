from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, select

from api.door import CSRF_HEADER
from api.problems import ProblemError
from api.security.accounts import check_password, create_account, set_active
from api.security.attempts import Attempts
from api.security.keys import create_key, find_key, rotate_key
from logistics.errors import ConflictError, InputError
from logistics.storage.session import reading, writing
from logistics.storage.tables import ApiKeyRow, AuditRow, StaffSessionRow, UserRow, now
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.test_transfers import ASKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

PASSWORD = "snow on the Bergslagen hills"  # noqa: S105  # of an account made here


@pytest.fixture
def staff(app: FastAPI) -> Engine:
    """A coordinator, an administrator, and a member of staff in Laxå."""
    engine: Engine = app.state.engine
    with writing(engine) as session:
        create_account(session, login="Karin", role="coordinator", password=PASSWORD)
        create_account(session, login="root", role="admin", password=PASSWORD)
        create_account(session, login="lars", role="branch", branch="laxa", password=PASSWORD)
    return engine


def log_in(client: TestClient, login: str = "karin") -> str:
    answer = client.post("/v1/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["csrf_token"]
    return token


@pytest.mark.usefixtures("staff")
def test_who_logs_in_has_the_scopes_of_the_role(stranger: TestClient) -> None:
    token = log_in(stranger)

    who = stranger.get("/v1/session").json()

    assert who["role"] == "coordinator"
    assert "plans:write" in who["scopes"]
    assert "admin" not in who["scopes"]
    assert who["csrf_token"] == token
    assert_problem(stranger.get("/v1/keys"), "not-allowed", "admin")


@pytest.mark.usefixtures("staff")
@sqlite_only
def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: TestClient) -> None:
    answer = stranger.post("/v1/session", json={"login": "karin", "password": PASSWORD})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


@pytest.mark.usefixtures("staff")
def test_a_change_from_a_browser_needs_the_token_of_the_log_in(stranger: TestClient) -> None:
    token = log_in(stranger)

    assert_problem(stranger.post("/v1/transfers", json=ASKED), "not-allowed", CSRF_HEADER)
    wrong = stranger.post("/v1/transfers", json=ASKED, headers={CSRF_HEADER: "x"})
    assert_problem(wrong, "not-allowed")
    right = stranger.post("/v1/transfers", json=ASKED, headers={CSRF_HEADER: token})
    assert right.status_code == 201


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
@sqlite_only
def test_a_page_of_another_site_changes_nothing(
    stranger: TestClient, headers: dict[str, str]
) -> None:
    token = log_in(stranger)

    answer = stranger.post("/v1/transfers", json=ASKED, headers=headers | {CSRF_HEADER: token})

    assert_problem(answer, "not-allowed", "another site")


@pytest.mark.usefixtures("staff")
def test_a_log_in_brought_along_is_worthless_afterwards(stranger: TestClient) -> None:
    # Session fixation: whoever planted a cookie must not share the log-in that follows.
    planted = {"Cookie": "session=planted-by-somebody"}
    body = {"login": "karin", "password": PASSWORD}
    stranger.post("/v1/session", json=body, headers=planted)
    first = stranger.cookies["session"]
    assert first != "planted-by-somebody"

    log_in(stranger)

    assert stranger.cookies["session"] != first
    stranger.cookies.clear()
    again = stranger.get("/v1/session", headers={"Cookie": f"session={first}"})
    assert_problem(again, "not-authenticated")


@pytest.mark.usefixtures("staff")
def test_a_key_stands_for_one_log_in(stranger: TestClient) -> None:
    body, key = {"login": "karin", "password": PASSWORD}, {"Idempotency-Key": "tablet-1"}
    assert stranger.post("/v1/session", json=body, headers=key).status_code == 200
    assert stranger.post("/v1/session", json=body, headers=key).status_code == 200

    answer = stranger.post("/v1/session", json=body | {"login": "anna"}, headers=key)

    assert_problem(answer, "key-reused", "tablet-1")
    assert stranger.post("/v1/session", json=body, headers=key).status_code == 200


def test_of_very_many_keys_the_oldest_are_forgotten() -> None:
    clock = iter([*range(4), 4_000.0])
    attempts = Attempts(most=2, clock=lambda: float(next(clock)))
    for key in ("a", "b", "c"):
        attempts.claim("here", key, b"1")
    with pytest.raises(ProblemError, match="'c' came with another request"):
        attempts.claim("here", "c", b"2")
    attempts.claim("here", "c", b"2")  # more than an hour later
    assert len(attempts._known) == 2


def test_logging_out_ends_the_log_in(stranger: TestClient, staff: Engine) -> None:
    token = log_in(stranger)
    cookie = stranger.cookies["session"]

    assert stranger.delete("/v1/session", headers={CSRF_HEADER: token}).status_code == 204

    again = stranger.get("/v1/session", headers={"Cookie": f"session={cookie}"})
    assert_problem(again, "not-authenticated")
    with reading(staff) as session:
        assert session.exec(select(StaffSessionRow)).all() == []


def test_an_idle_or_old_log_in_ends(stranger: TestClient, staff: Engine) -> None:
    log_in(stranger)
    for name, value in (
        ("seen_at", now() - timedelta(minutes=61)),
        ("expires_at", now() - timedelta(seconds=1)),
    ):
        with writing(staff) as session:
            row = session.exec(select(StaffSessionRow)).one()
            before = getattr(row, name)
            setattr(row, name, value)
            session.add(row)
        stranger.app.state.door.forget()  # type: ignore[attr-defined]
        assert_problem(stranger.get("/v1/session"), "not-authenticated")
        with writing(staff) as session:
            row = session.exec(select(StaffSessionRow)).one()
            setattr(row, name, before)
            session.add(row)
    stranger.app.state.door.forget()  # type: ignore[attr-defined]
    assert stranger.get("/v1/session").status_code == 200


def test_a_disabled_account_is_out_at_once(stranger: TestClient, staff: Engine) -> None:
    log_in(stranger)
    with writing(staff) as session:
        set_active(session, "karin", active=False)
    stranger.app.state.door.forget()  # type: ignore[attr-defined]

    assert_problem(stranger.get("/v1/session"), "not-authenticated")
    again = stranger.post("/v1/session", json={"login": "karin", "password": PASSWORD})
    assert_problem(again, "not-authenticated")


def test_nothing_tells_an_unknown_name_from_a_wrong_password(
    stranger: TestClient, staff: Engine
) -> None:
    unknown = stranger.post("/v1/session", json={"login": "nobody", "password": PASSWORD})
    wrong = stranger.post("/v1/session", json={"login": "karin", "password": "x"})

    first, second = unknown.json(), wrong.json()
    assert_problem(unknown, "not-authenticated", "the name or the password is wrong")
    assert first | {"request_id": ""} == second | {"request_id": ""}
    with reading(staff) as session:
        actions = [row.action for row in session.exec(select(AuditRow))]
    assert actions == ["log-in refused", "log-in refused"]


def test_an_account_is_locked_after_repeated_failures(staff: Engine) -> None:
    moment = now()
    with writing(staff) as session:
        for _ in range(5):
            assert check_password(session, "karin", "wrong", moment) is None
        assert check_password(session, "karin", PASSWORD, moment) is None
        later = moment + timedelta(seconds=31)
        assert check_password(session, "karin", PASSWORD, later) is not None


@pytest.mark.usefixtures("staff")
@sqlite_only
def test_log_ins_are_counted(stranger: TestClient) -> None:
    body = {"login": "karin", "password": "wrong"}
    answers = [stranger.post("/v1/session", json=body) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"password": "short"}, "12 to 256"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "too few"),
        ({"login": "a-long-login-x", "password": "a-long-login-x"}, "first that anybody"),
        ({"role": "boss"}, "role 'boss'"),
        ({"role": "branch"}, "needs the branch"),
        ({"branch": "laxa"}, "only role branch"),
        ({"login": "  "}, "blank"),
    ],
)
@sqlite_only
def test_a_weak_account_is_refused(app: FastAPI, changes: dict[str, str], fault: str) -> None:
    sound = {"login": "eva", "role": "coordinator", "password": PASSWORD}
    with writing(app.state.engine) as session, pytest.raises(InputError, match=fault):
        create_account(session, **(sound | changes))


def test_a_login_is_given_once(staff: Engine) -> None:
    with writing(staff) as session, pytest.raises(ConflictError, match="there is one already"):
        create_account(session, login="KARIN", role="admin", password=PASSWORD)


@pytest.mark.usefixtures("staff")
def test_an_administrator_manages_keys(stranger: TestClient) -> None:
    headers = {CSRF_HEADER: log_in(stranger, "root")}
    made = stranger.post(
        "/v1/keys", json={"name": "Koha", "scopes": ["transfers:read"]}, headers=headers
    )
    assert made.status_code == 201, made.text
    token, number = made.json()["token"], made.json()["key"]["id"]
    as_key = {"Authorization": f"Bearer {token}", "Cookie": ""}
    assert stranger.get("/v1/transfers", headers=as_key).status_code == 200

    rotated = stranger.post(f"/v1/keys/{number}/rotate", json={}, headers=headers).json()
    successor = {"Authorization": f"Bearer {rotated['token']}"}
    assert stranger.get("/v1/transfers", headers=successor).status_code == 200
    assert stranger.get("/v1/transfers", headers=as_key).status_code == 200  # the overlap

    assert stranger.delete(f"/v1/keys/{number}", headers=headers).status_code == 200
    assert_problem(stranger.get("/v1/transfers", headers=as_key), "not-authenticated")
    listed = stranger.get("/v1/keys").json()["data"]
    assert [key["replaces"] for key in listed] == [None, number]
    assert token not in stranger.get("/v1/keys").text
    actions = [entry["action"] for entry in stranger.get("/v1/audit").json()["data"]]
    assert actions[:3] == ["revoke key", "rotate key", "make key"]


@pytest.mark.usefixtures("staff")
def test_a_secret_is_shown_once(stranger: TestClient) -> None:
    headers = {CSRF_HEADER: log_in(stranger, "root"), "Idempotency-Key": "make-one"}
    body = {"name": "Koha", "scopes": ["transfers:read"]}
    stranger.post("/v1/keys", json=body, headers=headers)

    again = stranger.post("/v1/keys", json=body, headers=headers)

    assert again.status_code == 409
    assert "not shown twice" in again.text
    assert len(stranger.get("/v1/keys").json()["data"]) == 1


def test_a_key_is_kept_as_a_hash_and_ends_in_time(app: FastAPI) -> None:
    with writing(app.state.engine) as session:
        row, token = create_key(session, name="x", scopes=["admin"], days=1)
        assert row.digest not in token
        assert token.rpartition("_")[2] not in (row.digest, row.prefix)
        new, _ = rotate_key(session, row.id or 0, overlap_hours=48)
        assert new.expires_at is not None
        assert row.expires_at is not None
        assert row.expires_at <= row.created_at + timedelta(days=1, seconds=1)
        assert find_key(session, token, now() + timedelta(hours=23)) is not None
        assert find_key(session, token, now() + timedelta(hours=25)) is None


@sqlite_only
def test_a_key_needs_scopes_that_exist(app: FastAPI) -> None:
    with writing(app.state.engine) as session:
        with pytest.raises(InputError, match="'everything' is unknown"):
            create_key(session, name="x", scopes=["everything"])
        with pytest.raises(InputError, match="at least one"):
            create_key(session, name="x", scopes=[])
        with pytest.raises(InputError, match="blank"):
            create_key(session, name=" ", scopes=["admin"])


@pytest.mark.usefixtures("staff")
def test_an_administrator_manages_accounts(stranger: TestClient) -> None:
    headers = {CSRF_HEADER: log_in(stranger, "root")}
    body = {"login": "eva", "role": "driver", "password": PASSWORD}
    made = stranger.post("/v1/accounts", json=body, headers=headers)
    assert made.status_code == 201, made.text
    number = made.json()["id"]

    assert_problem(stranger.post("/v1/accounts", json=body, headers=headers), "conflict")
    changed = stranger.patch(f"/v1/accounts/{number}", json={"active": False}, headers=headers)
    assert changed.json()["active"] is False
    logins = [one["login"] for one in stranger.get("/v1/accounts").json()["data"]]
    assert logins == ["karin", "root", "lars", "eva"]
    assert_problem(
        stranger.patch("/v1/accounts/999", json={"active": True}, headers=headers), "not-found"
    )


def test_requests_of_a_key_are_counted(app: FastAPI, make_key: Callable[..., str]) -> None:
    from fastapi.testclient import TestClient

    from api.app import create_app

    settings = app.state.settings.model_copy(
        update={"rate_key": "3/minute", "rate_anonymous": "2/minute"}
    )
    with TestClient(create_app(settings, engine=app.state.engine)) as client:
        key = {"Authorization": f"Bearer {make_key()}"}
        other = {"Authorization": f"Bearer {make_key()}"}
        codes = [client.get("/v1/transfers", headers=key).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        assert client.get("/v1/transfers", headers=other).status_code == 200
        assert [client.get("/v1/transfers").status_code for _ in range(3)] == [401, 401, 429]
        assert client.get("/healthz").status_code == 200


def test_a_used_key_and_account_leave_no_secret_in_the_database(
    app: FastAPI, staff: Engine
) -> None:
    with writing(staff) as session:
        _, token = create_key(session, name="x", scopes=["admin"])
    with reading(app.state.engine) as session:
        rows = [*session.exec(select(ApiKeyRow)), *session.exec(select(UserRow))]
        hashes = session.exec(select(UserRow.password_hash).order_by(col(UserRow.id))).all()
    stored = " ".join(repr(row) for row in rows)
    assert token not in stored
    assert PASSWORD not in stored
    assert all(value and value.startswith("$argon2id$") for value in hashes)


def test_a_key_or_an_account_of_no_branch_that_there_is_is_refused(client: TestClient) -> None:
    key = {"name": "ils", "scopes": ["transfers:read"], "branch": "nowhere"}
    assert_problem(client.post("/v1/keys", json=key), "bad-input", "branch 'nowhere' is unknown")
    account = {"login": "eva", "role": "branch", "password": "long enough, is it", "branch": "nej"}
    assert_problem(client.post("/v1/accounts", json=account), "bad-input", "branch 'nej'")
