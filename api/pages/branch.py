"""The branch's page: when the van comes, what to pack for it, what it brings, what is coming."""

from typing import Annotated, Literal

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, Response

from api.pages import static
from api.pages.branch_scan import Deed, Desk, chosen
from api.pages.forms import Done, Form, FormDep
from api.pages.frame import Frame, shown_to
from api.pages.run_goods import bundle_line
from api.pages.tracking_words import when_said
from api.problems import ProblemError
from api.queries.branch_day import BranchDay, branch_day
from api.unit import Reader, ReaderDep
from logistics.network.branches import BranchKind
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.day_view import DayView
from logistics.storage.tables import BranchRow
from maps.labels import Format
from maps.stops import alphabet

router = APIRouter(include_in_schema=False)
Staff = Annotated[Frame, shown_to("branch", "coordinator")]
_LONGEST_CODE = 100


@router.get("/bibliotek")
def get_branches(frame: Staff, reader: ReaderDep) -> Response:
    """Go to one's own branch; who belongs to none chooses."""
    if frame.who.branch is not None:
        return frame.go(f"/bibliotek/{frame.who.branch}")
    query = select(BranchRow).where(
        col(BranchRow.active).is_(True), col(BranchRow.kind) != BranchKind.TERMINAL.value
    )
    rows = reader.run(lambda session: list(session.exec(query)))
    return frame.page("branches.html", branches=sorted(rows, key=lambda row: alphabet(row.name)))


@router.get("/bibliotek/{branch}")
def get_branch(branch: str, frame: Staff, reader: ReaderDep) -> Response:
    """Show a branch its day."""
    return frame.page(
        "branch.html",
        day=_day(frame, reader, branch),
        bundle_line=bundle_line,
        when=lambda moment: when_said(frame.w, moment, frame.today),
    )


@router.post("/bibliotek/{branch}/packa")
def post_packed(branch: str, frame: Staff, form: FormDep, reader: ReaderDep) -> Response:
    """Say that bundles are packed, or take it back."""
    codes = form.texts("parcel")
    is_undone = form.text("undo") == "1"

    def deed(desk: Desk, session: Session) -> Done:
        parcels = chosen(desk.day, "pack", codes)
        return desk.unpack(session, parcels) if is_undone else desk.pack(session, parcels)

    return _run(frame, form, reader, branch, deed)


@router.post("/bibliotek/{branch}/ta-emot")
def post_received(branch: str, frame: Staff, form: FormDep, reader: ReaderDep) -> Response:
    """Take bundles in."""
    codes = form.texts("parcel")
    return _run(
        frame,
        form,
        reader,
        branch,
        lambda desk, session: desk.receive(session, chosen(desk.day, "receive", codes)),
    )


@router.post("/bibliotek/{branch}/skanna")
def post_scanned(branch: str, frame: Staff, form: FormDep, reader: ReaderDep) -> Response:
    """Do what a scanned code asks for: pack it, or take it in."""
    code = _code(form)
    return _run(frame, form, reader, branch, lambda desk, session: desk.scan(session, code))


@router.post("/bibliotek/{branch}/saknas")
def post_missing(branch: str, frame: Staff, form: FormDep, reader: ReaderDep) -> Response:
    """Report an item or a bundle missing."""
    code = _code(form)
    return _run(frame, form, reader, branch, lambda desk, session: desk.miss(session, code))


@router.get("/bibliotek/{branch}/etiketter")
def get_labels(
    branch: str,
    frame: Staff,
    reader: ReaderDep,
    form: Format = Format.A6,
    format: Literal["html", "pdf"] = "html",  # noqa: A002  # as the papers of programs call it
) -> Response:
    """Print the labels of today's bundles and crates."""
    from maps.labels import labels_html, labels_pdf  # noqa: PLC0415  # slow to import

    view, language = _view(frame, reader, branch), frame.w.language
    if format == "pdf":
        paper = labels_pdf(view, branch, language=language, form=form)
        return Response(paper, media_type="application/pdf")
    assets = static.address()
    return HTMLResponse(labels_html(view, branch, language=language, form=form, assets=assets))


@router.get("/bibliotek/{branch}/packlista")
def get_packing_list(
    branch: str,
    frame: Staff,
    reader: ReaderDep,
    format: Literal["html", "pdf"] = "html",  # noqa: A002  # as the papers of programs call it
) -> Response:
    """Print what is packed and received today."""
    from maps.packing_list import (  # noqa: PLC0415  # slow to import
        packing_list_html,
        packing_list_pdf,
    )

    view, language = _view(frame, reader, branch), frame.w.language
    if format == "pdf":
        paper = packing_list_pdf(view, branch, language=language)
        return Response(paper, media_type="application/pdf")
    return HTMLResponse(packing_list_html(view, branch, language=language, assets=static.address()))


def _run(frame: Frame, form: Form, reader: Reader, branch: str, deed: Deed) -> Response:
    desk = Desk(frame, _day(frame, reader, branch))
    return form.run(lambda session: deed(desk, session))


def _day(frame: Frame, reader: Reader, branch: str) -> BranchDay:
    _check(frame, branch)
    return reader.run(
        lambda session: branch_day(session, branch, frame.today, frame.clock, frame.w.language)
    )


def _view(frame: Frame, reader: Reader, branch: str) -> DayView:
    _check(frame, branch)
    return reader.run(lambda session: build_day_view(session, frame.today))


def _check(frame: Frame, branch: str) -> None:
    if not frame.who.may_see(branch):
        raise ProblemError("not-allowed", f"this page belongs to {branch!r}")


def _code(form: Form) -> str:
    return form.text("code")[:_LONGEST_CODE].replace("\0", "")
