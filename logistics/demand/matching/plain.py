"""The plain rule: the first in the title's queue who can have it, else home."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from logistics.demand.matching.records import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logistics.demand.returns import Hold, ReturnedItem


def _anyone(_item: ReturnedItem, _hold: Hold) -> bool:
    return True


def first_in_queue(
    returned: Iterable[ReturnedItem],
    holds: Iterable[Hold],
    *,
    may_have: Callable[[ReturnedItem, Hold], bool] = _anyone,
) -> list[Choice]:
    """
    Send each returned item to the first in its title's queue who can have it, else home.

    Parameters
    ----------
    returned
        Items that came back; they are served in the order in which they came.
    holds
        The queues.
    may_have
        Lending rule: whether this copy may fill this hold. A hold for one copy takes no other.

    Returns
    -------
    list of Choice
        One for each item, in the order in which they came back.
    """
    queues: defaultdict[str, list[Hold]] = defaultdict(list)
    for waiting in sorted(holds, key=lambda hold: (hold.queue_position, hold.placed_at)):
        queues[waiting.title].append(waiting)
    choices = []
    for item in sorted(returned, key=lambda item: (item.returned_at, item.item)):
        queue = queues[item.title]
        hold = next((h for h in queue if h.item in (None, item.item) and may_have(item, h)), None)
        if hold is not None:
            queue.remove(hold)
        choices.append(
            _choice(item, hold, "no reader who waits may have it" if queue else "nobody waits")
        )
    return choices


def _choice(item: ReturnedItem, hold: Hold | None, cause: str) -> Choice:
    goes_to = item.owner if hold is None else hold.pickup
    if hold is not None:
        why = f"first in the queue who can have it, at {hold.pickup}"
    elif item.at == item.owner:
        why = f"{cause}, and it is at home"
    else:
        why = f"{cause}, so it goes home to {item.owner}"
    return Choice(
        item=item.item,
        at=item.at,
        goes_to=goes_to,
        hold=None if hold is None else hold.reference,
        why=why,
    )
