"""The day everybody looks at: hub Lindesberg, two vans, eighteen stops, as the planner left it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import cast

from logistics.operations.view.day_view import DayView
from tests.maps.records_json import from_json

SAMPLE = Path(__file__).with_name("sample_day.json")


@cache
def sample_view() -> DayView:
    return cast("DayView", from_json(DayView, json.loads(SAMPLE.read_text(encoding="utf-8"))))
