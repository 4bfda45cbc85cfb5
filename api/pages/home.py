"""The address without a path: on to where each role begins its day."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.frame import Frame, shown_to
from api.pages.navigation import first_page

router = APIRouter(include_in_schema=False)


@router.get("/")
def get_home(frame: Annotated[Frame, shown_to()]) -> Response:
    """Go on to the first page of the role."""
    return frame.go(first_page(frame.request, frame.who))
