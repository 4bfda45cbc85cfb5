from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logistics.costing.sharing.day import Basis, DayShares, share_day
from logistics.costing.sharing.game import CostGame, coalitions, exactly
from logistics.costing.sharing.shapley import shapley
from logistics.dispatch import coalitions as coalitions_module
from logistics.dispatch import group_prices
from logistics.dispatch.coalitions import cost_game
from logistics.dispatch.group_prices import TIE, Price, better_price
from logistics.dispatch.processes import Processes
from logistics.dispatch.served_day import Runs, ServedDay, restricted, served_day
from logistics.errors import InputError
from logistics.planning.exact import subsets
from logistics.planning.plan import Route
from logistics.planning.problem import Problem
from logistics.planning.records import Shipment, Site, Vehicle
from logistics.planning.timing import build_plan
from tests.planning.enumeration import optimum
from tests.planning.strategies import random_day

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
    assert game.exact
    assert game.corrected == ()


def drawn_day(seed: int, **changes: Any) -> ServedDay | None:
    """A random day, driven at least cost, each call a municipality; None where it cannot be."""
    drawn = random_day(seed, sites=5, shipments=6, vehicles=2)
    vans = tuple(
        replace(van, shift=(0, 86_400), max_seconds=max(van.max_seconds, 14_400), **changes)
        for van in drawn.vehicles
    )
    must = tuple(replace(one, must_visit=one.id != drawn.hub) for one in drawn.sites)
    drawn = replace(drawn, sites=must, vehicles=vans, break_=None if changes else drawn.break_)
    best = optimum(drawn)
    if best is None:
        return None
    owners = {one.id: one.id for one in must if one.id != drawn.hub}
    return served_day(drawn, build_plan(drawn, best.routes), owners)


def pays_by_enumeration(served: ServedDay) -> dict[frozenset[str], float]:
    """What each group pays: the least of what it and each larger one cost, every plan tried."""
    whole = frozenset(served.sites_of)
    own = {whole: served.driving_sek}
    for group in coalitions(tuple(served.sites_of)):
        best = optimum(restricted(served.problem, served.sites(group))) if group != whole else None
        if best is not None:
            own[group] = best.cost
    return {
        group: min(cost for larger, cost in own.items() if group <= larger)
        for group in coalitions(tuple(served.sites_of))
    }


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_what_is_proved_is_what_trying_every_plan_finds(seed: int) -> None:
    # Windows, hours and vans of all kinds; the proof traces neither room aboard nor breaks.
    served = drawn_day(seed, capacity=1_000)
    assume(served is not None)
    assert served is not None
    game = cost_game(served, iterations=100, proof_seconds=20.0)
    assert game.exact
    for group, pays in pays_by_enumeration(served).items():
        assert game.value(game.mask(group)).middle == pytest.approx(pays, abs=2 * TIE)


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.1]), st.sampled_from([2, 16]))
def test_the_error_that_is_told_holds_the_truth(seed: int, seconds: float, alone: int) -> None:
    # Roads at random, where a detour may be shorter, so that larger groups may pay less.
    served = drawn_day(seed)
    assume(served is not None)
    assert served is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsets, "MOST_CELLS", 4 * alone << alone)
        patch.setattr(group_prices, "_MOST_SITES_ALONE", alone)
        game = cost_game(served, most_searches=8, iterations=20, proof_seconds=seconds)
    pays = pays_by_enumeration(served)
    truth = CostGame(game.players, {group: exactly(sek) for group, sek in pays.items()})
    for group, sek in pays.items():
        bound = game.value(game.mask(group))
        assert bound.low - 2 * TIE <= sek <= bound.high + 2 * TIE
    shares, error = shapley(game), day_shares(served, game).error_sek
    for name, share in shapley(truth).items():
        assert abs(shares[name] - share) <= error.get(name, 0.0) + 2 * TIE


def day_shares(served: ServedDay, game: CostGame) -> DayShares:
    basis = {name: Basis(stops=1, items=1, inhabitants=1) for name in served.sites_of}
    return share_day(served.driving_sek, basis, game=game)


def late() -> ServedDay:
    """A day on which Kumla, passed on the way out, receives early and Lindesberg late."""
    whole = problem()
    windows = {"kumla": (27_000, 28_800), "lindesberg": (50_000, 51_000)}
    sites = tuple(replace(site, window=windows.get(site.id)) for site in whole.sites)
    whole = replace(whole, sites=sites)
    routes = [
        Route(vehicle=number, sites=tuple(whole.site_index[name] for name in order.split()))
        for number, order in enumerate(["nora kumla hallsberg askersund", "lindesberg"])
    ]
    return served_day(whole, build_plan(whole, routes), OWNERS)


def test_windows_are_proved_by_listing_all_runs() -> None:
    served = late()
    game = cost_game(served, most_searches=0)
    assert game.exact
    for group, pays in pays_by_enumeration(served).items():
        assert game.value(game.mask(group)).middle == pytest.approx(pays, abs=2 * TIE)


@pytest.fixture
def no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a day of so many runs that they cannot be listed."""
    monkeypatch.setattr(subsets, "_MOST_LABELS", 1)


@pytest.mark.usefixtures("no_list")
def test_what_no_table_closes_is_searched_and_proved_within_what_is_allowed() -> None:
    served = late()
    none = cost_game(served, most_searches=0)
    assert 0 < none.exact_groups < none.groups
    told = day_shares(served, none)
    assert (told.groups, told.proved_groups) == (15, none.exact_groups)
    assert max(told.error_sek.values()) > 0
    few = cost_game(served, most_searches=2, iterations=200)
    assert none.exact_groups < few.exact_groups
    wide = cost_game(served, error_sek=1_000.0)
    assert [wide.value(mask) for mask in range(16)] == [none.value(mask) for mask in range(16)]
    searched = cost_game(served, proof_seconds=0.0, iterations=200)
    proved = cost_game(served, iterations=200)
    assert proved.exact
    assert not searched.exact
    for mask in range(1, proved.full + 1):
        for loose in (none, searched):
            assert loose.value(mask).low <= proved.value(mask).low + TIE
            assert loose.value(mask).high >= proved.value(mask).high - TIE
    assert day_shares(served, proved).error_sek == {}


@pytest.mark.usefixtures("no_list")
def test_known_runs_are_ideas_for_other_days() -> None:
    known: dict[frozenset[str], Runs] = {}
    cost_game(late(), known_runs=known)
    # A minute more at Nora: the best runs of the day before need no search to be found again.
    served = late()
    sites = tuple(
        replace(site, stop_seconds=site.stop_seconds + 60 * (site.id == "nora"))
        for site in served.problem.sites
    )
    other = replace(
        served,
        problem=replace(served.problem, sites=sites),
        driving_sek=served.driving_sek + 330 / 60,
    )
    again = cost_game(other, known_runs=known, most_searches=0)
    exact = cost_game(other)
    assert exact.exact
    assert again.high == pytest.approx(exact.high)


@pytest.mark.usefixtures("no_list")
def test_groups_are_priced_alike_by_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions_module, "_BATCH", 2)
    served = late()
    alone = cost_game(served, iterations=200)
    with Processes(2) as processes:
        shared = cost_game(served, iterations=200, processes=processes)
    assert alone.alone_sek() == shared.alone_sek()
    assert shared.exact


def test_a_day_too_large_for_one_table_is_proved_by_smaller_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    served = day()
    whole = cost_game(served)
    # Groups of up to three calls have tables of their own; the others are searched and proved.
    monkeypatch.setattr(subsets, "MOST_CELLS", 3 << 3)
    monkeypatch.setattr(group_prices, "_MOST_SITES_ALONE", 3)
    parts = cost_game(served)
    assert parts.exact
    assert parts.high == pytest.approx(whole.high)
    loose = cost_game(served, most_searches=0)
    assert not loose.exact
    # Roads without short cuts: what a part pays at least, the larger group does.
    for mask in range(1, loose.full + 1):
        for bit in (1, 2, 4, 8):
            assert loose.low[mask] <= loose.low[mask | bit]
    assert loose.value(loose.full ^ loose.mask("n")).low >= whole.value(whole.mask("ka")).high - TIE


def test_a_clumsy_day_is_shared_as_it_was_driven() -> None:
    # South, north, south again: dearer than need be, so groups could do better by themselves.
    served = day("kumla nora hallsberg lindesberg askersund")
    game = cost_game(served, iterations=200)
    assert game.total_sek == served.driving_sek
    shares = day_shares(served, game)
    assert round(sum(shares.by_rule["shapley"].values()), 2) == shares.total_sek


def test_a_group_nobody_can_serve_pays_what_all_pay() -> None:
    served = day()
    vans = tuple(replace(van, shift=(21_600, 21_700)) for van in served.problem.vehicles)
    game = cost_game(replace(served, problem=replace(served.problem, vehicles=vans)))
    assert game.exact
    assert set(game.alone_sek().values()) == {served.driving_sek}


def test_what_never_fits_together_is_parted_and_weighs_in_the_proof() -> None:
    served = day()
    vans = tuple(replace(van, capacity=30) for van in served.problem.vehicles)
    own = replace(served.problem, vehicles=vans)
    price = Price(low=0.0, high=float("inf"), runs=())
    # 30 items from Nora and 30 to Kumla: aboard one after the other, but not from Kumla's 30 on.
    calls = frozenset({"nora", "kumla", "askersund"})
    found = better_price(own, calls, price, 1e6, iterations=500, seconds=20.0)
    assert found.final
    assert found.high == pytest.approx(optimum(restricted(own, calls)).cost)  # type: ignore[union-attr]
    assert len(found.runs) == 2


def test_a_site_without_a_municipality_is_refused() -> None:
    whole = problem()
    plan = build_plan(whole, [Route(vehicle=0, sites=(1,))])
    with pytest.raises(InputError, match="site 'nora' has no municipality, expected one"):
        served_day(whole, plan, {})
