from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.simulation.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from pathlib import Path


def test_a_scenario_file_speaks_of_weekdays_clock_times_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "three-days.toml"
    path.write_text(
        'title = "Tre dagar"\nfirst = 2026-02-01\nshift_start = "07:30"\n'
        'service_days = { main = ["fri", "mon", "wed"] }\n'
        '[[closures]]\nbranch = "nora"\nfirst = 2026-03-01\nlast = 2026-03-08\n'
    )

    scenario = read_scenario(path)

    assert scenario.name == "three-days"  # the file's own name
    assert scenario.first == date(2026, 2, 1)
    assert scenario.shift_start == 27_000
    assert scenario.service_days == {"main": (1, 3, 5)}
    assert scenario.closures[0].branch == "nora"


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(
        'vanns = 2\nmax_hours = 30\nfloating = "yes"\nservice_days = {main=["today"]}\n'
    )

    with pytest.raises(InputError) as caught:
        read_scenario(path)

    text = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 4
    for part in ("vanns is 2", "max_hours is 30", "floating is 'yes'", "service_days.main.0 is"):
        assert part in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"name = ", "is not TOML in UTF-8", id="not TOML"),
        pytest.param(b'title = "\xe5"', "is not TOML in UTF-8", id="Latin-1"),
        pytest.param(
            b"first = 2026-02-02\nlast = 2026-02-01", "before first, 2026-02-02", id="backwards"
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)

    with pytest.raises(InputError, match=re.escape(says)):
        read_scenario(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        read_scenario(tmp_path / "nowhere.toml")


def test_scenarios_that_say_the_same_are_equal() -> None:
    assert Scenario(name="a", vans=2) == Scenario(name="a", vans=2)
