"""The checker's own account of the shipments: who took what where, and where it ended the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logistics.planning.violations import Kind, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.plan import Plan, Run
    from logistics.planning.problem import Problem, Shipment


@dataclass(slots=True)
class Account:
    """
    Where each shipment ended, and what is wrong on the way.

    Attributes
    ----------
    delivered, at_hub
        Ids of shipments that reached their destination, and that reached the hub only.
    broken
        Rules broken.
    """

    delivered: set[str] = field(default_factory=set)
    at_hub: set[str] = field(default_factory=set)
    broken: list[Violation] = field(default_factory=list)


def account(problem: Problem, plan: Plan) -> Account:
    """
    Follow every shipment through the plan.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan; every id in it is known.

    Returns
    -------
    Account
        Where the shipments ended.
    """
    book = Account()
    by_id = {shipment.id: shipment for shipment in problem.shipments}
    taken: Counter[str] = Counter()
    brought: dict[str, list[int]] = defaultdict(list)
    for number, run in enumerate(plan.runs):
        _follow(problem, number, run, by_id, book, taken, brought)
    book.broken += [
        Violation(
            kind=Kind.LOADED_TWICE,
            run=None,
            subject=name,
            message=f"shipment {name!r}: taken {count} times, expected once",
            excess=count - 1,
        )
        for name, count in taken.items()
        if count > 1
    ]
    book.broken += _wrongly_carried(problem, plan, by_id, brought)
    book.at_hub -= book.delivered
    return book


def _follow(  # noqa: PLR0917 - one book, kept run by run
    problem: Problem,
    number: int,
    run: Run,
    by_id: dict[str, Shipment],
    book: Account,
    taken: Counter[str],
    brought: dict[str, list[int]],
) -> None:
    van = next(van for van in problem.vehicles if van.id == run.vehicle)
    ahead = [stop.site for stop in run.stops]
    aboard = [
        one.id
        for one in problem.shipments
        if one.origin == problem.hub and one.destination in ahead and one.id not in run.leave
    ]
    book.broken += _wrongly_left(problem, number, run, by_id, ahead)
    taken.update(aboard)
    aboard += run.carried
    _weigh(book, number, "the hub", sum(by_id[one].items for one in aboard), van.capacity)
    for stop in run.stops:
        ahead = ahead[1:]
        off = [one for one in aboard if by_id[one].destination == stop.site]
        if Counter(off) != Counter(stop.unload):
            wrong = (Counter(off) - Counter(stop.unload)) + (Counter(stop.unload) - Counter(off))
            book.broken.append(
                Violation(
                    kind=Kind.WRONG_UNLOAD,
                    run=number,
                    subject=stop.site,
                    message=f"site {stop.site!r}: unload differs from what is aboard for it by "
                    f"{', '.join(map(repr, sorted(wrong)))}",
                    excess=wrong.total(),
                )
            )
        book.delivered.update(off)
        aboard = [one for one in aboard if by_id[one].destination != stop.site]
        for name in stop.load:
            book.broken += _wrongly_taken(problem, number, by_id[name], stop.site, ahead)
        taken.update(stop.load)
        aboard += stop.load
        _weigh(book, number, stop.site, sum(by_id[one].items for one in aboard), van.capacity)
    for name in aboard:
        if by_id[name].destination == problem.hub:
            book.delivered.add(name)
        else:
            book.at_hub.add(name)
            brought[name].append(number)


def _weigh(book: Account, number: int, where: str, items: int, capacity: int) -> None:
    if items > capacity:
        told = f"{items} items aboard after {where!r}, expected at most {capacity}"
        book.broken.append(
            Violation(
                kind=Kind.OVERLOADED,
                run=number,
                subject=where,
                message=told,
                excess=items - capacity,
            )
        )


def _wrongly_taken(
    problem: Problem, number: int, shipment: Shipment, site: str, ahead: list[str]
) -> Iterator[Violation]:
    if shipment.origin != site:
        told = f"taken at {site!r}, but waits at {shipment.origin!r}"
        yield _about(Kind.LOADED_ELSEWHERE, number, shipment.id, told)
    if shipment.direct_only and shipment.destination not in {*ahead, problem.hub}:
        told = f"rides direct only, but the run does not call at {shipment.destination!r} later"
        yield _about(Kind.STRANDED, number, shipment.id, told)


def _wrongly_left(
    problem: Problem, number: int, run: Run, by_id: dict[str, Shipment], ahead: list[str]
) -> Iterator[Violation]:
    for name, count in Counter(run.leave).items():
        shipment = by_id[name]
        if count > 1 or shipment.origin != problem.hub or shipment.destination not in ahead:
            told = "left at the hub, expected once and only from the hub to a stop of this run"
            yield _about(Kind.WRONG_LEAVE, number, name, told)


def _wrongly_carried(
    problem: Problem, plan: Plan, by_id: dict[str, Shipment], brought: dict[str, list[int]]
) -> Iterator[Violation]:
    vans = {van.id: van for van in problem.vehicles}
    total = Counter(name for run in plan.runs for name in run.carried)
    for number, run in enumerate(plan.runs):
        for name in run.carried:
            ready = [
                plan.runs[one].end + vans[plan.runs[one].vehicle].turnaround_seconds
                for one in brought[name]
                if one != number
            ]
            if vans[run.vehicle].max_runs < 2:  # noqa: PLR2004 - several runs are two or more
                told = f"carried on by {run.vehicle!r}, which makes one run only"
            elif by_id[name].destination not in {stop.site for stop in run.stops}:
                told = "carried on, but the run does not call at its destination"
            elif not ready:
                told = "carried on, but no other run brought it to the hub"
            elif min(ready) > run.start:
                told = f"carried on at {run.start}, but ready at the hub only at {min(ready)}"
            elif total[name] > 1:
                told = f"carried on {total[name]} times, expected once"
            else:
                continue
            yield _about(Kind.WRONG_CARRIED, number, name, told)


def _about(kind: Kind, run: int, name: str, told: str) -> Violation:
    return Violation(kind=kind, run=run, subject=name, message=f"shipment {name!r}: {told}")
