"""What every route's test says the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.problems import KINDS, MEDIA_TYPE, TYPE_PREFIX

if TYPE_CHECKING:
    from httpx2 import Response


def assert_problem(answer: Response, slug: str, *words: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == MEDIA_TYPE, answer.text
    body: dict[str, Any] = answer.json()
    assert body["type"] == TYPE_PREFIX + slug, body
    assert answer.status_code == body["status"] == KINDS[slug][0]
    assert body["detail"] == body["errors"][0]["detail"]
    assert body["request_id"] == answer.headers["x-request-id"]
    said = " | ".join(fault["detail"] for fault in body["errors"])
    for word in words:
        assert word in said
    return body


#: For what no database can change: the shape of requests, headers, limits.
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
