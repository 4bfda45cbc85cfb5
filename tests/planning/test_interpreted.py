"""The compiled kernels do what their source says, line by line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.planning.as_python import printed_by
from tests.planning.interpreted import results

if TYPE_CHECKING:
    import pytest


def test_compiled_and_interpreted_kernels_agree(request: pytest.FixtureRequest) -> None:
    interpreted = printed_by("tests.planning.interpreted", request.config)
    assert interpreted == json.loads(json.dumps(results()))
