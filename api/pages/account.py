"""One's own account: a new password, the language, who one is here."""

from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api import entry
from api.door import Door  # noqa: TC001  # names what the state holds
from api.pages.forms import Done, FormDep, RefusedError
from api.pages.frame import Frame, shown_to
from api.pages.notice import Notice, leave
from api.security import accounts
from api.security.sessions import begin_session
from api.unit import ReaderDep
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, StaffSessionRow, UserRow
from maps.i18n import Words

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Frame, shown_to()]


@router.get("/konto")
def get_account(frame: Anybody, reader: ReaderDep) -> Response:
    """Show who one is here, and the form for a new password."""
    return _show(frame, reader.run(lambda session: _about(session, frame)))


@router.post("/konto/losenord")
def post_password(frame: Anybody, form: FormDep, reader: ReaderDep) -> Response:
    """Change the password; every other log-in of the account ends."""
    about = reader.run(lambda session: _about(session, frame))
    if not about["has_password"]:
        return frame.go("/konto", frame.w.t("This account has no password here."), "warn")
    login = str(about["login"])
    faults = _faults(frame, form, login)
    if faults:
        return _show(frame, about, faults=faults, status=422)
    began: list[tuple[str, StaffSessionRow]] = []

    def work(session: Session) -> Done:
        user = accounts.set_password(session, login, form.secret("new"))
        began.append(begin_session(session, user, frame.request.app.state.settings))
        return Done(path="/konto")

    try:
        answer = form.run(work, action="change password", subject=frame.who.id)
    except RefusedError:
        return _show(frame, about, faults={"new": _weak(frame)}, status=422)
    state = frame.request.app.state
    state.door.forget()
    said = Notice(text=frame.w.t("The password is changed."))
    for cookie, row in began:
        entry.set_cookie(answer, state.door.cookie, cookie, state.settings)
        leave(frame.request, answer, said, row.csrf)
    return answer


def _faults(frame: Frame, form: FormDep, login: str) -> dict[str, str]:
    new, again = form.secret("new"), form.secret("again")
    if len(new) < accounts.PASSWORD_LENGTH:
        return {"new": _weak(frame)}
    if new != again:
        return {"again": frame.w.t("The two new passwords differ.")}
    door: Door = frame.request.app.state.door
    door.count_login(frame.request, login)
    with reading(door.engine) as session:
        made = accounts.guess(session, login, form.secret("old"))
    with writing(door.engine) as session:
        right = accounts.settle(session, made)
    return {} if right else {"old": frame.w.t("This is not your present password.")}


def _weak(frame: Frame) -> str:
    return frame.w.t(
        "Take at least {n} characters, many different ones, and not your name.",
        n=accounts.PASSWORD_LENGTH,
    )


def _about(session: Session, frame: Frame) -> dict[str, object]:
    user = None
    if frame.who.kind == "user":
        user = session.get(UserRow, int(frame.who.id.partition(":")[2]))
    branch = session.get(BranchRow, frame.who.branch) if frame.who.branch else None
    return {
        "login": user.login if user else "",
        "name": (user.display_name or user.login) if user else "",
        "role": _role(frame.w, frame.who.role),
        "branch": branch.name if branch else "",
        "has_password": bool(user and user.password_hash),
    }


def _role(w: Words, role: str) -> str:
    return {
        "coordinator": w.t("Coordinator"),
        "branch": w.t("Library staff"),
        "driver": w.t("Driver"),
        "management": w.t("Management"),
        "admin": w.t("Administrator"),
    }[role]


def _show(
    frame: Frame,
    about: dict[str, object],
    *,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return frame.page("account.html", status=status, about=about, faults=faults or {})
