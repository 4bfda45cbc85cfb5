"""First come, first served: which holds of a title are filled when not all can be."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logistics.demand.matching.records import Copy
    from logistics.demand.returns import Hold

    Kind = tuple[str, str | None]


def in_queue_order(holds: Iterable[Hold]) -> list[Hold]:
    """
    Put the holds of one title in the order of their queue.

    Parameters
    ----------
    holds
        Holds.

    Returns
    -------
    list of Hold
        By queue position, then by time, then by reference.
    """
    return sorted(holds, key=lambda hold: (hold.queue_position, hold.placed_at, hold.reference))


def by_title(holds: Iterable[Hold]) -> dict[str, list[Hold]]:
    """
    Sort holds into queues.

    Parameters
    ----------
    holds
        Holds of any titles.

    Returns
    -------
    dict
        Holds in queue order by title.
    """
    queues: defaultdict[str, list[Hold]] = defaultdict(list)
    for hold in holds:
        queues[hold.title].append(hold)
    return {title: in_queue_order(queue) for title, queue in queues.items()}


def served(
    queue: Sequence[Hold],
    groups: Sequence[Sequence[Copy]],
    may_have: Callable[[Copy, Hold], bool] | None,
) -> list[Hold]:
    """
    Choose the holds of a title that get a copy, as the queue promises.

    A hold is passed over only where every copy it may have is needed by those before it. The sets
    of holds that can be filled together form a matroid, so taking them in order is right and fills
    as many as can be (J. Edmonds and D. R. Fulkerson, 1965, transversals and matroid partition).

    Parameters
    ----------
    queue
        Holds of one title in queue order.
    groups
        Copies of the title, those together that may fill the same holds.
    may_have
        Whether a copy may fill a hold; holds for the same pickup branch and item are alike. None
        where any copy may.

    Returns
    -------
    list of Hold
        Those that are filled, in queue order.
    """
    room = sum(len(group) for group in groups)
    if may_have is None:
        return list(queue[:room])
    fill = _Fill(groups, may_have)
    # Once no room can be made for a kind of hold, none can ever be: those before only grow.
    hopeless: set[Kind] = set()
    chosen: list[Hold] = []
    for hold in queue:
        kind = hold.pickup, hold.item
        if len(chosen) == room:
            break
        if kind in hopeless:
            continue
        if fill.make_room(kind, hold):
            chosen.append(hold)
        else:
            hopeless.add(kind)
    return chosen


class _Fill:
    """How many holds of each kind every group of copies fills."""

    def __init__(
        self, groups: Sequence[Sequence[Copy]], may_have: Callable[[Copy, Hold], bool]
    ) -> None:
        self.groups = groups
        self.may_have = may_have
        self.room = [len(group) for group in groups]
        self.filled: list[Counter[Kind]] = [Counter() for _ in groups]
        self.open: dict[Kind, list[int]] = {}

    def make_room(self, kind: Kind, hold: Hold) -> bool:
        # Breadth first along an augmenting path from the new hold to a group with room.
        if kind not in self.open:
            self.open[kind] = [
                i for i, group in enumerate(self.groups) if self.may_have(group[0], hold)
            ]
        came_from: dict[int, Kind] = {}
        found_in: dict[Kind, int] = {}
        waiting = deque([kind])
        while waiting:
            current = waiting.popleft()
            for index in self.open[current]:
                if index in came_from:
                    continue
                came_from[index] = current
                if self.room[index]:
                    self._shift(index, kind, came_from, found_in)
                    return True
                for other in self.filled[index]:
                    if other != kind and other not in found_in:
                        found_in[other] = index
                        waiting.append(other)
        return False

    def _shift(
        self, index: int, kind: Kind, came_from: dict[int, Kind], found_in: dict[Kind, int]
    ) -> None:
        self.room[index] -= 1
        while True:
            current = came_from[index]
            self.filled[index][current] += 1
            if current == kind:
                return
            index = found_in[current]
            self.filled[index] -= Counter({current: 1})
