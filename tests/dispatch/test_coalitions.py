from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import pytest

from logistics.costing.sharing.day import Basis, share_day
from logistics.costing.sharing.shapley import shapley, shapley_bounds
from logistics.dispatch.coalitions import GroupCosts, bounded_game, cost_game
from logistics.dispatch.served_day import Runs, ServedDay, served_day
from logistics.errors import InputError
from logistics.planning.plan import Route
from logistics.planning.problem import Problem
from logistics.planning.records import Shipment, Site, Vehicle
from logistics.planning.timing import build_plan

# Minutes from the hub at 0: one road north with two places, one south with three.
ALONG = {"hub": 0, "nora": 30, "lindesberg": 45, "kumla": -20, "hallsberg": -30, "askersund": -60}
OWNERS = {name: name[0] for name in ALONG if name != "hub"} | {"hallsberg": "k"}


def problem() -> Problem:
    minutes = list(ALONG.values())
    seconds = tuple(tuple(60 * abs(a - b) for b in minutes) for a in minutes)
    return Problem(
        name="road",
        hub="hub",
        sites=tuple(Site(id=name, stop_seconds=300) for name in ALONG),
        travel_metres=tuple(tuple(20 * time for time in row) for row in seconds),
        travel_seconds=seconds,
        vehicles=tuple(
            Vehicle(
                id=f"van-{number}",
                capacity=500,
                shift=(21_600, 64_800),
                max_seconds=34_200,
                fixed_cost=165.0,
                cost_per_km=3.5,
                cost_per_hour=330.0,
            )
            for number in (1, 2)
        ),
        shipments=(
            Shipment(
                id="a",
                origin="nora",
                destination="kumla",
                items=30,
                cost_if_at_hub=10.0,
                cost_if_left=90.0,
            ),
            Shipment(
                id="b",
                origin="hub",
                destination="askersund",
                items=12,
                cost_if_at_hub=0.0,
                cost_if_left=60.0,
            ),
        ),
        handling_seconds_per_item=10,
    )


def day(order: str = "nora lindesberg kumla hallsberg askersund") -> ServedDay:
    whole = problem()
    sites = tuple(whole.site_index[name] for name in order.split())
    return served_day(whole, build_plan(whole, [Route(vehicle=0, sites=sites)]), OWNERS)


def brute_force(served: ServedDay, group: frozenset[str]) -> float:
    """The least cost of one run, by trying every order."""
    whole, index = served.problem, served.problem.site_index

    def cost(order: tuple[str, ...]) -> float:
        way = [index[name] for name in ("hub", *order, "hub")]
        metres = sum(whole.travel_metres[a][b] for a, b in pairwise(way))
        seconds = sum(whole.travel_seconds[a][b] for a, b in pairwise(way))
        seconds += sum(whole.sites[place].stop_seconds for place in way[1:-1])
        return 165 + 3.5 * metres / 1000 + 330 * seconds / 3600

    return min(cost(order) for order in permutations(served.sites(group)))


def test_a_day_is_taken_as_it_was_served() -> None:
    served = day()
    stops = {site.id: site.stop_seconds for site in served.problem.sites}
    # 30 items taken at Nora ride direct to Kumla; 12 come from the hub to Askersund.
    assert (stops["nora"], stops["kumla"], stops["askersund"]) == (600, 600, 420)
    assert stops["lindesberg"] == 300
    assert served.sites_of["k"] == {"kumla", "hallsberg"}
    assert served.driving_sek == pytest.approx(brute_force(served, frozenset(served.sites_of)))


def test_every_group_drives_its_own_calls_at_least_cost() -> None:
    served = day()
    game = cost_game(served, iterations=200)
    for mask in range(1, game.full + 1):
        group = frozenset(name for name in game.players if mask & game.mask([name]))
        assert game.value(mask).middle == pytest.approx(brute_force(served, group))
    assert game.corrected == ()


def test_known_runs_are_priced_anew_and_not_searched_again() -> None:
    known: dict[frozenset[str], Runs] = {}
    first = cost_game(day(), iterations=200, known_runs=known)
    # More items at Kumla on another day: a minute more of the driver's time, the same best runs.
    served = day()
    sites = tuple(
        replace(site, stop_seconds=site.stop_seconds + 60 * (site.id == "kumla"))
        for site in served.problem.sites
    )
    other = replace(served, problem=replace(served.problem, sites=sites))
    told: list[int] = []
    second = cost_game(other, iterations=0, known_runs=known, on_solved=lambda n, _: told.append(n))
    kumla = first.mask("k")
    assert second.value(kumla).middle - first.value(kumla).middle == pytest.approx(330 / 60)
    assert second.value(first.mask("a")) == first.value(first.mask("a"))
    assert told == list(range(2, 16))


def test_a_year_prices_only_what_the_shares_need() -> None:
    served = day()
    known: dict[frozenset[str], Runs] = {}
    exact = cost_game(served, iterations=200)
    none = bounded_game(served, known, most_searches=0, iterations=200)
    assert not none.exact
    for mask in range(1, exact.full + 1):
        bound = none.value(mask)
        assert bound.low - 1e-6 <= exact.value(mask).middle <= bound.high + 1e-6
    some = bounded_game(served, known, error_sek=50.0, iterations=200)
    assert max(v.high - v.low for v in shapley_bounds(some).values()) <= 100.0
    all_of_them = bounded_game(served, known, error_sek=0.0, iterations=200)
    assert all_of_them.exact
    assert shapley(all_of_them) == pytest.approx(shapley(exact))
    # What was priced once needs no search again.
    assert bounded_game(served, known, most_searches=0, iterations=0).exact


def test_groups_are_priced_alike_by_two_processes() -> None:
    served = day()
    alone = cost_game(served, iterations=200)
    shared = cost_game(served, iterations=200, workers=2)
    assert alone.alone_sek() == shared.alone_sek()


def test_a_clumsy_day_is_shared_as_it_was_driven() -> None:
    # South, north, south again: dearer than need be, so groups could do better by themselves.
    served = day("kumla nora hallsberg lindesberg askersund")
    game = cost_game(served, iterations=200)
    assert game.total_sek == served.driving_sek
    basis = {name: Basis(stops=1, items=1, inhabitants=1) for name in served.sites_of}
    shares = share_day(served.driving_sek, basis, game=game)
    assert round(sum(shares.by_rule["shapley"].values()), 2) == shares.total_sek


def test_a_group_nobody_can_serve_pays_what_all_pay() -> None:
    served = day()
    vans = tuple(replace(van, shift=(21_600, 21_700)) for van in served.problem.vehicles)
    costs = GroupCosts(
        day=replace(served, problem=replace(served.problem, vehicles=vans)), iterations=10
    )
    assert costs.price(frozenset({"nora"}), [served.runs]) == (float("inf"), ())


def test_a_site_without_a_municipality_is_refused() -> None:
    whole = problem()
    plan = build_plan(whole, [Route(vehicle=0, sites=(1,))])
    with pytest.raises(InputError, match="site 'nora' has no municipality, expected one"):
        served_day(whole, plan, {})
