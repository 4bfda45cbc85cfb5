from __future__ import annotations

from api.security import rates
from api.security.rates import Rate


def test_a_rate_holds_for_each_and_begins_anew_with_each_window() -> None:
    now = [120.0]
    rate = Rate("2/minute", clock=lambda: now[0])
    assert [rate.hit("a"), rate.hit("a"), rate.hit("b")] == [0, 0, 0]
    now[0] = 130.0
    assert rate.hit("a") == 50
    now[0] = 179.9
    assert rate.hit("a") == 1
    now[0] = 180.0
    assert rate.hit("a") == 0


def test_memory_is_bounded_whoever_comes() -> None:
    rate = Rate("2/minute", clock=lambda: 0.0)
    for number in range(rates._MOST + 10):
        rate.hit(str(number))
    assert len(rate._counts) <= rates._MOST
