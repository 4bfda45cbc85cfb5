"""Every router of the pages."""

from typing import Final

from fastapi import APIRouter

from api.pages import account, costs, day, day_plan, design, help, home, login, run, search, static  # noqa: A004

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.router,
    home.router,
    login.router,
    account.router,
    search.router,
    day.router,
    day_plan.router,
    run.router,
    help.router,
    design.router,
    costs.router,
)
