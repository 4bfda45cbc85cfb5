"""A small network for tests of the day: a hub and four branches of two municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logistics.demand.importers.files import read_transfers
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.storage.session import writing
from logistics.storage.tables import BranchRow, MunicipalityRow
from tests.operations.helpers import SAMPLE_WEEK, TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLACES = ("hub", "nora", "kumla", "askersund", "frovi")


@pytest.fixture
def places(engine: Engine) -> tuple[str, ...]:
    """Branches without roads or vehicles: enough to receive transfers."""
    with writing(engine) as session:
        session.add(municipality())
        session.flush()
        session.add_all(branch(name) for name in PLACES)
    return PLACES


@pytest.fixture
def network(engine: Engine) -> Engine:
    """The shipped network with its rates."""
    with writing(engine) as session:
        import_folder(session)
    return engine


@pytest.fixture
def sample(network: Engine) -> Engine:
    """The shipped network, and what the sample week asks for before its Tuesday."""
    asked = read_transfers(SAMPLE_WEEK.read_bytes())
    early = [one for one in asked if one.requested_at.date() < TUESDAY]
    with writing(network) as session:
        accept(receive_transfers(session, early, source="csv"))
    return network


def municipality() -> MunicipalityRow:
    from datetime import date

    return MunicipalityRow(
        code="1884",
        name="Nora",
        population=10_639,
        population_date=date(2024, 12, 31),
        area_square_kilometres=690.6,
        confidence="high",
    )


def branch(name: str) -> BranchRow:
    return BranchRow(
        id=name,
        name=f"{name.title()} bibliotek",
        municipality="1884",
        kind="terminal" if name == "hub" else "branch",
        locality=name.title(),
        latitude=59.5,
        longitude=15.0,
        road_node=name,
        is_hub=name == "hub",
        confidence="high",
    )
