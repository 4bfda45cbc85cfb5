from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from logistics.network.load import DATA_FOLDER, load_network

if TYPE_CHECKING:
    from logistics.network.network import Network

DEFECTS = Path(__file__).parents[1] / "data" / "network"


@pytest.fixture(scope="session")
def shipped() -> Network:
    return load_network()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped network that a test may spoil."""
    for path in [*DATA_FOLDER.glob("*.csv"), *DATA_FOLDER.glob("*.geojson")]:
        shutil.copy(path, tmp_path)
    return tmp_path
