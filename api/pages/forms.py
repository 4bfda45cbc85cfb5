"""What a form does: once, in one transaction, with its line in the audit log."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from api.door import CSRF_FIELD, allow
from api.pages.frame import Frame
from api.pages.language import words_of
from api.pages.notice import Kind
from api.problems import TYPE_PREFIX, Fault, ProblemError
from api.security.roles import Principal
from api.unit import Answer, Unit, dump

ONCE_FIELD: Final = "once"
_REFUSED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """
    How a form ended well.

    Attributes
    ----------
    path
        The page to go on to.
    said
        A sentence for that page, in the reader's language.
    kind
        How the sentence looks.
    """

    path: str
    said: str = ""
    kind: Kind = "good"


class RefusedError(ProblemError):
    """
    A form that was refused; shown as an error page unless the route shows the form again.

    Parameters
    ----------
    slug
        A key of `api.problems.KINDS`.
    faults
        Everything that is wrong.
    """

    def __init__(self, slug: str, faults: list[Fault]) -> None:
        super().__init__(slug, faults[0].detail)
        self.faults = faults


class Form:
    """
    A form that somebody sent.

    Parameters
    ----------
    request
        The request.
    data
        Its fields.
    """

    def __init__(self, request: Request, data: FormData) -> None:
        self.request = request
        self.data = data
        fields = [
            [name, value.filename or "" if isinstance(value, UploadFile) else value]
            for name, value in data.multi_items()
            if name != CSRF_FIELD
        ]
        head = f"{request.method} {request.url.path}?{request.url.query}\n"
        digest = hashlib.sha256(head.encode() + json.dumps(fields).encode()).hexdigest()
        # The same form with the same fields is the same request; with other fields it is another.
        self.unit = Unit(request, f"form-{digest}" if self.text(ONCE_FIELD) else None, digest)

    def text(self, name: str, default: str = "") -> str:
        """
        Read a field.

        Parameters
        ----------
        name
            Its name.
        default
            Where it is missing.

        Returns
        -------
        str
            Without white space around it.
        """
        value = self.data.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def secret(self, name: str) -> str:
        """
        Read a password.

        Parameters
        ----------
        name
            Name of its field.

        Returns
        -------
        str
            To the letter as it was typed.
        """
        value = self.data.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """
        Read a field that may come several times, as check boxes do.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        list[str]
            In the order of the page.
        """
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def run(
        self,
        work: Callable[[Session], Done],
        *,
        action: str = "",
        subject: str = "",
    ) -> Response:
        """
        Do what the form asks, once, and go on to a page.

        Parameters
        ----------
        work
            Changes the database and says where to go; undone when it raises.
        action
            What the audit log calls it; empty where the records keep a history themselves.
        subject
            What it was done to.

        Returns
        -------
        Response
            A redirect; the same again for a form sent twice.

        Raises
        ------
        RefusedError
            The work was refused.
        """
        kept = self.unit.run(lambda session: _kept(work(session)), action=action, subject=subject)
        return self._onward(kept)

    def run_apart(self, work: Callable[[], Done], *, action: str, subject: str) -> Response:
        """
        Do what takes long and stores its result itself, such as planning.

        Parameters
        ----------
        work
            Does it and says where to go.
        action
            What the audit log calls it.
        subject
            What it was done to.

        Returns
        -------
        Response
            A redirect; the same again for a form sent twice.

        Raises
        ------
        LogisticsError
            The work was refused.
        """
        kept = self.unit.run_apart(lambda: _kept(work()), action=action, subject=subject)
        return self._onward(kept)

    def _onward(self, kept: Response) -> Response:
        told: dict[str, Any] = json.loads(bytes(kept.body))
        if kept.status_code >= _REFUSED:
            faults = [Fault.model_validate(fault) for fault in told["errors"]]
            raise RefusedError(told["type"].removeprefix(TYPE_PREFIX), faults)
        frame = Frame(request=self.request, known=self.unit.principal, w=words_of(self.request))
        return frame.go(told["path"], told["said"], told["kind"])


def _kept(done: Done) -> Answer:
    return Answer(body=dump({"path": done.path, "said": done.said, "kind": done.kind}))


async def _form(request: Request, _: Annotated[Principal, Depends(allow)]) -> Form:
    return Form(request, await request.form())


#: What the route of a form asks for.
FormDep = Annotated[Form, Depends(_form)]
