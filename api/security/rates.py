"""How often somebody may ask: fixed windows of time, counted in memory, bounded whoever comes."""

import threading
import time
from collections.abc import Callable

from limits import parse

_MOST = 50_000


class Rate:
    """
    Counts requests by who makes them.

    Parameters
    ----------
    text
        How many in what time, such as ``300/minute``.
    clock
        Seconds that only grow.
    """

    def __init__(self, text: str, clock: Callable[[], float] = time.monotonic) -> None:
        rate = parse(text)
        self.amount: int = rate.amount
        self.seconds: int = rate.get_expiry()
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0
        self._counts: dict[str, int] = {}

    def hit(self, who: str) -> int:
        """
        Count a request.

        Parameters
        ----------
        who
            Who makes it.

        Returns
        -------
        int
            Zero where it is within the rate, else seconds until the next window begins.
        """
        moment = self._clock()
        window = int(moment // self.seconds)
        with self._lock:
            if window != self._window or len(self._counts) >= _MOST:
                self._window, self._counts = window, {}
            count = self._counts.get(who, 0) + 1
            self._counts[who] = count
        if count <= self.amount:
            return 0
        return max(1, round((window + 1) * self.seconds - moment))
