"""One day's cost divided by every rule side by side, and how sure the division is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.costing.sharing.keys import Mix, equally, proportional
from logistics.costing.sharing.nucleolus import nucleolus
from logistics.costing.sharing.rounding import to_the_oere
from logistics.costing.sharing.shapley import shapley, shapley_bounds
from logistics.costing.sharing.stability import Objection, objections
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.costing.sharing.game import CostGame


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """
    What the simple keys count for one municipality on one day.

    Attributes
    ----------
    stops
        Calls at its branches.
    items
        Items put off and taken there.
    inhabitants
        Its population.
    """

    stops: int
    items: int
    inhabitants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShares:
    """
    One day's cost divided by every rule.

    Attributes
    ----------
    total_sek
        What was divided, to the öre.
    by_rule
        SEK to the öre by rule and municipality; each rule's shares sum to the total.
    alone_sek
        What each would pay for runs of its own, where a game was solved.
    objections
        Groups that the Shapley value charges more than runs of their own.
    error_sek
        By how much each Shapley share may be wrong because values were only bounded.
    remarks
        What a reader must know, one sentence each.
    corrected_groups
        Groups that were planned more dearly than a larger one, so that their value was lowered.
    groups
        Groups of municipalities; 0 where no game was played or nothing is known of proofs.
    proved_groups
        Groups whose value is proved.
    """

    total_sek: float
    by_rule: Mapping[str, Mapping[str, float]]
    alone_sek: Mapping[str, float]
    objections: tuple[Objection, ...]
    error_sek: Mapping[str, float]
    remarks: tuple[str, ...]
    corrected_groups: int = 0
    groups: int = 0
    proved_groups: int = 0


def share_day(
    total_sek: float,
    basis: Mapping[str, Basis],
    *,
    game: CostGame | None = None,
    mix: Mix | None = None,
) -> DayShares:
    """
    Divide a day's cost by every rule.

    Parameters
    ----------
    total_sek
        What was booked for driving.
    basis
        Stops, items and inhabitants of each municipality served.
    game
        The cost game of the day; without it the rules that need one are left out.
    mix
        The mixed key, without aid; half by volume, 40 % by stops, 10 % alike where absent.

    Returns
    -------
    DayShares
        The shares, rounded so that each rule sums to the total to the öre.

    Raises
    ------
    InputError
        The game has other players than the basis, or the mix counts on aid.
    """
    mix = mix or Mix()
    if (game is not None and set(game.players) != set(basis)) or mix.aid_sek:
        raise InputError(
            f"sharing {total_sek} SEK: expected a game of {sorted(basis)} and a mix without aid; "
            "take aid off a year's cost, not off a day's"
        )
    items = {name: float(one.items) for name, one in basis.items()}
    stops = {name: float(one.stops) for name, one in basis.items()}
    inhabitants = {name: float(one.inhabitants) for name, one in basis.items()}
    rules = {
        "per-stop": proportional(total_sek, stops),
        "per-item": proportional(total_sek, items),
        "inhabitants": proportional(total_sek, inhabitants),
        "equal": equally(total_sek, basis),
        "mix": mix.divide(total_sek, items=items, stops=stops),
    }
    if game is not None:
        rules |= _game_rules(total_sek, game)
    rounded = {rule: to_the_oere(shares, total_sek) for rule, shares in rules.items()}
    return DayShares(
        total_sek=round(total_sek, 2),
        by_rule=rounded,
        alone_sek=game.alone_sek() if game else {},
        objections=tuple(objections(game, rounded["shapley"])) if game else (),
        error_sek=_errors(total_sek, game) if game else {},
        remarks=tuple(_remarks(total_sek, game)) if game else (),
        corrected_groups=len(game.corrected) if game else 0,
        groups=game.groups if game else 0,
        proved_groups=game.exact_groups if game else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanShares:
    """
    The shares of many days.

    Attributes
    ----------
    total_sek
        What was divided, to the öre.
    by_rule
        SEK to the öre by rule and municipality.
    error_sek
        By how much each Shapley share may be wrong at most.
    days
        All days.
    groups
        Groups of municipalities, over all days of which it is known how many were proved.
    proved_groups
        Groups whose value is proved.
    unproved_days
        Days of which that is not known.
    corrected_groups
        Groups whose value was lowered to that of a larger one, over all days.
    """

    total_sek: float
    by_rule: Mapping[str, Mapping[str, float]]
    error_sek: Mapping[str, float]
    days: int
    groups: int = 0
    proved_groups: int = 0
    unproved_days: int = 0
    corrected_groups: int = 0

    def how_sure(self, names: Mapping[str, str] | None = None) -> list[str]:
        """
        Say how sure the Shapley shares are.

        Parameters
        ----------
        names
            What to call those who pay; who is absent keeps the name of the shares.

        Returns
        -------
        list of str
            A clause on the days whose groups were proved or not, and one on all other days.
        """
        said = []
        counted = self.days - self.unproved_days
        where = "the day" if self.days == 1 else f"{counted} {'day' if counted == 1 else 'days'}"
        if self.groups and self.proved_groups == self.groups:
            said.append(f"all {self.groups} groups of {where} are proved")
        elif self.groups:
            worst = max(self.error_sek, key=lambda name: self.error_sek[name])
            said.append(
                f"{self.proved_groups} of {self.groups} groups of {where} are proved; the bounds "
                f"of the others leave no share more than {self.error_sek[worst]:.2f} SEK uncertain "
                f"({(names or {}).get(worst, worst)})"
            )
        if self.unproved_days:
            said.append(f"{self.unproved_days} of {self.days} days were priced without proofs")
        return said

    @property
    def monotony(self) -> str:
        """Whether a group ever came out dearer than a larger one, in one sentence."""
        if not self.corrected_groups:
            return "no group was planned more dearly than a larger one"
        return _lowered(self.corrected_groups)


def share_span(days: Iterable[DayShares]) -> SpanShares:
    """
    Add the shares of days up.

    Parameters
    ----------
    days
        Days that were divided by the same rules; a municipality not served on a day pays nothing
        of it.

    Returns
    -------
    SpanShares
        Sums to the öre. A rule that some day lacks is left out.
    """
    days = list(days)
    rules = set.intersection(*(set(day.by_rule) for day in days)) if days else set()
    sums: dict[str, defaultdict[str, float]] = {rule: defaultdict(float) for rule in sorted(rules)}
    errors: defaultdict[str, float] = defaultdict(float)
    for day in days:
        for rule, shares in sums.items():
            for name, share in day.by_rule[rule].items():
                shares[name] = round(shares[name] + share, 2)
        for name, error in day.error_sek.items():
            errors[name] += error
    return SpanShares(
        total_sek=round(sum(day.total_sek for day in days), 2),
        by_rule={rule: dict(shares) for rule, shares in sums.items()},
        error_sek=dict(errors),
        days=len(days),
        groups=sum(day.groups for day in days),
        proved_groups=sum(day.proved_groups for day in days),
        unproved_days=sum(not day.groups for day in days),
        corrected_groups=sum(day.corrected_groups for day in days),
    )


def _game_rules(total_sek: float, game: CostGame) -> dict[str, dict[str, float]]:
    scale = _scale(total_sek, game)
    found = {"shapley": shapley(game), "nucleolus": nucleolus(game)}
    rules = {
        rule: {name: share * scale for name, share in shares.items()}
        for rule, shares in found.items()
    }
    return rules | {"stand-alone": proportional(total_sek, game.alone_sek())}


def _scale(total_sek: float, game: CostGame) -> float:
    # The runs that were driven cost what they cost; the game divides that in its proportions.
    return total_sek / game.total_sek if game.total_sek else 0.0


def _errors(total_sek: float, game: CostGame) -> dict[str, float]:
    middle, scale = shapley(game), _scale(total_sek, game)
    return {
        name: scale * max(bound.high - middle[name], middle[name] - bound.low)
        for name, bound in (shapley_bounds(game).items() if not game.exact else ())
    }


def _remarks(total_sek: float, game: CostGame) -> Iterable[str]:
    if abs(total_sek - game.total_sek) > 0.005:  # noqa: PLR2004 (half an öre)
        yield (
            f"the game's runs cost {game.total_sek:.2f} SEK and those driven {total_sek:.2f}; "
            "shares by the game are scaled to what was driven"
        )
    if game.corrected:
        yield _lowered(len(game.corrected))
    if not game.exact:
        yield f"{game.exact_groups} of {game.groups} groups are proved, the others bounded"


def _lowered(groups: int) -> str:
    if groups == 1:
        return (
            "1 group was planned more dearly than a larger one; its value is that of the larger one"
        )
    return (
        f"{groups} groups were planned more dearly than a larger one; their value is that of the "
        "larger one"
    )
