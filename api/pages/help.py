"""Help in place: the manual's Markdown, shown as pages."""

import re
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from api.pages.frame import Frame, shown_to
from api.pages.manual import folder, sections, title_of, topics, written
from api.problems import ProblemError

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Frame, shown_to()]
_NAME: Final = re.compile(r"[a-z0-9-]{1,60}")
_PICTURE: Final = re.compile(r"[a-z0-9-]{1,80}(\.[a-z]{2})?\.(png|svg)")


@router.get("/hjalp")
def get_help(frame: Anybody) -> Response:
    """List the chapters; that of one's own role comes first."""
    own = frame.who.role
    chapters = sorted(topics(frame.w.language), key=lambda one: one[0] != own)
    return frame.page("help.html", chapters=chapters, own=own)


@router.get("/hjalp/bilder/{name}")
def get_picture(name: str, frame: Anybody) -> Response:
    """Serve a picture of the manual."""
    del frame
    path = folder() / "bilder" / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise ProblemError("not-found", f"the manual has no picture {name[:80]!r}")
    return FileResponse(path, headers={"Cache-Control": "private, max-age=3600"})


@router.get("/hjalp/{topic}")
def get_topic(topic: str, frame: Anybody) -> Response:
    """Show one chapter."""
    path = folder() / f"{topic}.{frame.w.language}.md"
    if not _NAME.fullmatch(topic) or not path.is_file():
        raise ProblemError("not-found", f"the manual has no chapter {topic[:60]!r}")
    text = path.read_text(encoding="utf-8")
    return frame.page(
        "help_topic.html", title=title_of(path), text=written(text), sections=sections(text)
    )
