"""The cost game of a day: what each group of municipalities would pay for runs of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Coalition = frozenset[str]

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

    Coalitions without a value of their own are bounded by the others': a larger coalition pays at
    least as much as a part of it (it could be served alike and leave stops out), and two groups
    together at most what they pay apart (the runs of both, while there are vans for both).
    Values that contradict the first are lowered; ``corrected`` names them.

    Parameters
    ----------
    players
        Municipalities, each once.
    values
        What coalitions pay; those of single players and of all together must be there.

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
        self.corrected = self._make_monotone()
        self._low, self._high = self._bound_all()

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
        return Value(self._low[mask], self._high[mask])

    @property
    def exact(self) -> bool:
        """Whether every value is known exactly."""
        return self._low == self._high

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

    def widest(self) -> Coalition | None:
        """
        Name the coalition whose value, once solved, narrows the shares most.

        Returns
        -------
        frozenset or None
            The one with the widest bounds, weighted as the Shapley value weighs it; None when
            all are exact.
        """
        n = len(self.players)
        sizes = [1.0] * (n + 1)
        for size in range(1, n):
            sizes[size + 1] = sizes[size] * size / (n - size)
        gaps = [
            ((self._high[mask] - self._low[mask]) * sizes[mask.bit_count()], mask)
            for mask in range(1, self.full)
        ]
        gap, mask = max(gaps, default=(0.0, 0))
        return members(self.players, mask) if gap > 0 else None

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

    def _make_monotone(self) -> tuple[Coalition, ...]:
        # A heuristic may serve a part more dearly than the whole. Nobody has to: the part can
        # order the whole's runs and leave stops out, so the whole's cost is its upper bound.
        caps = [float("inf")] * (self.full + 1)
        corrected = []
        for mask in range(self.full, 0, -1):
            above = (caps[mask | bit] for bit in self._bits.values() if not mask & bit)
            caps[mask] = min(above, default=float("inf"))
            value = self.known.get(mask)
            if value is not None and value.low > caps[mask]:
                self.known[mask] = exactly(caps[mask])
                corrected.append(members(self.players, mask))
            elif value is not None:
                caps[mask] = min(caps[mask], value.high)
        return tuple(corrected)

    def _bound_all(self) -> tuple[list[float], list[float]]:
        low, high = [0.0] * (self.full + 1), [float("inf")] * (self.full + 1)
        for mask, value in self.known.items():
            low[mask], high[mask] = value.low, value.high
        if len(self.known) > self.full:
            return low, high
        for mask in range(1, self.full + 1):
            parts = (mask & ~bit for bit in self._bits.values() if mask & bit)
            low[mask] = min(max(low[mask], *(low[part] for part in parts)), high[mask])
            part = (mask - 1) & mask
            while part > mask ^ part and mask not in self.known:
                high[mask] = min(high[mask], high[part] + high[mask ^ part])
                part = (part - 1) & mask
        for mask in range(self.full - 1, 0, -1):
            wider = [mask | bit for bit in self._bits.values() if not mask & bit]
            high[mask] = max(low[mask], min(high[mask], *(high[other] for other in wider)))
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
