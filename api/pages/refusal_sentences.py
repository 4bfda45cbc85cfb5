"""The table of refusals: each sentence of the domain, and the same in the reader's words."""

from collections.abc import Callable, Iterator, Mapping

from maps.i18n import Words

Say = Callable[[Words, Mapping[str, str]], str]


def sentences() -> Iterator[tuple[str, Say]]:
    """
    List the table.

    Yields
    ------
    tuple
        A sentence of the domain with names in braces, and what says it in the reader's words.
    """
    yield from _of_runs()
    yield from _of_other_versions()
    yield from _of_the_road()
    yield from _of_plans()
    yield from _of_changes()
    yield from _of_transfers()
    yield from _of_readers_and_rates()
    yield from _of_the_day()
    yield from _of_the_log_in()
    yield from _of_pages()


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


def _of_transfers() -> Iterator[tuple[str, Say]]:
    yield (
        "transfer {id}: there is none of this name",
        lambda w, v: w.t("There is no transfer {id}.", **v),
    )
    yield (
        "transfer {id}: it is bound for {goal}, not for {place}",
        lambda w, v: w.t("The transfer {id} is bound for {goal}, not for {place}.", **v),
    )
    yield (
        "transfer {id}: it is {state}, expected {state2}",
        lambda w, v: w.t("The transfer {id} is {state}; it should be {state2}.", **v),
    )
    yield (
        "transfer {id}: no step from {before} to {after}; allowed: {allowed}",
        lambda w, v: w.t("The transfer {id} is {before} and cannot become {after}.", **v),
    )
    yield (
        (
            "{n} transfers were {state} and another writer moved some of them just now; "
            "read them again"
        ),
        lambda w, _: w.t("Somebody else has just handled some of these items. Look again."),
    )
    yield (
        "cancel: reason is blank, expected why the item does not travel",
        lambda w, _: w.t("Write why the item does not travel."),
    )
    yield (
        "found at {place}, expected the id of a branch or the hub",
        lambda w, v: w.t("{place} is neither a library nor the hub.", **v),
    )


def _of_readers_and_rates() -> Iterator[tuple[str, Say]]:
    yield (
        (
            "field {name} looks like one about a reader; nothing about readers may be stored here, "
            "so leave the field out of the file or the request"
        ),
        lambda w, v: w.t("The field {name} is about a borrower. Leave it out.", **v),
    )
    yield (
        "{name} holds an e-mail address, expected nothing about a reader",
        lambda w, _: w.t("There is an e-mail address in the text. Write nothing about borrowers."),
    )
    yield (
        "{name} holds a Swedish personal number, expected nothing about a reader",
        lambda w, _: w.t("There is a personal number in the text. Write nothing about borrowers."),
    )
    yield (
        "no rates hold on {day}; add a row valid from that day or earlier",
        lambda w, v: w.t("No prices hold on {day}. Add some that are valid from then.", **v),
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


def _of_the_log_in() -> Iterator[tuple[str, Say]]:
    yield (
        "the issuer gives this person no role here",
        lambda w, _: w.t(
            "Your municipality's account has no role here. Ask the coordinator to give it one."
        ),
    )
    yield (
        "this account is closed",
        lambda w, _: w.t("Your account here is closed. Ask the coordinator to open it."),
    )
    yield (
        "log-in refused: {why}; start again",
        lambda w, _: w.t("The log-in did not come through. Start again."),
    )
    yield (
        "the OpenID issuer does not answer; try again",
        lambda w, _: w.t("The municipality's log-in does not answer. Try again in a while."),
    )
    yield (
        "OpenID issuer {issuer}: no answer; try again",
        lambda w, _: w.t("The municipality's log-in does not answer. Try again in a while."),
    )
    yield (
        (
            "OpenID issuer {issuer}: it calls itself {name}; "
            "LOGISTICS_OIDC_ISSUER must be the same to the letter"
        ),
        lambda w, v: w.t(
            "The municipality's log-in is set up wrongly: {issuer} calls itself {name}.", **v
        ),
    )


def _of_pages() -> Iterator[tuple[str, Say]]:
    yield (
        "this page is for {roles}",
        lambda w, _: w.t("The page is for other roles than yours."),
    )
    yield (
        "this page belongs to {branch}",
        lambda w, v: w.t("The page belongs to the library {branch}.", **v),
    )
    yield (
        "branch {branch}: no run of {day} calls there",
        lambda w, v: w.t("No run of {day} calls at {branch}.", **v),
    )
    yield (
        "plan of {day}: there is no shipment {name}",
        lambda w, v: w.t("The plan of {day} has no such goods.", **v),
    )
    yield (
        "plan of {day}: there is none to compare",
        lambda w, v: w.t("There is no plan of {day} to compare with.", **v),
    )
    yield (
        "other changes are being tried; one moment",
        lambda w, _: w.t("Other changes are being tried right now."),
    )
    yield (
        "{what}; try the change again",
        lambda w, _: w.t("What the page sent cannot be read. Try the change again."),
    )
    yield (
        "{text} is no day, month or year, such as 2026-11",
        lambda w, v: w.t("{text} is no day, month or year. Write as 2026-11.", **v),
    )
    yield (
        "the report of {span} has no {thing} {key}",
        lambda w, v: w.t("The report of {span} has no part of that name.", **v),
    )
    yield (
        "the manual has no {thing} {key}",
        lambda w, _: w.t("The manual has no such page."),
    )
