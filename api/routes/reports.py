"""What was driven and what it cost: as figures, page, paper, spreadsheet."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.door import may
from api.queries.plans import refuse_bound
from api.schemas.base import Day, Wire
from api.security.roles import Principal
from api.unit import Answer, Reader, ReaderDep, dump
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period

router = APIRouter(prefix="/v1", tags=["reports"])
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            _SHEET: {"schema": {"type": "string", "format": "binary"}},
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


class ReportQuery(Wire):
    """Which form of the report."""

    format: Literal["json", "html", "pdf", "xlsx", "csv"] = "json"
    language: Literal["sv", "en"] = "sv"


class SpanQuery(ReportQuery):
    """Which span."""

    period: Literal["day", "month", "year"] = Field(
        default="month", description="The day, month or year that the date lies in."
    )


@router.get("/reports/{date}", responses=_FORMATS, response_class=Response)
def get_report(
    date: Day,
    reader: ReaderDep,
    principal: Annotated[Principal, may("reports:read")],
    how: Annotated[SpanQuery, Query()],
) -> Response:
    """Report what was driven in a span: kronor, kilometres, CO2e, days to the reader, shares."""
    refuse_bound(principal)
    return _report(reader, date, Period(how.period), how)


@router.get("/plans/{date}/report", responses=_FORMATS, response_class=Response)
def get_day_report(
    date: Day,
    reader: ReaderDep,
    principal: Annotated[Principal, may("reports:read")],
    how: Annotated[ReportQuery, Query()],
) -> Response:
    """Report what was driven on a day; an unclosed day has nothing booked yet, and says so."""
    refuse_bound(principal)
    return _report(reader, date, Period.DAY, how)


def _report(reader: Reader, date: Day, period: Period, how: ReportQuery) -> Response:
    from maps import cost_report as paper  # noqa: PLC0415  # charts take a second to import

    data = reader.run(lambda session: build_report(session, date, period))
    name = f"courier-{date.isoformat()}-{period.value}"
    match how.format:
        case "json":
            return Answer(body=dump(asdict(data))).response()
        case "html":
            return HTMLResponse(paper.cost_report_html(data, language=how.language))
        case "pdf":
            return _file(
                paper.cost_report_pdf(data, language=how.language), "application/pdf", name
            )
        case "xlsx":
            sheet = paper.cost_report_xlsx(data, language=how.language)
            return _file(sheet, _SHEET, f"{name}.xlsx")
        case "csv":
            archive = paper.cost_report_csv_zip(data, language=how.language)
            return _file(archive, "application/zip", f"{name}.zip")


def _file(content: bytes, media_type: str, name: str) -> Response:
    disposition = {} if media_type == "application/pdf" else {
        "Content-Disposition": f'attachment; filename="{name}"'
    }  # fmt: skip
    return Response(content, media_type=media_type, headers=disposition)
