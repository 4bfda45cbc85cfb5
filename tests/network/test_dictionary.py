"""The dictionary beside the data names every file and column, and no other."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from logistics.network.columns import COLUMNS
from logistics.network.load import DATA_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

DICTIONARY = (DATA_FOLDER / "README.md").read_text(encoding="utf-8")
SECTIONS = {
    section.partition("\n")[0].strip(): section for section in DICTIONARY.split("\n## ")[1:]
}
FILES = sorted([*DATA_FOLDER.glob("*.csv"), *DATA_FOLDER.glob("sample_week/*.csv")])
NAMES = [path.relative_to(DATA_FOLDER).as_posix() for path in FILES]


def headings(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_every_file_has_a_section_and_every_section_a_file() -> None:
    assert sorted(SECTIONS) == sorted([*NAMES, "municipal_borders.geojson"])


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_described_in_the_order_of_the_file(name: str) -> None:
    described = re.findall(r"^\| `(\w+)` \|", SECTIONS[name], flags=re.MULTILINE)
    assert described == headings(DATA_FOLDER / name)


@pytest.mark.parametrize("name", list(COLUMNS))
def test_loader_knows_the_same_columns(name: str) -> None:
    assert [column.name for column in COLUMNS[name]] == headings(DATA_FOLDER / name)


@pytest.mark.parametrize("name", list(SECTIONS))
def test_every_section_names_source_licence_and_confidence(name: str) -> None:
    for word in ("source", "licence", "confidence"):
        assert re.search(word, SECTIONS[name], flags=re.IGNORECASE), word


@pytest.mark.parametrize("name", [name for name in NAMES if "/" not in name])
def test_every_row_has_source_and_confidence(name: str) -> None:
    with (DATA_FOLDER / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"].strip(), row
            assert row["confidence"] in {"high", "medium", "low"}, row


def test_road_confidences_are_counted_as_the_dictionary_says() -> None:
    with (DATA_FOLDER / "road_edges.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {word: sum(row["confidence"] == word for row in rows) for word in ("high", "medium")}
    assert (counts["high"], counts["medium"], len(rows)) == (3, 33, 3 + 33 + 71)
    assert sum("existence uncertain" in row["source"] for row in rows) == 10


def test_borders_have_the_described_properties() -> None:
    borders = json.loads((DATA_FOLDER / "municipal_borders.geojson").read_text(encoding="utf-8"))
    assert len(borders["features"]) == 12
    for feature in borders["features"]:
        assert set(feature["properties"]) == {"code", "name", "member"}


def test_data_travel_in_the_wheel() -> None:
    project = tomllib.loads((DATA_FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert "data" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
