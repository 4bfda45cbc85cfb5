"""Show events over the wire, in the feed and to webhooks alike."""

from api.schemas.transfers import Event
from logistics.storage.tables import EventRow


def wire(row: EventRow) -> Event:
    """
    Show an event.

    Parameters
    ----------
    row
        As it is stored.

    Returns
    -------
    Event
        As it goes over the wire, here and to webhooks.
    """
    return Event(
        position=row.position or 0,
        kind=row.kind,
        at=row.at,
        transfer=row.transfer_id,
        subject=row.subject,
        place=row.place,
        cause=row.cause,
        actor=row.actor,
        details=row.details,
    )
