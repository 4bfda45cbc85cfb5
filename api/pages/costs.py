"""Costs: what was driven in a day, month or year, who pays what of it, and how it went."""

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.pages.costs_span import Span, parse_span, spanning
from api.pages.costs_view import CostsView, costs_view
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame, shown_to
from api.problems import ProblemError
from api.queries.costs import booked_days
from api.unit import Reader, ReaderDep
from logistics.operations.reports.price_shares import request_shares
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period, ReportData, Rule
from maps.reports.content import tables

if TYPE_CHECKING:
    from datetime import date

router = APIRouter(include_in_schema=False)
Payer = Annotated[Frame, shown_to("coordinator", "management")]
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/kostnader")
def get_costs(frame: Payer, reader: ReaderDep) -> Response:
    """Go on to the month that was booked last."""
    days = reader.run(booked_days)
    return frame.go(f"/kostnader/{spanning(days[-1] if days else frame.today, Period.MONTH).key}")


@router.get("/kostnader/{period}")
def get_period(
    period: str, frame: Payer, reader: ReaderDep, regel: str = "", mot: str = ""
) -> Response:
    """Show a day, month or year."""
    span = parse_span(period)
    against = _against(span, mot)

    def work(session: Session) -> CostsView:
        return costs_view(
            frame, session, span, against=against, rule=Rule(regel) if regel in set(Rule) else None
        )

    return frame.page("costs.html", view=reader.run(work))


@router.get("/kostnader/{period}/tabell/{key}")
def get_table(period: str, key: str, frame: Payer, reader: ReaderDep, mot: str = "") -> Response:
    """Show one table of the report with all its rows."""
    span = parse_span(period)
    data = _data(reader, span, mot)
    found = [table for table in tables(data, frame.w) if table.key == key]
    if not found:
        raise ProblemError("not-found", f"the report of {span.key} has no table {key[:20]!r}")
    view = CostsView(span=span, data=data, against=_against(span, mot), w=frame.w)
    return frame.page("costs_table.html", view=view, table=found[0])


@router.get("/kostnader/{period}/tabell/{key}/csv")
def get_csv(period: str, key: str, frame: Payer, reader: ReaderDep) -> Response:
    """Give one table of the report as CSV."""
    from maps.cost_report import cost_report_csv  # noqa: PLC0415  # charts take a second to import

    span = parse_span(period)
    text = cost_report_csv(_data(reader, span), key, language=frame.w.language)
    return _file(text.encode(), "text/csv; charset=utf-8", f"{span.key}-{key}.csv")


@router.get("/kostnader/{period}/diagram/{key}")
def get_picture(period: str, key: str, frame: Payer, reader: ReaderDep) -> Response:
    """Draw one chart of the report."""
    from maps.reports.charts import charts, picture  # noqa: PLC0415  # they take a second to import

    span = parse_span(period)
    data = _data(reader, span)
    found = [chart for chart in charts(data, frame.w) if chart.table == key]
    if not found:
        raise ProblemError("not-found", f"the report of {span.key} has no chart {key[:20]!r}")
    return Response(picture(found[0], frame.w), media_type="image/svg+xml")


@router.get("/kostnader/{period}/rapport/{form}")
def get_file(
    period: str,
    form: Literal["xlsx", "pdf", "csv"],
    frame: Payer,
    reader: ReaderDep,
    mot: str = "",
) -> Response:
    """Give the whole report as a file to keep or to send on."""
    from maps import cost_report as paper  # noqa: PLC0415  # charts take a second to import

    span = parse_span(period)
    data = _data(reader, span, mot)
    name = f"{frame.w.t('costs')}-{span.key}"
    language = frame.w.language
    match form:
        case "xlsx":
            return _file(paper.cost_report_xlsx(data, language=language), _SHEET, f"{name}.xlsx")
        case "pdf":
            sheet = paper.cost_report_pdf(data, language=language)
            return _file(sheet, "application/pdf", f"{name}.pdf")
        case "csv":
            archive = paper.cost_report_csv_zip(data, language=language)
            return _file(archive, "application/zip", f"{name}.zip")


@router.post("/kostnader/{period}/andelar")
def post_shares(period: str, frame: Payer, form: FormDep) -> Response:
    """Price what each would pay alone, in the background."""
    span = parse_span(period)

    def work(session: Session) -> Done:
        request_shares(session, span.first, span.last)
        said = frame.w.t("The shares are being priced; it takes a few seconds for each day.")
        return Done(path=f"/kostnader/{span.key}#shares", said=said)

    return form.run(work, action="price shares", subject=span.key)


def _against(span: Span, text: str) -> Span | None:
    if not text:
        return None
    other = parse_span(text)
    return other if other.period is span.period and other != span else None


def _data(reader: Reader, span: Span, text: str = "") -> ReportData:
    against = _against(span, text)
    day: date | None = against.first if against else None
    return reader.run(lambda session: build_report(session, span.first, span.period, against=day))


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
