"""Find the position of an address by a geocoding service, Nominatim unless another is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from logistics.errors import InputError, UnavailableError
from logistics.network.branches import CoordinateQuality

if TYPE_CHECKING:
    from logistics.network.road_records import Position

# Nominatim ranks places from countries (4) over streets (26) to houses and shops (30).
_HOUSE_RANK = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocoderSettings:
    """
    How to reach a geocoder that speaks as Nominatim does.

    Attributes
    ----------
    url
        Address of the service.
    user_agent
        Who asks; the public service wants a name that is the installation's own.
    timeout_seconds
        Time for one answer.
    pause_seconds
        Time between two requests; the public service allows one a second.
    country
        Two-letter code of the country to search in.
    """

    url: str = "https://nominatim.openstreetmap.org"
    user_agent: str = "courier-planner"
    timeout_seconds: float = 10.0
    pause_seconds: float = 1.0
    country: str = "se"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """
    A place as a geocoder knows it.

    Attributes
    ----------
    address
        The whole address in the geocoder's words.
    latitude
        WGS 84 decimal degrees.
    longitude
        WGS 84 decimal degrees.
    quality
        Address for a house, locality for a street, town or anything larger.
    """

    address: str
    latitude: float
    longitude: float
    quality: CoordinateQuality

    @property
    def position(self) -> Position:
        """Latitude and longitude, WGS 84 decimal degrees."""
        return self.latitude, self.longitude


class Geocoder:
    """
    A geocoder that keeps its pauses.

    Parameters
    ----------
    settings
        How to reach it.

    Raises
    ------
    InputError
        The address of the service is none.
    """

    def __init__(self, settings: GeocoderSettings | None = None) -> None:
        self.settings = settings or GeocoderSettings()
        parts = urlsplit(self.settings.url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise InputError(
                f"geocoder address is {self.settings.url!r}, "
                "expected one such as https://nominatim.openstreetmap.org"
            )
        service = Nominatim(
            domain=f"{parts.netloc}{parts.path}".rstrip("/"),
            scheme=parts.scheme,
            user_agent=self.settings.user_agent,
            timeout=self.settings.timeout_seconds,
            adapter_factory=URLLibAdapter,
        )
        # By default the limiter swallows errors and answers nothing in their place.
        self._ask = RateLimiter(
            service.geocode,
            min_delay_seconds=self.settings.pause_seconds,
            max_retries=0,
            swallow_exceptions=False,
        )

    def find(self, address: str, *, limit: int = 1) -> list[FoundPlace]:
        """
        Find places by address.

        Parameters
        ----------
        address
            Street and town, or the name of a place and its town.
        limit
            How many to give at most.

        Returns
        -------
        list of FoundPlace
            The best first; none when the geocoder knows no such place.

        Raises
        ------
        InputError
            The address is blank.
        UnavailableError
            The geocoder does not answer, or answers something else.
        """
        if not address.strip():
            raise InputError("address is blank, expected a street and a town")
        try:
            found = self._ask(
                address,
                exactly_one=False,
                limit=limit,
                country_codes=self.settings.country,
                language="sv",
            )
            return [_place(location.raw) for location in found or ()]
        except (GeopyError, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(
                f"geocoder {self.settings.url} gives no answer for {address!r} "
                f"({type(error).__name__}: {error}); without the internet give latitude and "
                "longitude yourself, or set another geocoder"
            ) from error


def geocode(address: str, settings: GeocoderSettings | None = None) -> FoundPlace | None:
    """
    Find one place by address.

    Parameters
    ----------
    address
        Street and town, or the name of a place and its town.
    settings
        How to reach the geocoder; None for the public Nominatim.

    Returns
    -------
    FoundPlace or None
        The best match, None when the geocoder knows no such place.

    Raises
    ------
    InputError
        The address is blank.
    UnavailableError
        The geocoder does not answer, or answers something else.
    """
    return next(iter(Geocoder(settings).find(address)), None)


def _place(raw: dict[str, Any]) -> FoundPlace:
    house = int(raw.get("place_rank", 0)) >= _HOUSE_RANK
    return FoundPlace(
        address=str(raw["display_name"]),
        latitude=float(raw["lat"]),
        longitude=float(raw["lon"]),
        quality=CoordinateQuality.ADDRESS if house else CoordinateQuality.LOCALITY,
    )
