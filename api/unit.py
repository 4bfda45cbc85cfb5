"""One request, one transaction: answer, idempotency key and audit in the same commit."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import Engine  # noqa: TC002  # names a public attribute
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from api.idempotency import claim_key
from api.problems import KINDS, Fault, ProblemError, problem
from api.security.roles import Principal
from logistics.errors import LogisticsError, UnavailableError
from logistics.storage.session import reading, write, writing
from logistics.storage.tables import AuditRow, IdempotencyRow, now

T = TypeVar("T")
_GIVEN_UP = timedelta(minutes=15)
_KEPT_HEADERS = frozenset({"etag", "location", "content-type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What a route answers, before it is written down.

    Attributes
    ----------
    body
        A wire model, or JSON written already; None for no body.
    status
        HTTP status.
    headers
        Further headers.
    """

    body: BaseModel | bytes | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """
        Write the answer down.

        Returns
        -------
        Response
            As it goes to the client.
        """
        content = self.body
        if isinstance(content, BaseModel):
            content = content.model_dump_json(by_alias=True).encode()
        if content is None:
            return Response(status_code=self.status, headers=dict(self.headers))
        return Response(content, self.status, dict(self.headers), "application/json")


class Unit:
    """
    The one transaction of a request that changes something.

    Parameters
    ----------
    request
        The request.
    key
        Its idempotency key, if it brought one.
    body_digest
        Hash of method, path and body: what "the same request" means; empty without a key.
    """

    def __init__(self, request: Request, key: str | None, body_digest: str) -> None:
        self.engine: Engine = request.app.state.engine
        self.request_id: str = getattr(request.state, "request_id", "")
        self._request = request
        self._key = key
        self._digest = body_digest
        self._kept: Response | None = None

    @property
    def principal(self) -> Principal:
        """Who is asking."""
        who: Principal = self._request.state.principal
        return who

    def run(
        self,
        work: Callable[[Session], Answer],
        *,
        action: str = "",
        subject: str = "",
        secret: bool = False,
    ) -> Response:
        """
        Do the work, once, and answer only when it is safe on disk.

        Parameters
        ----------
        work
            Changes the database and says what to answer; undone when it raises.
        action
            What the audit log calls it; empty where the records keep a history themselves.
        subject
            What it was done to.
        secret
            The answer holds a secret, so it is not kept: a repetition is refused, not answered.

        Returns
        -------
        Response
            The answer of this request, or of the first with the same key.

        Raises
        ------
        LogisticsError
            What the work raised.
        """

        def once(session: Session) -> Response:
            earlier = self._claim(session)
            if earlier is not None:
                return earlier
            response = work(session).response()
            if action:
                self.audit(session, action, subject)
            self._keep(session, _not_twice(self.request_id) if secret else response)
            return response

        try:
            return write(self.engine, once)
        except UnavailableError:
            raise
        except LogisticsError as error:
            if self._key is None:
                raise
            return self._keep_refusal(error)

    def run_apart(
        self, work: Callable[[], Answer | None], *, action: str, subject: str
    ) -> Response:
        """
        Do work that takes long and stores its result itself.

        No lock is held meanwhile. A repetition while it runs is told to wait; one after a crash
        does the work again, unless its result was kept with the answer, by :meth:`keep_with`.

        Parameters
        ----------
        work
            Does it and says what to answer; None where it kept the answer itself.
        action
            What the audit log calls it.
        subject
            What it was done to.

        Returns
        -------
        Response
            The answer of this request, or of the first with the same key.

        Raises
        ------
        LogisticsError
            What the work raised.
        """
        if self._key is not None:
            with writing(self.engine) as session:
                earlier = self._claim(session)
            if earlier is not None:
                return earlier
        try:
            answer = work()
        except BaseException:
            self._give_back()
            raise
        if answer is None:
            if self._kept is None:
                raise AssertionError(f"{action}: the work neither answered nor kept an answer")
            return self._kept
        response = answer.response()
        with writing(self.engine) as session:
            self.audit(session, action, subject)
            self._keep(session, response)
        return response

    def keep_with(self, session: Session, answer: Answer, *, action: str, subject: str) -> None:
        """
        Keep the answer of long work in the transaction that keeps its result.

        Parameters
        ----------
        session
            The transaction.
        answer
            What to answer, now and to a repetition.
        action
            What the audit log calls it.
        subject
            What it was done to.
        """
        self._kept = answer.response()
        self.audit(session, action, subject)
        self._keep(session, self._kept)

    def audit(
        self,
        session: Session,
        action: str,
        subject: str,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """
        Note who changed what.

        Parameters
        ----------
        session
            The transaction of the change.
        action
            What was done.
        subject
            To what.
        before, after
            The values that changed.
        """
        session.add(
            AuditRow(
                actor=self.principal.label,
                action=action,
                subject=subject[:160],
                before=before,
                after=after,
                request_id=self.request_id,
            )
        )

    def _claim(self, session: Session) -> Response | None:
        if self._key is None or claim_key(session, self._caller, self._key, self._digest):
            return None
        row = session.get_one(IdempotencyRow, (self._caller, self._key))
        if row.status is None:
            return self._unfinished(session, row)
        headers = {**(row.headers or {}), "Idempotent-Replayed": "true"}
        return Response((row.body or "").encode(), row.status, headers)

    def _unfinished(self, session: Session, row: IdempotencyRow) -> Response | None:
        if now() - row.created_at < _GIVEN_UP:
            raise ProblemError(
                "busy", "the first request with this key is still being worked on; ask again"
            )
        row.created_at = now()  # whoever worked on it is gone
        session.add(row)
        return None

    def _keep(self, session: Session, response: Response) -> None:
        if self._key is None:
            return
        row = session.get_one(IdempotencyRow, (self._caller, self._key))
        row.status = response.status_code
        row.headers = {k: v for k, v in response.headers.items() if k in _KEPT_HEADERS}
        row.body = bytes(response.body).decode()

    def _keep_refusal(self, error: LogisticsError) -> Response:
        slug = error.slug if error.slug in KINDS else "bad-input"
        faults = [Fault(detail=text) for text in error.problems]
        response: JSONResponse = problem(slug, faults, request_id=self.request_id)
        with writing(self.engine) as session:
            if claim_key(session, self._caller, self._key or "", self._digest):
                self._keep(session, response)
        return response

    def _give_back(self) -> None:
        if self._key is None:
            return
        with writing(self.engine) as session:
            row = session.get(IdempotencyRow, (self._caller, self._key))
            if row is not None and row.status is None:
                session.delete(row)

    @property
    def _caller(self) -> str:
        return self.principal.id


def _not_twice(request_id: str) -> JSONResponse:
    fault = Fault(detail="the first answer to this request held a secret, which is not shown twice")
    return problem("conflict", [fault], request_id=request_id)


async def _unit(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description="The same key with the same body gets the same answer, done once.",
        ),
    ] = None,
) -> Unit:
    if idempotency_key is None:
        return Unit(request, None, "")
    body = await request.body()
    head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return Unit(request, idempotency_key, hashlib.sha256(head + body).hexdigest())


#: What a route that changes something asks for.
UnitDep = Annotated[Unit, Depends(_unit)]


class Reader:
    """
    Sessions that see one state of the database and change nothing.

    Parameters
    ----------
    request
        The request.
    """

    def __init__(self, request: Request) -> None:
        self.engine: Engine = request.app.state.engine

    def run(self, work: Callable[[Session], T]) -> T:
        """
        Look something up.

        Parameters
        ----------
        work
            Reads the database.

        Returns
        -------
        T
            What the work returned.
        """
        with reading(self.engine) as session:
            return work(session)


#: What a route that only looks asks for.
ReaderDep = Annotated[Reader, Depends(Reader)]


def dump(value: object) -> bytes:
    """
    Write JSON as compact as it goes.

    Parameters
    ----------
    value
        What to write.

    Returns
    -------
    bytes
        UTF-8.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode()
