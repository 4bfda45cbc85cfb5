"""Returns and holds replayed from a real history, week by week, in place of generated ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from logistics.demand.transfers import TransferKind, TransferState
from logistics.demand.waiting import LOCAL_TIME
from logistics.errors import InputError
from logistics.simulation.arrivals import ASKED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logistics.demand.transfers import Transfer

_DAYS_A_WEEK = 7


class Replay:
    """
    The transfers of a history on the same weekdays again, over and over where a period is longer.

    Parameters
    ----------
    history
        Transfers as they were asked for, in any order.
    moved
        For a branch that is closed for good, the branch that its readers and shelves move to;
        None when they leave the cooperation.
    floating
        Whether an item stays where it was handed in, so that none goes home.

    Raises
    ------
    InputError
        The history is empty.
    """

    def __init__(
        self,
        history: Sequence[Transfer],
        *,
        moved: Mapping[str, str | None],
        floating: bool = False,
    ) -> None:
        if not history:
            raise InputError("history: holds no transfer, expected one or more to replay")
        self.floating = floating
        self._moved = moved
        self._asked: defaultdict[date, list[Transfer]] = defaultdict(list)
        for transfer in history:
            self._asked[transfer.requested_at.astimezone(LOCAL_TIME).date()].append(transfer)
        self._first, last = min(self._asked), max(self._asked)
        # Whole weeks only, so that no weekday comes back more often than another.
        self._weeks = max(1, ((last - self._first).days + 1) // _DAYS_A_WEEK)

    def on(self, day: date) -> list[Transfer]:
        """
        List the transfers that come into being on a day.

        Parameters
        ----------
        day
            Any day.

        Returns
        -------
        list of Transfer
            Those of the history's day that it stands for, under names of their own.
        """
        number = (day - self._first).days % (_DAYS_A_WEEK * self._weeks)
        found = []
        for transfer in self._asked.get(self._first + timedelta(days=number), []):
            start, end = self._ends(transfer)
            if start is None or end is None or start == end or self._stays(transfer):
                continue
            name = f"{day:%y%m%d}-{transfer.id}"
            found.append(
                replace(
                    transfer,
                    id=name,
                    request_id=name,
                    origin=start,
                    destination=end,
                    at=start,
                    state=TransferState.REQUESTED,
                    requested_at=datetime.combine(day, ASKED_AT),
                )
            )
        return found

    def expected_week(self) -> dict[tuple[str, str], float]:
        """
        Average the holds of the history over its weeks.

        Returns
        -------
        dict
            Items by origin and destination.
        """
        counts: Counter[tuple[str, str]] = Counter()
        for transfers in self._asked.values():
            for transfer in transfers:
                start, end = self._ends(transfer)
                if transfer.kind == TransferKind.HOLD and start and end and start != end:
                    counts[start, end] += 1
        return {pair: items / self._weeks for pair, items in sorted(counts.items())}

    def _ends(self, transfer: Transfer) -> tuple[str | None, str | None]:
        return (
            self._moved.get(transfer.origin, transfer.origin),
            self._moved.get(transfer.destination, transfer.destination),
        )

    def _stays(self, transfer: Transfer) -> bool:
        return self.floating and transfer.kind == TransferKind.RETURN
