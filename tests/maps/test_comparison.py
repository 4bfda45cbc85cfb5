"""The comparison of scenarios: a page that needs no host, a spreadsheet of numbers."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from maps.comparison import best_of, comparison_html, comparison_xlsx
from tests.maps import hostile

MEASURES = (
    "days_per_hold", "driving_sek", "kilometres", "paid_hours", "runs", "stops", "delivered",
    "backlog", "driving_sek_per_item", "co2e_kg", "fill_percent",
)  # fmt: skip


def row(name: str, sek: float, days: float, difference: float | None = None) -> dict[str, Any]:
    gap = {} if difference is None else {
        key: {"mean": difference, "half_width": 5.0, "certain": abs(difference) > 5}
        for key in MEASURES
    }  # fmt: skip
    return {
        "name": name,
        "title": f"Nätet {name} <b>",
        "per_week": {key: {"mean": sek, "half_width": 7.5} for key in MEASURES},
        "difference": gap,
        "quantiles": {"0.5": 2, "0.9": 4, "0.99": 6},
        "mean_days": days,
        "days_to_reader": {2: 10, 4: 3},
        "pairs": [{"from": "Kumla", "to": "Nora", "items": 13, "median": 2}],
    }


ROWS = [
    row("nu", 19_000.0, 2.5),
    row("tre", 12_000.0, 3.1, -7_000.0),
    row("dyr", 20_000.0, 2.6, 3.0),
]


def test_only_what_nobody_beats_in_both_is_best() -> None:
    # "dyr" costs more than "nu" and is slower too.
    assert best_of(ROWS) == ["tre", "nu"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_sure_difference_is_bold_and_nothing_comes_from_elsewhere(language: str) -> None:
    page = comparison_html(ROWS, language=language)

    assert page.count("<b>") == len(MEASURES)
    assert "Nätet tre &lt;b&gt;" in page
    assert "<script" not in page
    assert "src=" not in page


def test_the_picture_writes_numbers_and_names_as_the_table_does() -> None:
    swedish, english = (comparison_html(ROWS, language=language) for language in ("sv", "en"))

    assert "18\N{NO-BREAK SPACE}000</text>" in swedish
    assert "18,000</text>" in english
    assert "Nätet dyr &lt;b&gt;</text>" in swedish
    assert set(re.findall(r'font-size="(\w+)"', swedish)) == {"13px"}


def test_scenarios_that_come_to_the_same_share_a_point() -> None:
    page = comparison_html([*ROWS, row("likadant", 19_000.2, 2.501)])

    assert "Nätet nu &lt;b&gt; = Nätet likadant &lt;b&gt;</text>" in page
    assert page.count("</text>") == comparison_html(ROWS).count("</text>")


def test_the_spreadsheet_holds_numbers_with_their_intervals() -> None:
    book = openpyxl.load_workbook(BytesIO(comparison_xlsx(ROWS)))
    first, days, pairs = book.worksheets

    assert [cell.value for cell in first[3]][:8] == [
        "Nätet tre <b>",
        2,
        4,
        12_000,
        7.5,
        -7_000,
        5,
        12_000,
    ]
    assert first[2][5].value is None
    assert [cell.value for cell in days[2]] == [2, 10, 10, 10]
    assert [cell.value for cell in pairs[2]] == ["Nätet nu <b>", "Kumla", "Nora", 13, 2]


def test_hostile_names_compute_nothing_in_the_spreadsheet_and_run_nothing_on_the_page() -> None:
    rows = [row(name, 19_000.0, 2.5) | {"title": name} for name in hostile.NAMES]
    pairs = [{"from": name, "to": name, "items": 13, "median": 2} for name in hostile.NAMES]
    rows[0]["pairs"] = pairs
    book = openpyxl.load_workbook(BytesIO(comparison_xlsx(rows)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert {hostile.FORMULA, hostile.SCRIPT, "-2+3"} <= {cell.value for cell in cells}
    page = comparison_html(rows)
    assert "&lt;/script&gt;&lt;img" in page
    assert "<img" not in page
    assert "<b onmouseover" not in page
