"""Help in place: the manual's Markdown, shown as pages."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import FileResponse, Response

from api.pages.frame import Frame, shown_to
from api.problems import ProblemError

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Frame, shown_to()]
_NAME: Final = re.compile(r"[a-z0-9-]{1,60}")
_PICTURE: Final = re.compile(r"[a-z0-9-]{1,80}(\.[a-z]{2})?\.(png|svg)")


@cache
def folder() -> Path:
    """
    Find the manual.

    Returns
    -------
    Path
        In an installed package beside these modules, in a checkout under ``docs``.
    """
    packed = Path(str(files("api"))) / "manual"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "docs" / "manual"


def topics(language: str) -> list[tuple[str, str]]:
    """
    List the chapters of the manual.

    Parameters
    ----------
    language
        ``sv`` or ``en``; a chapter is ``NAME.LANGUAGE.md``.

    Returns
    -------
    list[tuple[str, str]]
        Name and title of each.
    """
    found = sorted(folder().glob(f"*.{language}.md"))
    return [(path.name.partition(".")[0], _title(path)) for path in found]


def written(text: str) -> Markup:
    """
    Turn Markdown into markup; HTML inside it stays text, and only harmless links are links.

    Parameters
    ----------
    text
        Markdown.

    Returns
    -------
    Markup
        Safe to show.
    """
    return Markup(MarkdownIt("js-default", {"linkify": False}).render(text))  # noqa: S704


@router.get("/hjalp")
def get_help(frame: Anybody) -> Response:
    """List the chapters; that of one's own role comes first."""
    own = "coordinator" if frame.who.role == "admin" else frame.who.role
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
    return frame.page("help_topic.html", title=_title(path), text=written(text))


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next(lines, path.stem).lstrip("# ").strip()
