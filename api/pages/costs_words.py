"""What the cost pages say about figures and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.operations.reports.report_data import Rule
from maps.reports import figures
from maps.reports.tables import Cell, Form, shown

if TYPE_CHECKING:
    from maps.i18n import Words

_LARGE: Final = 1_000


def change_said(w: Words, old: Cell, new: Cell) -> str:
    """
    Say how much a figure changed.

    Parameters
    ----------
    w
        The reader's words.
    old, new
        The figure of the other period and of this one.

    Returns
    -------
    str
        Per cent of the old one; of shares percentage points, of days days. Empty without change.
    """
    if old.value is None or new.value is None:
        return ""
    if new.form is Form.SHARE:
        points = round((new.value - old.value) * 100, 1)
        signed = ("+" if points > 0 else "") + w.number(points, 1)
        return w.t("{n} percentage points", n=signed) if points else ""
    if new.form is Form.DAYS:
        days = new.value - old.value
        return ("+" if days > 0 else "") + w.number(days, 1) if days else ""
    moved = figures.change(old.value, new.value)
    return shown(w, moved, Form.CHANGE) if moved and round(moved, 3) else ""


def rounded(w: Words, cell: Cell) -> str:
    """
    Write a figure that stands large.

    Parameters
    ----------
    w
        The reader's words.
    cell
        The figure.

    Returns
    -------
    str
        Large sums in whole kronor and kilometres.
    """
    # Large sums are read in kronor and kilometres; their öre stand in the tables.
    if cell.value is not None and abs(cell.value) >= _LARGE:
        if cell.form is Form.SEK:
            return w.sek(cell.value)
        if cell.form is Form.METRES:
            return w.km(cell.value)
    return shown(w, cell, cell.form)


def rule_explained(w: Words, rule: Rule) -> str:
    """
    Say what a rule of sharing does.

    Parameters
    ----------
    w
        The reader's words.
    rule
        The rule.

    Returns
    -------
    str
        One sentence.
    """
    return {
        Rule.SHAPLEY: w.t(
            "Each pays what it adds to the cost on average, whatever order they are thought to "
            "join in. Nobody who lives on the way pays for the detour of another."
        ),
        Rule.PER_STOP: w.t("Each day's cost is divided by the number of calls."),
        Rule.PER_ITEM: w.t("Each day's cost is divided by the items put off and taken."),
        Rule.INHABITANTS: w.t("Each day's cost is divided by inhabitants among those served."),
        Rule.STAND_ALONE: w.t(
            "Each day's cost is divided in proportion to what each would have paid alone."
        ),
        Rule.EQUAL: w.t("Each day's cost is divided in equal parts among those served."),
    }[rule]
