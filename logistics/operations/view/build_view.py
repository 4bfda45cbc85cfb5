"""Build what people see of one planned day from what is stored of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.emissions import EmissionFactor, emission
from logistics.network.network import Network
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.day.local_time import clock_seconds
from logistics.operations.day.outcomes import Outcome, Ride, loads, rides_of
from logistics.operations.day.stored_plans import StoredPlan, read_stored_plan
from logistics.operations.network.load_network import read_all_factors, read_network
from logistics.operations.view.day_view import DayView, TotalsView
from logistics.operations.view.kinds import Pin, PlanState
from logistics.operations.view.place_records import PlaceView, Point
from logistics.operations.view.run_records import BundleView, LegView, RunView, StopView
from logistics.operations.view.stopped_vans import stopped_vans
from logistics.operations.view.view_bundles import bundle_views
from logistics.operations.view.view_places import base_map, place_views
from logistics.operations.view.view_rest import undelivered_views, unserved_views
from logistics.storage.tables import BranchRow
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from logistics.planning.records import Vehicle

_STATES = {"under_way": PlanState.UNDER_WAY, "superseded": PlanState.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    plan: StoredPlan
    network: Network
    places: Mapping[str, PlaceView]
    notes: Mapping[str, str]
    factors: tuple[EmissionFactor, ...]
    rides: Mapping[str, list[Ride]]
    aboard: list[list[int]]


def build_day_view(session: Session, day: date, version: int | None = None) -> DayView:
    """
    Build the view of a planned day.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    version
        Which version; when absent the one in force, else the latest draft.

    Returns
    -------
    DayView
        Everything that is shown of the day.

    Raises
    ------
    NotFoundError
        The day has no such plan.
    """
    return view_of(session, read_stored_plan(session, day, version))


def view_of(session: Session, plan: StoredPlan, network: Network | None = None) -> DayView:
    """
    Build the view of a plan, stored or only thought of.

    Parameters
    ----------
    session
        A session.
    plan
        The plan.
    network
        The network, where somebody has read it already.

    Returns
    -------
    DayView
        Everything that is shown of it.
    """
    network = _with_vehicles(network or read_network(session), plan)
    places = place_views(network)
    items = {shipment.id: shipment.items for shipment in plan.problem.shipments}
    notes = select(col(BranchRow.id), col(BranchRow.driver_note))
    source = _Source(
        plan=plan,
        network=network,
        places=places,
        notes={row.id: row.driver_note for row in session.execute(notes)},
        factors=tuple(read_all_factors(session)),
        rides=rides_of(plan.plan, plan.problem.hub),
        aboard=loads(plan.plan, plan.problem.hub, items),
    )
    runs = tuple(_run_view(source, number) for number in range(len(plan.plan.runs)))
    return DayView(
        service_day=plan.row.service_date,
        hub=places[plan.problem.hub],
        runs=runs,
        totals=_totals(source, runs),
        unserved=unserved_views(plan, network, places),
        undelivered=undelivered_views(plan, network, places),
        base_map=base_map(network),
        state=_STATES.get(plan.row.state) or PlanState(plan.row.state),
        version=plan.row.version,
        travel_source=plan.row.travel_source,
        caveats=tuple(plan.row.caveats),
        saved_at=plan.row.made_at,
    )


def _with_vehicles(network: Network, plan: StoredPlan) -> Network:
    known = {vehicle.id: vehicle for vehicle in network.vehicles}
    extra = [
        replace(known[like], id=change["subject"], name=change["details"].get("name", ""))
        for change in plan.row.changes
        if change["kind"] == ChangeKind.EXTRA_VEHICLE
        and (like := str(change["details"]["like"])) in known
    ]
    named = [one if one.name else replace(one, name=one.id) for one in extra]
    return replace(network, vehicles=(*network.vehicles, *named))


def _run_view(source: _Source, number: int) -> RunView:
    plan, row = source.plan, source.plan.runs[number]
    run = plan.plan.runs[number]
    vehicle = next(one for one in plan.problem.vehicles if one.id == run.vehicle)
    record = next((one for one in source.network.vehicles if one.id == run.vehicle), None)
    crate = record.items_per_crate if record else max(1, vehicle.capacity)
    stops = _stop_views(source, number, crate)
    rest = plan.problem.break_
    breaks = rest is not None and run.break_after is not None
    return RunView(
        number=row.number,
        vehicle=run.vehicle,
        vehicle_name=record.name if record else run.vehicle,
        capacity_items=vehicle.capacity,
        items_per_crate=crate,
        start=run.start,
        end=run.end,
        stops=stops,
        legs=_leg_views(source, number),
        load_at_hub=_bundles(source, number, crate, board=0),
        unload_at_hub=_bundles(source, number, crate, leave=len(stops) + 1),
        break_begin=run.stops[run.break_after].depart if run.break_after is not None else None,
        break_seconds=rest.seconds if rest and breaks else 0,
        break_after=None if run.break_after is None else run.break_after + 1,
        cost_sek=run_cost_sek(vehicle, len(stops), row.distance_metres, row.paid_seconds),
        paid_seconds=row.paid_seconds,
        code="" if plan.row.state == "draft" else row.code,
    )


def run_cost_sek(vehicle: Vehicle, stops: int, metres: int, paid_seconds: int) -> float:
    """
    Price one run as the day problem does.

    Parameters
    ----------
    vehicle
        Who drives.
    stops
        Number of stops.
    metres
        Metres driven.
    paid_seconds
        Seconds paid.

    Returns
    -------
    float
        SEK.
    """
    return (
        vehicle.fixed_cost
        + vehicle.cost_per_stop * stops
        + vehicle.cost_per_km * metres / METRES_PER_KILOMETRE
        + vehicle.cost_per_hour * paid_seconds / SECONDS_PER_HOUR
    )


def _stop_views(source: _Source, number: int, crate: int) -> tuple[StopView, ...]:
    plan = source.plan
    row = plan.runs[number]
    done = {stop.number: stop for stop in plan.stops[row.id or 0]}
    windows = {site.id: site.window for site in plan.problem.sites}
    pins = {
        change["subject"]: Pin(change["details"]["strength"])
        for change in plan.row.changes
        if change["kind"] == ChangeKind.PIN
    }
    names = {vehicle.id: vehicle.name for vehicle in source.network.vehicles}
    in_van = {name: van.name for name, van in stopped_vans(plan, names).items()}
    views = []
    for place, stop in enumerate(plan.plan.runs[number].stops, start=1):
        stored = done[place]
        views.append(
            StopView(
                number=place,
                place=source.places[stop.site],
                arrive=stop.arrive,
                begin=stop.begin,
                depart=stop.depart,
                unload=_bundles(source, number, crate, leave=place),
                load=_bundles(source, number, crate, board=place, in_van=in_van),
                items_aboard=source.aboard[number][place],
                window=windows[stop.site],
                note=source.notes.get(stop.site, ""),
                code="" if plan.row.state == "draft" else stored.code,
                pins=(pins[stop.site],) if stop.site in pins else (),
                done_at=clock_seconds(plan.row.service_date, stored.done_at)
                if stored.done_at
                else None,
            )
        )
    return tuple(views)


def _bundles(
    source: _Source,
    number: int,
    crate: int,
    *,
    board: int | None = None,
    leave: int | None = None,
    in_van: Mapping[str, str] = MappingProxyType({}),
) -> tuple[BundleView, ...]:
    return tuple(
        replace(bundle, in_van=in_van.get(name, ""))
        for name, rides in source.rides.items()
        for ride in rides
        if ride.run == number and (ride.board == board or ride.leave == leave)
        for bundle in bundle_views(source.plan, name, ride, source.places, items_per_crate=crate)
    )


def _leg_views(source: _Source, number: int) -> tuple[LegView, ...]:
    problem, run = source.plan.problem, source.plan.plan.runs[number]
    index, hub = problem.site_index, problem.hub
    places = [hub, *(stop.site for stop in run.stops), hub]
    departs = [run.start, *(stop.depart for stop in run.stops)]
    arrives = [*(stop.arrive for stop in run.stops), run.end]
    return tuple(
        LegView(
            line=_line(source.network, start, end),
            depart=departs[leg],
            arrive=arrives[leg],
            distance_metres=problem.travel_metres[index[start]][index[end]],
            items_aboard=source.aboard[number][leg],
        )
        for leg, (start, end) in enumerate(pairwise(places))
    )


def _line(network: Network, start: str, end: str) -> tuple[Point, ...]:
    return tuple(network.roads.polyline(start, end))


def _totals(source: _Source, runs: tuple[RunView, ...]) -> TotalsView:
    row, cost = source.plan.row, source.plan.plan.cost
    ends = dict.fromkeys(Outcome, 0)
    for promise in source.plan.promises.values():
        ends[Outcome(promise.row.outcome)] += len(promise.transfers)
    return TotalsView(
        items_delivered=ends[Outcome.DELIVERED],
        items_at_hub=ends[Outcome.AT_HUB],
        items_left=ends[Outcome.LEFT],
        fixed_sek=cost.fixed,
        stops_sek=cost.stops,
        distance_sek=cost.distance,
        time_sek=cost.time,
        delay_sek=cost.delay,
        distance_metres=sum(run.distance_metres for run in runs),
        paid_seconds=sum(run.paid_seconds for run in runs),
        co2e_grams=_co2e_grams(source, runs),
        bound_sek=row.bound_sek,
        gap=row.gap,
    )


def _co2e_grams(source: _Source, runs: tuple[RunView, ...]) -> float | None:
    known = {vehicle.id: vehicle for vehicle in source.network.vehicles}
    grams = 0.0
    for run in runs:
        if run.vehicle not in known:
            return None
        vehicle = known[run.vehicle]
        used = emission(
            run.distance_metres,
            vehicle.energy.value,
            vehicle.consumption_per_km,
            source.plan.row.service_date,
            source.factors,
        )
        if used.co2e_grams is None:
            return None
        grams += used.co2e_grams
    return grams
