"""Receiving hours stand on pages and maps in the reader's language."""

from __future__ import annotations

import pytest

from maps.hours import hours_said
from maps.i18n import words


@pytest.mark.parametrize(
    ("stored", "swedish", "english"),
    [
        ("", "när som helst", "any time"),
        ("Mo-Fr 07:30-17:00", "mån-fre 07:30-17:00", "Mon-Fri 07:30-17:00"),
        (
            "Tu,Th 08:00-12:00; PH off",
            "tis,tors 08:00-12:00; helgdagar stängt",
            "Tue,Thu 08:00-12:00; public holidays closed",
        ),
        ("24/7", "24/7", "24/7"),
    ],
)
def test_hours_are_said_in_the_readers_language(stored: str, swedish: str, english: str) -> None:
    dash = "\u2013"
    assert hours_said(words("sv"), stored) == swedish.replace("-", dash)
    assert hours_said(words("en"), stored) == english.replace("-", dash)
