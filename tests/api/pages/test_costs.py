"""The cost pages: what a manager sees of a day, month and year, and takes along as files."""

from __future__ import annotations

import html
import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from api.pages.costs_words import change_said
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period
from logistics.storage.session import reading, writing
from logistics.storage.tables import BookedSharesRow, BookingRow, BranchRow, JobRow, PlanRow
from maps.i18n import words
from maps.reports.tables import Cell, Form
from tests.api.pages.people import submit
from tests.booked import book
from tests.maps.hostile import FORMULA, LONG, RIGHT_TO_LEFT, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

NOVEMBER = "/kostnader/2026-11"
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def booked(engine: Engine) -> Engine:
    """Three weeks of October and November."""
    with writing(engine) as session:
        book(session, date(2026, 10, 26), date(2026, 11, 13), pairs=40)
    return engine


def amounts(page: str, heading: str) -> list[int]:
    """Read the öre of the table that follows a heading."""
    part = page[page.index(f'id="{heading}"') :]
    rows = part[: part.index("</table>")]
    found = re.findall(r"<strong>([^<]*)kr</strong>", html.unescape(rows))
    return [int(re.sub(r"\D", "", one)) for one in found]


def test_the_menu_leads_to_the_month_that_was_booked_last(
    booked: Engine, enter: Callable[[str], TestClient]
) -> None:
    manager = enter("management")
    assert manager.get("/kostnader").headers["location"] == NOVEMBER
    page = manager.get(NOVEMBER).text
    assert "<h1>November 2026</h1>" in page
    assert 'href="/kostnader/2026-10"' in page
    assert 'href="/kostnader/2026-11-13"' in page
    with reading(booked) as session:
        totals = build_report(session, date(2026, 11, 1), Period.MONTH).totals
    assert f"{totals.cost_sek:,.0f}".replace(",", NBSP) + f"{NBSP}kr" in page


def test_before_anything_is_booked_the_page_says_what_happens_first(
    enter: Callable[[str], TestClient],
) -> None:
    manager = enter("management")
    assert manager.get("/kostnader").headers["location"] == NOVEMBER
    page = manager.get(NOVEMBER).text
    assert "Inget är bokfört än" in page
    assert "rapport/xlsx" not in page


@pytest.mark.usefixtures("booked")
def test_an_empty_period_leads_to_the_newest_one(enter: Callable[[str], TestClient]) -> None:
    page = enter("management").get("/kostnader/2027-03").text
    assert "Inget är bokfört i mars 2027" in page
    assert f'href="{NOVEMBER}"' in page


@pytest.mark.parametrize("wrong", ["2026-13", "2026-02-30", "26", "november", "2026-1", "0000"])
def test_an_address_that_is_no_period_is_not_found(
    enter: Callable[[str], TestClient], wrong: str
) -> None:
    answer = enter("management").get(f"/kostnader/{wrong}")
    assert answer.status_code == 404
    assert "Här finns ingenting" in answer.text


@pytest.mark.parametrize("period", ["2026-11", "2026", "2026-11-12"])
def test_under_every_rule_the_shares_sum_to_the_whole(
    booked: Engine, enter: Callable[[str], TestClient], period: str
) -> None:
    manager = enter("management")
    with reading(booked) as session:
        runs = session.scalars(select(BookingRow)).all()
    inside = [run for run in runs if run.service_date.isoformat().startswith(period)]
    whole = sum(
        round(100 * part)
        for run in inside
        for part in (run.fixed_sek, run.stops_sek, run.distance_sek, run.time_sek)
    )
    seen = set()
    for rule in ("per-stop", "per-item", "inhabitants", "equal"):
        page = manager.get(f"/kostnader/{period}?regel={rule}").text
        *shares, total = amounts(page, "shares")
        assert sum(shares) == total == whole
        assert len(shares) == (8 if period == "2026-11-12" else 9)  # Nora had no call that day
        seen.add(tuple(sorted(shares)))
    assert len(seen) == 4


@pytest.mark.usefixtures("booked")
def test_a_period_is_compared_with_another(enter: Callable[[str], TestClient]) -> None:
    manager = enter("management")
    assert "Förändringar jämfört med oktober 2026" in manager.get(NOVEMBER).text
    day = manager.get("/kostnader/2026-11-13?mot=2026-11-10").text
    assert "Förändringar jämfört med tisdag 10 november 2026" in day
    assert "rapport/xlsx?mot=2026-11-10" in day
    nothing = manager.get(f"{NOVEMBER}?mot=2026-05").text
    assert "Inget är bokfört i maj 2026 att jämföra med" in nothing
    assert "jämfört med oktober" in manager.get(f"{NOVEMBER}?mot=2026").text


@pytest.mark.parametrize(
    ("form", "old", "new", "said"),
    [
        (Form.SEK, 100.0, 110.0, f"+10,0{NBSP}%"),
        (Form.SEK, 100.0, 100.01, ""),
        (Form.SHARE, 0.90, 0.85, "\N{MINUS SIGN}5,0 procentenheter"),
        (Form.SHARE, 0.9, 0.9, ""),
        (Form.DAYS, 1.0, 3.0, "+2,0"),
        (Form.DAYS, None, 3.0, ""),
        (Form.COUNT, 0, 3, ""),
    ],
)
def test_a_change_is_said_in_the_unit_that_people_mean(
    form: Form, old: float | None, new: float, said: str
) -> None:
    w = words("sv", "api")
    assert change_said(w, Cell(value=old, form=form), Cell(value=new, form=form)) == said


def test_days_that_are_driven_and_not_closed_are_named(
    booked: Engine, enter: Callable[[str], TestClient]
) -> None:
    with writing(booked) as session:
        session.add(
            PlanRow(
                service_date=date(2026, 11, 16), version=1, state="under_way", problem={},
                answer={}, cost_sek=1.0, status="feasible", solve_seconds=1.0, travel_source="x",
            )
        )  # fmt: skip
    page = enter("management").get(NOVEMBER).text
    assert "1 dag är inte bokförd än" in page
    assert "måndag 16 november" in page
    assert "/dag/2026-11-16" not in page
    assert "/dag/2026-11-16" in enter("coordinator").get(NOVEMBER).text


@pytest.mark.usefixtures("booked")
def test_a_long_table_has_a_page_of_its_own(enter: Callable[[str], TestClient]) -> None:
    manager = enter("management")
    month = manager.get("/kostnader/2026").text
    assert 'href="/kostnader/2026/tabell/runs"' in month
    whole = manager.get("/kostnader/2026/tabell/runs").text
    assert whole.count("<tr>") == 1 + 15 + 1
    assert 'href="/kostnader/2026-10-28"' in whole
    assert manager.get("/kostnader/2026/tabell/nothing").status_code == 404
    text = manager.get("/kostnader/2026/tabell/runs/csv")
    assert text.headers["content-disposition"] == 'attachment; filename="2026-runs.csv"'
    assert len(text.content.decode("utf-8-sig").splitlines()) == 16


@pytest.mark.usefixtures("booked")
def test_the_report_is_taken_along_as_files(enter: Callable[[str], TestClient]) -> None:
    manager = enter("management")
    book_ = load_workbook(BytesIO(manager.get(f"{NOVEMBER}/rapport/xlsx").content))
    assert len(book_.sheetnames) == 11
    cost = next(cell for row in book_["Nyckeltal"].rows for cell in row if cell.value == "Kostnad")
    assert isinstance(cost.offset(column=1).value, float)
    pdf = PdfReader(BytesIO(manager.get(f"{NOVEMBER}/rapport/pdf").content))
    assert "Kostnader november 2026" in pdf.pages[0].extract_text()
    csv = manager.get(f"{NOVEMBER}/rapport/csv")
    assert csv.headers["content-disposition"] == 'attachment; filename="kostnader-2026-11.zip"'
    assert "relations.csv" in ZipFile(BytesIO(csv.content)).namelist()
    chart = manager.get(f"{NOVEMBER}/diagram/shares")
    assert chart.headers["content-type"] == "image/svg+xml"
    assert manager.get(f"{NOVEMBER}/diagram/runs").status_code == 404


def test_shares_by_the_game_are_asked_for_once_and_shown(
    booked: Engine, enter: Callable[[str], TestClient]
) -> None:
    manager = enter("management")
    assert "saknas för 10 dagar" in manager.get(NOVEMBER).text
    sent = submit(manager, NOVEMBER, f"{NOVEMBER}/andelar")
    assert sent.headers["location"] == f"{NOVEMBER}#shares"
    page = manager.get(NOVEMBER).text
    assert "10 dagar återstår" in page
    assert f'action="{NOVEMBER}/andelar"' not in page
    with writing(booked) as session:
        assert session.scalars(select(JobRow.key)).all() == ["2026-11-01/2026-11-30"]
        for run in session.scalars(select(BookingRow)).all():
            cost = run.fixed_sek + run.stops_sek + run.distance_sek + run.time_sek
            session.add(
                BookedSharesRow(
                    service_date=run.service_date,
                    total_sek=round(cost, 2),
                    by_rule={"shapley": {"1884": round(cost, 2)}, "per-stop": {"1884": cost}},
                    alone_sek={"1884": 2 * cost},
                )
            )
    page = manager.get(NOVEMBER).text
    assert 'aria-current="page">Shapley</a>' in page
    assert "Ensam hade det kostat" in page
    assert "saknas" not in page
    assert "kan inte anges" not in page
    with writing(booked) as session:
        row = session.get_one(BookedSharesRow, date(2026, 11, 12))
        row.by_rule = {"per-stop": row.by_rule["per-stop"]}
    assert "Shapleyandelar kan inte anges här" in manager.get(NOVEMBER).text


def test_hostile_names_are_text_on_pages_and_in_files(
    booked: Engine, enter: Callable[[str], TestClient]
) -> None:
    names = [SCRIPT, RIGHT_TO_LEFT, FORMULA, LONG]
    with writing(booked) as session:
        for branch, name in zip(session.scalars(select(BranchRow)).all(), names * 9, strict=False):
            branch.name = name[:200]
        for run in session.scalars(select(BookingRow)):
            run.vehicle_name = FORMULA
    manager = enter("management")
    for path in (NOVEMBER, f"{NOVEMBER}/tabell/branches", f"{NOVEMBER}/tabell/runs"):
        page = manager.get(path).text
        assert "<img src=x" not in page
        assert "\u202e" not in page
    assert html.escape(SCRIPT) in manager.get(f"{NOVEMBER}/tabell/branches").text
    workbook = load_workbook(BytesIO(manager.get(f"{NOVEMBER}/rapport/xlsx").content))
    cells = [cell for sheet in workbook for row in sheet.rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert FORMULA in {cell.value for cell in cells}
    text = manager.get(f"{NOVEMBER}/tabell/branches/csv").content.decode("utf-8-sig")
    assert not [line for line in text.splitlines() if line.lstrip('"').startswith("=")]
    assert manager.get(f"{NOVEMBER}/rapport/pdf").content.startswith(b"%PDF-")
