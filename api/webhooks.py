"""Tell subscribers of events: at least once, in order per transfer, signed, retried, buried."""

import base64
import json
import random
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
import structlog
from sqlalchemy import Engine, ScalarResult, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from standardwebhooks import Webhook as Signer

from api.queries.events import wire
from api.settings import Settings
from logistics.storage.feed import place_events
from logistics.storage.session import is_sqlite, writing
from logistics.storage.tables import DeliveryRow, EventRow, WebhookRow, now

BATCH = 200
AT_ONCE = 8
_LONGEST_WAIT = timedelta(hours=6)
_GONE = 410
_log = structlog.stdlib.get_logger("webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """
    One event on its way to one address.

    Attributes
    ----------
    delivery
        Number of the delivery.
    webhook
        Number of the webhook.
    url
        Where to.
    secrets
        With each of them a signature is made: two while a secret is being changed.
    message
        Identifier of the event, the same at each attempt.
    body
        What is sent.
    attempts
        How often it was tried before.
    """

    delivery: int
    webhook: int
    url: str
    secrets: tuple[str, ...]
    message: str
    body: str
    attempts: int


def new_secret() -> str:
    """
    Make a secret for signatures.

    Returns
    -------
    str
        ``whsec_`` and 32 random bytes in base 64, after Standard Webhooks.
    """
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def deliver_due(engine: Engine, settings: Settings, client: httpx2.Client) -> int:
    """
    Send what is due, once round.

    Parameters
    ----------
    engine
        The database.
    settings
        Waits and attempts.
    client
        Sends; its timeout should be that of the settings.

    Returns
    -------
    int
        How many letters were tried.
    """
    place_events(engine)
    letters = _claim(engine, settings)
    if not letters:
        return 0
    with ThreadPoolExecutor(AT_ONCE, "webhook") as pool:
        answers = list(pool.map(lambda letter: _send(client, letter), letters))
    with writing(engine) as session:
        for letter, (status, error) in zip(letters, answers, strict=True):
            _note(session, settings, letter, status, error)
    return len(letters)


def replay(session: Session, webhook: int, from_position: int | None = None) -> int:
    """
    Send events again.

    Parameters
    ----------
    session
        Committed by the caller.
    webhook
        Whose.
    from_position
        From this position of the feed on; the dead letters alone when absent.

    Returns
    -------
    int
        How many events.
    """
    chosen = [col(DeliveryRow.webhook_id) == webhook]
    if from_position is None:
        chosen.append(col(DeliveryRow.state) == "dead")
    else:
        chosen.append(col(DeliveryRow.position) >= from_position)
        chosen.append(col(DeliveryRow.state) != "waiting")
    again = update(DeliveryRow).where(*chosen).values(state="waiting", attempts=0, next_at=now())
    done = session.scalars(again.returning(col(DeliveryRow.id)))
    return len(done.all())


def _claim(engine: Engine, settings: Settings) -> list[Letter]:
    # A letter waits until every earlier one about the same transfer has arrived or is buried,
    # whoever holds that one: so two workers cannot overtake each other.
    moment = now()
    earlier = aliased(DeliveryRow)
    overtakes = exists().where(
        col(earlier.webhook_id) == col(DeliveryRow.webhook_id),
        col(earlier.transfer_id) == col(DeliveryRow.transfer_id),
        col(earlier.position) < col(DeliveryRow.position),
        col(earlier.state) == "waiting",
    )
    due = (
        select(DeliveryRow)
        .join(WebhookRow, col(WebhookRow.id) == col(DeliveryRow.webhook_id))
        .where(
            col(WebhookRow.active).is_(True),
            col(DeliveryRow.state) == "waiting",
            col(DeliveryRow.next_at) <= moment,
            func.coalesce(col(DeliveryRow.leased_until), moment) <= moment,
            ~overtakes,
        )
        .order_by(col(DeliveryRow.position))
        .limit(BATCH)
    )
    with writing(engine) as session:
        if not is_sqlite(session):
            due = due.with_for_update(skip_locked=True, of=DeliveryRow)
        rows: ScalarResult[DeliveryRow] = session.scalars(due)
        lease = moment + timedelta(seconds=settings.webhook_seconds * (BATCH / AT_ONCE + 2))
        letters = []
        for row in rows.all():
            row.leased_until = lease
            letters.append(_letter(session, row))
        return letters


def _letter(session: Session, row: DeliveryRow) -> Letter:
    webhook = session.get_one(WebhookRow, row.webhook_id)
    event = session.get_one(EventRow, row.event_id)
    data = wire(event).model_dump(mode="json")
    body = {"type": event.kind, "timestamp": data["at"], "data": data}
    return Letter(
        delivery=row.id or 0,
        webhook=row.webhook_id,
        url=webhook.url,
        secrets=tuple(webhook.secret.split()),
        message=f"evt_{row.position}",
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        attempts=row.attempts,
    )


def _send(client: httpx2.Client, letter: Letter) -> tuple[int | None, str]:
    moment = now()
    signatures = [
        Signer(secret).sign(letter.message, moment, letter.body) for secret in letter.secrets
    ]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "courier-planner",
        "webhook-id": letter.message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    try:
        # The answer's body is never read: it could be endless.
        with client.stream(
            "POST", letter.url, content=letter.body.encode(), headers=headers
        ) as answer:
            return answer.status_code, "" if answer.is_success else f"HTTP {answer.status_code}"
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return None, type(error).__name__


def _note(
    session: Session, settings: Settings, letter: Letter, status: int | None, error: str
) -> None:
    row = session.get(DeliveryRow, letter.delivery)
    if row is None:
        return
    row.attempts += 1
    row.last_status, row.last_error, row.leased_until = status, error, None
    if not error:
        row.state, row.delivered_at = "delivered", now()
        return
    _log.warning(
        "webhook refused",
        subscription=letter.webhook,
        message_id=letter.message,
        attempt=row.attempts,
        error=error,
    )
    if status == _GONE:
        session.get_one(WebhookRow, letter.webhook).active = False
    if status == _GONE or row.attempts >= settings.webhook_attempts:
        row.state = "dead"
    else:
        row.next_at = now() + _wait(settings, row.attempts)


def _wait(settings: Settings, attempts: int) -> timedelta:
    doubled = timedelta(seconds=settings.webhook_backoff_seconds) * 2 ** min(attempts - 1, 20)
    spread = 0.8 + 0.4 * random.random()  # noqa: S311  # no secret: keeps senders apart
    return timedelta(seconds=min(doubled, _LONGEST_WAIT).total_seconds() * spread)


def oldest_waiting(session: Session) -> datetime | None:
    """
    Tell since when the oldest unsent event waits.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    datetime | None
        When it happened; None when nothing waits.
    """
    query = (
        select(func.min(col(EventRow.at)))
        .join(DeliveryRow, col(DeliveryRow.event_id) == col(EventRow.id))
        .where(col(DeliveryRow.state) == "waiting")
    )
    found: datetime | None = session.execute(query).scalar()
    return found


def counts(session: Session, webhooks: Sequence[int]) -> dict[tuple[int, str], int]:
    """
    Count what is owed.

    Parameters
    ----------
    session
        A session.
    webhooks
        Numbers of webhooks.

    Returns
    -------
    dict[tuple[int, str], int]
        Deliveries by webhook and state.
    """
    query = (
        select(col(DeliveryRow.webhook_id), col(DeliveryRow.state), func.count())
        .where(col(DeliveryRow.webhook_id).in_(webhooks))
        .group_by(col(DeliveryRow.webhook_id), col(DeliveryRow.state))
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}
