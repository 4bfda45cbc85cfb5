"""Everything this project raises on purpose.

* LogisticsError
    - InputError         the data contradict themselves or the format (exit code 2)
    - ConflictError      the data are sound, but the state they meet forbids the step (exit code 2)
    - NotFoundError      a record that was asked for does not exist (exit code 2)
    - UnavailableError   an outside service does not answer (exit code 2)
    - NoPlanError        the data are sound, and no plan can serve them (exit code 3)
    - RuleBrokenError    a plan breaks a rule of the day problem (exit code 3)

A programming mistake stays what Python makes of it and is never caught (exit code 1).
The slugs are the problem types of the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class LogisticsError(Exception):
    """
    The root of every error that is raised on purpose.

    Parameters
    ----------
    problems
        One sentence a fault, each naming the record, the value found, what was expected and the
        cure; a single sentence may be given as it is.
    """

    exit_code: ClassVar[int] = 1
    slug: ClassVar[str] = "error"

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[LogisticsError], tuple[list[str]]]:
        return type(self), (self.problems,)


class InputError(LogisticsError, ValueError):
    """The data given contradict themselves or the format."""

    exit_code = 2
    slug = "bad-input"


class ConflictError(LogisticsError):
    """The data are sound, but the state they meet forbids the step."""

    exit_code = 2
    slug = "conflict"


class NotFoundError(LogisticsError, LookupError):
    """A record that was asked for does not exist."""

    exit_code = 2
    slug = "not-found"


class UnavailableError(LogisticsError):
    """A service outside this program does not answer."""

    exit_code = 2
    slug = "unavailable"


class NoPlanError(LogisticsError):
    """The data are sound, and no plan can serve what must be served."""

    exit_code = 3
    slug = "no-plan"


class RuleBrokenError(LogisticsError):
    """A plan breaks a rule of the day problem."""

    exit_code = 3
    slug = "rule-broken"
