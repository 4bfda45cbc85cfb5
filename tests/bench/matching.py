"""The matching against the plain rule: kilometres and days saved in a year, and speed at size.

A year of 250 days is lived five times with the same chance for each policy: books are borrowed and
come back, holds are placed, and every day each policy decides what travels. *home* always sends a
returned item home and asks the first free copy on a shelf for every hold; *plain* sends a returned
item to the first in its queue, else home, and does the same for the holds that are left.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from logistics.costing.rates import Rates
from logistics.demand.matching.journeys import Journeys, journeys_on
from logistics.demand.matching.optimise import match
from logistics.demand.matching.plain import first_in_queue
from logistics.demand.matching.policy import Policy
from logistics.demand.matching.records import Copy
from logistics.demand.returns import Hold, ReturnedItem
from logistics.network.load import load_network
from logistics.network.travel import road_graph_times

START = date(2026, 1, 12)
DAYS = 250
SEEDS = range(5)
T_95_OF_FIVE = 2.776

BASELINES = ("home", "plain")
TITLES, COPIES, HOLDS_A_DAY, LOANS_A_DAY = 2_500, 6_000, 60, 120
RATES = Rates(
    valid_from=START,
    waiting_sek_per_item_day={
        "late": 9.0,
        "hold": 4.5,
        "supply": 1.5,
        "rebalance": 0.75,
        "return": 0.75,
    },
    promise_days=4,
    stop_seconds=360,
    handling_seconds_per_item=2,
    items_per_crate=20,
    break_after_seconds=18_000,
    break_seconds=1_800,
)


@dataclass
class Scene:
    """Where books can be, how far apart, and how long between them by weekday."""

    places: tuple[str, ...]
    weights: tuple[float, ...]
    kilometres: dict[tuple[str, str], float]
    journeys: dict[int, Journeys]


def scene() -> Scene:
    network = load_network()
    branches = [branch for branch in network.branches if branch.inhabitants]
    places = tuple(branch.id for branch in branches)
    times = road_graph_times(network, places)
    monday = date(2026, 11, 23)
    return Scene(
        places=places,
        weights=tuple(float(branch.inhabitants or 0) for branch in branches),
        kilometres={
            (a, b): times.metres[i][j] / 1_000
            for i, a in enumerate(places)
            for j, b in enumerate(places)
        },
        journeys={
            n: journeys_on(
                network.calendar,
                places,
                network.hub,
                monday + timedelta(days=n),
                handling_sek=0.4,
            )
            for n in range(5)
        },
    )


@dataclass
class Outcome:
    """What a year came to."""

    kilometres: float = 0.0
    waited: int = 0
    filled: int = 0
    carried_days: float = 0.0


def live(where: Scene, seed: int, policy: str) -> Outcome:
    """One year under one policy."""
    chance, outcome = random.Random(seed), Outcome()
    copies = [
        Copy(item=f"i{n}", title=_title(chance), owner=(home := _place(chance, where)), at=home)
        for n in range(COPIES)
    ]
    state = {copy.item: copy for copy in copies}
    busy: set[str] = set()
    comes_back: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    arrives: defaultdict[int, list[tuple[str, str, Hold | None]]] = defaultdict(list)
    queue: dict[str, Hold] = {}
    for day in range(DAYS):
        for item, place, hold in arrives.pop(day, []):
            state[item] = replace(state[item], at=place)
            busy.discard(item)
            if hold is not None:
                outcome.waited += (START + timedelta(days=day) - hold.placed_at.date()).days
                outcome.filled += 1
                busy.add(item)
                comes_back[day + 21].append((item, place))
        for _ in range(HOLDS_A_DAY):
            number = len(queue) + outcome.filled + day * 1_000
            hold = Hold(
                reference=f"h{day}-{chance.random()}",
                title=_title(chance),
                pickup=_place(chance, where),
                placed_at=datetime(START.year, START.month, START.day, tzinfo=UTC)
                + timedelta(days=day),
                queue_position=number + 1,
            )
            queue[hold.reference] = hold
        for _ in range(LOANS_A_DAY):
            item, away = copies[chance.randrange(COPIES)].item, _place(chance, where)
            # Drawn whether or not the book is there, so that chance is the same for each policy.
            elsewhere = chance.random() < 0.15
            if item not in busy:
                busy.add(item)
                comes_back[day + 21].append((item, away if elsewhere else state[item].at))
        back = comes_back.pop(day, [])
        for item, place in back:
            busy.discard(item)
            state[item] = replace(state[item], at=place)
        _decide(
            where, day, policy, [item for item, _ in back], state, busy, queue, arrives, outcome
        )
    return outcome


def _decide(
    where: Scene,
    day: int,
    policy: str,
    back: list[str],
    state: dict[str, Copy],
    busy: set[str],
    queue: dict[str, Hold],
    arrives: defaultdict[int, list[tuple[str, str, Hold | None]]],
    outcome: Outcome,
) -> None:
    journeys = where.journeys[day % 5]
    moves: list[tuple[str, str, str | None]] = []
    wanted = {hold.title for hold in queue.values()}
    shelf = [c for i, c in state.items() if i not in busy and c.title in wanted]
    if policy in BASELINES:
        items = [
            ReturnedItem(
                item=item,
                title=state[item].title,
                owner=state[item].owner,
                at=state[item].at,
                returned_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
            for item in back
        ]
        asked = queue.values() if policy == "plain" else ()
        choices = first_in_queue(items, asked)
        moves = [(choice.item, choice.goes_to, choice.hold) for choice in choices]
        taken = {hold for *_, hold in moves if hold}
        # What came back to its own shelf is free; what must travel home first is not.
        fresh = {item for item in back if state[item].at != state[item].owner or policy == "plain"}
        free: defaultdict[str, list[Copy]] = defaultdict(list)
        for copy in shelf:
            if copy.item not in fresh:
                free[copy.title].append(copy)
        for reference, hold in queue.items():
            if reference not in taken and free[hold.title]:
                moves.append((free[hold.title].pop(0).item, hold.pickup, reference))
    else:
        room = dict.fromkeys(where.places, 10_000) if policy == "floating" else {}
        fresh = set(back)
        candidates = [replace(copy, returned=copy.item in fresh) for copy in shelf]
        candidates += [
            replace(state[item], returned=True) for item in back if state[item].title not in wanted
        ]
        wish = Policy(journeys=journeys, rates=RATES, float_room=room)
        today = START + timedelta(days=day)
        found = match(candidates, queue.values(), today, wish)
        moves = [(choice.item, choice.goes_to, choice.hold) for choice in found.choices]
    for item, place, filled in moves:
        origin = state[item].at
        taken_hold = queue.pop(filled) if filled else None
        if origin == place and taken_hold is None:
            continue
        outcome.kilometres += where.kilometres[origin, place]
        busy.add(item)
        if taken_hold is not None:
            outcome.carried_days += journeys.between(origin, place)[0]
        days = round(journeys.between(origin, place)[0] * 5 / 7 + 0.25)
        arrives[day + max(1, days)].append((item, place, taken_hold))


def _title(chance: random.Random) -> str:
    return f"t{int(TITLES * chance.random() ** 2)}"


def _place(chance: random.Random, where: Scene) -> str:
    return chance.choices(where.places, where.weights)[0]


def year() -> None:
    """Compare the policies over five years with common chance."""
    where = scene()
    lived = {
        policy: [live(where, seed, policy) for seed in SEEDS]
        for policy in (*BASELINES, "best", "floating")
    }
    for base in BASELINES:
        for policy in ("best", "floating"):
            for name, measure in MEASURES.items():
                pairs = zip(lived[policy], lived[base], strict=True)
                ratios = [measure(one) / measure(other) for one, other in pairs]
                half = T_95_OF_FIVE * statistics.stdev(ratios) / len(ratios) ** 0.5
                line = {
                    "benchmark": "matching",
                    "policy": policy,
                    "over": base,
                    "measure": name,
                    "ratio": round(statistics.mean(ratios), 4),
                    "interval_95": round(half, 4),
                }
                sys.stdout.write(json.dumps(line) + "\n")
    for policy, years in lived.items():
        means = {
            name: round(statistics.mean(measure(one) for one in years), 2)
            for name, measure in MEASURES.items()
        }
        line = {"benchmark": "matching", "policy": policy, "mean_of_a_year": means}
        sys.stdout.write(json.dumps(line) + "\n")


#: What is compared of two years.
MEASURES = {
    "item_kilometres": lambda one: one.kilometres,
    "days_to_the_reader": lambda one: one.waited / one.filled,
    "days_on_the_way": lambda one: one.carried_days / one.filled,
    "holds_filled": lambda one: one.filled,
}


def size() -> None:
    """100,000 holds and 50,000 copies, against sorting the same queues by the plain rule."""
    chance = random.Random(5)
    places = tuple(f"b{n}" for n in range(25))
    square = tuple(tuple(float(abs(i - j) % 7) for j in range(25)) for i in range(25))
    titles = 20_000

    def title() -> str:
        return f"t{int(titles * chance.random() ** 3)}"

    copies = [
        Copy(
            item=f"i{n}",
            title=title(),
            owner=chance.choice(places),
            at=chance.choice(places),
            returned=chance.random() < 0.1,
            leaves_home=chance.random() < 0.95,
        )
        for n in range(50_000)
    ]
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    holds = [
        Hold(
            reference=f"h{n}",
            title=title(),
            pickup=chance.choice(places),
            placed_at=moment - timedelta(hours=chance.randrange(300)),
            queue_position=1 + chance.randrange(50),
        )
        for n in range(100_000)
    ]
    journeys = Journeys(places=places, days=square, sek=square)
    began, busy = time.perf_counter(), time.process_time()
    found = match(copies, holds, moment.date(), Policy(journeys=journeys, rates=RATES))
    line = {
        "benchmark": "matching",
        "holds": len(holds),
        "copies": len(copies),
        "filled": len(found.filled),
        "seconds": round(time.perf_counter() - began, 2),
        "processor_seconds": round(time.process_time() - busy, 2),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    sys.stdout.write(json.dumps(line) + "\n")


def main() -> None:
    size()
    year()
