"""The manual: whole in both languages, and nothing it names is missing or out of date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from starlette.routing import Match

from api.pages.manual import SECTIONS, anchor, folder, help_address, sections, written
from api.pages.navigation import MENU
from api.settings import Settings
from logistics.cli.app import app as command_line
from tests.api.pages.people import ROLES
from tests.screenshots import SHOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

LANGUAGES = ("sv", "en")
CHAPTERS = ("start", *ROLES)
PICTURE = re.compile(r"!\[([^\]]+)\]\(bilder/([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((/[^)#]*)\)")
VALUES = {"day": "2026-11-25", "run": "0123456789abcdef", "item": "31"}
MOST_WORDS, MOST_BYTES = 750, 1_500_000


def chapter(name: str, language: str) -> str:
    return (folder() / f"{name}.{language}.md").read_text(encoding="utf-8")


def everything() -> list[tuple[str, str, str]]:
    return [(name, lang, chapter(name, lang)) for name in CHAPTERS for lang in LANGUAGES]


def is_served(app: FastAPI, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_role_has_a_short_chapter_in_both_languages(name: str) -> None:
    swedish, english = (chapter(name, language) for language in LANGUAGES)
    assert len(sections(swedish)) == len(sections(english)) >= 3
    assert len(PICTURE.findall(swedish)) == len(PICTURE.findall(english))
    assert len(LINK.findall(swedish)) == len(LINK.findall(english))
    assert max(len(swedish.split()), len(english.split())) <= MOST_WORDS  # two pages
    assert set(folder().glob("*.md")) == {
        folder() / f"{one}.{language}.md" for one in CHAPTERS for language in LANGUAGES
    }


def test_every_page_that_the_manual_names_exists(app: FastAPI) -> None:
    named = {(name, path) for name, _, text in everything() for path in LINK.findall(text)}
    assert len(named) >= 10
    assert sorted(one for one in named if not is_served(app, one[1])) == []


def test_every_picture_is_of_a_page_and_in_a_chapter(app: FastAPI) -> None:
    texts = [(language, text) for _, language, text in everything()]
    shown = {name: language for language, text in texts for _, name in PICTURE.findall(text)}
    made = {f"{shot}.{language}.png": language for shot in SHOTS for language in LANGUAGES}
    files = {path.name for path in (folder() / "bilder").iterdir()}

    assert shown == made
    assert files == made.keys()
    paths = {name: shot.path.format(**VALUES).partition("?")[0] for name, shot in SHOTS.items()}
    assert sorted(name for name, path in paths.items() if not is_served(app, path)) == []
    assert sum(path.stat().st_size for path in (folder() / "bilder").iterdir()) < MOST_BYTES


def test_every_command_and_setting_that_the_manual_names_exists() -> None:
    root: Any = typer.main.get_command(command_line)
    settings = {f"LOGISTICS_{name.upper()}" for name in Settings.model_fields}
    for name, language, text in everything():
        for words in re.findall(r"`logistics ([^`]+)`", text):
            command = root
            for word in words.split():
                if not hasattr(command, "commands"):
                    break
                assert word in command.commands or word.startswith("--"), (name, language, words)
                command = command.commands.get(word)
            options = {option for one in getattr(command, "params", ()) for option in one.opts}
            for option in re.findall(r"--[a-z-]+", words):
                assert option in options | {"--help"}, (name, language, words)
        assert set(re.findall(r"LOGISTICS_[A-Z_]+", text)) <= settings, (name, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_each_page_of_the_menu_leads_to_its_section(role: str, language: str) -> None:
    for entry in MENU:
        if entry.path == "/hjalp":
            continue
        address = help_address(f"{entry.path}/2026", role, language)
        name, _, section = address.removeprefix("/hjalp/").partition("#")
        assert section in dict(sections(chapter(name, language))), (entry.path, address)
    assert help_address("/hjalp/start", role, language) == ""
    assert help_address("/kostnaderna", role, language) == ""
    assert set(SECTIONS) >= {entry.path for entry in MENU} - {"/hjalp"}


def test_a_page_has_help_in_place_that_leads_to_its_section(
    enter: Callable[[str], TestClient],
) -> None:
    manager = enter("management")
    page = manager.get("/kostnader/2026-11").text
    assert 'href="/hjalp/management#kostnader" aria-label="Hjälp med den här sidan"' in page
    shown = manager.get("/hjalp/management").text
    assert '<h2 id="kostnader">Kostnader</h2>' in shown
    assert '<a href="#dagar-till-lantagaren">Dagar till låntagaren</a>' in shown
    assert manager.get("/hjalp").text.index("Ledningen") < manager.get("/hjalp").text.index(
        "Föraren"
    )


def test_headings_can_be_led_to_and_stay_text() -> None:
    assert anchor("Dagar till låntagaren!") == "dagar-till-lantagaren"
    assert written("## A <b> & `c`") == '<h2 id="a-b-c">A &lt;b&gt; &amp; <code>c</code></h2>\n'


def test_the_command_for_pictures_is_in_the_makefile() -> None:
    makefile = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
    assert "\nmanual: $(DEV)  ##" in makefile
    assert "-m tests.screenshots" in makefile


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark", "language"), [(1280, False, "sv"), (360, True, "en")])
def test_chapters_are_accessible_and_fit(
    live: Live, tab: Callable[..., Tab], width: int, *, dark: bool, language: str
) -> None:
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "admin", "/hjalp")
    found = {}
    for name in ("coordinator", "admin"):
        page.goto(f"{live.address}/hjalp/{name}?lang={language}")
        found[name] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]
        sizes = page.locator("article img").evaluate_all(
            "all => all.map((one) => one.naturalWidth)"
        )
        assert all(sizes), (name, sizes)
    assert found == {"coordinator": [], "admin": []}
    opened.assert_clean()
