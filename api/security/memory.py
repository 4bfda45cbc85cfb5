"""Who was let in a moment ago, so that the database is not asked at each request."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from api.security.keys import digest
from api.security.roles import Principal

_MOST = 10_000


class Memory:
    """
    Remembers for a short while who a key or a cookie belongs to.

    Parameters
    ----------
    seconds
        How long.
    most
        How many at most; the oldest go first.
    clock
        Seconds that only grow.
    """

    def __init__(
        self, seconds: float, most: int = _MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()
        self._times_forgotten = 0

    def find(self, secret: str) -> Principal | None:
        """
        Tell who was let in with a secret.

        Parameters
        ----------
        secret
            The key or the cookie.

        Returns
        -------
        Principal | None
            None where the database must be asked.
        """
        with self._lock:
            found = self._known.get(digest(secret))
        return found[1] if found and found[0] > self._clock() else None

    def ask(self, secret: str, look: Callable[[str], Principal | None]) -> Principal | None:
        """
        Look somebody up, and remember the answer.

        What was read before everything was forgotten may hold no more, and is not kept.

        Parameters
        ----------
        secret
            The key or the cookie.
        look
            Asks the database.

        Returns
        -------
        Principal | None
            None for nobody known.
        """
        with self._lock:
            began = self._times_forgotten
        found = look(secret)
        with self._lock:
            if found is not None and began == self._times_forgotten:
                self._known[digest(secret)] = self._clock() + self._seconds, found
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        """Forget everybody, so that a change of rights holds at once."""
        with self._lock:
            self._known.clear()
            self._times_forgotten += 1
