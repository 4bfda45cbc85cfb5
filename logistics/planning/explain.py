"""Why a shipment is not delivered today, and the smallest change that would deliver it.

Nothing is guessed: the day is solved again with the shipment forced, then with one rule after
another lifted, then with the smallest change of that rule; what is reported has been planned and
checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.errors import NoPlanError, NotFoundError
from logistics.planning.changes import Candidate, Change, Lifted, candidates, lifted
from logistics.planning.check import recompute_cost
from logistics.planning.outcomes import Outcome, outcomes
from logistics.planning.plan import Plan
from logistics.planning.planner import solve
from logistics.planning.sentences import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logistics.planning.problem import Problem

_FORCE_SEK = 1e6
_ITERATIONS = 4_000


class Reason(StrEnum):
    """What keeps a shipment from being delivered."""

    NOT_WORTH_IT = "not-worth-it"
    WINDOW = "window"
    SHIFT = "shift"
    CAPACITY = "capacity"
    VEHICLES = "vehicles"
    SEVERAL = "several-rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    Why one shipment is not delivered, and what would change it.

    Attributes
    ----------
    shipment
        Its id.
    outcome
        ``at-hub`` or ``left``.
    reasons
        The rules each of which, lifted alone, would let it be delivered.
    extra_sek
        What delivering it today would cost more, all told; None where no plan can.
    changes
        Changes that deliver it, the smallest of each kind, with what the day would then cost more.
    plan
        The plan that delivers it at that price; None where no plan can.
    """

    shipment: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    extra_sek: float | None
    changes: tuple[Change, ...]
    plan: Plan | None = None

    def words(self, language: str = "sv") -> list[str]:
        """
        Say it.

        Parameters
        ----------
        language
            ``sv`` or ``en``.

        Returns
        -------
        list[str]
            The reason, then one sentence a change.
        """
        first = told(f"why-{self.outcome}", language, shipment=self.shipment)
        if self.extra_sek is not None:
            reason = told("not-worth-it", language, amount=f"{self.extra_sek:.0f}")
        else:
            named = ", ".join(told(f"rule-{reason}", language) for reason in self.reasons)
            reason = told("binding", language, rules=named)
        return [f"{first} {reason}", *(change.words(language) for change in self.changes)]


def explain(
    problem: Problem,
    plan: Plan,
    shipments: Iterable[str] | None = None,
    *,
    iterations: int = _ITERATIONS,
    seed: int = 0,
) -> Iterator[Explanation]:
    """
    Explain shipments that a plan does not deliver.

    Parameters
    ----------
    problem
        The day.
    plan
        A checked plan of it.
    shipments
        Ids; None for all that are not delivered.
    iterations
        Steps of each search; more finds cheaper ways, and takes longer.
    seed
        Of the searches.

    Yields
    ------
    Explanation
        One a shipment, as soon as it is found; delivered ones are passed over.

    Raises
    ------
    NotFoundError
        A shipment is not in the day.
    """
    ends = outcomes(problem, plan)
    for name in ends if shipments is None else shipments:
        if name not in ends:
            raise NotFoundError(f"shipment {name!r} is not in problem {problem.name!r}")
        if not ends[name].delivered:
            yield _Question(problem, plan, name, iterations, seed).answer(ends[name])


class _Question:
    def __init__(
        self, problem: Problem, plan: Plan, shipment: str, iterations: int, seed: int
    ) -> None:
        self.problem, self.plan, self.shipment = problem, plan, shipment
        self.iterations, self.seed = iterations, seed

    def answer(self, outcome: Outcome) -> Explanation:
        forced = self._solve(self.problem, self.plan)
        if forced is not None:
            return Explanation(
                shipment=self.shipment,
                outcome=outcome,
                reasons=(Reason.NOT_WORTH_IT,),
                extra_sek=max(0.0, self._extra(self.problem, forced)),
                changes=(),
                plan=forced,
            )
        reasons, changes = [], []
        for rule in Lifted:
            free = lifted(self.problem, rule)
            found = self._solve(free, self.plan)
            if found is None:
                continue
            reasons.append(Reason(rule.value))
            change = self._smallest(rule, found)
            if change is not None:
                changes.append(change)
        return Explanation(
            shipment=self.shipment,
            outcome=outcome,
            reasons=tuple(reasons) or (Reason.SEVERAL,),
            extra_sek=None,
            changes=tuple(changes),
        )

    def _smallest(self, rule: Lifted, found: Plan) -> Change | None:
        """Lift the rule at one place only, then step back as far as the shipment allows."""
        for kind in candidates(self.problem, rule, self.shipment, found):
            alone = self._solve(kind.apply(self.problem, kind.most), found)
            if alone is None:
                continue
            enough = kind.needed(self.problem, alone)
            best = self._tried(kind, enough, alone)
            if best is None:
                continue
            too_few = 0
            while enough - too_few > 1:
                middle = (too_few + enough) // 2
                change = self._tried(kind, middle, alone)
                if change is None:
                    too_few = middle
                else:
                    best, enough = change, middle
            return best
        return None

    def _tried(self, kind: Candidate, steps: int, start: Plan) -> Change | None:
        changed = kind.apply(self.problem, steps)
        found = self._solve(changed, start)
        return None if found is None else kind.change(steps, self._extra(changed, found))

    def _solve(self, day: Problem, start: Plan) -> Plan | None:
        """Plan a day with the shipment forced; None unless it is delivered."""
        forced = replace(
            day,
            shipments=tuple(
                replace(one, cost_if_at_hub=_FORCE_SEK, cost_if_left=_FORCE_SEK)
                if one.id == self.shipment
                else one
                for one in day.shipments
            ),
        )
        try:
            found = solve(forced, iterations=self.iterations, seed=self.seed, start=start)
        except NoPlanError:
            return None
        return found if outcomes(forced, found)[self.shipment].delivered else None

    def _extra(self, day: Problem, found: Plan) -> float:
        return recompute_cost(day, found).total - self.plan.cost.total
