"""Every setting of the service, with its default and what it is for."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from logistics.demand.matching.records import LendingRules, lending_rules
from logistics.errors import InputError

_MIB = 1024 * 1024
Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """
    What an operator can decide, read from the environment (``LOGISTICS_...``) or a ``.env`` file.

    ``docs/settings.md`` lists the same fields; a test compares the two.
    """

    model_config = SettingsConfigDict(
        env_prefix="LOGISTICS_", env_file=".env", extra="ignore", frozen=True
    )

    # What is stored, and where
    database: str = Field(
        "sqlite:///logistics.sqlite",
        description="Database address: `sqlite:///FILE`, or `postgresql+psycopg://USER@HOST/NAME`.",
    )
    item_days: int = Field(
        90,
        ge=1,
        description="Days that transfers at their end, with their history, returned items, holds "
        "and drivers' reports are kept; what was booked of them stays.",
    )
    answer_days: int = Field(
        7, ge=1, description="Days in which a repeated `Idempotency-Key` gets its first answer."
    )
    job_days: int = Field(30, ge=1, description="Days that finished background jobs are kept.")
    audit_days: int = Field(730, ge=1, description="Days that the audit log is kept.")

    # Where it listens
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on. Anything but loopback needs an account or an API key.",
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0: any free one.")
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="The address that people use; cookies are `Secure` when it starts with https.",
    )
    allowed_hosts: Names = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        description="Host names answered, separated by commas, besides that of the public address.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    )

    # Who gets in
    authentication: Literal["required", "off"] = Field(
        "required",
        description="`off` lets everybody on this machine in as coordinator; loopback only.",
    )
    key_cache_seconds: float = Field(
        2.0, ge=0, le=60, description="A revoked API key or session is refused after this at most."
    )
    session_hours: float = Field(10.0, gt=0, description="A log-in ends after this, used or not.")
    session_idle_minutes: float = Field(60.0, gt=0, description="A log-in unused so long ends.")
    driver_idle_minutes: float = Field(
        600.0, gt=0, description="The same for a driver, whose phone is in a pocket between stops."
    )
    oidc_issuer: str = Field(
        "", description="OpenID Connect issuer (Entra ID, ADFS, Keycloak); empty: local accounts."
    )
    oidc_client_id: str = Field("", description="Client id that the issuer gave this service.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="Client secret that the issuer gave this service."
    )
    oidc_role_claim: str = Field("roles", description="Claim that holds the roles of a person.")
    oidc_branch_claim: str = Field("branch", description="Claim that holds a branch's id.")

    # How much is let in
    rate_key: str = Field("12000/minute", description="Requests an API key or a person may make.")
    rate_anonymous: str = Field(
        "300/minute", description="Requests without a valid key or log-in, per address."
    )
    rate_login: str = Field("10/minute", description="Log-in attempts, per address and per name.")
    rate_calendar: str = Field(
        "60/hour", description="Times that a branch's calendar may be fetched, per address of it."
    )
    body_bytes: int = Field(8 * _MIB, gt=0, description="Largest request body, bytes.")
    bulk_bytes: int = Field(256 * _MIB, gt=0, description="Largest NDJSON bulk body, bytes.")
    json_depth: int = Field(16, gt=0, description="Deepest nesting of brackets in a JSON body.")
    header_seconds: float = Field(10.0, gt=0, description="Time to send the head of a request.")
    body_seconds: float = Field(20.0, gt=0, description="Longest pause while sending a body.")
    body_bytes_per_second: float = Field(
        500.0, ge=0, description="Slowest sending of a body, bytes/s, after `body_seconds`."
    )
    connections: int = Field(1000, gt=0, description="Connections served at once; then 503.")
    event_streams: int = Field(100, gt=0, description="Progress streams open at once; then 503.")
    event_stream_seconds: float = Field(
        900.0, gt=0, description="A progress stream is closed after this; the reader reconnects."
    )

    # Feeds in
    drop_folder: Path | None = Field(
        None,
        description="Folder watched for CSV files of transfers, returns and holds; empty: none.",
    )
    drop_source: str = Field(
        "csv",
        pattern=r"^[!-~]{1,40}$",
        description="Whose branch codes stand in the files of the drop folder.",
    )
    drop_settle_seconds: float = Field(
        5.0, ge=0, description="A dropped file is read when it has stood still for this."
    )
    drop_days: int = Field(
        14, ge=1, description="Days that files in `done` and `rejected` are kept."
    )

    # Feeds out
    webhook_seconds: float = Field(10.0, gt=0, description="Time a webhook receiver may take.")
    webhook_attempts: int = Field(
        12, gt=0, description="Attempts before an event goes to the dead letters."
    )
    webhook_backoff_seconds: float = Field(
        5.0, gt=0, description="Wait after the first failure; doubles up to six hours."
    )
    webhook_http: bool = Field(
        default=False, description="Allow plain http:// receivers other than loopback."
    )

    # Which copy to which reader
    match_by: Literal["best", "plain"] = Field(
        "best",
        description="Who gets a returned item: `best` weighs days and kronor by the calendar; "
        "`plain` sends it to the first in its queue, else home.",
    )
    home_only: Names = Field(
        (),
        description="Kinds of material that no library lends elsewhere, separated by commas; "
        "heeded by `best`.",
    )
    closed_ways: Names = Field(
        (),
        description="What an owner does not lend at a branch, as `kumla:*:dvd`: owner, branch and "
        "material, `*` for any, separated by commas; heeded by `best`.",
    )

    # Planning
    plan_seconds: float = Field(10.0, gt=0, le=3600, description="Time to plan one day.")
    plan_workers: int = Field(2, gt=0, le=64, description="Processor cores a plan may use.")
    preview_seconds: float = Field(
        1.5, gt=0, le=60, description="Time to show what a change of a day would do."
    )
    moved_stop_sek: float = Field(
        10.0,
        ge=0,
        le=10_000,
        description="What planning a day again must save, SEK, to move one stop of its plan.",
    )
    travel: str = Field(
        "", description="Address of an OSRM server for travel times; empty: the road graph in data."
    )
    geocoder_url: str = Field(
        "",
        description="Geocoder that speaks as Nominatim does, to add a branch by its address; "
        "empty: none is asked.",
    )
    geocoder_user_agent: str = Field(
        "courier-planner",
        description="Who asks it; the public service wants a name that is your own.",
    )
    cut_off: str = Field(
        "06:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="When a service day is planned; what is asked for later is promised for the "
        "next day's vans.",
    )

    # Running it
    worker: bool = Field(
        default=True, description="Run background jobs inside the server (else `logistics worker`)."
    )
    lease_seconds: float = Field(
        60.0,
        ge=1,
        le=3600,
        description="A background job goes to another worker when its own was silent for so long.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log line to write."
    )
    log_format: Literal["json", "console"] = Field("json", description="Shape of log lines.")
    metrics_open: bool = Field(
        default=False, description="Serve `/metrics` without an API key (a closed network only)."
    )
    graceful_seconds: int = Field(
        30, ge=0, description="Time that running requests get to finish when the service stops."
    )
    disk_bytes: int = Field(
        200 * _MIB, ge=0, description="Free disk space below which the service is not ready."
    )

    @field_validator("allowed_hosts", "home_only", "closed_ways", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("closed_ways")
    @classmethod
    def _of_three_parts(cls, ways: tuple[str, ...]) -> tuple[str, ...]:
        lending_rules((), ways)
        return ways

    @property
    def lending(self) -> LendingRules:
        """What is lent where."""
        return lending_rules(self.home_only, self.closed_ways)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel over https alone."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names that a request may ask for."""
        return (*self.allowed_hosts, urlsplit(self.public_url).hostname or "localhost")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """
    Tell whether an address can be reached from this machine alone.

    Parameters
    ----------
    host
        A host name or an address.

    Returns
    -------
    bool
        False for every name but ``localhost``: a name may resolve to anything.
    """
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings(**changes: object) -> Settings:
    """
    Read the settings from the environment.

    Parameters
    ----------
    **changes
        Values that win over the environment, by field name.

    Returns
    -------
    Settings
        The settings, each in its range.

    Raises
    ------
    InputError
        A value does not fit; all faults at once, and never the value itself: it may be a secret.
    """
    try:
        return Settings(**changes)  # type: ignore[arg-type]  # the model checks each value
    except ValidationError as error:
        raise InputError(
            f"setting LOGISTICS_{str(fault['loc'][0]).upper()}: {fault['msg'].lower()}"
            for fault in error.errors(include_url=False, include_input=False)
        ) from None


def settings_page() -> str:
    """
    Write the page that documents every setting.

    Returns
    -------
    str
        Markdown, as in ``docs/settings.md``.
    """
    lines = [
        "# Settings",
        "",
        "Read from the environment, or from a `.env` file where the program starts. Each has a",
        "default that suits a trial on one machine. `python -m api.settings` writes this page.",
        "",
        "| Name | Default | What it is for |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        value = field.default
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        if isinstance(value, bool):
            shown = shown.lower()
        default = "" if value is None or not shown.strip("*") else f"`{shown}`"
        lines.append(f"| `LOGISTICS_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(settings_page(), end="")  # noqa: T201  # the page is the output
