"""Which charts a report has, and what each is called; known before any of them is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words

LEAST_TREND: Final = 2


def pictured(data: ReportData, w: Words) -> dict[str, str]:
    """
    Name the charts of a report.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    dict[str, str]
        Title by key of the table that it draws; those that have something to show.
    """
    found = {}
    if data.shares:
        found["shares"] = w.t("Shares of the municipalities, by each rule, SEK")
    if data.waits:
        found["days"] = w.t("Items by days to the reader")
    if len(data.trend) >= LEAST_TREND:
        found["trend"] = w.t("Cost per item, kilometres and days to the reader over time")
    return found
