"""Tell subscribers of events: at least once, in order per transfer, signed, retried, buried."""

import base64
import json
import random
import secrets
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
import structlog
from sqlalchemy import Engine, exists, func, select, text, update
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
_log = structlog.get_logger("webhooks")


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
        _note(session, settings, letters, answers)
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
        select(DeliveryRow, EventRow, WebhookRow)
        .join(EventRow, col(EventRow.id) == col(DeliveryRow.event_id))
        .join(WebhookRow, col(WebhookRow.id) == col(DeliveryRow.webhook_id))
        .where(
            col(WebhookRow.active).is_(True),
            col(DeliveryRow.state) == "waiting",
            col(DeliveryRow.next_at) <= moment,
            func.coalesce(col(DeliveryRow.leased_until), moment) <= moment,
            ~overtakes,
        )
        .order_by(col(DeliveryRow.next_at), col(DeliveryRow.position))
        .limit(BATCH)
    )
    with writing(engine) as session:
        if not is_sqlite(session):
            due = due.with_for_update(skip_locked=True, of=DeliveryRow)
            # Until it has counted anew how many letters wait, it would sort them all each time.
            session.execute(text("SET LOCAL enable_sort = off"))
        letters = [_letter(*found) for found in session.execute(due)]
        lease = moment + timedelta(seconds=settings.webhook_seconds * (BATCH / AT_ONCE + 2))
        ours = col(DeliveryRow.id).in_([letter.delivery for letter in letters])
        held = update(DeliveryRow).where(ours).values(leased_until=lease)
        session.execute(held.execution_options(synchronize_session=False))
        return letters


def _letter(row: DeliveryRow, event: EventRow, webhook: WebhookRow) -> Letter:
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
    session: Session,
    settings: Settings,
    letters: Sequence[Letter],
    answers: Sequence[tuple[int | None, str]],
) -> None:
    taken: defaultdict[int | None, list[int]] = defaultdict(list)
    for letter, (status, error) in zip(letters, answers, strict=True):
        if error:
            _note_refusal(session, settings, letter, status, error)
        else:
            taken[status].append(letter.delivery)
    for status, deliveries in taken.items():
        session.execute(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(deliveries))
            .values(
                state="delivered",
                attempts=DeliveryRow.attempts + 1,
                last_status=status,
                last_error="",
                leased_until=None,
                delivered_at=now(),
            )
            .execution_options(synchronize_session=False)
        )


def _note_refusal(
    session: Session, settings: Settings, letter: Letter, status: int | None, error: str
) -> None:
    row = session.get(DeliveryRow, letter.delivery)
    if row is None:
        return
    row.attempts += 1
    row.last_status, row.last_error, row.leased_until = status, error, None
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
