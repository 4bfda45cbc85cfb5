"""The branch's page by plain forms: when the van comes, pack, receive, miss; bound to its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from logistics.operations.day.local_time import moment
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import LateReason
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, LegRow, PlanRow, StopRow, TransferRow
from tests.api.conftest import NOW
from tests.api.pages.driving import run_of, stops_of, van_stops
from tests.api.pages.people import hidden, submit
from tests.databases import copy_sqlite
from tests.maps.hostile import NAMES
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

HERE = "/bibliotek/laxa"


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


@pytest.fixture
def laxa(enter: Callable[[str], TestClient]) -> TestClient:
    return enter("branch")


def act(client: TestClient, deed: str, **fields: str) -> str:
    """Send a form of the page, and return what is said on the next one."""
    answer = submit(client, HERE, f"{HERE}/{deed}", **fields)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    said = re.search(r'<div class="alert [a-z]*"><strong>(.*?)</strong>', page)
    return said[1] if said else ""


def outgoing(engine: Engine) -> list[TransferRow]:
    with reading(engine) as session:
        query = select(TransferRow).join(LegRow).where(LegRow.origin == "laxa")
        return list(session.scalars(query.order_by(TransferRow.id)))


def incoming(engine: Engine) -> list[TransferRow]:
    with reading(engine) as session:
        query = select(TransferRow).join(LegRow).where(LegRow.destination == "laxa")
        return list(session.scalars(query.order_by(TransferRow.id)))


def state_of(engine: Engine, row: TransferRow) -> str:
    with reading(engine) as session:
        return session.get_one(TransferRow, row.id).state


def parcels(page: str, deed: str) -> list[str]:
    inside = r"(?:(?!</form>).)*?"
    form = rf'action="{HERE}/{deed}"{inside}name="parcel" value="([^"*]+)"'
    return re.findall(form, page, re.DOTALL)


def laxa_stop(engine: Engine) -> StopRow:
    return next(stop for stop in stops_of(engine) if stop.branch_id == "laxa")


def tick(engine: Engine, kind: TickKind, stop: int | None, at: datetime) -> None:
    code = run_of(engine).code
    with writing(engine) as session:
        name = f"phone-{kind}-{stop}"
        drive(session, Tick(id=name, run=code, kind=kind, at=at, stop=stop))


def test_a_branch_sees_its_own_alone(laxa: TestClient, enter: Callable[[str], TestClient]) -> None:
    assert laxa.get("/bibliotek").headers["location"] == HERE
    for path in ("/bibliotek/nora", "/bibliotek/nora/etiketter", "/bibliotek/nora/packlista"):
        assert laxa.get(path).status_code == 403, path
    coordinator = enter("coordinator")
    assert f'href="{HERE}"' in coordinator.get("/bibliotek").text
    assert coordinator.get("/bibliotek/nora").status_code == 200
    assert coordinator.get("/bibliotek/atlantis").status_code == 404


def test_it_says_when_the_van_comes_and_follows_the_ticks(
    app: FastAPI, laxa: TestClient, engine: Engine
) -> None:
    stop = laxa_stop(engine)
    clock = f"{stop.arrive_seconds // 3600:02d}:{stop.arrive_seconds % 3600 // 60:02d}"
    assert f"Bil 1 kommer {clock}" in laxa.get(HERE).text

    # An hour late from the hub, and the branch's window does not close meanwhile.
    late = NOW + timedelta(seconds=run_of(engine).start_seconds - 6 * 3600 + 3 * 3600)
    app.state.now = lambda: late
    tick(engine, TickKind.DEPART, None, late)
    page = laxa.get(HERE).text
    assert f"(planerat {clock})" in page
    assert f"Bil 1 kommer {clock}" not in page

    for number in range(1, stop.number + 1):
        tick(engine, TickKind.DONE, number, late + timedelta(minutes=number))
    minute = late + timedelta(hours=1, minutes=stop.number)
    assert f"Bil 1 var här {minute:%H:%M}" in laxa.get(HERE).text


def test_what_is_packed_is_ticked_bundle_by_bundle_and_taken_back(
    laxa: TestClient, engine: Engine
) -> None:
    codes = parcels(laxa.get(HERE).text, "packa")
    assert len(codes) > 1
    assert codes[-1].startswith("HUB-261124-1-")
    assert act(laxa, "packa", parcel=codes[0]).startswith("Packat: ")
    assert laxa.get(HERE).text.count('<span class="ok">✓ packat</span>') == 1
    assert act(laxa, "packa", parcel=codes[0], undo="0") == "Det var redan packat."
    assert act(laxa, "packa", parcel=codes[0], undo="1") == "Inte längre packat."
    assert {row.state for row in outgoing(engine)} == {"requested"}

    act(laxa, "packa", parcel="*")
    assert {row.state for row in outgoing(engine)} == {"packed"}
    assert "Allt packat" not in laxa.get(HERE).text


def test_a_scanned_item_says_where_it_goes_and_is_packed(laxa: TestClient, engine: Engine) -> None:
    row = outgoing(engine)[0]
    said = act(laxa, "skanna", code=f" {row.item} ")
    assert re.match(r"[A-ZÅÄÖ]+\. 1 \w+, packat\.", said), said
    assert state_of(engine, row) == "packed"
    assert act(laxa, "skanna", code=row.item) == said  # a second scan tells the same


def test_a_scanned_label_packs_its_bundle(laxa: TestClient, engine: Engine) -> None:
    codes = parcels(laxa.get(HERE).text, "packa")
    assert re.match(r"[A-ZÅÄÖ]+\. Packat: \d+ exemplar\.", act(laxa, "skanna", code=codes[0]))
    assert act(laxa, "skanna", code=codes[-1].lower()).startswith("NAVLÅDAN. Packat: ")
    assert "packed" in {row.state for row in outgoing(engine)}


def test_what_arrives_is_received_before_the_driver_has_ticked(
    laxa: TestClient, engine: Engine
) -> None:
    rows, codes = incoming(engine), parcels(laxa.get(HERE).text, "ta-emot")
    assert act(laxa, "skanna", code=codes[0]).startswith("Mottaget: ")
    assert act(laxa, "ta-emot", parcel=codes[0]) == "Det var redan mottaget."
    assert act(laxa, "ta-emot", parcel="*").startswith("Mottaget: ")
    assert {state_of(engine, row) for row in rows} == {"delivered"}
    assert "Allt mottaget" not in laxa.get(HERE).text


def test_what_the_driver_ticked_off_is_missed_and_found_again(
    laxa: TestClient, engine: Engine
) -> None:
    for number in range(laxa_stop(engine).number + 1):
        kind = TickKind.DONE if number else TickKind.DEPART
        tick(engine, kind, number or None, NOW + timedelta(minutes=number))
    row = incoming(engine)[0]
    assert row.state == "delivered"
    assert act(laxa, "saknas", code=row.item) == "Rapporterat saknat: 1 exemplar."
    assert act(laxa, "ta-emot", parcel="*").startswith("Mottaget: ")
    assert state_of(engine, row) == "missing"
    assert ", 1 saknas" in laxa.get(HERE).text
    assert act(laxa, "skanna", code=row.item).startswith("Mottaget: 1 ")
    assert state_of(engine, row) == "delivered"


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Where Bil 1 has broken down, and what it has aboard that Bil 2 fetches there."""

    path: str
    items: list[str]
    names: list[str]


@pytest.fixture
def stopped(engine: Engine) -> Stopped:
    run, first = run_of(engine), stops_of(engine)[0]
    at = moment(TUESDAY, first.depart_seconds)
    with writing(engine) as session:
        drive(session, Tick(id="served", run=run.code, kind=TickKind.DONE, at=at, stop=1))
    van_stops(engine, run.vehicle_id, 9 * 3600)
    with reading(engine) as session:
        view = build_day_view(session, TUESDAY)
        (stop,) = [one for run in view.runs for one in run.stops if one.fetches_from]
        names = [name for bundle in stop.fetched for name in bundle.transfers]
        items = [session.get_one(TransferRow, name).item for name in names]
    return Stopped(path=f"/bibliotek/{stop.place.id}", items=items, names=names)


def test_what_is_aboard_a_stopped_van_is_shown_as_such_and_not_packed(
    enter: Callable[[str], TestClient], engine: Engine, stopped: Stopped
) -> None:
    client = enter("coordinator")
    page = client.get(stopped.path).text
    assert "Ombord på Bil 1, ska inte packas" in page
    assert "Bil 1 har stannat här, och Bil 2 hämtar det här ur den." in page
    aboard = page[page.index("Ombord på Bil 1") : page.index('id="ta-emot"')]
    assert all(item in aboard for item in stopped.items)
    assert "<form" not in aboard

    gone, handed = stopped.items[:2]
    found = client.get("/sok", params={"q": handed}).text
    assert "Ombord på Bil 1, som har stannat vid Kumla bibliotek, på väg till " in found
    assert "åker med Bil 2 i dag, framme i dag" in found

    for deed, code in (("saknas", gone), ("skanna", handed)):
        submit(client, stopped.path, f"{stopped.path}/{deed}", code=code)
    found = client.get("/sok", params={"q": handed}).text
    assert "Ligger i Kumla bibliotek, packad till" in found
    assert "åker med Bil 2 i dag" in found
    with writing(engine) as session:
        rows = {one: session.get_one(TransferRow, one) for one in stopped.names}
        assert [rows[one].state for one in stopped.names[:2]] == ["missing", "packed"]
        assert {rows[one].state for one in stopped.names[2:]} == {"requested"}
        for row in rows.values():
            row.state = "aboard"
    assert "✓ hämtat" in client.get(stopped.path).text


def test_what_nobody_fetches_out_of_a_stopped_van_is_told_where_it_stands(
    enter: Callable[[str], TestClient], engine: Engine
) -> None:
    run, first = run_of(engine), stops_of(engine)[0]
    at = moment(TUESDAY, first.depart_seconds)
    with writing(engine) as session:
        drive(session, Tick(id="served", run=run.code, kind=TickKind.DONE, at=at, stop=1))
    van_stops(engine, run.vehicle_id, 17 * 3600 + 50 * 60)  # too late for another van
    with reading(engine) as session:
        view = build_day_view(session, TUESDAY)
    stuck = [one for one in view.undelivered if one.reason is LateReason.VAN_STOPPED]
    (place,) = {one.waits_at.id for one in stuck if one.waits_at}

    page = enter("coordinator").get(f"/bibliotek/{place}").text

    told = page[page.index("Kvar ombord på Bil 1") : page.index('id="saknas"')]
    assert "ingen hämtar det här ur den i dag" in told
    assert "Så snart planen är publicerad" not in page
    assert f">{sum(one.items for one in stuck)}</span>" in told
    assert told.count('class="parcel"') == len(stuck)
    assert all(f">{one.destination.short_name}</strong>" in told for one in stuck)
    elsewhere = enter("coordinator").get("/bibliotek/nora" if place != "nora" else HERE).text
    assert "Kvar ombord" not in elsewhere


def test_a_whole_bundle_can_be_missing(laxa: TestClient, engine: Engine) -> None:
    codes = parcels(laxa.get(HERE).text, "ta-emot")
    act(laxa, "saknas", code=codes[0])
    assert "missing" in {row.state for row in incoming(engine)}


def test_what_is_not_handled_here_is_said_and_changes_nothing(
    laxa: TestClient, engine: Engine
) -> None:
    with reading(engine) as session:
        query = select(TransferRow).where(
            TransferRow.origin != "laxa", TransferRow.destination != "laxa"
        )
        strange = session.scalars(query).first()
    assert strange is not None
    for deed in ("skanna", "saknas"):
        for code in (strange.item, "<b>'; --"):
            assert act(laxa, deed, code=code).startswith("Inget som heter ")
    assert state_of(engine, strange) == strange.state


def test_the_same_form_sent_twice_packs_once(laxa: TestClient, engine: Engine) -> None:
    fields = hidden(laxa.get(HERE).text, f"{HERE}/packa") | {"parcel": "*"}
    answers = [laxa.post(f"{HERE}/packa", data=fields) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert {row.state for row in outgoing(engine)} == {"packed"}


def test_a_day_without_a_van_says_why_and_when_the_next_one_comes(
    app: FastAPI, laxa: TestClient, enter: Callable[[str], TestClient], engine: Engine
) -> None:
    page = enter("coordinator").get("/bibliotek/frovi").text
    assert "Ingen bil stannar här i dag." in page
    assert "onsdag 25 november" in page
    app.state.now = lambda: datetime(2026, 11, 28, 8, tzinfo=UTC)
    saturday = laxa.get(HERE).text
    assert "måndag 30 november" in saturday
    app.state.now = lambda: NOW
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="draft"))
    assert "Dagens plan är inte publicerad än" in laxa.get(HERE).text


def test_the_hub_packs_what_the_vans_take_from_there(
    enter: Callable[[str], TestClient],
) -> None:
    page = enter("coordinator").get("/bibliotek/orebro").text
    assert re.search(r"Bil 1 kör \d\d:\d\d och är tillbaka \d\d:\d\d", page)


def test_the_hub_sees_what_rests_there_and_what_comes_in_to_go_on(
    enter: Callable[[str], TestClient], engine: Engine
) -> None:
    coordinator = enter("coordinator")
    with reading(engine) as session:
        view = build_day_view(session, TUESDAY)
    bundles = [one for run in view.runs for one in run.unload_at_hub]
    passing = [one for one in bundles if one.destination.id != view.hub.id]
    passing_items = sum(one.items for one in passing)
    page = coordinator.get("/bibliotek/orebro").text
    assert f"{passing_items} exemplar kommer in i dag och åker vidare" in page
    name = passing[0].transfers[0]
    with writing(engine) as session:
        row = session.get_one(TransferRow, name)
        row.state, row.at = "at_hub", "orebro"
        item = row.item

    page = coordinator.get("/bibliotek/orebro").text
    resting = page[page.index('id="resting"') : page.index('id="coming"')]
    assert f'<a href="/sok?q={name}">{item}</a>' in resting
    assert passing[0].destination.short_name in resting
    assert 'id="resting"' not in coordinator.get("/bibliotek/laxa").text


@pytest.mark.parametrize(("form", "width"), [("a6", 148), ("roll62", 62)])
def test_labels_are_printed_on_either_size_one_for_each_parcel(
    laxa: TestClient, form: str, width: int
) -> None:
    codes = parcels(laxa.get(HERE).text, "packa")
    page = laxa.get(f"{HERE}/etiketter?form={form}").text
    pdf = laxa.get(f"{HERE}/etiketter?form={form}&format=pdf")
    reader = PdfReader(BytesIO(pdf.content))
    assert page.count('<article class="label') == len(reader.pages) >= len(codes)
    assert round(float(reader.pages[0].mediabox.width) / 72 * 25.4) == width
    for code in codes:
        assert code in page
    assert "Packlista" in laxa.get(f"{HERE}/packlista").text
    assert laxa.get(f"{HERE}/packlista?format=pdf").content[:4] == b"%PDF"


def test_hostile_names_and_codes_are_text(laxa: TestClient, engine: Engine) -> None:
    with writing(engine) as session:
        for row, name in zip(session.scalars(select(BranchRow)), NAMES * 9, strict=False):
            row.name, row.locality = name[:200], name[:100] or "x"
    page: Any = laxa.get(HERE)
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "\u202e" not in page.text
    assert "&lt;img" in act(laxa, "skanna", code="</script><img src=x onerror=alert(1)>")


def test_a_long_list_shows_its_first_rows_and_folds_the_others(
    enter: Callable[[str], TestClient],
) -> None:
    page = enter("admin").get("/bibliotek/kumla").text
    shown, _, folded = page[page.index('id="coming"') :].partition("<details>")
    count = int(re.search(r'class="pill">(\d+)<', shown)[1])  # type: ignore[index]
    assert shown.count('<th scope="row">') == 10
    assert 15 < count <= 100
    assert folded.count('<th scope="row">') == count - 10
    assert f"{count - 10} till</summary>" in folded
