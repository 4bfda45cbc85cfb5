from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from logistics.demand.journey_exports import (
    by_weekday,
    evergreen_proximity,
    koha_transport_costs,
)
from logistics.demand.matching.journeys import Journeys, journeys_of_week, mean_journeys
from logistics.errors import InputError
from logistics.network.load import load_network

if TYPE_CHECKING:
    from tests.databases import PostgresServer

EVERGREEN = (
    "CREATE SCHEMA actor",
    "CREATE TABLE actor.org_unit (id serial PRIMARY KEY, shortname text UNIQUE)",
    (
        "CREATE TABLE actor.org_unit_proximity_adjustment (id serial PRIMARY KEY, "
        "item_circ_lib int, item_owning_lib int, copy_location int, hold_pickup_lib int, "
        "hold_request_lib int, pos int NOT NULL DEFAULT 0, absolute_adjustment bool NOT NULL "
        "DEFAULT false, prox_adjustment numeric, circ_mod text)"
    ),
    "INSERT INTO actor.org_unit (shortname) VALUES ('NORA'), ('KUMLA'), ('BUSS')",
    (
        "INSERT INTO actor.org_unit_proximity_adjustment "
        "(item_circ_lib, hold_pickup_lib, circ_mod) VALUES (1, 2, 'dvd'), (1, 2, NULL)"
    ),
)

MONDAY = date(2026, 11, 23)
JOURNEYS = Journeys(
    places=("hub", "nora", "kumla", "bus"),
    days=((0, 1, 1, 60), (1, 0, 1.5, 60), (1, 2.25, 0, 60), (60, 60, 60, 0)),
    sek=((0, 1, 1, 1), (1, 0, 2, 2), (1, 2, 0, 2), (1, 2, 2, 0)),
)
CODES = {"nora": "NORA", "kumla": "KUMLA", "bus": "BUSS"}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_koha_takes_the_expected_days_and_the_hub_is_left_out() -> None:
    table = rows(koha_transport_costs(JOURNEYS, CODES))
    assert table[0] == {
        "frombranch": "NORA",
        "tobranch": "KUMLA",
        "cost": "1.50",
        "disable_transfer": "0",
    }
    assert [(one["frombranch"], one["tobranch"], one["cost"]) for one in table[:4]] == [
        ("NORA", "KUMLA", "1.50"),
        ("NORA", "BUSS", "60.00"),
        ("KUMLA", "NORA", "2.25"),
        ("KUMLA", "BUSS", "60.00"),
    ]
    assert len(table) == 6


def test_koha_does_not_send_where_no_van_goes() -> None:
    table = rows(koha_transport_costs(JOURNEYS, CODES))
    disabled = {
        (one["frombranch"], one["tobranch"]) for one in table if one["disable_transfer"] == "1"
    }
    assert disabled == {("BUSS", "NORA"), ("BUSS", "KUMLA"), ("NORA", "BUSS"), ("KUMLA", "BUSS")}


def test_koha_takes_kronor_when_a_day_has_a_price() -> None:
    # Nora to Kumla: 1.5 days at 4.50 SEK and 2 SEK of carrying.
    table = rows(koha_transport_costs(JOURNEYS, CODES, sek_per_day=4.5))
    assert table[0]["cost"] == "8.75"
    dear = rows(koha_transport_costs(JOURNEYS, CODES, sek_per_day=1e6))
    assert {one["cost"] for one in dear} == {"9999.99"}


def test_evergreen_gets_one_transaction_of_absolute_adjustments() -> None:
    sql = evergreen_proximity(JOURNEYS, CODES | {"kumla": "KUMLA'S"})
    assert sql.startswith("BEGIN;\n")
    assert sql.endswith("COMMIT;\n")
    assert "    ('NORA', 'KUMLA''S', 1.50)," in sql
    assert re.findall(r"shortname IN \(('NORA', 'KUMLA''S', 'BUSS')\)", sql) * 2
    assert sql.count(".50)") + sql.count(".25)") + sql.count(".00)") == 6
    assert "SELECT item.id, pickup.id, 0, TRUE, expected.days" in sql


@pytest.mark.postgres
def test_evergreen_script_replaces_what_was_there(postgres: PostgresServer) -> None:
    # The columns are those of Evergreen's own schema, without what they refer to elsewhere.
    engine = create_engine(postgres.create(template=None))
    script = text(evergreen_proximity(JOURNEYS, CODES).replace(":", r"\:"))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in EVERGREEN:
            connection.execute(text(statement))
        for _ in range(2):
            connection.execute(script)
        found = connection.execute(
            text(
                "SELECT i.shortname, p.shortname, a.prox_adjustment, a.absolute_adjustment "
                "FROM actor.org_unit_proximity_adjustment a "
                "JOIN actor.org_unit i ON i.id = a.item_circ_lib "
                "JOIN actor.org_unit p ON p.id = a.hold_pickup_lib WHERE a.circ_mod IS NULL"
            )
        ).all()
        kept = connection.scalar(
            text("SELECT count(*) FROM actor.org_unit_proximity_adjustment WHERE circ_mod = 'dvd'")
        )
    engine.dispose()
    assert len(found) == 6
    assert ("NORA", "KUMLA", Decimal("1.50"), True) in {tuple(row) for row in found}
    assert kept == 1


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        ({"nora": "A", "kumla": "A"}, "branch 'kumla': code is 'A' as of 'nora', expected one of"),
        ({"nora": "A", "kumla": "K" * 11}, "code is 'KKKKKKKKKKK', expected 1 to 10 characters"),
        ({"nora": "", "kumla": "K"}, "code is '', expected 1 to 10 characters"),
        ({"nora": "A"}, "1 of the branches have a code, expected two or more"),
    ],
)
def test_codes_that_koha_cannot_hold_are_refused(codes: dict[str, str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        koha_transport_costs(JOURNEYS, codes)


def test_days_by_weekday_follow_the_shipped_calendar() -> None:
    network = load_network()
    places = ("nora", "asbro", "orebro")
    week = journeys_of_week(network.calendar, places, network.hub, MONDAY, handling_sek=0.4)
    table = {(one.pop("from"), one.pop("to")): one for one in rows(by_weekday(week))}
    assert len(table) == 6
    # Nora daily, Åsbro on Mo, We, Fr. Packed on Monday: half ride direct, half on Wednesday;
    # on Tuesday: fetched today, delivered tomorrow; on Saturday: as on Monday, two days later.
    assert table["nora", "asbro"] == {
        "Mo": "1.00",
        "Tu": "1.00",
        "We": "1.00",
        "Th": "1.00",
        "Fr": "1.50",
        "Sa": "3.00",
        "Su": "2.00",
    }
    assert table["asbro", "orebro"]["Tu"] == "1.00"
    assert table["orebro", "asbro"]["Mo"] == "0.00"
    # To and from the hub an item is handled once, else half of them twice.
    kronor = {(one.pop("from"), one.pop("to")): one for one in rows(by_weekday(week, "sek"))}
    assert set(kronor["nora", "asbro"].values()) == {"0.60"}
    assert set(kronor["orebro", "asbro"].values()) == {"0.40"}


def test_shipped_network_gives_both_exports() -> None:
    network = load_network()
    week = journeys_of_week(
        network.calendar, network.branch_ids, network.hub, MONDAY, handling_sek=1.0
    )
    journeys = mean_journeys(week)
    sigels = {one.branch: one.code for one in network.branch_codes if one.system == "libris"}
    assert len(rows(koha_transport_costs(journeys, sigels))) == 10 * 9
    assert evergreen_proximity(journeys, sigels).count("\n    ('") == 10 * 9
