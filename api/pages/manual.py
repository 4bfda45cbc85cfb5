"""The manual: its chapters, their sections as addresses, and which section is about which page."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Chapter and headings, in Swedish and English, about the pages below an address, by role.
SECTIONS: Final = {
    "/dag": {"": ("coordinator", "Dagens turer", "The day's runs")},
    "/natet": {"": ("coordinator", "Nätet", "The network")},
    "/kostnader": {"": ("management", "Kostnader", "Costs")},
    "/tur": {"": ("driver", "Min tur", "My run")},
    "/bibliotek": {"": ("branch", "Mitt bibliotek", "My library")},
    "/sok": {
        "": ("coordinator", "Sök", "Search"),
        "branch": ("branch", "Söka ett exemplar", "Find an item"),
    },
    "/konto": {"": ("start", "Byta språk och lösenord", "Change language and password")},
    "/logga-in": {"": ("start", "Logga in", "Log in")},
}


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
    return [(path.name.partition(".")[0], title_of(path)) for path in found]


def title_of(path: Path) -> str:
    """
    Read the title of a chapter.

    Parameters
    ----------
    path
        Its file.

    Returns
    -------
    str
        Its first line.
    """
    with path.open(encoding="utf-8") as lines:
        return next(lines, path.stem).lstrip("# ").strip()


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
        Safe to show; every heading can be led to by its `anchor`.
    """
    reader = MarkdownIt("js-default", {"linkify": False})
    tokens = reader.parse(text)
    for heading, inline in itertools.pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", anchor(_plain(inline)))
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704


def sections(text: str) -> list[tuple[str, str]]:
    """
    List the sections of a chapter.

    Parameters
    ----------
    text
        Markdown.

    Returns
    -------
    list[tuple[str, str]]
        Anchor and heading of each.
    """
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    return [(anchor(heading), heading.strip()) for heading in headings]


def anchor(heading: str) -> str:
    """
    Make the name by which a heading can be led to.

    Parameters
    ----------
    heading
        The heading.

    Returns
    -------
    str
        Lower-case letters, digits and hyphens.
    """
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def help_address(path: str, role: str, language: str) -> str:
    """
    Find the section that is about a page.

    Parameters
    ----------
    path
        Address of the page.
    role
        Who reads.
    language
        ``sv`` or ``en``.

    Returns
    -------
    str
        Address of the section; empty where the manual says nothing of the page.
    """
    found = next((SECTIONS[top] for top in SECTIONS if _below(path, top)), None)
    if found is None:
        return ""
    chapter, swedish, english = found.get(role) or found[""]
    return f"/hjalp/{chapter}#{anchor(swedish if language == 'sv' else english)}"


def _below(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])
