"""Refuse early what is too large, too slow, too deep, or meant for another host."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Fault, problem
from api.settings import Settings

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_NOT_MARKS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_STREAMED = b"application/x-ndjson"


class _RefusedError(Exception):
    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug


class Intake:
    """
    Check the size, pace and shape of a request before anything else sees it.

    A body in NDJSON is passed on as it comes; every other body is read here whole, so that no
    worker thread ever waits for a slow sender.

    Parameters
    ----------
    app
        What comes next.
    settings
        The limits.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.hosts = frozenset(host.strip("[]").lower() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, await self._body(scope, receive), watched)
        except _RefusedError as refusal:
            if started:
                raise
            request_id = scope.get("state", {}).get("request_id", "")
            answer = problem(
                refusal.slug,
                [Fault(detail=str(refusal))],
                request_id=request_id,
                headers={"Connection": "close"},
            )
            await answer(scope, receive, send)

    async def _body(self, scope: Scope, receive: Receive) -> Receive:
        headers = dict(scope["headers"])
        self._check_host(headers.get(b"host", b""))
        streamed = headers.get(b"content-type", b"").split(b";")[0].strip() == _STREAMED
        limit = self.settings.bulk_bytes if streamed else self.settings.body_bytes
        length = headers.get(b"content-length")
        if length is not None and (not length.isdigit() or int(length) > limit):
            raise _RefusedError("too-large", f"the body is longer than {limit} bytes")
        if length in {None, b"0"} and b"transfer-encoding" not in headers:
            return receive
        paced = self._paced(receive, limit)
        if streamed:
            return paced
        body = bytearray()
        while True:
            message = await paced()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        if b"json" in headers.get(b"content-type", b""):
            check_depth(body, self.settings.json_depth)
        return _replay(bytes(body), receive)

    def _check_host(self, header: bytes) -> None:
        try:
            host = urlsplit(f"//{header.decode('ascii')}").hostname or ""
        except ValueError:
            host = ""
        if host not in self.hosts:
            raise _RefusedError(
                "malformed",
                "the Host header names another service; "
                "set LOGISTICS_PUBLIC_URL or LOGISTICS_ALLOWED_HOSTS to the name people use",
            )

    def _paced(self, receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
        allowed, slowest = self.settings.body_seconds, self.settings.body_bytes_per_second
        begin, received, is_whole = time.monotonic(), 0, False

        async def paced() -> Message:
            nonlocal received, is_whole
            if is_whole:  # what is still listened for is whether the client is gone
                return await receive()
            try:
                async with asyncio.timeout(allowed):
                    message = await receive()
            except TimeoutError:
                raise _RefusedError(
                    "timeout", f"nothing came for {allowed:g} s in the middle of the body"
                ) from None
            is_whole = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                raise _RefusedError("too-large", f"the body is longer than {limit} bytes")
            waited = time.monotonic() - begin - allowed
            if message.get("more_body", False) and waited > 0 and received < slowest * waited:
                raise _RefusedError(
                    "timeout", f"the body came at less than {slowest:g} bytes a second"
                )
            return message

        return paced


def check_depth(body: bytes | bytearray, depth: int) -> None:
    """
    Refuse JSON whose brackets nest too deep, before a parser walks down.

    Parameters
    ----------
    body
        A JSON text; one that is not well formed is left to the parser.
    depth
        Deepest nesting allowed.
    """
    if body.count(b"[") + body.count(b"{") <= depth:
        return
    brackets = _brackets(body)
    for _ in range(depth):  # each round takes away the innermost level
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    if brackets.count(b"[") + brackets.count(b"{"):
        raise _RefusedError(
            "malformed", f"brackets nest deeper than {depth} levels, or do not close"
        )


def _brackets(body: bytes | bytearray) -> bytes:
    if b"\\" not in body:  # nearly always, and then texts without brackets are pairs of quotes
        marks = body.translate(None, _NOT_MARKS).replace(b'""', b"")
        return bytes(_STRING.sub(b"", marks).translate(None, _NOT_BRACKETS))
    return bytes(_STRING.sub(b"", body).translate(None, _NOT_BRACKETS))


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
