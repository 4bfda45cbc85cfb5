"""Random numbers whose whole state is one word, so that threads do not share any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve.kernel import part

if TYPE_CHECKING:
    from logistics.planning.improve.layout import (
        Words,
    )


@part
def draw(random: Words) -> float:
    """Draw from [0, 1) (xorshift64*, Vigna 2016, ACM Trans. Math. Software 42(4), art. 30)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@part
def below(random: Words, limit: int) -> int:
    """Draw a whole number from 0 to limit - 1."""
    return int(draw(random) * limit)
