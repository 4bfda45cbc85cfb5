"""The cost game of a day: what each group of municipalities would pay for runs of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    Coalition = frozenset[str]
    Sek = npt.NDArray[np.float64]
    Masks = npt.NDArray[np.int64]

#: 2 ** 14 coalitions are 16,384 plans; beyond that nobody waits for the answer.
MOST_PLAYERS: Final = 14


@dataclass(frozen=True, slots=True)
class Value:
    """
    What a coalition would pay: exactly, or between two bounds.

    Attributes
    ----------
    low
        SEK that it pays at least.
    high
        SEK that it pays at most.

    Raises
    ------
    InputError
        The bounds are negative or cross.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high < float("inf"):
            raise InputError(
                f"value of a coalition is between {self.low} and {self.high} SEK, "
                "expected 0 <= low <= high"
            )

    @property
    def exact(self) -> bool:
        """Whether the bounds meet."""
        return self.low == self.high

    @property
    def middle(self) -> float:
        """The value used where one number is needed."""
        return (self.low + self.high) / 2


def exactly(sek: float) -> Value:
    """
    Make a value that is known.

    Parameters
    ----------
    sek
        SEK.

    Returns
    -------
    Value
        With both bounds there.
    """
    return Value(sek, sek)


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """
    List every coalition with a member, small ones first.

    Parameters
    ----------
    players
        Municipalities served that day.

    Returns
    -------
    list of frozenset
        All ``2 ** n - 1`` of them.
    """
    masks = sorted(range(1, 1 << len(players)), key=lambda mask: (mask.bit_count(), mask))
    return [members(players, mask) for mask in masks]


def members(players: Sequence[str], mask: int) -> Coalition:
    """
    Name the members of a coalition given as bits.

    Parameters
    ----------
    players
        Players in order.
    mask
        Bit i set where player i is in.

    Returns
    -------
    frozenset
        The members.
    """
    return frozenset(player for i, player in enumerate(players) if mask >> i & 1)


class CostGame:
    """
    Values of all coalitions, exact or bounded.

    No coalition pays more than a larger one: it can order the runs of that one and leave stops
    out. So what it pays is the least of the values of its own and of all larger ones, which lies
    between the least of their lower bounds and the least of their upper bounds. Where its own
    value is surely above that of a larger one it is lowered, and ``corrected`` names it.

    Coalitions without a value of their own are bounded by the others': each pays at least what its
    parts pay, and two groups together at most what they pay apart (the runs of both, while there
    are vans for both). They lower no other's value.

    Parameters
    ----------
    players
        Municipalities, each once.
    values
        What coalitions pay for runs of their own; those of single players and of all together
        must be there.

    Attributes
    ----------
    low
        SEK that each coalition pays at least, by its mask.
    high
        SEK that each coalition pays at most, by its mask.
    corrected
        Coalitions that pay less than the value given.

    Raises
    ------
    InputError
        Players stand twice or are too many, or a needed value is missing.
    """

    def __init__(self, players: Iterable[str], values: Mapping[Coalition, Value]) -> None:
        self.players = tuple(players)
        self._refuse_bad_players()
        self._bits = {player: 1 << i for i, player in enumerate(self.players)}
        self.known = {self.mask(coalition): value for coalition, value in values.items()}
        self.known[0] = exactly(0.0)
        self.full = (1 << len(self.players)) - 1
        missing = [m for m in (*self._bits.values(), self.full) if m not in self.known]
        if missing:
            names = ", ".join(sorted(self._name(mask) for mask in missing))
            raise InputError(f"cost game: no value for {names}; solve singles and the whole first")
        self.low, self.high = self._bound_all()
        self.corrected = tuple(
            members(self.players, mask)
            for mask in sorted(self.known, reverse=True)
            if self.known[mask].low > self.high[mask]
        )

    @classmethod
    def solved(
        cls,
        players: Iterable[str],
        value: Callable[[Coalition], float],
        *,
        solve_all: Callable[
            [Callable[[Coalition], float], Iterable[Coalition]], Iterable[float]
        ] = map,
    ) -> CostGame:
        """
        Solve every coalition.

        Parameters
        ----------
        players
            Municipalities.
        value
            SEK that a coalition pays; called once for each.
        solve_all
            ``map``, or a pool's map to solve coalitions in parallel.

        Returns
        -------
        CostGame
            With every value exact.
        """
        players = tuple(players)
        wanted = coalitions(players)
        found = solve_all(value, wanted)
        return cls(players, dict(zip(wanted, map(exactly, found), strict=True)))

    def mask(self, coalition: Iterable[str]) -> int:
        """
        Turn a coalition into bits.

        Parameters
        ----------
        coalition
            Its members.

        Returns
        -------
        int
            Bit i set where player i is in.

        Raises
        ------
        InputError
            A member is no player.
        """
        mask = 0
        for player in coalition:
            if player not in self._bits:
                raise InputError(f"cost game: {player!r} is no player")
            mask |= self._bits[player]
        return mask

    def value(self, mask: int) -> Value:
        """
        Look a coalition's value up.

        Parameters
        ----------
        mask
            The coalition as bits.

        Returns
        -------
        Value
            Exact, or what the other values leave open.
        """
        return Value(float(self.low[mask]), float(self.high[mask]))

    @property
    def exact(self) -> bool:
        """Whether every value is known exactly."""
        return bool(np.array_equal(self.low, self.high))

    @property
    def total_sek(self) -> float:
        """What all together pay."""
        return self.value(self.full).middle

    def alone_sek(self) -> dict[str, float]:
        """
        Say what each would pay for runs of its own.

        Returns
        -------
        dict
            SEK by player.
        """
        return {player: self.value(bit).middle for player, bit in self._bits.items()}

    @property
    def groups(self) -> int:
        """How many coalitions there are, single players and all together among them."""
        return self.full

    @property
    def exact_groups(self) -> int:
        """How many coalitions have a value that is known exactly."""
        return int((self.low[1:] == self.high[1:]).sum())

    def open_groups(self) -> list[Coalition]:
        """
        Name the coalitions whose value is not known exactly.

        Returns
        -------
        list of frozenset
            First the one that widens the shares most: its bounds are weighted as the Shapley
            value weighs them.
        """
        gaps = (self.high - self.low) * _widths(len(self.players))
        order = np.argsort(-gaps, kind="stable")
        return [members(self.players, int(mask)) for mask in order if gaps[mask] > 0]

    def with_value(self, coalition: Coalition, value: Value) -> CostGame:
        """
        Add or replace the value of one coalition.

        Parameters
        ----------
        coalition
            The coalition.
        value
            What it pays.

        Returns
        -------
        CostGame
            A new game.
        """
        known = {members(self.players, mask): old for mask, old in self.known.items() if mask}
        return CostGame(self.players, known | {coalition: value})

    def _bound_all(self) -> tuple[Sek, Sek]:
        low, high = np.full((2, self.full + 1), np.inf)
        for mask, value in self.known.items():
            low[mask], high[mask] = value.low, value.high
        unknown = np.isinf(high)
        # A value that is only bounded may be as low as its lower bound, and so may all parts of it.
        _spread(low, np.minimum, downwards=True)
        if unknown.any():
            low[unknown] = 0.0
            _spread(low, np.maximum, downwards=False)
            for masks, starts, parts, rests in _splits(len(self.players)):
                apart = np.minimum.reduceat(high[parts] + high[rests], starts)
                open_here = unknown[masks]
                high[masks[open_here]] = apart[open_here]
            np.maximum(low, high, out=high)
        _spread(high, np.minimum, downwards=True)
        return low, high

    def _name(self, mask: int) -> str:
        return "+".join(sorted(members(self.players, mask)))

    def _refuse_bad_players(self) -> None:
        if len(set(self.players)) < len(self.players) or not self.players:
            raise InputError(f"cost game: players are {list(self.players)}, expected each once")
        if len(self.players) > MOST_PLAYERS:
            raise InputError(
                f"cost game: {len(self.players)} players, expected at most {MOST_PLAYERS}; "
                "group some of them"
            )


def _spread(values: Sek, better: np.ufunc, *, downwards: bool) -> None:
    # Gives each coalition the best of its subsets' values, or, downwards, of its supersets': one
    # player after the other, all coalitions at once.
    for i in range(values.size.bit_length() - 1):
        pairs = values.reshape(-1, 2, 1 << i)
        without, joined = pairs[:, 0], pairs[:, 1]
        target = without if downwards else joined
        better(without, joined, out=target)


@lru_cache(maxsize=4)
def _widths(n: int) -> Sek:
    # How the Shapley value weighs an error in the value of a coalition of each size: in the share
    # of a member, or of one who joins, which it weighs as if that one were in.
    joined = [0.0, 1.0]
    for size in range(1, n):
        joined.append(joined[-1] * size / (n - size))
    sizes = [0.0, *map(max, joined[1:], [*joined[2:], 0.0])]
    return np.array([sizes[mask.bit_count()] for mask in range(1 << n)])


@lru_cache(maxsize=2)
def _splits(n: int) -> list[tuple[Masks, Masks, Masks, Masks]]:
    # For each size, small first: its coalitions, where their splits in two begin, and the splits.
    layers = []
    for size in range(2, n):
        masks = [mask for mask in range(1 << n) if mask.bit_count() == size]
        starts: list[int] = []
        parts: list[int] = []
        for mask in masks:
            starts.append(len(parts))
            part = (mask - 1) & mask
            while part > mask ^ part:
                parts.append(part)
                part = (part - 1) & mask
        whole = np.repeat(np.array(masks), np.diff([*starts, len(parts)]))
        both = np.array(parts)
        layers.append((np.array(masks), np.array(starts), both, whole ^ both))
    return layers
