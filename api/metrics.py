"""What Prometheus may ask: requests, queue, plans, transfers by state and age, outbox lag."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "logistics_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "logistics_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
            registry=self.registry,
        )
        self.streams = Gauge(
            "logistics_event_streams", "Progress streams open.", registry=self.registry
        )
        self.refused = Counter(
            "logistics_refused", "Requests refused at the door.", ["reason"], registry=self.registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """
        Count one request.

        Parameters
        ----------
        method
            HTTP method; anything unheard of is counted as ``other``.
        route
            Template of the route, or ``unknown``.
        status
            Status of the answer.
        seconds
            Time taken.
        """
        name = method if method in _METHODS else "other"
        self._requests.labels(name, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def add_source(self, collect: Callable[[], Iterable[Metric]]) -> None:
        """
        Add figures that are looked up when Prometheus asks.

        Parameters
        ----------
        collect
            Returns the figures of this moment.
        """

        class Source:
            def collect(self) -> Iterable[Metric]:
                return collect()

        self.registry.register(Source())

    def render(self) -> bytes:
        """
        Write all figures.

        Returns
        -------
        bytes
            Text exposition format, UTF-8.
        """
        return generate_latest(self.registry)
