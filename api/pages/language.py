"""In which language a page answers: the address says, else the cookie, else the browser."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from maps.i18n import LANGUAGES, Words, words

COOKIE: Final = "language"
_YEAR_SECONDS = 365 * 24 * 3600


def words_of(request: Request) -> Words:
    """
    Find the words of who reads the page.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    Words
        Swedish unless ``?lang``, the cookie or ``Accept-Language`` asks for English.
    """
    asked = (request.query_params.get("lang"), request.cookies.get(COOKIE))
    chosen = next((one for one in asked if one in LANGUAGES), None)
    return words(chosen or _preferred(request.headers.get("accept-language", "")), "api")


def remember(request: Request, response: Response) -> None:
    """
    Keep a language that was asked for in the address.

    Parameters
    ----------
    request
        The request.
    response
        The answer, which sets the cookie.
    """
    asked = request.query_params.get("lang")
    if asked in LANGUAGES and asked != request.cookies.get(COOKIE):
        secure = request.app.state.settings.secure_cookies
        response.set_cookie(
            COOKIE, asked, max_age=_YEAR_SECONDS, secure=secure, httponly=True, samesite="lax"
        )


def _preferred(header: str) -> str:
    wishes = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=") or "1"
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES and quality.replace(".", "", 1).isdigit():
            wishes.append((-float(quality), place, language))
    return min(wishes)[2] if wishes else LANGUAGES[0]
