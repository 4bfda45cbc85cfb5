"""Random small days with all features mixed, for hypothesis and for seeded loops."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from logistics.planning.problem import Break, Problem, Shipment, Site, Vehicle


def random_day(seed: int, *, sites: int = 5, shipments: int = 6, vehicles: int = 2) -> Problem:
    """A day of at most so many sites (hub included), all features mixed by the seed."""
    dice = Random(seed)
    count = dice.randint(2, sites)
    names = [f"s{number}" for number in range(count)]
    hub = dice.choice(names)
    start = dice.randint(0, 4) * 1800
    tight = dice.random() < 0.3
    return Problem(
        name=f"random {seed}",
        hub=hub,
        sites=tuple(
            Site(
                id=name,
                stop_seconds=dice.choice([0, 60, 300, 600]),
                window=_window(dice) if dice.random() < 0.4 else None,
                must_visit=dice.random() < 0.3,
            )
            for name in names
        ),
        travel_metres=_matrix(dice, count, 1000, 40_000),
        travel_seconds=_matrix(dice, count, 60, 2_400),
        vehicles=tuple(
            Vehicle(
                id=f"v{number}",
                capacity=dice.choice([8, 15, 40, 1000]) if not tight else 10,
                shift=(start, start + dice.randint(2, 7) * 3600),
                max_seconds=dice.choice([4_000, 7_200, 14_400, 86_400]),
                fixed_cost=dice.choice([0.0, 50.0, 200.0]),
                cost_per_km=dice.choice([0.0, 1.0, 3.6]),
                cost_per_hour=dice.choice([0.0, 100.0, 365.5]),
                cost_per_stop=dice.choice([0.0, 0.0, 20.0]),
            )
            for number in range(dice.randint(1, vehicles))
        ),
        shipments=tuple(_shipment(dice, names, n) for n in range(dice.randint(0, shipments))),
        handling_seconds_per_item=dice.choice([0, 2, 20]),
        break_=Break(after_seconds=dice.randint(20, 140) * 60, seconds=dice.choice([0, 900, 1800]))
        if dice.random() < 0.4
        else None,
    )


def days(*, sites: int = 5, shipments: int = 6, vehicles: int = 2) -> st.SearchStrategy[Problem]:
    """Random days as a hypothesis strategy."""
    seeds = st.integers(min_value=0, max_value=2**32)
    return seeds.map(
        lambda seed: random_day(seed, sites=sites, shipments=shipments, vehicles=vehicles)
    )


def _window(dice: Random) -> tuple[int, int]:
    opens = dice.randint(0, 16) * 900
    return opens, opens + dice.choice([0, 900, 3600, 10_800])


def _matrix(dice: Random, count: int, low: int, high: int) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(0 if a == b else dice.randint(low, high) for b in range(count)) for a in range(count)
    )


def _shipment(dice: Random, names: list[str], number: int) -> Shipment:
    origin, destination = dice.sample(names, 2)
    at_hub = dice.choice([0.0, 10.0, 80.0, 300.0])
    return Shipment(
        id=f"p{number}",
        origin=origin,
        destination=destination,
        items=dice.choice([0, 1, 3, 7, 12]),
        cost_if_at_hub=at_hub,
        cost_if_left=at_hub + dice.choice([-5.0 if at_hub else 0.0, 20.0, 150.0, 500.0]),
        direct_only=dice.random() < 0.15,
    )
