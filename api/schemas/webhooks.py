"""Wire models of webhooks, what is owed to them, and background jobs."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.schemas.base import Code, Moment, Wire
from api.schemas.paging import Paging


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"no address: {error}") from None
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("expected an address such as https://ils.example.se/hook")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("expected an address without a name, a password or a fragment")
    return value


Address = Annotated[
    str,
    StringConstraints(min_length=10, max_length=500, pattern=r"^https?://[!-~]+$"),
    AfterValidator(_address),
]


class NewWebhook(Wire):
    """An address that wants to be told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://ils.example.se/courier", "kinds": ["transfer"]}]
        }
    )

    url: Address
    kinds: Annotated[list[Code], Field(max_length=50)] = Field(
        default_factory=list,
        description="Kinds of event, or what stands before the dot; all when empty.",
    )


class Webhook(Wire):
    """A subscription, without its secret."""

    id: int
    url: str
    kinds: list[str]
    active: bool
    created_at: Moment
    waiting: int = Field(description="Events that are still owed.")
    dead: int = Field(description="Events given up on; a replay sends them again.")


class ShownWebhook(Wire):
    """A subscription with its secret: this is the only time it is shown."""

    webhook: Webhook
    secret: str = Field(description="For the signatures, after Standard Webhooks.")


class Delivery(Wire):
    """One event owed to one webhook."""

    id: int
    position: int
    transfer: str | None
    state: Literal["waiting", "delivered", "dead"]
    attempts: int
    next_at: Moment
    last_status: int | None
    last_error: str
    delivered_at: Moment | None


class DeliveryQuery(Paging):
    """Which deliveries."""

    state: Literal["waiting", "delivered", "dead"] = "dead"


class Replay(Wire):
    """What to send again: the dead letters, or everything from a position on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    from_position: Annotated[int, Field(strict=True, ge=1, le=2**53 - 1)] | None = None


class Replayed(Wire):
    """How many events will be sent again."""

    events: int


class Job(Wire):
    """Work in the background."""

    id: int
    kind: str
    key: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    attempts: int
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    result: dict[str, Any] | None
    problems: list[str] | None


class JobQuery(Paging):
    """Which jobs."""

    state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None
    kind: Code | None = None
