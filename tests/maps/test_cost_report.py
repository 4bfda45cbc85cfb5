from __future__ import annotations

import csv
import dataclasses
import re
import zipfile
from datetime import datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from logistics.errors import NotFoundError
from logistics.operations.reports.report_data import Period, RelationRow, WaitRow
from maps.cost_report import (
    cost_report_csv,
    cost_report_csv_zip,
    cost_report_html,
    cost_report_pdf,
    cost_report_xlsx,
)
from maps.i18n import words
from maps.reports.content import tables
from maps.reports.findings import findings
from maps.reports.tables import Few, hidden
from tests.maps import hostile
from tests.maps.sample_report import sample_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser import Tab

DATA = sample_report()
NBSP = "\N{NO-BREAK SPACE}"


def table(key: str, data: Any = DATA, language: str = "sv") -> Any:
    return next(t for t in tables(data, words(language)) if t.key == key)


def hostile_report() -> Any:
    names = iter(hostile.NAMES * 50)

    def renamed(rows: tuple[Any, ...], *fields: str) -> tuple[Any, ...]:
        return tuple(dataclasses.replace(row, **{f: next(names) for f in fields}) for row in rows)

    return dataclasses.replace(
        DATA,
        runs=renamed(DATA.runs, "vehicle_name"),
        branches=renamed(DATA.branches, "branch_name", "municipality"),
        relations=renamed(DATA.relations, "origin", "destination"),
        shares=renamed(DATA.shares, "municipality"),
        factors=renamed(DATA.factors, "source", "energy", "unit"),
        caveats=hostile.NAMES,
    )


def test_each_rule_shares_the_whole_to_the_ore() -> None:
    shares = table("shares")
    assert DATA.totals.cost_sek == 74_210.0
    assert shares.total[4:8] == (74_210.0,) * 4
    assert [row[0] for row in shares.rows][2:5] == ["Hällefors", "Kumla", "Laxå"]


def test_cost_per_item_is_the_cost_over_the_items() -> None:
    # 74 210.00 SEK for 3 825 items.
    rows = {row[0]: row[1] for row in table("summary").rows}
    assert rows["Kostnad per exemplar"].value == pytest.approx(74_210 / 3_825)
    assert rows["Kostnad per kilometer"].value == pytest.approx(74_210 / 8_120.4)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param([5, 6, 9], set(), id="all large enough"),
        pytest.param([4, 6, 9], {0, 1}, id="one small count takes the next with it"),
        pytest.param([4, 3, 9], {0, 1}, id="two small counts hide each other"),
        pytest.param([0, 6, 9], set(), id="nothing is no secret"),
    ],
)
def test_small_counts_are_hidden(counts: list[int], expected: set[int]) -> None:
    assert hidden(counts, 5) == expected


def test_hidden_counts_take_their_days_with_them() -> None:
    relations = (
        RelationRow(origin="A", destination="B", items=3, median_days=2.0, promised_items=3),
        RelationRow(origin="B", destination="A", items=2, median_days=9.0),
        RelationRow(origin="A", destination="C", items=50, median_days=1.0),
    )
    shown = table("relations", dataclasses.replace(DATA, relations=relations))
    assert shown.rows[0][:4] == ("A", "C", 50, 1.0)
    assert shown.rows[1] == ("A", "B", Few(below=5), None, None, None)
    assert not shown.total
    assert "under 5" in shown.note


def test_hidden_counts_are_in_no_file() -> None:
    data = dataclasses.replace(
        DATA, waits=(WaitRow(days=0, items=777), WaitRow(days=1, items=3), WaitRow(days=9, items=4))
    )
    page = cost_report_html(data)
    days = page[page.index('id="t-days"') :]
    assert "777" in days
    assert days.count("under 5") >= 2
    assert cost_report_csv(data, "days").splitlines()[2:] == ["1;<5;", "9;<5;"]


def test_a_branch_with_few_items_tells_neither_count_nor_days() -> None:
    # Askersund received 2 and sent 2; Hallsberg, the next smallest, goes with it.
    rows = {row[0]: row for row in table("branches").rows}
    few = Few(below=5)
    assert rows["Askersund bibliotek"][3:6] == (few, few, None)
    assert rows["Hallsberg bibliotek"][3:6] == (few, few, None)
    assert rows["Hällefors bibliotek"][3:6] == (82, 72, 1.0)
    assert table("branches").total[3:5] == (None, None)


def test_findings_are_plain_computed_sentences() -> None:
    said = findings(DATA, words("sv"))
    assert (
        said[0] == f"Ett exemplar kostade 19,40{NBSP}kr att köra, 7,1{NBSP}% mer än oktober 2026."
    )
    assert f"Körningen kostade 1{NBSP}260{NBSP}kr mer än planerat." in said
    assert "Hälften av låntagarna väntade högst 1 dag, nio av tio högst 3 dagar." in said
    assert f"94,8{NBSP}% av exemplaren kom senast den utlovade dagen; 191 kom senare." in said
    english = findings(DATA, words("en"))
    assert english[0] == "An item cost SEK 19.40 to bring, 7.1% more than in October 2026."


def test_findings_do_not_boast_of_zero() -> None:
    totals = dataclasses.replace(DATA.totals, on_time_items=3702)
    outcome = dataclasses.replace(DATA.outcomes[0], planned=74_210.004)
    said = findings(dataclasses.replace(DATA, totals=totals, outcomes=(outcome,)), words("sv"))
    assert "Alla exemplar kom senast den utlovade dagen." in said
    assert "Körningen kostade som planerat." in said


def test_no_finding_is_said_without_its_numbers() -> None:
    bare = dataclasses.replace(
        DATA, previous=None, branches=(), shares=(), outcomes=(), waits=(), relations=(),
        totals=dataclasses.replace(
            DATA.totals, median_days=None, promised_items=0, co2e_grams=None, idle_stops=0
        ),
    )  # fmt: skip
    assert findings(bare, words("en")) == ["An item cost SEK 19.40 to bring."]
    nothing = dataclasses.replace(bare, totals=dataclasses.replace(bare.totals, runs=0))
    assert findings(nothing, words("sv")) == ["Ingen bil körde under perioden."]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_spreadsheet_has_real_numbers_one_sheet_a_table(language: str) -> None:
    book = load_workbook(BytesIO(cost_report_xlsx(DATA, language=language)))
    made = tables(DATA, words(language))
    assert book.sheetnames[1:] == [t.title[:31] for t in made]
    shares = book[made[1].title]
    assert shares["E2"].value == 8019.44
    assert shares["E2"].number_format == '#,##0.00" kr"'
    assert shares["E11"].value == 74_210.0
    runs = book[next(t.title for t in made if t.key == "runs")]
    assert runs["A2"].value == datetime(2026, 11, 2)  # noqa: DTZ001 - a spreadsheet has no zones
    assert runs["E2"].value == pytest.approx(225.6)


def test_spreadsheet_has_no_formula_and_no_link() -> None:
    book = load_workbook(BytesIO(cost_report_xlsx(hostile_report())))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert hostile.FORMULA in texts
    assert hostile.SCRIPT in texts
    assert "-2+3" in texts


def test_csv_is_read_back_and_computes_nothing() -> None:
    text = cost_report_csv(DATA, "shares")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[1][:5] == ["Askersund", "11477", "42", "402", "8019,44"]
    english = cost_report_csv(DATA, "shares", language="en")
    assert "Askersund,11477,42,402,8019.44" in english
    spoilt = cost_report_csv(hostile_report(), "branches", language="en")
    names = [row[0] for row in csv.reader(StringIO(spoilt.removeprefix("\ufeff")))]
    assert "'" + hostile.FORMULA in names
    assert not any(name.startswith(("=", "+", "-", "@")) for name in names)


def test_unknown_table_is_named() -> None:
    with pytest.raises(NotFoundError, match="table is 'nope', expected one of this report: summ"):
        cost_report_csv(DATA, "nope")


def test_archive_has_a_file_a_table_and_is_the_same_twice() -> None:
    content = cost_report_csv_zip(DATA)
    assert zipfile.ZipFile(BytesIO(content)).namelist() == [
        f"{t.key}.csv" for t in tables(DATA, words("sv"))
    ]
    assert cost_report_csv_zip(DATA) == content


@pytest.mark.parametrize(
    ("language", "title"), [("sv", "Kostnader november 2026"), ("en", "Costs of November 2026")]
)
def test_report_on_paper(language: str, title: str) -> None:
    reader = PdfReader(BytesIO(cost_report_pdf(DATA, language=language)))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert text.startswith(title)
    assert findings(DATA, words(language))[4].replace(NBSP, " ") in text.replace(NBSP, " ")
    assert sum(len(page.images) for page in reader.pages) == 3


def test_rows_without_any_number_are_left_off_paper_and_counted() -> None:
    few = [dataclasses.replace(DATA.relations[0], origin=f"Ort {n}", items=1) for n in range(3)]
    data = dataclasses.replace(DATA, relations=(*DATA.relations, *few))
    reader = PdfReader(BytesIO(cost_report_pdf(data)))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert "3 rader utan något att visa är utelämnade." in text
    assert "Ort 1" not in text


def test_hostile_names_are_text_on_paper() -> None:
    reader = PdfReader(BytesIO(cost_report_pdf(hostile_report())))
    assert "</script><img" in "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(
    ("period", "title"),
    [(Period.DAY, "Kostnader söndag 1 november 2026"), (Period.YEAR, "Kostnader 2026")],
)
def test_report_covers_a_day_or_a_year(period: Period, title: str) -> None:
    page = cost_report_html(dataclasses.replace(DATA, period=period))
    assert f"<title>{title}</title>" in page


def test_page_asks_no_host() -> None:
    page = cost_report_html(DATA)
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert addresses == set()


@pytest.mark.browser
def test_report_opens_on_desktop_and_phone(tab: Callable[..., Tab], tmp_path: Path) -> None:
    empty = dataclasses.replace(
        DATA, previous=None, runs=(), branches=(), relations=(), shares=(), outcomes=(), waits=(),
        factors=(), trend=(), totals=dataclasses.replace(DATA.totals, runs=0, items=0),
    )  # fmt: skip
    cases = [
        (cost_report_html(DATA), {"width": 1280}),
        (cost_report_html(hostile_report(), language="en"), {"width": 360, "dark": True}),
        (cost_report_html(empty), {"width": 360}),
    ]
    for html, options in cases:
        opened = tab(**options)
        page = opened.open(html, tmp_path)
        assert page.locator("img, b[onmouseover]").count() == 0
        assert opened.sideways() == 0
        assert opened.faults() == []
        opened.assert_clean()
