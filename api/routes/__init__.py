"""Every router of the service."""

from typing import Final

from fastapi import APIRouter

from api.routes import access, bulk, events, health, plan_changes, plans, transfers

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    access.router,
    bulk.router,
    transfers.router,
    events.router,
    plans.router,
    plan_changes.router,
)
