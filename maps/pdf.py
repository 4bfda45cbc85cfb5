"""Paper: an fpdf2 document in our font, with text that the font lacks falling back visibly."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from maps import escape
from maps.fonts import drawable, font_files

if TYPE_CHECKING:
    from datetime import date

    from maps.i18n import Words

FAMILY = "Noto"
MISSING = "\N{REPLACEMENT CHARACTER}"
_REPLACED = {"→": "–", "✓": "x", "₂": "2"}  # noqa: RUF001 - the font has no arrow, no tick


def printable(text: str) -> str:
    """
    Make text from data fit for the font.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        One line; a character that the font cannot draw becomes a visible sign for that.
    """
    known = drawable()
    signs = (_REPLACED.get(c, c) if ord(c) not in known else c for c in escape.visible(text))
    return "".join(c if ord(c) in known else MISSING for c in signs)


class Sheet(FPDF):
    """
    A document that knows its language, title and page numbers.

    Parameters
    ----------
    w
        The reader's words.
    title
        Title of the document; any text.
    day
        The day it speaks of, which is also its date of creation, so that the same content makes
        the same file.
    size
        Width and height of a page in millimetres, or a name such as "A4".
    margin
        Margin in millimetres.
    """

    def __init__(
        self,
        w: Words,
        title: str,
        day: date,
        *,
        size: str | tuple[float, float] = "A4",
        margin: float = 12,
    ) -> None:
        super().__init__(format=size)
        self.words = w
        self.foot = ""
        for style, path in font_files().items():
            self.add_font(FAMILY, style, path)
        self.set_margin(margin)
        self.set_title(printable(title))
        self.set_lang(w.language)
        self.set_creation_date(datetime.combine(day, time(), tzinfo=UTC))
        self.set_auto_page_break(auto=True, margin=margin)
        self.set_draw_color(150)
        self.ink()

    def ink(self, grey: int = 0) -> None:
        """
        Choose how dark text and filled shapes are.

        Parameters
        ----------
        grey
            0 black to 255 white.
        """
        self.set_text_color(grey)
        self.set_fill_color(0)

    def type(self, size: float, *, bold: bool = False) -> None:
        """
        Choose size and weight of the type.

        Parameters
        ----------
        size
            Size in points.
        bold
            Whether it is bold.
        """
        self.set_font(FAMILY, "B" if bold else "", size)

    def line_height(self) -> float:
        """
        Say how high a line is.

        Returns
        -------
        float
            Millimetres at the current size.
        """
        return float(self.font_size) * 1.32

    def say(self, text: str, width: float = 0, *, below: bool = False) -> None:
        """
        Write text that may wrap, and go to the next line.

        Parameters
        ----------
        text
            Any text.
        width
            Width in millimetres; 0 for the rest of the line.
        below
            Whether the next line begins below this text, not at the left margin.
        """
        new_x = XPos.LEFT if below else XPos.LMARGIN
        height = self.line_height()
        self.multi_cell(width, height, printable(text), align="L", new_x=new_x, new_y=YPos.NEXT)

    def box(self, text: str, x: float, y: float, width: float) -> float:
        """
        Write text that may wrap into a column.

        Parameters
        ----------
        text
            Any text.
        x, y, width
            Where, in millimetres.

        Returns
        -------
        float
            Where it ends, in millimetres from the top of the page.
        """
        self.set_xy(x, y)
        self.say(text, width, below=True)
        return float(self.get_y())

    def fit(self, text: str, width: float, largest: float, least: float) -> str:
        """
        Choose the largest type in which a line fits, and cut the line if none does.

        Parameters
        ----------
        text
            Any text.
        width
            Room in millimetres.
        largest, least
            Sizes in points.

        Returns
        -------
        str
            What fits in the size that is now set.
        """
        line, size = printable(text), largest
        self.set_font_size(size)
        while size > least and self.get_string_width(line) > width:
            size = max(least, size * 0.93)
            self.set_font_size(size)
        if self.get_string_width(line) <= width:
            return line
        while line and self.get_string_width(line + "…") > width:
            line = line[:-1]
        return line.rstrip() + "…"

    def room(self, height: float) -> None:
        """
        Begin a new page unless so much room is left.

        Parameters
        ----------
        height
            Millimetres.
        """
        if self.will_page_break(height):
            self.add_page()

    def begin(self, foot: str) -> None:
        """
        Begin a part on a page of its own, named at the foot of all its pages.

        Parameters
        ----------
        foot
            What the part is.
        """
        self.add_page()  # writes the foot of the page before, which still has the old name
        self.foot = foot

    def footer(self) -> None:
        """Write what the sheet is and which page of how many; called by fpdf2."""
        if not self.foot:
            return
        self.set_y(-10)
        self.type(8)
        self.ink(90)
        numbers = f"{self.page_no()} / {{nb}}"
        self.cell(0, 4, self.fit(self.foot, self.epw - 25, 8, 8), align="L")
        self.set_x(self.l_margin)
        self.cell(0, 4, numbers, align="R")
        self.ink()

    def content(self) -> bytes:
        """
        Close the document.

        Returns
        -------
        bytes
            The PDF.
        """
        content = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()  # fpdf2 leaves the files open
        return content
