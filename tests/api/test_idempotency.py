from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests.api.helpers import assert_problem
from tests.api.test_transfers import ASKED, asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

KEY = {"Idempotency-Key": "once-only-1"}


def test_the_same_key_and_body_get_the_same_answer(client: TestClient) -> None:
    first = client.post("/v1/transfers", json=ASKED, headers=KEY)
    second = client.post("/v1/transfers", json=ASKED, headers=KEY)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(client: TestClient) -> None:
    client.post("/v1/transfers", json=ASKED, headers=KEY)

    answer = client.post("/v1/transfers", json=asked(2), headers=KEY)

    assert_problem(answer, "key-reused", "once-only-1")
    assert len(client.get("/v1/transfers").json()["data"]) == 1


def test_the_same_key_for_another_route_is_refused(client: TestClient) -> None:
    transfer = client.post("/v1/transfers", json=ASKED, headers=KEY).json()["id"]

    answer = client.post(f"/v1/transfers/{transfer}/cancel", json={"reason": "x"}, headers=KEY)

    assert_problem(answer, "key-reused")


def test_a_refusal_is_repeated_too(client: TestClient) -> None:
    transfer = client.post("/v1/transfers", json=ASKED).json()["id"]
    where, reason = f"/v1/transfers/{transfer}/cancel", {"reason": "x"}
    client.post(where, json=reason)
    first = client.post(where, json=reason, headers=KEY)

    second = client.post(where, json=reason, headers=KEY)

    assert_problem(first, "conflict")
    assert second.status_code == 409
    assert second.content == first.content
    assert second.headers["content-type"] == first.headers["content-type"]


def test_two_callers_may_use_the_same_key(client: TestClient, make_key: Callable[..., str]) -> None:
    client.post("/v1/transfers", json=ASKED, headers=KEY)
    other = {"Authorization": f"Bearer {make_key('transfers:write')}"}

    answer = client.post("/v1/transfers", json=asked(2), headers=KEY | other)

    assert answer.status_code == 201


def test_a_malformed_key_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=ASKED, headers={"Idempotency-Key": "x" * 256})

    assert_problem(answer, "bad-input", "idempotency-key")


def test_ten_at_once_with_one_key_do_it_once(client: TestClient) -> None:
    def post(_: int) -> tuple[int, bytes]:
        answer = client.post("/v1/transfers", json=ASKED, headers=KEY)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(post, range(10)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
