"""Every router of the pages."""

from typing import Final

from fastapi import APIRouter

from api.pages import (
    account,
    branch,
    branch_calendar,
    costs,
    day,
    day_late,
    day_plan,
    day_road,
    day_stop,
    day_try,
    design,
    help,  # noqa: A004  # the help page
    home,
    login,
    network,
    network_branch,
    network_new,
    run,
    search,
    static,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.router,
    home.router,
    login.router,
    account.router,
    search.router,
    day.router,
    day_late.router,
    day_plan.router,
    day_road.router,
    day_stop.router,
    day_try.router,
    run.router,
    branch.router,
    branch_calendar.router,
    help.router,
    design.router,
    costs.router,
    network.router,
    network_new.router,
    network_branch.router,
)
