from __future__ import annotations

import pytest

from api.app import create_app
from api.settings import read_settings
from logistics.cli.store import close_all, unchanged
from logistics.operations.day.cut_off import DEFAULT_CUT_OFF_SECONDS, cut_off_of
from logistics.operations.intake.lending import lending_rules_of
from logistics.storage.session import reading


@pytest.mark.parametrize(("named", "seconds"), [("10:30", 37_800), (None, DEFAULT_CUT_OFF_SECONDS)])
def test_commands_and_service_promise_by_the_same_hour(
    database_url: str, monkeypatch: pytest.MonkeyPatch, named: str | None, seconds: int
) -> None:
    if named is not None:
        monkeypatch.setenv("LOGISTICS_CUT_OFF", named)
    service = create_app(read_settings(database=database_url)).state.engine
    for engine in (unchanged(database_url), service):
        with reading(engine) as session:
            assert cut_off_of(session) == seconds
    close_all()
    service.dispose()


def test_commands_and_service_lend_by_the_same_rules(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGISTICS_HOME_ONLY", "dvd,game")
    monkeypatch.setenv("LOGISTICS_CLOSED_WAYS", "kumla:*:magazine")
    service = create_app(read_settings(database=database_url)).state.engine
    for engine in (unchanged(database_url), service):
        with reading(engine) as session:
            rules = lending_rules_of(session)
            assert rules.home_only_materials == {"dvd", "game"}
            assert rules.forbidden == {("kumla", "*", "magazine")}
    close_all()
    service.dispose()
