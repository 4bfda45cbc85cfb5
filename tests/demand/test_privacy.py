from __future__ import annotations

import pytest

from logistics.demand.importers.files import HOLD_COLUMNS, RETURN_COLUMNS, TRANSFER_COLUMNS
from logistics.demand.privacy import (
    is_patron_field,
    opaque,
    patron_fields,
    personal_values,
    refuse_personal_values,
)
from logistics.errors import InputError


@pytest.mark.parametrize(
    "name",
    [
        *("patron", "patron_id", "PatronName", "requestPatronGroup", "dcbPatron", "borrowernumber"),
        *("låntagare", "Låntagarnummer", "lantagare_id", "personnummer", "Personnr", "card_number"),
        *("cardnumber", "lånekort", "name", "namn", "Efternamn", "first_name", "e-mail", "E-post"),
        *(
            "phone",
            "telefonnummer",
            "AA",
            "AC",
            "AD",
            "AE",
            "AF",
            "AG",
            "BD",
            "BE",
            "BF",
            "CY",
            "DA",
        ),
        *("CY", "DA", "PB", "PC", "UserId", "NameInformation", "UserOptionalFields", "reader"),
    ],
)
def test_looks_like_a_reader(name: str) -> None:
    assert is_patron_field(name)


def test_our_own_fields_do_not() -> None:
    own = [c.name for c in (*TRANSFER_COLUMNS, *RETURN_COLUMNS, *HOLD_COLUMNS)]
    assert patron_fields([*own, "AB", "AO", "AP", "CT", "CV", "koncept", "comment"]) == []


def test_the_sentence_names_the_field_and_the_cure() -> None:
    (sentence,) = patron_fields(["colour", "patron_id"])
    assert sentence.startswith("field 'patron_id' looks like one about a reader")
    assert sentence.endswith("leave the field out of the file or the request")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        # 811218-9876 is Skatteverket's own printed example of a valid number.
        pytest.param("811218-9876", "personal number", id="with its dash"),
        pytest.param("198112189876", "personal number", id="twelve digits"),
        pytest.param("hold for 19811218-9876.", "personal number", id="inside a text"),
        pytest.param("811278-9873", "personal number", id="coordination number, day + 60"),
        pytest.param("anna@example.se", "e-mail", id="address"),
    ],
)
def test_personal_values_are_found_and_not_repeated(value: str, kind: str) -> None:
    (sentence,) = personal_values({"request_id": value})
    assert kind in sentence
    assert "9876" not in sentence
    with pytest.raises(InputError, match="request_id holds"):
        refuse_personal_values({"request_id": value})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("811218-9875", id="wrong check digit"),
        pytest.param("811318-9876", id="no thirteenth month"),
        pytest.param("810231-9876", id="no 31 February"),
        pytest.param("8112189876", id="ten bare digits are a barcode"),
        pytest.param("33001811218987", id="fourteen digits are a barcode"),
        pytest.param("198112189875", id="twelve digits, wrong check digit"),
        7,
    ],
)
def test_barcodes_are_not_taken_for_people(value: object) -> None:
    assert list(personal_values({"item": value})) == []


def test_references_are_opaque_and_repeatable() -> None:
    assert opaque("4711", b"k") == opaque("4711", b"k")
    assert opaque("4711", b"k") != opaque("4711", b"other")
    assert "4711" not in opaque("4711", b"k")
