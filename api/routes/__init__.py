"""Every router of the service."""

from typing import Final

from fastapi import APIRouter

from api.routes import (
    access,
    bulk,
    calendar,
    events,
    health,
    network,
    plan_changes,
    plans,
    runs,
    transfers,
    webhooks,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    access.router,
    bulk.router,
    transfers.router,
    events.router,
    plans.router,
    plan_changes.router,
    runs.router,
    network.router,
    calendar.router,
    webhooks.router,
)
