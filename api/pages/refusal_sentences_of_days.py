"""The table of refusals: what days, their plans and changes refuse."""

from collections.abc import Iterator

from api.pages.refusal_sentences_of_runs import Say


def sentences_of_days() -> Iterator[tuple[str, Say]]:
    """
    List this part of the table.

    Yields
    ------
    tuple
        A sentence of the domain with names in braces, and what says it in the reader's words.
    """
    yield from _of_plans()
    yield from _of_changes()
    yield from _of_the_day()


def _of_plans() -> Iterator[tuple[str, Say]]:
    yield (
        "plan of {day}: there is no version {n}",
        lambda w, v: w.t("The plan of {day} has no version {n}.", **v),
    )
    yield (
        "plan of {day}: there is none; plan the day first",
        lambda w, v: w.t("There is no plan of {day}. Plan the day first.", **v),
    )
    yield (
        (
            "plan of {day}: version {n} is {state}, so no other version can be published; "
            "change the day instead"
        ),
        lambda w, v: w.t(
            "Version {n} of {day} is {state}, so no other can be published. "
            "Change the day instead.",
            **v,
        ),
    )
    yield (
        "plan of {day}: version {n} has changed (revision {r}, you saw {seen}); look at it again",
        lambda w, v: w.t("Version {n} of {day} has changed. Look at it as it is now.", **v),
    )
    yield (
        (
            "plan of {day}: version {n} begins at {hub}, and the hub is {place} by now; plan the "
            "day again"
        ),
        lambda w, v: w.t(
            "Version {n} of {day} begins at {hub}, and the hub is {place} by now. Plan the day "
            "again.",
            **v,
        ),
    )
    yield (
        "plan of {day}: version {n} is {state}, expected {state2}",
        lambda w, v: w.t("Version {n} of {day} is {state}; it should be {state2}.", **v),
    )
    yield (
        "plan of {day}: version {n} is {state}; plan again from where the vans are instead",
        lambda w, v: w.t(
            "Version {n} of {day} is {state}. Plan from where the vans are instead.", **v
        ),
    )
    yield (
        (
            "day {day}: it has changed since you looked at it (state {here}, you saw {seen}); "
            "look at it as it is now and decide again"
        ),
        lambda w, v: w.t("{day} has changed since you looked at it. Look at it as it is now.", **v),
    )
    yield (
        "day {day}: a stop or a van of these runs is out by now",
        lambda w, v: w.t("A stop or a van of these runs on {day} is out by now.", **v),
    )
    yield (
        "no plan found that keeps every pin; loosen one, or allow more time",
        lambda w, _: w.t("No plan keeps everything that is fixed. Let something go."),
    )
    yield (
        "sites {places}: must be visited, but there is no vehicle that runs; add one",
        lambda w, v: w.t("{places} must be visited, but no van runs. Add one.", **v),
    )
    yield (
        "site {place}: must be visited, but {why}",
        lambda w, v: w.t(
            "{place} must be visited, but no van can do it within its hours and shift. Add a van "
            "or allow longer times.",
            **v,
        ),
    )
    yield (
        "pin of time at {place}: {time} lies outside its window {window}",
        lambda w, v: w.t(
            "The time that is fixed for {place} lies outside its opening hours. Let it go.", **v
        ),
    )
    yield (
        "pin of site {place}: is not a site to visit on {day}",
        lambda w, v: w.t("{place} is fixed to a van, but is not visited that day.", **v),
    )
    yield (
        "pin to vehicle {van}: is not in the fleet of {day}",
        lambda w, v: w.t("A stop is fixed to {van}, which does not run that day.", **v),
    )
    yield (
        "pin of order {places}: {why}",
        lambda w, v: w.t("The order that is fixed, {places}, contradicts what else is fixed.", **v),
    )


def _of_changes() -> Iterator[tuple[str, Say]]:
    yield (
        "branch {branch}: no run of version {n} of {day} calls there",
        lambda w, v: w.t("No run of version {n} of {day} calls at {branch}.", **v),
    )
    yield (
        "change {n}: there is none of this number",
        lambda w, v: w.t("There is no change {n}.", **v),
    )
    yield (
        "change {n}: it was taken back before",
        lambda w, v: w.t("Change {n} was taken back before.", **v),
    )
    yield (
        "{what}: branch {branch} does not exist",
        lambda w, v: w.t("There is no library {branch}.", **v),
    )
    yield (
        "{what}: vehicle {van} does not exist",
        lambda w, v: w.t("There is no van {van}.", **v),
    )
    yield (
        "{what}: vehicle {van} is in the fleet already; choose another name",
        lambda w, v: w.t("There is a van {van} already. Choose another name.", **v),
    )
    yield (
        "{what}: like is {van}, expected a vehicle of the fleet",
        lambda w, v: w.t("An extra van shall be like one of the fleet; {van} is none.", **v),
    )
    yield (
        "{what}: strength is {found}, expected one of {known}",
        lambda w, v: w.t("A stop is fixed in one of three strengths; {found} is none.", **v),
    )
    yield (
        "closure {n}: there is none of this number",
        lambda w, v: w.t("There is no closure {n}; somebody may have taken it back.", **v),
    )
    yield (
        "branch {branch}: there is none of this name",
        lambda w, v: w.t("There is no library {branch}.", **v),
    )
    yield (
        "branch {branch} has changed since it was looked at; look again",
        lambda w, v: w.t("The library {branch} has changed since you looked. Look again.", **v),
    )


def _of_the_day() -> Iterator[tuple[str, Say]]:
    yield (
        (
            "branch {branch}: must be visited on {day}, but is not served that day ({why}); "
            "open it or drop the demand"
        ),
        lambda w, v: w.t(
            "{branch} must be visited, but is not served that day ({why}). Open it, or take back "
            "that it must be visited.",
            **v,
        ),
    )
    yield (
        "branch {branch}: must be visited, but is not a branch of the network",
        lambda w, v: w.t("{branch} must be visited, but is not in the network any more.", **v),
    )
    yield (
        "branch {branch}: closed on {day}, but is no branch",
        lambda w, v: w.t("{branch} is closed that day, but is not in the network any more.", **v),
    )
    yield (
        "branch {branch}: no run calls there",
        lambda w, v: w.t("No run calls at {branch}.", **v),
    )
    yield (
        ("transfer {id}: {role} {place} is not a branch; import the branch or cancel the transfer"),
        lambda w, v: w.t(
            "The transfer {id} names {place}, which is not in the network. Add the library, or "
            "cancel the transfer.",
            **v,
        ),
    )
    yield (
        "no network is in the database; run: logistics init",
        lambda w, _: w.t("There is no network yet. Run logistics init on the server."),
    )
