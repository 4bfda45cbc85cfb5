"""What the menu offers to each role, and where each role begins its day."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.routing import Match

from api.security.roles import Principal
from maps.i18n import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One entry of the menu.

    Attributes
    ----------
    path
        Address of its page; the pages below it belong to it.
    roles
        Who sees it; an administrator sees what the coordinator sees.
    """

    path: str
    roles: frozenset[str]


def _entry(path: str, *roles: str) -> Entry:
    return Entry(path=path, roles=frozenset(roles))


#: In the order of the menu; the first of a role is where it begins.
MENU: Final = (
    _entry("/bibliotek", "branch"),
    _entry("/tur", "driver"),
    _entry("/dag", "coordinator"),
    _entry("/sok", "coordinator", "branch"),
    _entry("/natet", "coordinator"),
    _entry("/kostnader", "coordinator", "management"),
    _entry("/hjalp", "coordinator", "branch", "driver", "management"),
)


def label(w: Words, path: str) -> str:
    """
    Name an entry of the menu.

    Parameters
    ----------
    w
        The reader's words.
    path
        Its address.

    Returns
    -------
    str
        A word or two.
    """
    return {
        "/dag": w.t("The day's runs"),
        "/sok": w.t("Search"),
        "/natet": w.t("The network"),
        "/kostnader": w.t("Costs"),
        "/hjalp": w.t("Help"),
        "/bibliotek": w.t("My library"),
        "/tur": w.t("My run"),
    }[path]


def menu(request: Request, who: Principal) -> list[Entry]:
    """
    Give the menu of who is logged in.

    Parameters
    ----------
    request
        The request, for the application's routes: no entry leads nowhere.
    who
        Who is logged in.

    Returns
    -------
    list[Entry]
        In order.
    """
    role = "coordinator" if who.role == "admin" else who.role
    return [entry for entry in MENU if role in entry.roles and _served(request, entry.path)]


def first_page(request: Request, who: Principal) -> str:
    """
    Tell where somebody begins.

    Parameters
    ----------
    request
        The request.
    who
        Who is logged in.

    Returns
    -------
    str
        The address.
    """
    entries = menu(request, who)
    return entries[0].path if entries else "/hjalp"


def _served(request: Request, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
