"""Two people at one day: the second sees what the first did, and nothing is overwritten."""

from collections.abc import Callable
from datetime import date as Date  # noqa: N812  # as in the other pages of a day

from starlette.responses import Response

from api.pages import day_words
from api.pages.day import facts_of
from api.pages.frame import Frame
from api.problems import ProblemError
from api.queries.day_news import news_since
from api.unit import Reader

_CONFLICTS = frozenset({"conflict", "changed-meanwhile"})


def guarded(
    frame: Frame,
    reader: Reader,
    day: Date,
    seen: str,
    work: Callable[[], Response],
    again: str = "",
) -> Response:
    """
    Do something with a day; where somebody else was faster, show what happened.

    Parameters
    ----------
    frame
        The page.
    reader
        The database.
    day
        The day.
    seen
        State of the day that the reader had seen.
    work
        Does it.
    again
        Address that tries the same on the day as it is now.

    Returns
    -------
    Response
        What the work answered, or a page that tells what somebody else did meanwhile.

    Raises
    ------
    ProblemError
        It was refused, and nobody else had a part in that.
    """
    try:
        return work()
    except ProblemError as error:
        if error.slug not in _CONFLICTS:
            raise
        news = reader.run(lambda session: news_since(session, day, seen))
        if news is None:
            raise
        facts = facts_of(frame, reader, day)
        return frame.page(
            "day_conflict.html",
            status=409,
            facts=facts,
            news=news,
            again=again,
            change_words=lambda row: day_words.change(frame.w, row, facts),
            version_words=lambda row: day_words.version(frame.w, row),
            maker=lambda name: day_words.maker(frame.w, name, frame.who.label),
        )
