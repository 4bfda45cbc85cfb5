"""A hundred thousand transfers in one request: a line in, a line out, memory flat."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from api.body import LINES, media_type, not_lines
from api.door import may
from api.every_fault import LinesByHand
from api.idempotency import claim_key
from api.intake import domain, faults_of, known_times
from api.problems import responses, sentence
from api.schemas.transfers import EXAMPLE, BulkReceipt, Intake, NewTransfer
from api.security.roles import Principal
from api.unit import dump
from logistics.operations.intake.receive import Receipt, receive_transfers
from logistics.storage.session import write
from logistics.storage.tables import now

router = APIRouter(prefix="/v1", tags=["transfers"], route_class=LinesByHand)
BATCH = 1_000
LONGEST_LINE = 4_096
_IN_MEMORY = 1024 * 1024


class NdjsonResponse(StreamingResponse):
    """One JSON object a line."""

    media_type = LINES


@router.post(
    "/transfers/bulk",
    response_class=NdjsonResponse,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                LINES: {
                    "schema": {"type": "string", "description": "One transfer a line."},
                    "examples": {"one": {"value": dump(EXAMPLE).decode()}},
                }
            },
        }
    },
    responses={
        200: {
            "description": "One result a line, in the order of the lines.",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
        **responses("unsupported-media-type", "key-reused", "bad-input"),
    },
)
async def create_in_bulk(
    request: Request,
    principal: Annotated[Principal, may("transfers:write")],
    how: Annotated[Intake, Query()],
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, pattern=r"^[!-~]+$")
    ] = None,
) -> StreamingResponse:
    """
    Ask for very many transfers, one a line.

    Each line stands for itself: a refused one does not keep the others out. Lines are stored a
    thousand at a time and answered when they are safe; whatever was not answered can be sent
    again, since a request_id sent twice is one transfer.
    """
    kind = media_type(request)
    if kind != LINES:
        raise not_lines(kind)
    engine: Engine = request.app.state.engine
    body = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by _results
    digest = hashlib.sha256(f"{request.url.query}\n".encode())
    try:
        # Taken in whole before the first line is answered: a client that sends everything before
        # it reads anything would otherwise wait for us while we wait for it.
        async for part in request.stream():
            digest.update(part)
            await run_in_threadpool(body.write, part)
        if idempotency_key is not None:
            await run_in_threadpool(
                _claim, engine, principal.id, idempotency_key, digest.hexdigest()
            )
    except BaseException:
        body.close()
        raise
    body.seek(0)
    results = _results(engine, body, principal, how)
    return NdjsonResponse(_closing(results))


def _claim(engine: Engine, caller: str, key: str, digest: str) -> None:
    # Lines are their own keys, so a repetition is simply done again and answers the same.
    write(engine, lambda session: claim_key(session, caller, key, digest))


async def _closing(results: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for part in iterate_in_threadpool(results):
            yield part
    finally:
        await run_in_threadpool(results.close)  # type: ignore[attr-defined]  # a generator


def _results(engine: Engine, body: IO[bytes], principal: Principal, how: Intake) -> Iterator[bytes]:
    with body:
        number, batch = 0, []
        while line := body.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                _skip_line(body)
            if line.strip():
                batch.append((number, line))
            if len(batch) == BATCH:
                yield _store(engine, batch, principal, how)
                batch = []
        if batch:
            yield _store(engine, batch, principal, how)


def _skip_line(body: IO[bytes]) -> None:
    while (rest := body.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _store(
    engine: Engine, batch: list[tuple[int, bytes]], principal: Principal, how: Intake
) -> bytes:
    answers: dict[int, BulkReceipt] = {}
    good: list[tuple[int, NewTransfer]] = []
    for number, line in batch:
        read = _read(number, line, principal)
        if isinstance(read, BulkReceipt):
            answers[number] = read
        else:
            good.append((number, read))
    asked = [one for _, one in good]
    receipts = write(engine, lambda session: _receive(session, asked, principal, how))
    for (number, _), receipt in zip(good, receipts, strict=True):
        answers[number] = BulkReceipt.model_construct(
            line=number,
            request_id=receipt.request_id,
            id=receipt.transfer_id,
            outcome=receipt.outcome.value,
            errors=[receipt.problem] if receipt.problem else [],
        )
    return b"".join(answers[number].model_dump_json().encode() + b"\n" for number, _ in batch)


def _receive(
    session: Session, many: list[NewTransfer], principal: Principal, how: Intake
) -> list[Receipt]:
    times = known_times(session, [one.request_id for one in many if one.requested_at is None])
    moment = now()
    holds = {one.request_id: one.hold_reference for one in many if one.hold_reference}
    return receive_transfers(
        session,
        [domain(one, times.get(one.request_id, moment)) for one in many],
        source=how.source,
        actor=principal.label,
        holds=holds,
        park=how.park,
    )


def _read(number: int, line: bytes, principal: Principal) -> NewTransfer | BulkReceipt:
    if len(line) > LONGEST_LINE:
        return _refused(number, None, [f"the line is longer than {LONGEST_LINE} bytes"])
    try:
        one = NewTransfer.model_validate_json(line)
    except ValidationError as error:
        return _refused(number, None, [sentence(fault) for fault in error.errors()])
    problems = faults_of(one)
    if not principal.may_see(one.origin, one.destination):
        problems.append("it belongs to other branches")
    return _refused(number, one.request_id, problems) if problems else one


def _refused(number: int, request: str | None, problems: list[str]) -> BulkReceipt:
    return BulkReceipt(line=number, request_id=request, id=None, outcome="refused", errors=problems)
