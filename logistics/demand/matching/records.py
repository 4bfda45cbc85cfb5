"""What a matching works on, what it decides about each item, and the transfers that follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from logistics.demand.returns import Hold, ReturnedItem

_PARTS_OF_A_CLOSED_WAY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """
    A copy that could fill a hold.

    Attributes
    ----------
    item
        Barcode.
    title
        Identifier of the title.
    owner
        Branch that owns it.
    at
        Branch where it is.
    returned
        Whether it was just handed in and must go somewhere; a copy on the shelf may stay.
    material
        Kind of material.
    acquired
        Day it was bought, None when not known.
    leaves_home
        Whether it may be lent at other branches than its owner.
    """

    item: str
    title: str
    owner: str
    at: str
    returned: bool = False
    material: str = "book"
    acquired: date | None = None
    leaves_home: bool = True


def returned_copies(returned: Iterable[ReturnedItem]) -> list[Copy]:
    """
    Make copies of returned items.

    Parameters
    ----------
    returned
        Items that came back.

    Returns
    -------
    list of Copy
        The first to come back first.
    """
    return [
        Copy(
            item=one.item,
            title=one.title,
            owner=one.owner,
            at=one.at,
            returned=True,
            material=one.material,
        )
        for one in sorted(returned, key=lambda one: (one.returned_at, one.item))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingRules:
    """
    Which copy may fill which hold.

    Attributes
    ----------
    home_only_materials
        Kinds of material that no branch lends elsewhere.
    home_only_days
        Days for which a new copy serves its own branch only.
    forbidden
        Triples of owner, pickup branch and material that are closed; ``"*"`` stands for any.
    """

    home_only_materials: frozenset[str] = frozenset()
    home_only_days: int = 0
    forbidden: frozenset[tuple[str, str, str]] = frozenset()

    def stays_home(self, copy: Copy, on: date) -> bool:
        """
        Tell whether a copy serves its own branch only.

        Parameters
        ----------
        copy
            The copy.
        on
            The day.

        Returns
        -------
        bool
            True when it may not be lent elsewhere at all.
        """
        is_new = copy.acquired is not None and (
            on - copy.acquired < timedelta(days=self.home_only_days)
        )
        return is_new or not copy.leaves_home or copy.material in self.home_only_materials

    def allow(self, copy: Copy, pickup: str, on: date) -> bool:
        """
        Tell whether a copy may be lent at a branch.

        Parameters
        ----------
        copy
            The copy.
        pickup
            The branch.
        on
            The day.

        Returns
        -------
        bool
            True when it may.
        """
        if copy.owner == pickup:
            return True
        if self.stays_home(copy, on):
            return False
        return not self.forbidden or not any(
            (owner, branch, material) in self.forbidden
            for owner in (copy.owner, "*")
            for branch in (pickup, "*")
            for material in (copy.material, "*")
        )


def lending_rules(
    home_only: Iterable[str], closed: Iterable[str], *, new_days: int = 0
) -> LendingRules:
    """
    Read lending rules as people write them.

    Parameters
    ----------
    home_only
        Kinds of material that no branch lends elsewhere.
    closed
        What an owner does not lend at a branch: ``owner:pickup:material``, ``*`` for any.
    new_days
        Days for which a new copy serves its own branch only.

    Returns
    -------
    LendingRules
        The rules.

    Raises
    ------
    InputError
        With each closed way that has not three parts.
    """
    ways = [tuple(way.split(":")) for way in closed]
    wrong = [way for way in ways if len(way) != _PARTS_OF_A_CLOSED_WAY or not all(way)]
    if wrong:
        raise InputError(
            f"closed way {':'.join(way)!r}: expected owner:pickup:material, as kumla:*:dvd"
            for way in wrong
        )
    return LendingRules(
        home_only_materials=frozenset(home_only),
        home_only_days=new_days,
        forbidden=frozenset((owner, pickup, material) for owner, pickup, material in ways),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    Where one item goes, and why.

    Attributes
    ----------
    item
        Barcode.
    at
        Branch where it is.
    goes_to
        Branch it goes to; where it is when it stays.
    hold
        Reference of the hold it fills, None when it fills none.
    why
        The reason in one sentence.
    """

    item: str
    at: str
    goes_to: str
    hold: str | None
    why: str

    @property
    def travels(self) -> bool:
        """Whether a van must carry it."""
        return self.at != self.goes_to


def refuse_doubles(copies: Iterable[Copy], holds: Iterable[Hold]) -> None:
    """
    Refuse copies and holds that are given twice.

    Parameters
    ----------
    copies
        Copies.
    holds
        Holds.

    Raises
    ------
    InputError
        A barcode or a reference stands twice.
    """
    problems = []
    keys = {"copy": [copy.item for copy in copies], "hold": [hold.reference for hold in holds]}
    for record, names in keys.items():
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        problems += [f"{record} {name!r} is given twice, expected once" for name in twice]
    if problems:
        raise InputError(problems)


def transfers_of(choices: Iterable[Choice], decided_at: datetime) -> list[Transfer]:
    """
    Turn choices into transfers; an item that stays makes none.

    Parameters
    ----------
    choices
        What was decided.
    decided_at
        When, with its zone.

    Returns
    -------
    list of Transfer
        One for each item that travels; deciding the same again on the same day gives the same
        identifiers.
    """
    transfers = []
    for choice in choices:
        if not choice.travels:
            continue
        kind = TransferKind.RETURN if choice.hold is None else TransferKind.HOLD
        cause = choice.hold or f"{decided_at:%Y-%m-%d}"
        request_id = f"{kind.value}:{choice.item}:{cause}"
        transfers.append(
            Transfer(
                id=transfer_id(request_id),
                request_id=request_id,
                item=choice.item,
                kind=kind,
                origin=choice.at,
                destination=choice.goes_to,
                requested_at=decided_at,
            )
        )
    return transfers
