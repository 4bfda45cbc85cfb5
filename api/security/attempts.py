"""Idempotency keys of log-ins: in memory alone, since a hash of a password on disk is a gift."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request

from api.door import address_of
from api.idempotency import refuse_reuse

_MOST = 10_000
_KEPT_SECONDS = 3_600.0


class Attempts:
    """
    Remembers for an hour which log-in an idempotency key came with.

    A repetition of the same log-in is a new log-in; another log-in with the same key is refused.

    Parameters
    ----------
    most
        How many at most; the oldest go first.
    clock
        Seconds that only grow.
    """

    def __init__(self, most: int = _MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], tuple[float, bytes]] = OrderedDict()

    def claim(self, caller: str, key: str, body: bytes) -> None:
        """
        Take a key for a log-in.

        Parameters
        ----------
        caller
            Address of whoever is asking.
        key
            The key.
        body
            What was sent.

        Raises
        ------
        ProblemError
            The key came with another log-in.
        """
        digest, now = hmac.new(self._secret, body, hashlib.sha256).digest(), self._clock()
        with self._lock:
            until, known = self._known.get((caller, key), (0.0, b""))
            if until > now and not hmac.compare_digest(known, digest):
                refuse_reuse(key)
            self._known[caller, key] = now + _KEPT_SECONDS, digest
            self._known.move_to_end((caller, key))
            if len(self._known) > self._most:
                self._known.popitem(last=False)


async def _attempt(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description="The same key with the same body logs in anew; with another it is refused.",
        ),
    ] = None,
) -> None:
    if idempotency_key is not None:
        attempts: Attempts = request.app.state.attempts
        attempts.claim(address_of(request), idempotency_key, await request.body())


#: What the route of the log-in asks for.
ONE_ATTEMPT = Depends(_attempt)
