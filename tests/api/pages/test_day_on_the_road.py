"""The coordinator's day while the vans are under way: a van stops, a library closes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logistics.operations.day.local_time import moment
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.session import writing
from logistics.storage.tables import BranchRow
from tests.api.pages.people import submit
from tests.maps.hostile import SCRIPT
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

DAY = "/dag/2026-11-24"


def test_a_van_that_stops_tells_what_is_aboard_and_what_to_do_with_it(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    with writing(planned.state.engine) as session:
        publish(session, TUESDAY)
        plan = read_stored_plan(session, TUESDAY)
        run = plan.runs[0]
        stop = plan.stops[run.id or 0][0]
        at = moment(TUESDAY, stop.depart_seconds)
        drive(session, Tick(id="served", run=run.code, kind=TickKind.DONE, at=at, stop=1))
        session.get_one(BranchRow, stop.branch_id).locality = SCRIPT
    client = enter("coordinator")
    where = f"{DAY}/pa-vagen?handelse=bil&vad={run.vehicle_id}&kl="

    trial = client.get(f"{where}{9 * 3600}").text
    assert re.search(r"Bil 2 hämtar \d+ exemplar ur Bil 1, som har stannat vid", trial)
    evening = 17 * 3600 + 3000
    told = "som har stannat vid &lt;"
    assert told in client.get(f"{where}{evening}").text
    answer = submit(client, f"{where}{evening}", f"{DAY}/pa-vagen")

    assert answer.status_code == 303, answer.text
    page = client.get(DAY).text
    assert re.search(r"\d+ exemplar ligger i Bil 1, som har stannat vid &lt;", page)
    assert "ingen bil hämtar dem i dag. Se till att det lämnas in vid &lt;" in page
    assert f"reservationer: ligger i Bil 1, {told}" in page
    assert SCRIPT not in page


def test_the_rest_of_the_day_is_planned_again_when_a_library_closes(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    with writing(planned.state.engine) as session:
        publish(session, TUESDAY)
        plan = read_stored_plan(session, TUESDAY)
        run = plan.runs[0]
        at = moment(TUESDAY, run.start_seconds)
        drive(session, Tick(id="left", run=run.code, kind=TickKind.DEPART, at=at))
        last = plan.plan.runs[0].stops[-1].site
    client = enter("coordinator")
    page = client.get(DAY).text
    assert "Pågår, version 1" in page
    assert f'action="{DAY}/pa-vagen"' in page
    where = f"{DAY}/pa-vagen?handelse=stangt&vad={last}&skal=str%C3%B6mavbrott"

    trial = client.get(where).text
    assert "Besöks inte längre:" in trial
    answer = submit(client, where, f"{DAY}/pa-vagen")

    assert answer.status_code == 303, answer.text
    page = client.get(DAY).text
    assert "Version 2 gäller nu" in page
    assert f'data-site="{last}"' not in page
    refused = client.get(f"{DAY}/pa-vagen?handelse=bil&vad=van-9")
    assert refused.status_code == 409
