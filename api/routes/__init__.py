"""Every router of the service."""

from typing import Final

from fastapi import APIRouter

from api.pages.routers import ROUTERS as PAGES
from api.routes import (
    access,
    bulk,
    calendar,
    calendars,
    day_changes,
    events,
    exports,
    health,
    jobs,
    joining,
    network,
    oidc,
    places,
    plan_changes,
    plans,
    reports,
    returns,
    runs,
    service_patterns,
    transfers,
    webhooks,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    transfers.by_hand,  # looked through in this order, and this is asked for most
    bulk.router,
    transfers.router,
    health.router,
    access.router,
    events.router,
    plans.router,
    plan_changes.router,
    runs.router,
    network.router,
    joining.router,
    places.router,
    service_patterns.router,
    calendar.router,
    webhooks.router,
    jobs.router,
    reports.router,
    exports.router,
    calendars.router,
    day_changes.router,
    returns.router,
    oidc.router,
    *PAGES,
)
