"""Subscribe addresses to events; see what is owed to them, and send it again."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault
from api.problems import ProblemError, responses
from api.queries.lists import Order, list_page
from api.schemas.base import Page, RowId
from api.schemas.paging import Paging
from api.schemas.webhooks import (
    Delivery,
    DeliveryQuery,
    NewWebhook,
    Replay,
    Replayed,
    ShownWebhook,
    Webhook,
)
from api.security.roles import Principal
from api.settings import Settings, is_loopback
from api.unit import Answer, ReaderDep, UnitDep
from api.webhooks import counts, new_secret, replay
from logistics.errors import NotFoundError
from logistics.storage.tables import DeliveryRow, WebhookRow

router = APIRouter(prefix="/v1", tags=["webhooks"], route_class=EveryFault)
Subscribes = Annotated[Principal, may("webhooks:write")]


@router.get("/webhooks")
def list_webhooks(
    reader: ReaderDep, principal: Subscribes, wanted: Annotated[Paging, Query()]
) -> Page[Webhook]:
    """List the subscriptions, and how much is owed to each."""
    del principal
    return reader.run(
        lambda session: list_page(session, WebhookRow, wanted, partial(_webhook, session))
    )


@router.post(
    "/webhooks", response_model=ShownWebhook, status_code=201, responses=responses("conflict")
)
def create_webhook(
    body: NewWebhook, request: Request, unit: UnitDep, principal: Subscribes
) -> Response:
    """Subscribe an address to events; the secret for the signatures is in this answer alone."""
    if principal.branch is not None:
        raise ProblemError("not-allowed", "a webhook is told of all branches, and you are of one")
    settings: Settings = request.app.state.settings
    host = body.url.partition("://")[2].partition("/")[0].rpartition(":")[0] or body.url
    if body.url.startswith("http://") and not (settings.webhook_http or is_loopback(host)):
        raise ProblemError(
            "bad-input",
            "url: expected https; LOGISTICS_WEBHOOK_HTTP allows plain http in a closed network",
            pointer="#/url",
        )

    def work(session: Session) -> Answer:
        secret = new_secret()
        row = WebhookRow(
            url=body.url, secret=secret, kinds=list(body.kinds), created_by=principal.label
        )
        session.add(row)
        session.flush()
        shown = ShownWebhook(webhook=_webhook(session, row), secret=secret)
        return Answer(status=201, body=shown)

    return unit.run(work, action="subscribe", subject=body.url, secret=True)


@router.post(
    "/webhooks/{webhook}/rotate", response_model=ShownWebhook, responses=responses("conflict")
)
def rotate_secret(webhook: RowId, unit: UnitDep, principal: Subscribes) -> Response:
    """Make a new secret; until the next rotation the old one signs as well."""
    del principal

    def work(session: Session) -> Answer:
        row = _find(session, webhook)
        secret = new_secret()
        row.secret = f"{secret} {row.secret.split()[0]}"
        row.revision += 1
        return Answer(body=ShownWebhook(webhook=_webhook(session, row), secret=secret))

    return unit.run(work, action="rotate webhook", subject=str(webhook), secret=True)


@router.delete("/webhooks/{webhook}", status_code=204)
def delete_webhook(webhook: RowId, unit: UnitDep, principal: Subscribes) -> Response:
    """Stop telling an address; what is still owed to it is dropped."""
    del principal

    def work(session: Session) -> Answer:
        session.delete(_find(session, webhook))
        return Answer(status=204)

    return unit.run(work, action="unsubscribe", subject=str(webhook))


@router.get("/webhooks/{webhook}/deliveries")
def list_deliveries(
    webhook: RowId,
    reader: ReaderDep,
    principal: Subscribes,
    wanted: Annotated[DeliveryQuery, Query()],
) -> Page[Delivery]:
    """List what is owed to an address: the dead letters, unless another state is asked for."""
    del principal
    which = col(DeliveryRow.webhook_id) == webhook, col(DeliveryRow.state) == wanted.state
    order = Order(("position",))

    def work(session: Session) -> Page[Delivery]:
        _find(session, webhook)
        return list_page(session, DeliveryRow, wanted, _delivery, *which, order=order)

    return reader.run(work)


@router.post("/webhooks/{webhook}/replay", response_model=Replayed)
def replay_webhook(webhook: RowId, body: Replay, unit: UnitDep, principal: Subscribes) -> Response:
    """Send the dead letters again, or everything from a position of the feed on."""
    del principal

    def work(session: Session) -> Answer:
        row = _find(session, webhook)
        row.active = True
        return Answer(body=Replayed(events=replay(session, webhook, body.from_position)))

    return unit.run(work, action="replay webhook", subject=str(webhook))


def _find(session: Session, webhook: int) -> WebhookRow:
    row = session.get(WebhookRow, webhook)
    if row is None:
        raise NotFoundError(f"webhook {webhook}: there is none of this number")
    return row


def _webhook(session: Session, row: WebhookRow) -> Webhook:
    number = row.id or 0
    owed = counts(session, [number])
    return Webhook(
        id=number,
        url=row.url,
        kinds=row.kinds,
        active=row.active,
        created_at=row.created_at,
        waiting=owed.get((number, "waiting"), 0),
        dead=owed.get((number, "dead"), 0),
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id or 0,
        position=row.position,
        transfer=row.transfer_id,
        state=row.state,  # type: ignore[arg-type]  # the model checks it
        attempts=row.attempts,
        next_at=row.next_at,
        last_status=row.last_status,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )
