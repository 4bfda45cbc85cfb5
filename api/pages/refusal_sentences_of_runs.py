"""The table of refusals: what runs, their stops and vans on the road refuse."""

from collections.abc import Callable, Iterator, Mapping

from maps.i18n import Words

Say = Callable[[Words, Mapping[str, str]], str]


def sentences_of_runs() -> Iterator[tuple[str, Say]]:
    """
    List this part of the table.

    Yields
    ------
    tuple
        A sentence of the domain with names in braces, and what says it in the reader's words.
    """
    yield from _of_runs()
    yield from _of_other_versions()
    yield from _of_the_road()


def _of_runs() -> Iterator[tuple[str, Say]]:
    yield (
        (
            "report {id}: the id came before with another report ({kind} at stop {stop}); "
            "make a new id for each report"
        ),
        lambda w, _: w.t("Another report came before under the same name. Report it once more."),
    )
    yield (
        "run {run}: it is {state}, so nothing more can happen on it",
        lambda w, v: w.t("Run {run} is {state}; nothing more can happen on it.", **v),
    )
    yield (
        "run {run}: version {n} of its plan is {state}, expected published or under way",
        lambda w, v: w.t(
            "Version {n} of the plan is {state}; only a run of a published day is ticked.", **v
        ),
    )
    yield (
        "run {run}: stop {stop} is done already",
        lambda w, v: w.t("Stop {stop} of run {run} is ticked already.", **v),
    )
    yield (
        "run {run}: stops {stops} are not done; report each as done, or as an exception",
        lambda w, v: w.t(
            "Stops {stops} of run {run} are not ticked. Tick each, or report why not.", **v
        ),
    )
    yield (
        "report {id}: its time has no zone, expected one such as +01:00",
        lambda w, _: w.t("The time of the report has no time zone."),
    )
    yield (
        "stop {code}: there is none of this code",
        lambda w, v: w.t("There is no stop of the code {code}.", **v),
    )
    yield (
        "run {code}: there is none of this code",
        lambda w, v: w.t("There is no run of the code {code}.", **v),
    )
    yield (
        "report {id}: {kind} names no stop, expected its number",
        lambda w, _: w.t("The report does not say which stop it is about."),
    )
    yield (
        "report {id}: run {run} has no stop {stop}, expected 1 to {last}",
        lambda w, v: w.t("Run {run} has no stop {stop}; it has {last} stops.", **v),
    )
    yield (
        (
            "run {run}: the plan has changed, and vehicle {van} has no run any more; "
            "tell the coordinator what was done"
        ),
        lambda w, v: w.t("The plan has changed, and {van} has no run in it any more.", **v),
    )
    yield (
        (
            "run {run}: the plan has changed, and the run does not call at {place} any more; "
            "tell the coordinator what was done"
        ),
        lambda w, v: w.t("The plan has changed, and run {run} no longer calls at {place}.", **v),
    )


def _of_other_versions() -> Iterator[tuple[str, Say]]:
    yield (
        (
            "run {run}: the plan has changed, and stop {stop} of version {old} may be another in "
            "version {new}; name it by its code, or by its number in the plan in force"
        ),
        lambda w, v: w.t(
            "The plan has changed, and stop {stop} of run {run} may be another now. "
            "Open the run once more.",
            **v,
        ),
    )
    yield (
        "{n} transfers changed while this plan was made; plan again to take them in",
        lambda w, v: w.t(
            "{n} transfers changed while this plan was made. Plan again to take them in.", **v
        ),
    )


def _of_the_road() -> Iterator[tuple[str, Say]]:
    yield (
        "plan of {day}: runs {runs} are still on the road; report their return first",
        lambda w, v: w.t(
            "Runs {runs} of {day} are still on the road. Report first that they are back.", **v
        ),
    )
    yield (
        "plan of {day}: a van has gone on since it was shown; try again",
        lambda w, _: w.t("A van has gone on since this was shown. Show it once more."),
    )
    yield (
        "vehicle {van}: has no run on {day}",
        lambda w, v: w.t("The van {van} has no run on {day}.", **v),
    )
    yield (
        "vehicle {van}: has ended its run on {day}",
        lambda w, v: w.t("The van {van} has ended its run on {day}.", **v),
    )
    yield (
        "branch {branch}: is not in the plan of {day}",
        lambda w, v: w.t("The library {branch} is not in the plan of {day}.", **v),
    )
    yield (
        "branch {branch}: has been visited on {day} already",
        lambda w, v: w.t("The library {branch} has been visited on {day} already.", **v),
    )
