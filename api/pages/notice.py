"""One sentence that outlives a redirect: "the plan is published", shown on the next page."""

from dataclasses import dataclass
from typing import Final, Literal

from fastapi import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

COOKIE: Final = "notice"
_SECONDS = 120
_LONGEST = 600

Kind = Literal["good", "warn", "bad", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """
    A sentence for who reads the next page.

    Attributes
    ----------
    text
        The sentence, in the reader's language.
    kind
        How it looks: good, warn, bad, or plain when empty.
    """

    text: str
    kind: Kind = "good"


def leave(request: Request, response: Response, said: Notice, secret: str) -> None:
    """
    Leave a sentence for the next page.

    Parameters
    ----------
    request
        The request.
    response
        The answer, which carries it as a signed cookie.
    said
        The sentence.
    secret
        The token of the log-in: nobody else can put words into the mouth of this service.
    """
    value = _signer(secret).dumps([said.text[:_LONGEST], said.kind])
    secure = request.app.state.settings.secure_cookies
    response.set_cookie(
        COOKIE, value, max_age=_SECONDS, secure=secure, httponly=True, samesite="lax"
    )


def take(request: Request, secret: str) -> Notice | None:
    """
    Take the sentence that the last page left.

    Parameters
    ----------
    request
        The request.
    secret
        The token of the log-in.

    Returns
    -------
    Notice | None
        None when there is none, or none of ours.
    """
    try:
        text, kind = _signer(secret).loads(request.cookies.get(COOKIE, ""), max_age=_SECONDS)
    except BadSignature:
        return None
    return Notice(text=text, kind=kind)


def _signer(secret: str) -> URLSafeTimedSerializer:
    # Without authentication there is no token, and nobody to be protected from.
    return URLSafeTimedSerializer(secret or "local", salt="notice")
