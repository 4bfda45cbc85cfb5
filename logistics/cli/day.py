"""Commands of a day: plan it, draw its map, print its sheets, report what it costs."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.live import Live
from rich.progress import Progress

from logistics.cli.console import notes, print_json, write_bytes, write_text
from logistics.cli.solving import progress_table
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.reports.report_data import ReportData
    from logistics.operations.view.day_view import DayView
    from logistics.storage.tables import PlanRow


class Language(StrEnum):
    """
    Language of what is printed.

    Attributes
    ----------
    SV
        Swedish.
    EN
        English.
    """

    SV = "sv"
    EN = "en"


class Span(StrEnum):
    """
    What span of time a report covers.

    Attributes
    ----------
    DAY
        The day itself.
    MONTH
        The calendar month around it.
    YEAR
        The calendar year around it.
    """

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


Day = Annotated[
    datetime, typer.Argument(metavar="DATE", formats=["%Y-%m-%d"], help="Service day, YYYY-MM-DD.")
]
Output = Annotated[Path, typer.Option(help="Folder to write to.")]
Version = Annotated[
    int | None, typer.Option(min=1, help="Version of the plan. [default: the one in force]")
]
In = Annotated[Language, typer.Option("--language", help="Language of what is printed.")]
OUT = Path("out")


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(plan)
    app.command("map")(draw_map)
    app.command()(sheets)
    app.command()(report)


def plan(
    day: Day,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for the search at most.")] = 10.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same search.")] = 0,
    travel: Annotated[
        str,
        typer.Option(
            envvar="LOGISTICS_TRAVEL",
            help="road-graph, straight-line, or the address of an OSRM server.",
        ),
    ] = "road-graph",
    database: Database = None,
) -> None:
    """Plan a day from what waits, and keep the plan as a new draft with its proved bound."""
    engine = opened(database)
    row = planned(engine, day.date(), seconds=seconds, workers=workers, seed=seed, travel=travel)
    print_json(summary(row))


def draw_map(
    day: Day,
    output: Output = OUT,
    version: Version = None,
    language: In = Language.SV,
    database: Database = None,
) -> None:
    """Draw the day's map as one file that opens without any network."""
    view = viewed(opened(database), day.date(), version)
    print_json({"files": [str(path) for path in write_map(view, output, [language])]})


def sheets(
    day: Day,
    output: Output = OUT,
    version: Version = None,
    language: In = Language.SV,
    database: Database = None,
) -> None:
    """Print run sheets, packing lists and labels as HTML and PDF."""
    view = viewed(opened(database), day.date(), version)
    print_json({"files": [str(path) for path in write_sheets(view, output, [language])]})


def report(
    day: Day,
    period: Annotated[Span, typer.Option(help="Which span around the date.")] = Span.MONTH,
    shares: Annotated[
        bool, typer.Option(help="Price what municipalities would pay alone, for fair shares.")
    ] = True,
    output: Output = OUT,
    language: In = Language.SV,
    database: Database = None,
) -> None:
    """Report what was driven: cost, kilometres, CO2e, days to the reader, each one's share."""
    data = reported(opened(database), day.date(), period, shares=shares)
    print_json({"files": [str(path) for path in write_report(data, output, language)]})


def planned(engine: Engine, day: date, **how: Any) -> PlanRow:  # noqa: ANN401 - plan_day's own
    """
    Plan a day with a display of cost, bound and gap as they move.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    **how
        Options of ``plan_day``.

    Returns
    -------
    PlanRow
        The stored draft.
    """
    from logistics.operations.day.plan_day import plan_day

    with Live(console=notes, refresh_per_second=8, transient=True) as live:
        return plan_day(
            engine,
            day,
            made_by="command line",
            on_progress=lambda progress: live.update(progress_table(progress)),
            **how,
        )


def summary(row: PlanRow) -> dict[str, Any]:
    """
    Say what a stored plan came to.

    Parameters
    ----------
    row
        The plan.

    Returns
    -------
    dict
        Date, version, runs, cost and certificate.
    """
    answer = row.answer
    return {
        "date": row.service_date.isoformat(),
        "version": row.version,
        "state": row.state,
        "runs": len(answer["runs"]),
        "stops": sum(len(run["stops"]) for run in answer["runs"]),
        "cost_sek": answer["cost"]["total"],
        "bound_sek": answer["bound"],
        "gap": answer["gap"],
        "status": answer["status"],
    }


def viewed(engine: Engine, day: date, version: int | None = None) -> DayView:
    """
    Read what people see of a planned day.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    version
        Version of the plan; None for the one in force.

    Returns
    -------
    DayView
        The day.
    """
    from logistics.operations.view.build_view import build_day_view
    from logistics.storage.session import reading

    with reading(engine) as session:
        return build_day_view(session, day, version)


def write_map(view: DayView, folder: Path, languages: list[Language]) -> list[Path]:
    """
    Write the map of a day.

    Parameters
    ----------
    view
        The day.
    folder
        Where to.
    languages
        One file each; Swedish has the plain name.

    Returns
    -------
    list of Path
        The files written.
    """
    from maps.day_map import day_map_html

    files = []
    for language in languages:
        path = folder / f"map-{view.service_day}{_suffix(language)}.html"
        write_text(path, day_map_html(view, language=language))
        files.append(path)
    return files


def write_sheets(view: DayView, folder: Path, languages: list[Language]) -> list[Path]:
    """
    Write run sheets, packing lists and labels of a day.

    Parameters
    ----------
    view
        The day.
    folder
        Where to.
    languages
        One set of files each; Swedish has the plain names.

    Returns
    -------
    list of Path
        The files written.
    """
    from maps.labels import labels_pdf
    from maps.packing_list import packing_list_html, packing_list_pdf
    from maps.run_sheet import run_sheet_html, run_sheet_pdf

    files = []
    for language in languages:
        end = f"{view.service_day}{_suffix(language)}"
        contents: dict[str, str | bytes] = {
            f"run-sheets-{end}.html": run_sheet_html(view, language=language),
            f"run-sheets-{end}.pdf": run_sheet_pdf(view, language=language),
            f"packing-lists-{end}.html": packing_list_html(view, language=language),
            f"packing-lists-{end}.pdf": packing_list_pdf(view, language=language),
            f"labels-{end}.pdf": labels_pdf(view, language=language),
        }
        for name, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            write_bytes(folder / name, data)
            files.append(folder / name)
    return files


def reported(engine: Engine, day: date, span: Span, *, shares: bool) -> ReportData:
    """
    Read the books of a span.

    Parameters
    ----------
    engine
        The database.
    day
        Any day of the span.
    span
        Day, month or year.
    shares
        Whether to price what groups of municipalities would pay by themselves.

    Returns
    -------
    ReportData
        The numbers.
    """
    from logistics.operations.reports.report import build_report
    from logistics.operations.reports.report_data import Period
    from logistics.operations.reports.share_games import share_games
    from logistics.storage.session import reading

    with reading(engine) as session:
        data = build_report(session, day, Period(span))
        if not shares:
            return data
        with Progress(console=notes, transient=True) as progress:
            task = progress.add_task("Pricing what each would pay alone", total=None)
            games = share_games(
                session,
                data.totals.first_day,
                data.totals.last_day,
                on_day=lambda done, of: progress.update(task, completed=done, total=of),
            )
        return build_report(session, day, Period(span), games=games)


def write_report(data: ReportData, folder: Path, language: Language) -> list[Path]:
    """
    Write the cost report of a span.

    Parameters
    ----------
    data
        The numbers.
    folder
        Where to.
    language
        Language of the report; Swedish has the plain names.

    Returns
    -------
    list of Path
        Web page, PDF, spreadsheet and the tables as CSV.
    """
    from maps.cost_report import (
        cost_report_csv_zip,
        cost_report_html,
        cost_report_pdf,
        cost_report_xlsx,
    )

    name = f"report-{data.totals.first_day}-{data.totals.last_day}{_suffix(language)}"
    contents = {
        "html": cost_report_html(data, language=language).encode(),
        "pdf": cost_report_pdf(data, language=language),
        "xlsx": cost_report_xlsx(data, language=language),
        "zip": cost_report_csv_zip(data, language=language),
    }
    files = []
    for ending, content in contents.items():
        files.append(folder / f"{name}.{ending}")
        write_bytes(files[-1], content)
    return files


def _suffix(language: Language) -> str:
    return "" if language is Language.SV else f"-{language}"
