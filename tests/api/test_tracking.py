from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from api.pages.tracking_words import sentence
from api.queries.tracking import NextRide, Tracked, find, names, track
from api.security.roles import LOCAL, ROLES, Principal
from logistics.operations.intake.handle import pack, report_missing
from logistics.storage.session import reading, writing
from logistics.storage.tables import TransferRow
from maps.i18n import words
from tests.api.day import publish

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

TODAY = date(2026, 11, 24)
BY_WEDNESDAY = "framme senast onsdag 25 november."
NO_PLAN = "ingen publicerad plan har den med ännu."
LAXA = Principal(kind="user", id="user:1", scopes=ROLES["branch"], role="branch", branch="laxa")


def said(engine: Engine, text: str, who: Principal = LOCAL, language: str = "sv") -> list[str]:
    with reading(engine) as session:
        found = track(session, find(session, text, who), whole=True)
        return [sentence(words(language, "api"), one, names(session), TODAY) for one in found]


def test_an_item_is_told_from_its_shelf_to_its_destination(day: TestClient) -> None:
    app: Any = day.app
    engine: Engine = app.state.engine
    # item-0 goes from Nora to Kumla
    assert said(engine, "item-0") == [
        f"Ligger i Nora bibliotek, ännu inte packad till Kumla bibliotek, {BY_WEDNESDAY}"
    ]

    publish(day)
    with writing(engine) as session:
        row = find(session, "item-0", LOCAL)[0]
        pack(session, [row.id], actor="test")

    [told] = said(engine, "item-0")
    assert told.startswith(
        "Ligger i Nora bibliotek, packad till Kumla bibliotek, åker med Bil 1 i dag, framme "
    )
    [english] = said(engine, "item-0", language="en")
    assert english.startswith("Lies in Nora bibliotek, packed for Kumla bibliotek, rides with")


def test_a_beginning_finds_many_and_a_branch_its_own(day: TestClient) -> None:
    app: Any = day.app
    engine: Engine = app.state.engine

    assert len(said(engine, "item")) == 8
    assert said(engine, "it") == []
    assert said(engine, "item_") == []  # a pattern of the database's is text like any other
    assert [one.partition(",")[0] for one in said(engine, "item", LAXA)] == [
        "Ligger i Laxå bibliotek"
    ] * 2
    assert said(engine, "r-0", LAXA) == []


def test_what_is_missing_is_not_promised(day: TestClient) -> None:
    app: Any = day.app
    engine: Engine = app.state.engine
    publish(day)
    with writing(engine) as session:
        report_missing(session, [find(session, "r-0", LOCAL)[0].id], reason="", actor="test")

    assert said(engine, "r-0") == ["Saknas; sågs senast i Nora bibliotek."]


RIDE = NextRide(day=TODAY, run=1, vehicle="Bil 1")
TODAY_AT = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
DAY = "torsdag 26 november"
LATER = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "expected", "ride", "told"),
    [
        ("packed", TODAY_AT, RIDE,
         "Ligger i Nora, packad till Kumla, åker med Bil 1 i dag, framme i dag 13:05."),
        ("aboard", TODAY_AT, RIDE, "Ombord på Bil 1, på väg till Kumla, framme i dag 13:05."),
        ("aboard", None, None, f"Ombord på en bil, på väg till Kumla, {NO_PLAN}"),
        ("at_hub", LATER, NextRide(day=LATER.date(), run=2, vehicle="Bil 2"),
         f"Vilar vid navet, Nora, ska till Kumla, åker med Bil 2 {DAY}, framme {DAY} 09:00."),
        ("delivered", TODAY_AT, None, "Framme i Kumla torsdag 26 november 09:00."),
        ("cancelled", TODAY_AT, RIDE, "Avbeställd; låg senast i Nora."),
    ],
)  # fmt: skip
def test_each_state_has_its_sentence(
    state: str, expected: datetime | None, ride: NextRide | None, told: str
) -> None:
    row = TransferRow(
        id="t-1", request_id="r-1", source="test", item="1", kind="hold", origin="n",
        destination="k", at="n", state=state, requested_at=TODAY_AT, received_at=TODAY_AT,
        changed_at=LATER,
    )  # fmt: skip
    found = Tracked(row=row, expected=expected, ride=ride)

    assert sentence(words("sv", "api"), found, {"n": "Nora", "k": "Kumla"}, TODAY) == told


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        (date(2026, 11, 26), f"Ligger i Nora, ännu inte packad till Kumla, framme senast {DAY}."),
        (date(2026, 11, 23), f"Ligger i Nora, ännu inte packad till Kumla, {NO_PLAN}"),
    ],
)
def test_before_there_is_a_plan_the_calendar_says_when(promised: date, told: str) -> None:
    row = TransferRow(
        id="t-1", request_id="r-1", source="test", item="1", kind="hold", origin="n",
        destination="k", at="n", state="requested", requested_at=TODAY_AT, received_at=TODAY_AT,
        changed_at=LATER, promised_on=promised,
    )  # fmt: skip
    found = Tracked(row=row, expected=None, ride=None)

    assert sentence(words("sv", "api"), found, {"n": "Nora", "k": "Kumla"}, TODAY) == told
