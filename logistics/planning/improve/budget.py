"""How much of a search is done: by steps, or by the clock with steps that fit learnt on the way."""

from __future__ import annotations

import time

CHUNK_SECONDS = 0.02
"""So long a search goes on between two looks at the world."""
_CHUNKS = 50
_SMALLEST, _LARGEST = 200, 2_000
_FIRST = 20


class Budget:
    """
    Steps or seconds to spend.

    Parameters
    ----------
    iterations
        Steps; with these nothing depends on the clock.
    seconds
        Wall time instead.

    Attributes
    ----------
    kind
        Of the steps that come next, 0 or 1: each has its own speed.
    """

    def __init__(self, iterations: int | None, seconds: float | None) -> None:
        self._iterations = 10_000 if iterations is None else iterations
        self._seconds = seconds
        self._began = self._last = time.perf_counter()
        self._rates = [0.0, 0.0]
        self.kind = 0
        self._ahead = _FIRST
        self.done = 0

    @property
    def share(self) -> float:
        """What is spent, from 0 to 1."""
        if self._seconds is None:
            return self.done / max(self._iterations, 1)
        return (time.perf_counter() - self._began) / max(self._seconds, 1e-9)

    @property
    def steps(self) -> float:
        """How many steps the whole budget is worth, as far as is known."""
        if self._seconds is None:
            return float(self._iterations)
        return max(1.0, self._rate * self._seconds)

    @property
    def _rate(self) -> float:
        return self._rates[self.kind]

    def chunk(self, span: float, upto: float) -> int:
        """
        Choose how many steps to make next.

        Parameters
        ----------
        span
            Share of the budget that the present phase has.
        upto
            Share at which it ends.

        Returns
        -------
        int
            One or more.
        """
        if self._seconds is None:
            left = round(upto * self._iterations) - self.done
            part = min(_LARGEST, max(_SMALLEST, int(span * self._iterations / _CHUNKS)))
            return max(1, min(left, part))
        if not self._rate:
            return self._ahead
        whole = min(CHUNK_SECONDS, span * self._seconds / _CHUNKS)
        return max(1, int(self._rate * max(0.0, min(whole, (upto - self.share) * self._seconds))))

    def spent(self, steps: int) -> None:
        """
        Note that steps were made.

        Parameters
        ----------
        steps
            How many.
        """
        self.done += steps
        now = time.perf_counter()
        rate, known = steps / max(now - self._last, 1e-9), self._rate
        # the very first steps build a plan from nothing and tell little about the later ones
        self._rates[self.kind] = 0.7 * known + 0.3 * rate if known else rate
        self._last = now
