"""Streams of server-sent events: few at once, kept alive, ended in time."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from api.problems import ProblemError
from api.settings import Settings  # noqa: TC001  # names what the state holds

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
    """An answer of server-sent events."""

    media_type = "text/event-stream"


def stream(app: FastAPI, look: Callable[[int], Awaitable[Progress]], after: int) -> EventStream:
    """
    Tell whoever listens what happens, as it happens.

    Parameters
    ----------
    app
        Counts the streams that are open.
    look
        Given the number of the last event told, finds the newer ones.
    after
        Number of the last event that the listener knows.

    Returns
    -------
    EventStream
        Ends when there is nothing more to tell, when its time is up, or when the service stops;
        a browser then connects again by itself and names the last event it knows.

    Raises
    ------
    ProblemError
        Too many streams are open.
    """
    settings: Settings = app.state.settings
    if app.state.streams >= settings.event_streams:
        raise ProblemError("busy", f"{settings.event_streams} progress streams are open already")
    return EventStream(_events(app, look, after), headers={"X-Accel-Buffering": "no"})


async def _events(
    app: FastAPI, look: Callable[[int], Awaitable[Progress]], after: int
) -> AsyncIterator[bytes]:
    app.state.streams += 1
    app.state.metrics.streams.inc()
    try:
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
    finally:
        app.state.streams -= 1
        app.state.metrics.streams.dec()
