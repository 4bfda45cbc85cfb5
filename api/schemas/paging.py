"""Cursors: where a page ended, opaque to clients and checked when it comes back."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, StringConstraints

from api.problems import ProblemError
from api.schemas.base import LARGEST, Page, Wire

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cursor:
    """
    The last record of the page before.

    Attributes
    ----------
    text
        Its sort key.
    """

    text: str

    @property
    def number(self) -> int:
        """
        The sort key as a number.

        Raises
        ------
        ProblemError
            It is none: the cursor belongs to another list.
        """
        if not self.text.isascii() or not self.text.isdigit() or int(self.text) > LARGEST:
            raise bad_cursor()
        return int(self.text)


class Paging(Wire):
    """
    Which page of a list; lists extend it by what they can be narrowed to.

    Attributes
    ----------
    cursor
        ``next`` of the page before; nothing for the first.
    limit
        Records a page at most.
    """

    cursor: Annotated[str, StringConstraints(max_length=400)] | None = Field(
        default=None, description="`next` of the page before; nothing for the first."
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Records a page at most.")

    def place(self) -> Cursor | None:
        """
        Tell where the page before ended.

        Returns
        -------
        Cursor | None
            None for the first page.

        Raises
        ------
        ProblemError
            The cursor is none of ours.
        """
        if self.cursor is None:
            return None
        try:
            text = base64.b64decode(self.cursor.encode("ascii"), b"-_", validate=True)
            return Cursor(text.decode())
        except (ValueError, binascii.Error):
            raise bad_cursor() from None


def bad_cursor() -> ProblemError:
    """
    Refuse a cursor.

    Returns
    -------
    ProblemError
        To be raised.
    """
    return ProblemError(
        "bad-input", "cursor: it is none of this list; start without it", pointer="#/query/cursor"
    )


def page_of(records: Sequence[T], limit: int, key: Callable[[T], str]) -> Page[Any]:
    """
    Cut a page.

    Parameters
    ----------
    records
        One more than the limit, where there are more.
    limit
        Records a page.
    key
        Sort key of a record.

    Returns
    -------
    Page
        The page, with the cursor of the next one.
    """
    shown = list(records[:limit])
    more = len(records) > limit
    end = base64.b64encode(key(shown[-1]).encode(), b"-_").decode() if more else None
    return Page(data=shown, next=end)
