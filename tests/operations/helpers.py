"""The sample day, and the files that ship with the program."""

from __future__ import annotations

from datetime import date
from pathlib import Path

TUESDAY = date(2026, 11, 24)
SAMPLE_WEEK = Path(__file__).parents[2] / "data" / "sample_week" / "transfers.csv"
