from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from logistics.errors import InputError
from logistics.operations.view.kinds import Ride
from maps import codes
from maps.i18n import words
from maps.labels import Format, labels, labels_html, labels_pdf
from maps.packing_list import pack_lines, packing_list_html, packing_list_pdf
from maps.pdf import MISSING, Sheet, printable
from maps.run_sheet import run_sheet_html, run_sheet_pdf
from tests.maps import hostile
from tests.maps.sample import sample_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser import Tab

VIEW = sample_view()
EMPTY = replace(VIEW, runs=(), undelivered=())


def text_of(pdf: bytes) -> list[str]:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return [re.sub(r"\s+", " ", page) for page in pages]


def painted(draw: Callable[[Sheet], None], side: int = 100) -> list[str]:
    """Rasterise the rectangles a drawing makes, and read what codes stand there."""
    sheet = Sheet(words("sv"), "test", VIEW.service_day, size=(side, side), margin=0)
    sheet.add_page()
    image = Image.new("L", (side * 12, side * 12), 255)

    def fill(x: float, y: float, width: float, height: float, style: str) -> None:
        assert style == "F"
        box = tuple(round(edge * 12) for edge in (x, y, x + width, y + height))
        image.paste(0, box)

    sheet.rect = fill  # type: ignore[method-assign,assignment]
    draw(sheet)
    sheet.content()
    return [found.text for found in zxingcpp.read_barcodes(image)]


def test_run_sheet_says_where_when_and_what() -> None:
    text = " ".join(text_of(run_sheet_pdf(VIEW, [1])))
    assert "Tur 1: Bil 1 tisdag 24 november 2026 06:30" in text
    assert "4 08:04 Grythyttans bibliotek" in text
    assert "AV 2" in text
    assert "Rast, 30" in text
    assert "Tur 2" not in text


def test_run_sheet_speaks_english() -> None:
    text = " ".join(text_of(run_sheet_pdf(VIEW, language="en")))
    assert "Run 2: Bil 2 Tuesday 24 November 2026" in text
    assert "OFF 2" in text


def test_paper_knows_its_language_and_title_and_is_the_same_twice() -> None:
    pdf = run_sheet_pdf(VIEW)
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Körlista, tisdag 24 november 2026"
    assert reader.root_object["/Lang"] == "sv"
    assert run_sheet_pdf(VIEW) == pdf


def test_a_day_without_runs_has_its_paper() -> None:
    assert text_of(run_sheet_pdf(EMPTY)) == ["Ingen bil kör i dag."]
    assert "Ingen bil stannar här i dag." in packing_list_html(EMPTY)
    assert text_of(labels_pdf(EMPTY)) == ["Inget att märka."]
    assert "Stängt i dag (Inventering)" in text_of(packing_list_pdf(EMPTY))[0]


def test_each_page_says_at_its_foot_what_it_is_of() -> None:
    view = sample_view()
    titles = [f"Tur {run.number}: {run.vehicle_name}" for run in view.runs]
    of = titles[0]
    for page in PdfReader(BytesIO(run_sheet_pdf(view))).pages:
        lines = page.extract_text().strip().splitlines()
        of = lines[0] if lines[0] in titles else of
        assert any(line.startswith(f"{of} · ") for line in lines), lines
        assert not [one for one in titles if one != of and one in page.extract_text()]
    for page in PdfReader(BytesIO(packing_list_pdf(view))).pages:
        lines = page.extract_text().strip().splitlines()
        assert any(line.startswith(f"{lines[0]} · Packlista") for line in lines), lines


def test_packing_list_counts_every_item_of_the_branch_once() -> None:
    # Nora: 33 items wait there, four of them for branches no run reaches from Nora.
    stop = next(s for s in VIEW.runs[0].stops if s.place.id == "nora")
    (text,) = text_of(packing_list_pdf(VIEW, "nora"))
    assert "Bil 1 kommer 08:44" in text
    assert "Packa: 33 exemplar" in text
    assert "Navlåda 4 allt annat, via navet" in text
    assert sum(b.items for b in stop.load if b.ride is Ride.TO_HUB) == 4


def test_packing_list_has_a_row_for_each_label() -> None:
    w = words("sv")
    for stop in VIEW.runs[0].stops:
        packed = pack_lines(stop, w)
        printed = labels(VIEW, stop.place.id)
        bundles = [row for row in packed if row[0] != "Navlåda"]
        assert len(bundles) == len([label for label in printed if label.to != "NAV"])
        assert sum(n for _, n, _ in packed) == sum(bundle.items for bundle in stop.load)


def test_there_is_a_packing_list_for_each_branch_that_is_served() -> None:
    assert len(text_of(packing_list_pdf(VIEW))) == 18


@pytest.mark.parametrize("form", Format)
def test_label_has_destination_run_and_stop(form: Format) -> None:
    pages = text_of(labels_pdf(VIEW, "nora", form=form))
    direct = [b for b in VIEW.runs[0].stops[4].load if b.ride is Ride.DIRECT]
    assert len(pages) == len(direct) + 1
    page = next(page for page in pages if page.startswith("Kumla"))
    assert "Tur 1 · Bil 1 · stopp 16" in page
    assert "Från Nora" in page
    assert pages[-1].startswith("NAV Tur 1")


def test_labels_of_the_hub_are_its_loads() -> None:
    loaded = [bundle.id for run in VIEW.runs for bundle in run.load_at_hub]
    assert [label.code for label in labels(VIEW, VIEW.hub.id)] == loaded


@pytest.mark.parametrize("width", [54, 48])
def test_bar_code_is_read_back(width: float) -> None:
    read = painted(lambda sheet: codes.draw_bars(sheet, "HUB-261124-1-16-2", 5, 5, width, 14))
    assert read == ["HUB-261124-1-16-2"]


def test_qr_code_is_read_back() -> None:
    text = "https://kurir.bergslagen.example/tur/A7-å"
    assert painted(lambda sheet: codes.draw_qr(sheet, text, 5, 5, 20)) == [text]


@pytest.mark.parametrize("text", ["", "å", "x" * 41])
def test_what_cannot_be_a_bar_code_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected 1 to 40 printable ASCII characters"):
        codes.bar_modules(text)


def test_characters_the_font_lacks_are_seen_to_be_missing() -> None:
    assert printable("Nora 📚 ✓") == f"Nora {MISSING} x"
    assert printable("א\u202eב") == MISSING * 2
    assert printable("Å→Ö") == "Å–Ö"  # noqa: RUF001


@pytest.mark.parametrize("language", ["sv", "en"])
def test_hostile_names_are_printed_as_text(language: str) -> None:
    view = hostile.hostile_view()
    sheets = [run_sheet_pdf, packing_list_pdf, labels_pdf]
    for make in sheets:
        text = "".join(text_of(make(view, language=language)))
        assert "=HYPERLINK" in text
        assert "</script><img" in text
    form = Format.ROLL62
    assert len(PdfReader(BytesIO(labels_pdf(view, form=form))).pages) == len(labels(view))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["sv", "en"])
def test_sheets_open_on_desktop_and_phone(
    tab: Callable[..., Tab], tmp_path: Path, language: str
) -> None:
    wide, narrow = tab(), tab(width=360, height=740, dark=True)
    pages = [
        run_sheet_html(VIEW, [2], language=language),
        packing_list_html(VIEW, "nora", language=language),
        labels_html(VIEW, "nora", language=language),
    ]
    for html in pages:
        for opened in (wide, narrow):
            opened.open(html, tmp_path)
            assert opened.sideways() == 0
        assert (wide if language == "sv" else narrow).faults() == []
    wide.assert_clean()
    narrow.assert_clean()


@pytest.mark.browser
def test_hostile_names_appear_as_text_on_sheets(tab: Callable[..., Tab], tmp_path: Path) -> None:
    opened, view = tab(width=360), hostile.hostile_view()
    for html in (run_sheet_html(view), packing_list_html(view), labels_html(view)):
        page = opened.open(html, tmp_path)
        assert page.locator("img, b[onmouseover]").count() == 0
        assert hostile.QUOTES in page.locator("body").inner_text()
        assert opened.sideways() == 0
    opened.assert_clean()


@pytest.mark.browser
def test_codes_on_a_page_are_read_back(tab: Callable[..., Tab], tmp_path: Path) -> None:
    opened = tab(device_scale_factor=3)
    page = opened.open(labels_html(VIEW, "nora"), tmp_path)
    label = page.locator(".label").first
    image = Image.open(BytesIO(label.screenshot()))
    first = labels(VIEW, "nora")[0].code
    formats = {str(found.format): found.text for found in zxingcpp.read_barcodes(image)}
    assert set(formats.values()) == {first}
    assert len(formats) == 2


def test_a_name_too_long_for_its_column_gives_way_to_the_short_one() -> None:
    run = VIEW.runs[0]
    place = replace(
        run.stops[0].place, name="Lindesbergs stadsbibliotek (Grenverket)", short_name="Lindesberg"
    )
    view = replace(VIEW, runs=(replace(run, stops=(replace(run.stops[0], place=place),)),))
    (text,) = text_of(run_sheet_pdf(view))
    assert "Lindesberg" in text
    assert "stadsbibl" not in text


def test_a_long_place_of_origin_stands_whole_where_there_is_room() -> None:
    run = VIEW.runs[0]
    stop = next(one for one in run.stops if one.unload and len(one.load) <= 5)
    origin = replace(stop.place, short_name="Lindesbergs biblioteksbuss")
    off = replace(stop.unload[0], origin=origin, ride=Ride.DIRECT)
    view = replace(VIEW, runs=(replace(run, stops=(replace(stop, unload=(off,)),)),))
    (text,) = text_of(run_sheet_pdf(view))
    assert "från Lindesbergs biblioteksbuss" in text
