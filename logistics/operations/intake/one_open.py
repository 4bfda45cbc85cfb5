"""An item has one open transfer: what becomes of a request for an item that has one already.

A book lies in one place. Whoever scans it again where it waits asks for nothing new; whoever
checks it in elsewhere, or sends it elsewhere, knows better than the transfer that was open.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from logistics.demand.transfers import TransferState
from logistics.storage.open_transfers import (
    answer_with,
    claim_items,
    is_printed,
    known_requests,
    open_transfers,
    those_in,
)
from logistics.storage.tables import TransferRow
from logistics.storage.transfers import Step, find, move

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlmodel import Session

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """
    What requests have to do with transfers that are open, or with each other.

    Attributes
    ----------
    answered
        By identifier of a request's transfer that is not to be made: the one that stands for it,
        and what differs where the request came before with other content, else nothing.
    replaced
        Why a transfer ends, by its identifier, and by which one its place is taken.
    aliases
        The transfer that is to be remembered for a request, by request id.
    """

    answered: dict[str, tuple[str, str]] = field(default_factory=dict)
    replaced: dict[str, tuple[str, str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


def clashes(session: Session, rows: Sequence[Mapping[str, Any]]) -> Clashes:
    """
    Find which requests are for items that have an open transfer.

    Parameters
    ----------
    session
        The transaction; nobody else asks for these items until it ends.
    rows
        Columns of the transfers that were asked for, in the order of the requests.

    Returns
    -------
    Clashes
        What is not to be stored, and what ends when the rest is.
    """
    found = Clashes()
    items = {row["item"] for row in rows}
    asked_for = claim_items(session, items, [row["request_id"] for row in rows])
    if len(items) == len(rows) and not asked_for:
        return found
    _answer_again(session, rows, found)
    open_now: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for stored in open_transfers(session, items):
        open_now[stored["item"]].append(stored)
    old = those_in(session, TransferRow, [row["id"] for row in rows])
    for row in rows:
        if row["id"] in old or row["id"] in found.answered:
            continue
        there = open_now[row["item"]]
        same = next((one for one in there if _is_same(session, one, row)), None)
        if same is not None:
            found.aliases[row["request_id"]] = same["id"]
            found.answered[row["id"]] = (same["id"], "")
        else:
            open_now[row["item"]] = _take_place(there, row, found)
    return found


def settle(
    session: Session, clash: Clashes, created: Collection[str], *, actor: str = ""
) -> set[str]:
    """
    End the transfers whose place was taken, and remember which requests others stand for.

    Parameters
    ----------
    session
        The transaction, in which the new transfers are stored.
    clash
        What was found before.
    created
        Identifiers of the transfers that are new.
    actor
        Who asked.

    Returns
    -------
    set[str]
        Identifiers of the transfers that ended.
    """
    answer_with(session, clash.aliases)
    ended = {
        name: cause for name, (cause, by) in clash.replaced.items() if {name, by} & set(created)
    }
    states = {name: TransferState(row.state) for name, row in find(session, ended).items()}
    for name, cause in sorted(ended.items()):
        if states[name] is TransferState.ABOARD:  # it was seen elsewhere, so it is not in the van
            missing = [Step(transfer=name, to=TransferState.MISSING)]
            move(session, missing, cause=cause, actor=actor)
        step = Step(transfer=name, to=TransferState.CANCELLED)
        move(session, [step], cause=cause, actor=actor)
    return set(ended)


def _answer_again(session: Session, rows: Sequence[Mapping[str, Any]], found: Clashes) -> None:
    known = known_requests(session, [row["request_id"] for row in rows])
    if not known:
        return
    stand = find(session, known.values())
    for row in rows:
        if row["request_id"] in known:
            one = stand[known[row["request_id"]]]
            differing = [
                f"{name} was {getattr(one, name)!r} and is {row[name]!r}"
                for name in ("item", "destination")
                if getattr(one, name) != row[name]
            ]
            problem = (
                f"transfer {row['request_id']!r}: {'; '.join(differing)}; use a new request_id "
                "for a new request"
            )
            found.answered[row["id"]] = (one.id, problem if differing else "")


def _is_same(session: Session, one: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether the item waits where it was scanned, or left from there, for where it is to go."""
    if one["destination"] != row["destination"] or one["state"] == TransferState.MISSING:
        return False
    if row["origin"] not in {one["origin"], one["at"]}:
        return False
    if (one["kind"], one["hold_hash"]) == (row["kind"], row["hold_hash"]):
        return True
    # Somebody waits for it now, or nobody any more: worth another transfer as long as nobody has
    # packed it and no list names it.
    is_handled = one["state"] != TransferState.REQUESTED
    return is_handled or is_printed(session, one["id"])


def _take_place(
    there: Sequence[Mapping[str, Any]], row: Mapping[str, Any], found: Clashes
) -> list[Mapping[str, Any]]:
    later = [one for one in there if one["requested_at"] > row["requested_at"]]
    if later:
        found.replaced[row["id"]] = (_cause(later[-1], "was asked for later"), later[-1]["id"])
        return list(there)
    for one in there:
        found.replaced[one["id"]] = (_cause(row, "takes its place"), row["id"])
    return [row]


def _cause(by: Mapping[str, Any], how: str) -> str:
    named = str(by["request_id"])[:_LONGEST_NAME]
    return f"{named!r} {how}: {by['origin']} to {by['destination']}"
