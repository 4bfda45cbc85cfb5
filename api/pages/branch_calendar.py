"""Addresses by which calendar programs subscribe to when vans call at a branch."""

import json
from typing import Annotated, Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.pages.forms import Done, FormDep
from api.pages.frame import Frame, shown_to
from api.problems import ProblemError
from api.queries.network import find_branch
from api.schemas.base import RowId
from api.security import calendar_addresses
from api.unit import Answer, Reader, ReaderDep, dump
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import InputError

router = APIRouter(include_in_schema=False)
Staff = Annotated[Frame, shown_to("branch", "coordinator")]
_LONGEST: Final = 100
_MADE: Final = 201


@router.get("/bibliotek/{branch}/kalender")
def get_calendar(branch: str, frame: Staff, reader: ReaderDep) -> Response:
    """Show which addresses there are, and the form for another."""
    return _show(frame, reader, branch)


@router.post("/bibliotek/{branch}/kalender")
def post_calendar(branch: str, frame: Staff, form: FormDep, reader: ReaderDep) -> Response:
    """Make an address, and show it this once."""
    _check(frame, branch)
    name = " ".join(form.text("name")[:_LONGEST].split())
    fault = _fault(frame, name)
    if fault:
        return _show(frame, reader, branch, fault=fault, name=name, status=422)

    def work(session: Session) -> Answer:
        row, token = calendar_addresses.create_address(session, branch, name, actor=frame.who.label)
        form.unit.audit(session, "make calendar address", f"{branch} {row.id}")
        return Answer(status=_MADE, body=dump({"token": token}))

    made = form.unit.run(work, secret=True)
    if made.status_code != _MADE:  # the form was sent again; the secret is not shown twice
        said = frame.w.t("The address was made and shown already. Revoke it, or make another.")
        return frame.go(f"/bibliotek/{branch}/kalender", said, "warn")
    settings = frame.request.app.state.settings
    url = calendar_addresses.url_of(
        settings, json.loads(bytes(made.body))["token"], frame.w.language
    )
    return _show(frame, reader, branch, url=url)


@router.post("/bibliotek/{branch}/kalender/{address}/dra-in")
def post_revoked(branch: str, address: RowId, frame: Staff, form: FormDep) -> Response:
    """End an address."""
    _check(frame, branch)

    def work(session: Session) -> Done:
        calendar_addresses.revoke_address(session, branch, address)
        said = frame.w.t("The address is revoked. Who subscribes by it sees nothing any more.")
        return Done(path=f"/bibliotek/{branch}/kalender", said=said)

    return form.run(work, action="revoke calendar address", subject=f"{branch} {address}")


def _show(
    frame: Frame,
    reader: Reader,
    branch: str,
    *,
    url: str = "",
    fault: str = "",
    name: str = "",
    status: int = 200,
) -> Response:
    _check(frame, branch)

    def work(session: Session) -> dict[str, object]:
        return {
            "branch": find_branch(session, branch),
            "addresses": calendar_addresses.addresses_of(session, branch),
        }

    return frame.page(
        "branch_calendar.html", status=status, url=url, fault=fault, name=name, **reader.run(work)
    )


def _fault(frame: Frame, name: str) -> str:
    if not name or not name.isprintable():
        return frame.w.t("Write where the address will be used.")
    try:
        refuse_personal_values({"name": name})
    except InputError as error:
        return error.problems[0]
    return ""


def _check(frame: Frame, branch: str) -> None:
    if not frame.who.may_see(branch):
        raise ProblemError("not-allowed", f"this page belongs to {branch!r}")
