"""Every notebook runs from top to bottom, its text agrees with its tables, and is stored bare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

from logistics.network.branches import BranchKind
from logistics.network.load import load_network

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_text_agrees_with_its_tables(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)

    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(FOLDER)}}).execute()

    texts = list(printed(notebook, "text/markdown"))
    assert texts  # the sentences a manager reads are computed, not typed
    assert not any("nan" in text for text in texts)
    (table,) = printed(notebook, "text/html")
    AGREES[path.stem]("\n".join(texts), rows_of(table))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_output_and_no_number_is_typed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    typed = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert not [text for text in typed if re.search(r"\d", text)]


def test_main_libraries_every_weekday_and_small_branches_on_three_as_the_text_says() -> None:
    network = load_network()
    days = {one.branch: len(one.weekdays) for one in network.calendar.patterns}
    kinds = {one.id: one.kind for one in network.branches if one.id in days}
    assert {days[name] for name, kind in kinds.items() if kind is BranchKind.MAIN} == {5}
    small = {BranchKind.BRANCH, BranchKind.DEPOT}
    assert {days[name] for name, kind in kinds.items() if kind in small} == {3}


def of_a_day(text: str, rows: dict[str, list[str]]) -> None:
    total, *parts, bound = found(
        r"costs \*\*(.+?) kr\*\*: vans (.+?) kr, kilometres (.+?) kr, hours (.+?) kr, "
        r"waiting (.+?) kr\. .* cost less than (.+?) kr",
        text,
    )
    assert sum(parts) == pytest.approx(total, abs=2)  # each is rounded by itself
    (gap,) = found(r"at most (.+?)% from the best", text)
    assert 100 * (total - bound) / total == pytest.approx(gap, abs=0.1)
    allowed, musts = found(r"^(\d+) branches may be called at, (\d+) of them", text)
    assert musts <= len(rows) <= allowed


def of_three_or_five_days(text: str, rows: dict[str, list[str]]) -> None:
    sek = {name: number(row[0]) for name, row in rows.items()}
    days = {name: number(row[2]) for name, row in rows.items()}
    for name in ("three days for all", "five days for all"):
        start = rf"\*\*{name}\*\*: (.+?) kr (?:more|less) a week than today .+ wait (.+?) days"
        more, later = found(start, text)
        assert more == abs(sek[name] - sek["as today"])
        assert later == pytest.approx(abs(days[name] - days["as today"]))
        assert ("kr more a week than today" in line(text, name)) == (sek[name] >= sek["as today"])
        assert ("days longer" in line(text, name)) == (days[name] > days["as today"])
    match = re.search(r"From \*\*(.+?)\*\* to \*\*(.+?)\*\*", text)
    assert match is not None
    cheapest, fastest = match.groups()
    assert (cheapest, fastest) == (min(sek, key=sek.__getitem__), min(days, key=days.__getitem__))
    extra, saved, each = found(r", (.+?) kr more a week buys (.+?) days: (.+?) kr a week", text)
    assert extra == sek[fastest] - sek[cheapest]
    assert saved == pytest.approx(days[cheapest] - days[fastest])
    assert each == round(extra / saved)


def of_who_pays_what(text: str, rows: dict[str, list[str]]) -> None:
    keys = ("per-stop", "per-item", "inhabitants", "equal", "mix")
    rules = (*keys, "shapley", "nucleolus", "stand-alone")
    alone = {name: number(row[0]) for name, row in rows.items()}
    paid = {
        rule: {name: number(row[i]) for name, row in rows.items()}
        for i, rule in enumerate(rules, start=1)
    }
    for rule in rules:
        more = [paid[rule][name] - alone[name] for name in rows]
        dear = sum(one > 0 for one in more)
        if dear:
            count, of, most = found(
                rf"\*\*{rule}\*\*: (\d+) of (\d+) pay more .+?: (.+?) kr too much", text
            )
            assert (count, of, most) == (dear, len(rows), max(more))
        else:
            assert "nobody pays more than for runs of their own" in line(text, rule)
    together, apart, saved = found(
        r"together costs (.+?) kr, each for itself (.+?) kr: .+? saves \*\*(.+?) kr", text
    )
    assert apart == sum(alone.values())
    assert saved == apart - together
    for rule in rules:
        assert sum(paid[rule].values()) == pytest.approx(together, abs=len(rows) / 2)
    (gain,) = found(r"gains most, (.+?) kr", text)
    assert gain == max(alone[name] - paid["shapley"][name] for name in rows)


AGREES = {
    "a_day_explained": of_a_day,
    "three_or_five_days": of_three_or_five_days,
    "who_pays_what": of_who_pays_what,
}


def printed(notebook: Any, kind: str) -> Iterator[str]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if kind in output.get("data", {}):
                yield output["data"][kind]


def rows_of(table: str) -> dict[str, list[str]]:
    """Rows of a table by their first cell; of a run's stops by branch."""
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in table.split("</tr>")]
    named = 2 if "<th>stop</th>" in table else 0
    return {row[named]: row[named + 1 :] for row in rows if row}


def found(pattern: str, text: str) -> list[float]:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, f"{pattern!r} is not in the text:\n{text}"
    return [number(one) for one in match.groups()]


def line(text: str, name: str) -> str:
    return next(one for one in text.splitlines() if one.startswith(f"* **{name}**"))


def number(text: str) -> float:
    return float(text.removesuffix(" kr").replace(" ", "").replace(",", ""))
