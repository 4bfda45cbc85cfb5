"""What every page knows: who reads it, in which language, and how it is answered."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.door import CSRF_FIELD, CSRF_HEADER, Door, allow
from api.pages import language, notice, static
from api.pages.manual import help_address
from api.pages.navigation import first_page, label, menu
from api.pages.notice import Kind, Notice
from api.pages.refusals import caveat, said
from api.problems import ProblemError
from api.security.roles import Principal, Role
from logistics.operations.day.local_time import clock_seconds, local_day
from maps.i18n import Words
from maps.pages import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    A page on its way out.

    Attributes
    ----------
    request
        The request.
    known
        Who is logged in, or None.
    w
        The reader's words.
    """

    request: Request
    known: Principal | None
    w: Words

    @property
    def who(self) -> Principal:
        """Who is logged in; behind a gate there is always somebody."""
        if self.known is None:
            raise ProblemError("not-authenticated", "log in first")
        return self.known

    @property
    def now(self) -> datetime:
        """The moment, by the service's clock."""
        moment: datetime = self.request.app.state.now()
        return moment

    @property
    def today(self) -> date:
        """The day where the vans drive."""
        return local_day(self.now)

    @property
    def clock(self) -> int:
        """Seconds since local midnight."""
        return clock_seconds(self.today, self.now)

    @property
    def htmx(self) -> bool:
        """Whether a part of a page is asked for."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def here(self) -> str:
        """Path and query of this page, to come back to."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def page(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """
        Answer with a whole page.

        Parameters
        ----------
        template
            A file of ``api/templates`` that extends ``page.html``.
        status
            HTTP status.
        **values
            What the template shows.

        Returns
        -------
        HTMLResponse
            In the reader's language, with the sentence that the last page left.
        """
        token = self.known.csrf if self.known else ""
        said = notice.take(self.request, token)
        given = {"notices": [said] if said else []} | values
        answer = HTMLResponse(self._render(template, **given), status)
        if notice.COOKIE in self.request.cookies:
            answer.delete_cookie(notice.COOKIE)
        language.remember(self.request, answer)
        return answer

    def part(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """
        Answer with a part of a page, for htmx to put in its place.

        Parameters
        ----------
        template
            A file of ``api/templates`` without a frame.
        status
            HTTP status.
        **values
            What the template shows.

        Returns
        -------
        HTMLResponse
            The part.
        """
        return HTMLResponse(self._render(template, **values), status)

    def go(self, path: str, said: str = "", kind: Kind = "good") -> Response:
        """
        Answer by going to another page.

        Parameters
        ----------
        path
            An address of ours.
        said
            A sentence for that page.
        kind
            How the sentence looks.

        Returns
        -------
        Response
            A redirect that makes a reload harmless.
        """
        answer = RedirectResponse(path, 303)
        if said:
            token = self.known.csrf if self.known else ""
            notice.leave(self.request, answer, Notice(text=said, kind=kind), token)
        language.remember(self.request, answer)
        return answer

    def _render(self, template: str, **values: object) -> str:
        who = self.known
        entries = menu(self.request, who) if who else []
        path = self.request.url.path
        common = {
            "styles": "",
            "who": who,
            "menu": [
                (one.path, label(self.w, one.path), _below(path, one.path)) for one in entries
            ],
            "home": first_page(self.request, who) if who else "/logga-in",
            "here": self.here,
            "help_here": help_address(path, who.role, self.w.language) if who else "",
            "in_language": self._in_language,
            "static": static.address,
            "nonce": self.request.state.nonce,
            "csrf": who.csrf if who else "",
            "csrf_field": CSRF_FIELD,
            "csrf_header": CSRF_HEADER,
            "once": lambda: secrets.token_urlsafe(16),
            "today": self.today,
            "said": lambda sentence, names=None: said(self.w, sentence, names),
            "caveat": lambda sentence: caveat(self.w, sentence),
        }
        return render(template, self.w, packages=("api",), **common | values)

    def _in_language(self, name: str) -> str:
        url = self.request.url.include_query_params(lang=name)
        return f"{url.path}?{url.query}"


async def visit(request: Request) -> Frame:
    """
    Look who comes to a page that everybody may see.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    Frame
        With nobody known, maybe.
    """
    door: Door = request.app.state.door
    who = await door.identify(request, None)
    door.count(request, who)
    return Frame(request=request, known=who, w=language.words_of(request))


#: What a page that everybody may see asks for.
Visit = Annotated[Frame, Depends(visit)]


class Gate:
    """
    Let in who may see a page.

    Parameters
    ----------
    roles
        The roles it is for.
    """

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles

    def __call__(self, request: Request, who: Annotated[Principal, Depends(allow)]) -> Frame:
        """Refuse every other role; nobody and forged forms were refused before."""
        if who.role not in self.roles:
            needed = ", ".join(sorted(self.roles))
            raise ProblemError("not-allowed", f"this page is for {needed}")
        return Frame(request=request, known=who, w=language.words_of(request))


def shown_to(*roles: Role) -> Frame:
    """
    Say whom a page is for, in the annotation of a route's argument.

    Parameters
    ----------
    *roles
        Roles beside the administrator, who sees every page; none for everybody who is logged in.

    Returns
    -------
    Frame
        In truth a marker that FastAPI turns into the page's frame.
    """
    everybody: tuple[Role, ...] = ("coordinator", "branch", "driver", "management")
    marker: Frame = Depends(Gate(frozenset({*(roles or everybody), "admin"})))
    return marker


def login_address(path: str, because: str = "") -> str:
    """
    Give the address of the log-in that leads back.

    Parameters
    ----------
    path
        Where to go afterwards.
    because
        Why one has to log in: ``ended`` or ``out``.

    Returns
    -------
    str
        A path with a query.
    """
    way = f"/logga-in?next={quote(path, safe='/')}"
    return f"{way}&because={because}" if because else way


def _below(path: str, entry: str) -> bool:
    return path == entry or path.startswith(entry + "/")
