"""Structured log lines: one JSON object each, with the request identifier, no personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from api.settings import Settings

#: Fields that a log line may carry; anything else is dropped, so that a careless call cannot leak.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "request_id", "method", "route", "status",
        "seconds", "principal", "job", "kind", "attempt", "count", "date", "plan", "error",
        "exception", "host", "port", "version", "subscription", "message_id", "state",
    }
)  # fmt: skip


def _only_allowed(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(settings: Settings) -> None:
    """
    Send every log line of the process through one pipe.

    Our own go there directly, as each request writes one; those of libraries come by ``logging``.

    Parameters
    ----------
    settings
        Level and shape of the lines.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, _only_allowed, last],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _only_allowed,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # Their lines carry query strings, which name items; ours name the route alone.
    logging.getLogger("uvicorn.access").disabled = True
    for noisy in ("httpx2", "httpcore2", "authlib"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
