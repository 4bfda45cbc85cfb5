"""Security headers on every answer, with a fresh nonce for the scripts of each page."""

import secrets
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import Settings

Header = tuple[bytes, bytes]

# Leaflet and folium set style attributes, which no nonce can cover; scripts have no such exception.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{tiles}; font-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_HTTPS = {b"strict-transport-security": b"max-age=63072000; includeSubDomains"}


class SecurityHeaders:
    """
    Tell browsers what they may do with an answer.

    Parameters
    ----------
    app
        What comes next.
    settings
        Whether the service is reached over https.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.always = _ALWAYS | (_HTTPS if settings.secure_cookies else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._added(list(message["headers"]), nonce)
            await send(message)

        await self.app(scope, receive, guarded)

    def _added(self, headers: Sequence[Header], nonce: str) -> list[Header]:
        told = {name for name, _ in headers}
        more = dict(self.always)
        if b"content-security-policy" not in told:
            more[b"content-security-policy"] = _POLICY.format(nonce=nonce, tiles="").encode()
        if b"cache-control" not in told:
            more[b"cache-control"] = b"no-store"
        return [*(one for one in headers if one[0] not in more), *more.items()]
