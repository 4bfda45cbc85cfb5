"""Figures that are looked up in the database when Prometheus asks."""

import time
from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import Engine, case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from api.webhooks import oldest_waiting
from logistics.storage.session import reading
from logistics.storage.tables import (
    DeliveryRow,
    EventRow,
    JobRow,
    ParkedRow,
    PlanRow,
    TransferRow,
    now,
)
from logistics.units import SECONDS_PER_DAY

_KEPT_SECONDS = 10.0
_AGES = {1: "under 1 day", 3: "1 to 3 days", 7: "3 to 7 days"}
_OLDEST = "over 7 days"
_OPEN = ("requested", "packed", "aboard", "at_hub", "missing")


def figures_of(engine: Engine) -> Callable[[], Iterable[Metric]]:
    """
    Say where the figures of the database come from.

    Parameters
    ----------
    engine
        The database.

    Returns
    -------
    Callable[[], Iterable[Metric]]
        Looks them up, at most once in ten seconds; without a database there are none but the one
        that says so.
    """
    kept: tuple[float, list[Metric]] = (0.0, [])

    def collect() -> Iterable[Metric]:
        nonlocal kept
        if time.monotonic() >= kept[0]:
            kept = time.monotonic() + _KEPT_SECONDS, _look(engine)
        return kept[1]

    return collect


def _look(engine: Engine) -> list[Metric]:
    up = GaugeMetricFamily("logistics_database_up", "Whether the database answers.")
    try:
        with reading(engine) as session:
            found = [_jobs(session), _transfers(session), _parked(session)]
            found += [*_outbox(session), *_plan(session)]
    except SQLAlchemyError:
        found = []
    up.add_metric([], float(bool(found)))
    return [up, *found]


def _jobs(session: Session) -> Metric:
    family = GaugeMetricFamily(
        "logistics_jobs", "Background jobs by kind and state.", labels=["kind", "state"]
    )
    query = select(col(JobRow.kind), col(JobRow.state), func.count()).group_by(
        col(JobRow.kind), col(JobRow.state)
    )
    for kind, state, count in session.execute(query):
        family.add_metric([kind, state], count)
    return family


def _transfers(session: Session) -> Metric:
    family = GaugeMetricFamily(
        "logistics_transfers_open",
        "Transfers on their way, by state and by the time since they were asked for.",
        labels=["state", "age"],
    )
    days = func.coalesce(_age_days(session), 0)
    age = case(*((days < limit, name) for limit, name in _AGES.items()), else_=_OLDEST)
    query = (
        select(col(TransferRow.state), age, func.count())
        .where(col(TransferRow.state).in_(_OPEN))
        .group_by(col(TransferRow.state), age)
    )
    for state, name, count in session.execute(query):
        family.add_metric([state, name], count)
    return family


def _age_days(session: Session) -> object:
    asked = col(TransferRow.requested_at)
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(now().replace(tzinfo=None).isoformat(" ")) - func.julianday(asked)
    return func.extract("epoch", func.now() - asked) / SECONDS_PER_DAY


def _parked(session: Session) -> Metric:
    waiting = select(func.count()).where(col(ParkedRow.resolved_at).is_(None))
    count = session.scalar(waiting.select_from(ParkedRow)) or 0
    return GaugeMetricFamily(
        "logistics_parked", "Records that wait for a branch code to be explained.", value=count
    )


def _outbox(session: Session) -> Iterable[Metric]:
    family = GaugeMetricFamily(
        "logistics_webhook_deliveries", "Events owed to webhooks, by state.", labels=["state"]
    )
    query = (
        select(col(DeliveryRow.state), func.count())
        .where(col(DeliveryRow.state) != "delivered")
        .group_by(col(DeliveryRow.state))
    )
    for state, count in session.execute(query):
        family.add_metric([state], count)
    yield family
    oldest = oldest_waiting(session)
    lag = 0.0 if oldest is None else max(0.0, (now() - oldest).total_seconds())
    yield GaugeMetricFamily(
        "logistics_outbox_lag_seconds", "Age of the oldest event still owed.", value=lag
    )
    unplaced = select(func.count()).where(col(EventRow.position).is_(None))
    yield GaugeMetricFamily(
        "logistics_events_unplaced",
        "Events that nobody has put in the feed yet.",
        value=session.scalar(unplaced.select_from(EventRow)) or 0,
    )


def _plan(session: Session) -> Iterable[Metric]:
    newest = select(col(PlanRow.solve_seconds), col(PlanRow.gap), col(PlanRow.cost_sek)).order_by(
        col(PlanRow.id).desc()
    )
    plan = session.execute(newest.limit(1)).first()
    if plan is None:
        return
    named = {
        "logistics_plan_seconds": ("Time that the newest plan took.", plan.solve_seconds),
        "logistics_plan_gap": ("Gap of the newest plan to its proved bound.", plan.gap),
        "logistics_plan_cost_sek": ("Cost of the newest plan, SEK.", plan.cost_sek),
    }
    for name, (meaning, value) in named.items():
        if value is not None:
            yield GaugeMetricFamily(name, meaning, value=value)
