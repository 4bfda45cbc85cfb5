"""The table of refusals: each sentence of the domain, and the same in the reader's words."""

from collections.abc import Iterator

from api.pages.refusal_sentences_of_days import sentences_of_days
from api.pages.refusal_sentences_of_runs import Say, sentences_of_runs


def sentences() -> Iterator[tuple[str, Say]]:
    """
    List the table.

    Yields
    ------
    tuple
        A sentence of the domain with names in braces, and what says it in the reader's words.
    """
    yield from sentences_of_runs()
    yield from sentences_of_days()
    yield from _of_transfers()
    yield from _of_readers_and_rates()
    yield from _of_the_log_in()
    yield from _of_pages()
    yield from _of_addresses()


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
        "many are logging in; one moment",
        lambda w, _: w.t("Many are logging in right now."),
    )
    yield (
        "the database has too much to do; nothing was changed, try again in a moment",
        lambda w, _: w.t("The database has too much to do. Nothing was changed."),
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


def _of_addresses() -> Iterator[tuple[str, Say]]:
    yield (
        "{field} is {value}: expected a date, such as 2026-11-24",
        lambda w, v: w.t("{value} is no date. Write as 2026-11-24.", value=v["value"]),
    )
    yield (
        "{field} is {value}: expected a date between {first} and {last}",
        lambda w, v: w.t(
            "Days from {first} to {last} can be shown.", first=v["first"], last=v["last"]
        ),
    )
    yield (
        "{field} is {value}: no such date: {why}",
        lambda w, v: w.t("The calendar has no day {value}.", value=v["value"]),
    )
    yield (
        "{field} is {value}: Input should be {what}",
        lambda w, v: w.t("{value} is nothing that an address can ask for here.", value=v["value"]),
    )
    yield (
        "{field} is missing",
        lambda w, v: w.t("The address does not say what {field} shall be.", field=v["field"]),
    )
