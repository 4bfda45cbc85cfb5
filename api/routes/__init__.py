"""Every router of the service."""

from typing import Final

from fastapi import APIRouter

from api.routes import health

ROUTERS: Final[tuple[APIRouter, ...]] = (health.router,)
