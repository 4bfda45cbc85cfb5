"""Who comes to the pages in tests, and how forms are sent without a browser."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

PASSWORD = "snow on the Bergslagen hills"  # noqa: S105  # of accounts made here
ROLES = ("coordinator", "branch", "driver", "management", "admin")
#: The branch of whoever has the role branch.
BRANCH = "laxa"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden(page: str, action: str) -> dict[str, str]:
    """Read the hidden fields of the first form of a page that goes to an address."""
    form = rf'<form[^>]*method="post"[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>'
    found = re.search(form, page, re.DOTALL)
    assert found, f"the page has no form to {action}"
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(found[1])}


def submit(
    client: TestClient, page: str, action: str | None = None, **fields: str | list[str]
) -> Response:
    """Open a page, fill in its form to an address, and send it."""
    target = action or page
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    return client.post(target, data={**hidden(shown.text, target), **fields})
