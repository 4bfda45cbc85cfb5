from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import Settings, is_loopback, read_settings, settings_page
from logistics.errors import InputError


def test_every_setting_is_documented() -> None:
    page = Path("docs/settings.md")

    assert page.read_text(encoding="utf-8") == settings_page(), (
        "run `python -m api.settings > docs/settings.md`"
    )
    assert all(field.description for field in Settings.model_fields.values())


def test_all_faults_are_told_at_once_and_no_value_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGISTICS_PORT", "eighty-of-my-secrets")
    monkeypatch.setenv("LOGISTICS_LOG_LEVEL", "chatty")

    with pytest.raises(InputError, match="LOGISTICS_PORT: input should be a valid integer") as told:
        read_settings()

    assert [text.split(":")[0] for text in told.value.problems] == [
        "setting LOGISTICS_PORT",
        "setting LOGISTICS_LOG_LEVEL",
    ]
    assert "eighty" not in str(told.value)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGISTICS_ALLOWED_HOSTS", "kurir.example.se,nas")
    monkeypatch.setenv("LOGISTICS_PUBLIC_URL", "https://bibliotek.example.se")

    settings = read_settings()

    assert settings.hosts == ("kurir.example.se", "nas", "bibliotek.example.se")
    assert settings.secure_cookies


def test_a_closed_way_that_is_none_is_refused_before_anything_is_taken_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGISTICS_CLOSED_WAYS", "kumla:*:dvd,kumla:dvd")
    with pytest.raises(InputError, match=r"LOGISTICS_CLOSED_WAYS: .*owner:pickup:material"):
        read_settings()


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  # told, not bound
        ("::", False),
        ("192.168.1.7", False),
        ("localhost.example.se", False),
    ],
)
def test_loopback_is_told_from_the_rest(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
