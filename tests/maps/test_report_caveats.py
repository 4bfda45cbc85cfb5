from __future__ import annotations

import dataclasses

import pytest

from maps.i18n import words
from maps.reports.caveats import told
from maps.reports.content import tables
from maps.reports.findings import findings
from tests.maps.sample_report import sample_report

DATA = sample_report()


@pytest.mark.parametrize(
    ("stored", "swedish"),
    [
        ("nothing was booked in this span; close its days first", "Inget är bokfört i perioden"),
        ("no emission factor for hvo; CO2e is not whole", "Det saknas CO2e-faktor för hvo"),
        ("the emission factor for hvo is of 2020-01-01: over two years old", "från 2020-01-01"),
        (
            "shares by the game: all 10731 groups of 21 days are proved",
            "för alla 21 dagar vilar på den bevisade kostnaden för alla 10\N{NO-BREAK SPACE}731",
        ),
        ("shares by the game: all 511 groups of the day are proved", "för 1 dag vilar på den"),
        ("shares by the game: all 511 groups of 1 day are proved", "för 1 dag vilar på den"),
        (
            (
                "shares by the game: 500 of 511 groups of the day are proved; the bounds of the "
                "others leave no share more than 12.30 SEK uncertain (1884)"
            ),
            "500 av 511 grupper och på gränser för de andra; ingen kommuns andel är mer än 12,30",
        ),
        ("shares by the game: 2 of 21 days were priced without proofs", "för 2 dagar vilar"),
        ("something new", "something new"),
    ],
)
def test_each_caveat_is_said_in_swedish(stored: str, swedish: str) -> None:
    (said,) = told(dataclasses.replace(DATA, caveats=(stored,)), words("sv"))
    assert swedish in said


def test_few_items_tell_neither_days_nor_promises() -> None:
    few = dataclasses.replace(DATA.totals, items=4, on_time_items=3, promised_items=4)
    data = dataclasses.replace(DATA, totals=few)
    rows = {row[0]: row[1].value for row in tables(data, words("en"))[0].rows}
    assert rows["Days to the reader, median"] is None
    assert rows["On time"] is None
    assert not [one for one in findings(data, words("en")) if "promised" in one or "waited" in one]


def test_a_few_late_items_are_not_counted_out() -> None:
    totals = dataclasses.replace(DATA.totals, on_time_items=3_700, promised_items=3_702)
    said = findings(dataclasses.replace(DATA, totals=totals), words("en"))
    assert "Nearly all items came by the promised day; fewer than 5 came later." in said
