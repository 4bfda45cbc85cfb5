"""Two plans of one day side by side: what moved, what arrives, and what it costs, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.planning.outcomes import Outcome, distance_metres, outcomes
from logistics.planning.pins import moved_stops
from logistics.planning.plan import Cost
from logistics.planning.sentences import told
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_MINUTE, clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

_NOTICED_SECONDS = 5 * SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class StopChange:
    """
    One stop that differs.

    Attributes
    ----------
    site
        Where.
    before, after
        Vehicle and arrival, seconds since midnight; None where nobody calls.
    """

    site: str
    before: tuple[str, int] | None
    after: tuple[str, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    How one plan differs from another.

    Attributes
    ----------
    before, after
        Costs.
    metres, paid_seconds, vehicles, items_delivered, items_direct
        Before and after.
    moved_stops
        Stops of the first plan that the second moves or drops.
    stops
        Every stop with another vehicle, or an arrival that differs by five minutes or more.
    newly_delivered, no_longer_delivered
        Shipments.
    """

    before: Cost
    after: Cost
    metres: tuple[int, int]
    paid_seconds: tuple[int, int]
    vehicles: tuple[int, int]
    items_delivered: tuple[int, int]
    items_direct: tuple[int, int]
    moved_stops: int
    stops: tuple[StopChange, ...]
    newly_delivered: tuple[str, ...]
    no_longer_delivered: tuple[str, ...]

    @property
    def difference_sek(self) -> float:
        """What the second plan costs more, SEK."""
        return self.after.total - self.before.total

    def words(self, language: str = "sv") -> list[str]:
        """
        Say what differs.

        Parameters
        ----------
        language
            ``sv`` or ``en``.

        Returns
        -------
        list[str]
            One sentence each: money, driving, deliveries, then stop by stop.
        """
        return list(self._sentences(language))

    def _sentences(self, language: str) -> Iterator[str]:
        yield self._money(language)
        parts = [
            (name, getattr(self.after, name) - getattr(self.before, name))
            for name in ("fixed", "stops", "distance", "time", "delay")
        ]
        changed = [(name, value) for name, value in parts if abs(value) >= 1]
        if changed:
            named = ", ".join(f"{told(name, language)} {value:+.0f} kr" for name, value in changed)
            yield told("of-it", language, parts=named)
        kilometres = (self.metres[1] - self.metres[0]) / METRES_PER_KILOMETRE
        minutes = (self.paid_seconds[1] - self.paid_seconds[0]) / SECONDS_PER_MINUTE
        if kilometres or minutes:
            yield told("driving", language, km=f"{kilometres:+.1f}", minutes=f"{minutes:+.0f}")
        if self.items_delivered[0] != self.items_delivered[1]:
            more = self.items_delivered[1] - self.items_delivered[0]
            yield told("items", language, items=f"{more:+d}", total=self.items_delivered[1])
        for stop in self.stops:
            yield _stop_words(stop, language)

    def _money(self, language: str) -> str:
        if abs(self.difference_sek) < 0.5:  # noqa: PLR2004 - amounts are shown in whole kronor
            return told("same-cost", language, total=f"{self.after.total:.0f}")
        key = "dearer" if self.difference_sek > 0 else "cheaper"
        amount = f"{abs(self.difference_sek):.0f}"
        return told(key, language, amount=amount, total=f"{self.after.total:.0f}")


def _stop_words(stop: StopChange, language: str) -> str:
    if stop.before is None and stop.after is not None:
        van, arrive = stop.after
        return told("new-stop", language, site=stop.site, van=van, time=clock(arrive))
    if stop.after is None and stop.before is not None:
        return told("no-stop", language, site=stop.site, van=stop.before[0])
    (old, was), (new, now) = stop.before or ("", 0), stop.after or ("", 0)
    if old != new:
        return told("other-van", language, site=stop.site, old=old, new=new, time=clock(now))
    key = "later" if now > was else "earlier"
    minutes = abs(now - was) // SECONDS_PER_MINUTE
    return told(key, language, site=stop.site, minutes=minutes, time=clock(now))


def compare(problem: Problem, before: Plan, after: Plan) -> Comparison:
    """
    Compare two plans.

    Parameters
    ----------
    problem
        The day that both plans answer, or the later of two days that differ in windows only.
    before
        The plan that people know.
    after
        The other plan.

    Returns
    -------
    Comparison
        In numbers; :meth:`Comparison.words` says it in sentences.
    """
    ends = [outcomes(problem, plan) for plan in (before, after)]
    delivered = [{name for name, end in one.items() if end.delivered} for one in ends]
    direct = [{name for name, end in one.items() if end is Outcome.DIRECT} for one in ends]
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    named = [(run.vehicle, [stop.site for stop in run.stops]) for run in after.runs]
    return Comparison(
        before=before.cost,
        after=after.cost,
        metres=(distance_metres(problem, before), distance_metres(problem, after)),
        paid_seconds=_pair(*(_paid(problem, plan) for plan in (before, after))),
        vehicles=_pair(*(len({run.vehicle for run in plan.runs}) for plan in (before, after))),
        items_delivered=_pair(*(sum(items[one] for one in names) for names in delivered)),
        items_direct=_pair(*(sum(items[one] for one in names) for names in direct)),
        moved_stops=moved_stops(before, named),
        stops=stop_changes(before, after),
        newly_delivered=tuple(one for one in ends[1] if one in delivered[1] - delivered[0]),
        no_longer_delivered=tuple(one for one in ends[0] if one in delivered[0] - delivered[1]),
    )


def _pair(before: int, after: int) -> tuple[int, int]:
    return before, after


def _paid(problem: Problem, plan: Plan) -> int:
    return sum(run.paid_seconds(problem) for run in plan.runs)


def stop_changes(before: Plan, after: Plan) -> tuple[StopChange, ...]:
    """
    List the stops that differ between two plans, of one day or of two that differ themselves.

    Parameters
    ----------
    before
        The plan that people know.
    after
        The other plan.

    Returns
    -------
    tuple[StopChange, ...]
        Every stop with another vehicle, or an arrival that differs by five minutes or more.
    """
    return tuple(_changes(before, after))


def _changes(before: Plan, after: Plan) -> Iterator[StopChange]:
    old, new = (
        {stop.site: (run.vehicle, stop.arrive) for run in plan.runs for stop in run.stops}
        for plan in (before, after)
    )
    for site in (*new, *(site for site in old if site not in new)):
        was, now = old.get(site), new.get(site)
        if was and now and was[0] == now[0] and abs(was[1] - now[1]) < _NOTICED_SECONDS:
            continue
        yield StopChange(site=site, before=was, after=now)
