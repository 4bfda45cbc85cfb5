"""Numbers, money, distances, durations and dates as Swedes and English readers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale, dates, numbers

from logistics.units import clock, hours, kilometres

if TYPE_CHECKING:
    from datetime import date, datetime

_TERRITORY = {"sv": "sv_SE", "en": "en_GB"}
_NOTHING = "–"  # noqa: RUF001 - the dash that tables show for "no value"
_HOUR = 60
_FINE_GRAMS = 100_000  # below 100 kg a decimal says something


class Formats:
    """
    How values are written in one language.

    Parameters
    ----------
    language
        ``sv`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(_TERRITORY[language])

    def number(self, value: float | None, decimals: int = 0) -> str:
        """
        Write a number.

        Parameters
        ----------
        value
            The number; None for none.
        decimals
            How many decimals are shown.

        Returns
        -------
        str
            With the language's separators, its minus a real minus sign.
        """
        if value is None:
            return _NOTHING
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        rounded = round(value, decimals) + 0.0  # no "-0"
        text = numbers.format_decimal(rounded, format=pattern, locale=self.locale)
        return text.replace("-", "\N{MINUS SIGN}")

    def sek(self, value: float | None, decimals: int = 0) -> str:
        """
        Write an amount of money.

        Parameters
        ----------
        value
            SEK; None for none.
        decimals
            0 for overviews, 2 where the öre counts.

        Returns
        -------
        str
            As "4 655 kr" or "SEK 4,655".
        """
        text = self.number(value, decimals)
        return f"{text}\N{NO-BREAK SPACE}kr" if self.language == "sv" else f"SEK {text}"

    def percent(self, share: float | None, decimals: int = 0) -> str:
        """
        Write a share.

        Parameters
        ----------
        share
            1 for the whole; None for none.
        decimals
            How many decimals are shown.

        Returns
        -------
        str
            As "12 %" or "12%".
        """
        if share is None:
            return _NOTHING
        space = "\N{NO-BREAK SPACE}" if self.language == "sv" else ""
        return f"{self.number(share * 100, decimals)}{space}%"

    def km(self, metres: float, decimals: int = 0) -> str:
        """
        Write a distance.

        Parameters
        ----------
        metres
            The distance in metres.
        decimals
            How many decimals are shown.

        Returns
        -------
        str
            In kilometres, with the unit.
        """
        return f"{self.number(kilometres(metres), decimals)}\N{NO-BREAK SPACE}km"

    def span(self, seconds: float) -> str:
        """
        Write a duration.

        Parameters
        ----------
        seconds
            The duration in seconds.

        Returns
        -------
        str
            As "7 h 35 min", whole minutes.
        """
        minutes = round(seconds / 60)
        parts = [f"{minutes // 60}\N{NO-BREAK SPACE}h"] if minutes >= _HOUR else []
        if minutes % 60 or not parts:
            parts.append(f"{minutes % 60}\N{NO-BREAK SPACE}min")
        return "\N{NO-BREAK SPACE}".join(parts)

    def hours(self, seconds: float) -> str:
        """
        Write a duration in hours with one decimal.

        Parameters
        ----------
        seconds
            The duration in seconds.

        Returns
        -------
        str
            As "7,6 h".
        """
        return f"{self.number(hours(seconds), 1)}\N{NO-BREAK SPACE}h"

    def clock(self, seconds: float) -> str:
        """
        Write a clock time.

        Parameters
        ----------
        seconds
            Seconds since local midnight.

        Returns
        -------
        str
            ``HH:MM``.
        """
        return clock(seconds)

    def mass(self, grams: float | None) -> str:
        """
        Write an amount of greenhouse gases.

        Parameters
        ----------
        grams
            Grams; None for none.

        Returns
        -------
        str
            In kilograms, with the unit.
        """
        if grams is None:
            return _NOTHING
        small = abs(grams) < _FINE_GRAMS
        return f"{self.number(grams / 1000, 1 if small else 0)}\N{NO-BREAK SPACE}kg"

    def day(self, day: date, *, weekday: bool = True, year: bool = True) -> str:
        """
        Write a date in words.

        Parameters
        ----------
        day
            The day.
        weekday, year
            Whether the name of the weekday and the year are written.

        Returns
        -------
        str
            As "tisdag 24 november 2026".
        """
        pattern = ("EEEE " if weekday else "") + "d MMMM" + (" y" if year else "")
        return dates.format_date(day, pattern, locale=self.locale)

    def weekday(self, day: date) -> str:
        """
        Name the weekday of a date.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        str
            As "tisdag".
        """
        return dates.format_date(day, "EEEE", locale=self.locale)

    def month(self, day: date) -> str:
        """
        Name the month of a date.

        Parameters
        ----------
        day
            Any day of the month.

        Returns
        -------
        str
            As "november 2026".
        """
        return dates.format_date(day, "LLLL y", locale=self.locale)

    def moment(self, when: datetime) -> str:
        """
        Write a moment in local time.

        Parameters
        ----------
        when
            The moment, with time zone.

        Returns
        -------
        str
            As "24 nov. 06:41", Swedish local time.
        """
        zone = dates.get_timezone("Europe/Stockholm")
        return dates.format_datetime(when, "d MMM HH:mm", tzinfo=zone, locale=self.locale)
