"""What was found to bring a shipment today, kept as long as it may be asked for again."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from api.pages import day_words
from api.queries.day import DayFacts
from logistics.operations.change.try_change import DELIVER_ITERATIONS
from logistics.operations.day.stored_plans import StoredPlan
from logistics.operations.view.day_view import DayView, RemedyView
from logistics.operations.view.remedies import remedy_views
from logistics.planning.explain import Explanation, explain
from logistics.storage.tables import PlanRow

_MOST: Final = 2_000

Key = tuple[int | None, datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What planning a day again has shown of one shipment.

    Attributes
    ----------
    explanation
        Why it does not arrive.
    remedies
        What would bring it, the cheapest first.
    """

    explanation: Explanation
    remedies: tuple[RemedyView, ...]


_found: OrderedDict[Key, Found] = OrderedDict()
_lock = threading.Lock()


def find(stored: StoredPlan, shipment: str, facts: DayFacts) -> Found | None:
    """
    Find out what would bring a shipment today, or remember it.

    Parameters
    ----------
    stored
        The version, which never changes.
    shipment
        A shipment of its day.
    facts
        The day, for names.

    Returns
    -------
    Found | None
        None where it arrives.
    """
    known = recall(stored.row, shipment)
    if known is not None:
        return known
    asked = explain(stored.problem, stored.plan, [shipment], iterations=DELIVER_ITERATIONS)
    explanation = next(islice(asked, 1), None)
    if explanation is None:
        return None
    remedies = remedy_views(stored.plan, explanation, day_words.names(facts))
    found = Found(explanation=replace(explanation, plan=None), remedies=remedies)
    with _lock:
        _found[_key(stored.row, shipment)] = found
        while len(_found) > _MOST:
            _found.popitem(last=False)
    return found


def recall(row: PlanRow, shipment: str) -> Found | None:
    """
    Look up what was found before.

    Parameters
    ----------
    row
        The version.
    shipment
        A shipment of its day.

    Returns
    -------
    Found | None
        None where nobody has asked yet.
    """
    with _lock:
        return _found.get(_key(row, shipment))


def with_remedies(row: PlanRow, view: DayView) -> DayView:
    """
    Put what is known already beside what does not arrive.

    Parameters
    ----------
    row
        The version.
    view
        What is shown of it.

    Returns
    -------
    DayView
        The same, with the cheapest remedy of every shipment that was asked for before.
    """
    known = {late.shipment: recall(row, late.shipment) for late in view.undelivered}
    return replace(
        view,
        undelivered=tuple(
            replace(late, remedy=found.remedies[0])
            if (found := known[late.shipment]) and found.remedies
            else late
            for late in view.undelivered
        ),
    )


def _key(row: PlanRow, shipment: str) -> Key:
    return row.id, row.made_at, shipment
