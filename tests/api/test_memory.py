"""Who was let in a moment ago: never longer than a change of rights allows."""

from __future__ import annotations

from api.security.memory import Memory
from api.security.roles import Principal

ANNA = Principal(kind="user", id="user:1", scopes=frozenset())


class Clock:
    """Seconds as a test says them."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_database_is_asked_once_in_a_while() -> None:
    clock = Clock()
    memory = Memory(10, clock=clock)
    assert memory.find("cookie") is None
    assert memory.ask("cookie", lambda _: ANNA) == ANNA
    clock.now = 9.9
    assert memory.find("cookie") == ANNA
    clock.now = 10.0
    assert memory.find("cookie") is None


def test_nobody_is_not_remembered() -> None:
    memory = Memory(10)
    assert memory.ask("cookie", lambda _: None) is None
    assert memory.find("cookie") is None


def test_what_was_read_before_somebody_logged_out_is_not_remembered() -> None:
    memory = Memory(10)

    def look(_: str) -> Principal:
        # Another request logs out between the look and the answer.
        memory.forget()
        return ANNA

    assert memory.ask("cookie", look) == ANNA
    assert memory.find("cookie") is None


def test_the_oldest_goes_first_where_there_are_many() -> None:
    memory = Memory(10, most=2)
    for secret in ("one", "two", "three"):
        memory.ask(secret, lambda _: ANNA)
    found = [memory.find(secret) for secret in ("one", "two", "three")]
    assert found == [None, ANNA, ANNA]
