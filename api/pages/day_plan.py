"""What is done with a day as a whole: plan it, watch that, publish, close its books."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session
from starlette.responses import Response

from api.pages import day_words
from api.pages.day import Coordinator
from api.pages.day_conflict import guarded
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame
from api.queries.day_news import News, news_since
from api.queries.jobs import ACTIVE
from api.schemas.base import Day, RowId
from api.streaming import Progress, stream
from api.unit import Reader, ReaderDep
from logistics.errors import NotFoundError
from logistics.operations.change.keep_change import check_stamp
from logistics.operations.day.close import close_day
from logistics.operations.day.publish import publish
from logistics.operations.upkeep.schedule import request_plan
from logistics.storage.jobs import cancel_job, progress_after
from logistics.storage.tables import JobRow

router = APIRouter(include_in_schema=False)


@router.post("/dag/{date}/planera")
def ask_for_plan(date: Day, frame: Coordinator, form: FormDep) -> Response:
    """Have the day planned in the background."""

    def work(session: Session) -> Done:
        request_plan(session, date, made_by=frame.who.label)
        return Done(path=f"/dag/{date}")

    return form.run(work, action="plan day", subject=date.isoformat())


@router.post("/dag/{date}/avbryt")
def stop_planning(date: Day, frame: Coordinator, form: FormDep) -> Response:
    """Let the planning of the day be."""
    number = form.text("job")

    def work(session: Session) -> Done:
        job = session.get(JobRow, int(number)) if number.isdecimal() else None
        if job is None or job.key != date.isoformat():
            raise NotFoundError(f"job {number!r} of {date}: there is none of this number")
        if job.state in ACTIVE:
            cancel_job(session, job.id or 0)
        return Done(path=f"/dag/{date}", said=frame.w.t("The planning was cancelled."), kind="")

    return form.run(work, action="cancel job", subject=number[:20])


@router.get("/dag/{date}/framsteg")
async def watch_planning(
    date: Day,
    frame: Coordinator,
    reader: ReaderDep,
    jobb: RowId = 1,
    last_event_id: Annotated[str | None, Header(max_length=20, pattern=r"^\d{1,15}$")] = None,
) -> Response:
    """Tell how far the planning is, as server-sent events with sentences ready to read."""
    del date

    async def look(after: int) -> Progress:
        return await run_in_threadpool(_progress, frame, reader, jobb, after)

    await look(0)
    return stream(frame.request.app, look, int(last_event_id or 0))


@router.post("/dag/{date}/publicera")
def publish_day(date: Day, frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Put the newest version in force, unless the day has changed since it was looked at."""
    number = form.text("version")
    version = int(number) if number.isdecimal() and int(number) < 2**31 else 0

    def work(session: Session) -> Done:
        check_stamp(session, date, form.text("seen"))
        publish(session, date, version or None, actor=frame.who.label)
        said = frame.w.t("Published. Run sheets, packing lists and labels are under Print.")
        return Done(path=f"/dag/{date}", said=said)

    return guarded(
        frame,
        reader,
        date,
        form.text("seen"),
        lambda: form.run(work, action="publish plan", subject=f"{date.isoformat()}/{version}"),
    )


@router.post("/dag/{date}/bokfor")
def close_books(date: Day, frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Book what was driven; what nobody reported is taken as planned."""

    def work(session: Session) -> Done:
        close_day(session, date, as_planned=True, actor=frame.who.label)
        return Done(path=f"/dag/{date}", said=frame.w.t("The day is closed and booked."))

    return guarded(
        frame,
        reader,
        date,
        form.text("seen"),
        lambda: form.run(work, action="close day", subject=date.isoformat()),
    )


@router.get("/dag/{date}/nytt")
def get_news(
    date: Day,
    frame: Coordinator,
    reader: ReaderDep,
    sett: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Say whether somebody has changed the day since it was looked at."""
    news = reader.run(lambda session: news_since(session, date, sett))
    return frame.part("day_news.html", news=_told(frame, news), home_day=f"/dag/{date}")


def _told(frame: Frame, news: News | None) -> str:
    if news is None or not news.who:
        return ""
    who = day_words.maker(frame.w, news.who, frame.who.label)
    return frame.w.t("The day was changed by {who}.", who=who)


def _progress(frame: Frame, reader: Reader, job: int, after: int) -> Progress:
    def work(session: Session) -> Progress:
        row = session.get(JobRow, job)
        if row is None:
            raise NotFoundError(f"job {job}: there is none of this number")
        events = [
            (one.id or 0, "progress", {"said": day_words.progress(frame.w, one.details)})
            for one in progress_after(session, job, after)
        ]
        over = row.state not in ACTIVE
        if over:
            events.append((events[-1][0] if events else after, "end", {"said": ""}))
        return Progress(events=events, done=over)

    return reader.run(work)
