"""Transactions that others came in between, and connections that died while they rested."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from logistics.storage import session as sessions
from logistics.storage.session import reading, write, writing
from logistics.storage.tables import BranchCodeRow, FeedRow
from tests.databases import postgres_only

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

pytestmark = postgres_only


def code(name: str, branch: str | None = None) -> BranchCodeRow:
    return BranchCodeRow(system="koha", code=name, branch=branch)


def test_of_two_that_find_nothing_one_writes_and_the_other_sees_it(engine: Engine) -> None:
    both_looked = Barrier(2)

    def look_and_write(session: Session) -> str:
        if session.get(BranchCodeRow, ("koha", "NOR")) is not None:
            return "known"
        both_looked.wait()
        session.add(code("NOR"))
        return "made"

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: write(engine, look_and_write), range(2)))
    assert sorted(done) == ["known", "made"]


def test_of_two_that_wait_for_each_other_both_are_done(engine: Engine) -> None:
    names, both_hold_one = ("A", "B"), Barrier(2)
    with writing(engine) as session:
        session.add_all([code(name) for name in names])
    first_try = {names: True, names[::-1]: True}

    def count(order: tuple[str, str]) -> None:
        def work(session: Session) -> None:
            session.connection().execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            for name in order:
                session.connection().execute(
                    text("UPDATE branch_codes SET code = code WHERE code = :name"), {"name": name}
                )
                if first_try[order]:
                    first_try[order] = False
                    both_hold_one.wait()
            session.connection().execute(text("UPDATE feed SET last = last + 1"))

        write(engine, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, first_try))
    with reading(engine) as session:
        assert session.get_one(FeedRow, 1).last == 2


def test_what_never_works_is_told_after_some_tries(engine: Engine) -> None:
    tries = []

    def wrong(session: Session) -> None:
        tries.append(1)
        session.add(code("NOR", "no such branch"))

    with pytest.raises(IntegrityError, match="foreign key") as raised:
        write(engine, wrong)
    assert len(tries) == 5
    assert "no such branch" not in str(raised.value).partition("DETAIL")[0]


def test_a_connection_that_died_while_it_rested_is_not_used(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    killer = sessions.open_database(engine.url.render_as_string(hide_password=False))
    with reading(engine) as session:
        number = session.scalar(text("SELECT pg_backend_pid()"))
    with killer.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    killer.dispose()
    monkeypatch.setattr(sessions, "_RESTED_SECONDS", 0.0)
    with reading(engine) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != number
