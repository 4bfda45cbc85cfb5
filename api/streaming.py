"""Streams of server-sent events: few at once, kept alive, ended in time."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.problems import ProblemError

_POLL_SECONDS = 1.0
_SILENCE_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    What there is to tell since the last look.

    Attributes
    ----------
    events
        Number, name and data of each.
    done
        Whether nothing will follow.
    """

    events: Sequence[tuple[int, str, Any]]
    done: bool


class EventStream(StreamingResponse):
    """An answer of server-sent events, one of few that are open at once."""

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one listener, or refuse it where too many listen already."""
        state = scope["app"].state
        # Counted in one breath: a pause here would let a burst of listeners in together.
        if state.streams >= state.settings.event_streams:
            raise ProblemError(
                "busy", f"{state.settings.event_streams} progress streams are open already"
            )
        state.streams += 1
        state.metrics.streams.inc()
        try:
            await super().__call__(scope, receive, send)
        finally:
            state.streams -= 1
            state.metrics.streams.dec()


def stream(app: FastAPI, look: Callable[[int], Awaitable[Progress]], after: int) -> EventStream:
    """
    Tell whoever listens what happens, as it happens.

    Parameters
    ----------
    app
        Says when streams end.
    look
        Given the number of the last event told, finds the newer ones.
    after
        Number of the last event that the listener knows.

    Returns
    -------
    EventStream
        Ends when there is nothing more to tell, when its time is up, or when the service stops;
        a browser then connects again by itself and names the last event it knows. Refused as
        busy where too many are open.
    """
    return EventStream(_events(app, look, after), headers={"X-Accel-Buffering": "no"})


async def _events(
    app: FastAPI, look: Callable[[int], Awaitable[Progress]], after: int
) -> AsyncIterator[bytes]:
    end = time.monotonic() + app.state.settings.event_stream_seconds
    spoken = time.monotonic()
    while time.monotonic() < end and not app.state.stopping:
        progress = await look(after)
        for number, name, data in progress.events:
            after, spoken = number, time.monotonic()
            yield f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
        if progress.done:
            return
        if time.monotonic() - spoken > _SILENCE_SECONDS:
            spoken = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(_POLL_SECONDS)
