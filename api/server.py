"""Run the service: where it may listen, how long a head may take, how it stops."""

import asyncio
import gc
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from api import logs
from api.app import create_app
from api.problems import Fault, problem
from api.settings import Settings
from logistics.errors import InputError, UnavailableError
from logistics.storage.session import open_database, reading
from logistics.storage.tables import ApiKeyRow, UserRow

_SWITCH_SECONDS = 0.0005


def serve(settings: Settings) -> None:
    """
    Serve until told to stop; requests that were accepted are answered first.

    Parameters
    ----------
    settings
        What the operator decided.
    """
    refuse_open_door(settings)
    logs.configure(settings)
    # Threads give the interpreter up at each statement to the database; at Python's own five
    # milliseconds they would queue for it longer than they work.
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = create_app(settings)
    # What is there by now stays: it need not be looked through again while requests are served.
    gc.collect()
    gc.freeze()
    Server(server_config(app, settings)).run(sockets=[_listen(settings)])


class Server(uvicorn.Server):
    """A server that tells its application at once when it is to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """
        Begin to stop: no new work, streams end, what was accepted is answered.

        Parameters
        ----------
        sig
            The signal.
        frame
            Where the program was.
        """
        app: Any = self.config.app
        app.state.stopping = True
        super().handle_exit(sig, frame)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """
    Say how the server shall behave.

    Parameters
    ----------
    app
        The service.
    settings
        Its limits.

    Returns
    -------
    uvicorn.Config
        For ``uvicorn.Server``.
    """

    class Protocol(TimedProtocol):
        header_seconds = settings.header_seconds
        most_connections = settings.connections

    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=settings.graceful_seconds,
        h11_max_incomplete_event_size=32 * 1024,
    )


def refuse_open_door(settings: Settings) -> None:
    """
    Refuse to listen beyond this machine while nobody could be told from anybody.

    Parameters
    ----------
    settings
        Where it would listen.

    Raises
    ------
    InputError
        The address is reachable from elsewhere, and authentication is off or nobody has a key
        or an account yet.
    """
    if settings.is_loopback:
        return
    if settings.authentication == "off":
        raise InputError(
            f"LOGISTICS_HOST is {settings.host!r} with LOGISTICS_AUTHENTICATION=off: everybody who "
            "reaches this address would be coordinator; listen on 127.0.0.1 or require a log-in"
        )
    engine = open_database(settings.database)
    with reading(engine) as session:
        account = session.exec(select(UserRow.id).where(col(UserRow.active).is_(True))).first()
        key = session.exec(select(ApiKeyRow.id).where(col(ApiKeyRow.revoked_at).is_(None))).first()
    engine.dispose()
    if account is None and key is None:
        raise InputError(
            f"LOGISTICS_HOST is {settings.host!r}, and there is no account and no API key yet; "
            "make the first administrator with `logistics account create`, or listen on 127.0.0.1"
        )


class TimedProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request comes too late, or that is one too many."""

    header_seconds: float = 10.0
    most_connections: int = 1_000
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # asyncio's own
        """
        Wait for the first request, but not for ever.

        Parameters
        ----------
        transport
            The new connection.
        """
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self.app: Any = _crowded
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """
        Stop waiting.

        Parameters
        ----------
        exc
            Why the connection broke; None where it was closed.
        """
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """
        Stop waiting once a request is there; wait anew after its answer.

        Parameters
        ----------
        data
            What came.
        """
        super().data_received(data)
        if self._serving():
            self._disarm()
        elif self._deadline is None:
            self._arm()

    def _serving(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.header_seconds, self._expire)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        self._deadline = None
        if not self._serving():
            self.transport.close()


async def _crowded(scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(
        "busy",
        [Fault(detail="every connection is taken; send it again in a moment")],
        headers={"Connection": "close"},
    )
    await answer(scope, receive, send)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or asyncio does not switch off Nagle's delay: 40 ms at each small answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host.strip("[]"), settings.port))
    except OSError as error:
        listener.close()
        raise UnavailableError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; "
            "is another copy running? LOGISTICS_PORT sets the port"
        ) from error
    return listener
