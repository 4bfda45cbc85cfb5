"""Every router of the pages."""

from typing import Final

from fastapi import APIRouter

from api.pages import account, design, help, home, login, search, static  # noqa: A004  # the help page

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.router,
    home.router,
    login.router,
    account.router,
    search.router,
    help.router,
    design.router,
)
