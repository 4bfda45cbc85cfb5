from __future__ import annotations

import httpx2
import pytest

from logistics.demand.adapters.koha import REPORT_SQL, KohaClient, KohaItem, read_branchtransfers
from logistics.demand.transfers import TransferKind
from logistics.errors import InputError, UnavailableError

HEAD = (
    "branchtransfer_id,barcode,frombranch,tobranch,reason,"
    "daterequested,datesent,datearrived,datecancelled\n"
)

# Answers as Koha's specification of /api/v1 shows them, shortened; nothing of a reader is kept.
LIBRARIES = [
    {
        "library_id": "NORA",
        "name": "Nora bibliotek",
        "postal_code": "713 31",
        "city": None,
        "phone": "0587-000000",
        "pickup_location": True,
    },
    {"library_id": "KUML", "name": "Kumla bibliotek", "postal_code": None, "city": "Kumla"},
]
ITEM = {
    "item_id": 7,
    "biblio_id": 12,
    "external_id": "3300",
    "home_library_id": "KUML",
    "holding_library_id": "NORA",
    "effective_item_type_id": "BOK",
    "checked_out_date": None,
    "first_hold": {"patron_id": 4711},
}


def koha(answer: httpx2.Response | None = None, **paths: object) -> KohaClient:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if answer is not None:
            return answer
        rows = paths[request.url.path.rsplit("/", 1)[1]]
        assert isinstance(rows, list)
        page, size = (int(request.url.params[name]) for name in ("_page", "_per_page"))
        return httpx2.Response(200, json=rows[(page - 1) * size : page * size])

    return KohaClient(
        httpx2.Client(base_url="https://koha.example", transport=httpx2.MockTransport(handle))
    )


def test_rows_in_transit_become_transfers_with_kohas_codes() -> None:
    text = HEAD + (
        "1,3300,NORA,KUML,Reserve,2026-11-24 08:00:00,,,\n"
        "2,3301,NORA,LAXA,ReturnToHome,,2026-11-24 09:00:00,,\n"
        "3,3302,NORA,KUML,LibraryFloatLimit,2026-11-24 08:00:00,,,\n"
        "4,3303,NORA,KUML,Manual,2026-11-24 08:00:00,,,\n"
        "5,3304,NORA,KUML,,2026-11-24T08:00:00Z,,,\n"
        "6,3305,NORA,KUML,Reserve,2026-11-24 08:00:00,,2026-11-24 10:00:00,\n"
        "7,3306,NORA,KUML,Reserve,2026-11-24 08:00:00,,,2026-11-24 10:00:00\n"
    )
    found = read_branchtransfers(text.encode())
    assert [(t.request_id, t.kind.value, t.origin, t.destination) for t in found] == [
        ("koha:1", "hold", "NORA", "KUML"),
        ("koha:2", "return", "NORA", "LAXA"),
        ("koha:3", "rebalance", "NORA", "KUML"),
        ("koha:4", "supply", "NORA", "KUML"),
        ("koha:5", "return", "NORA", "KUML"),
    ]
    assert found[0].requested_at.hour == 7
    assert found[4].requested_at.hour == 8
    assert found[0].kind is TransferKind.HOLD


def test_faults_and_reader_columns_are_named() -> None:
    with pytest.raises(InputError) as caught:
        read_branchtransfers(HEAD.replace("reason", "reason,borrowernumber,comments").encode())
    assert caught.value.problems[0].startswith(
        "branchtransfers.csv: field 'borrowernumber' looks like one about a reader"
    )
    with pytest.raises(InputError) as caught:
        read_branchtransfers((HEAD + "1,3300,NORA,KUML,,,,,\n2,3300,NORA,NORA,,soon,,,\n").encode())
    assert caught.value.problems == [
        ("branchtransfers.csv line 2: daterequested and datesent are blank, expected one of them"),
        (
            "branchtransfers.csv line 3: daterequested is 'soon', "
            "expected a time, such as 2026-11-24 08:00:00"
        ),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_way_to_save_the_report_is_read(separator: str, encoding: str) -> None:
    names = (
        *("branchtransfer_id", "itemnumber", "daterequested", "datesent", "frombranch"),
        *("datearrived", "datecancelled", "tobranch", "comments", "reason", "cancellation_reason"),
    )
    rows = [
        names,
        *[
            (
                "9",
                "77",
                "2026-11-24 08:00:00",
                "NULL",
                "NORA",
                *("NULL", "", "KUML"),
                *(said, "", ""),
            )
            for said in ("till Åsa, 811218-9876", "")
        ],
    ]
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    found = read_branchtransfers("\r\n".join(lines).encode(encoding))
    assert [(one.item, one.origin, one.destination) for one in found] == [
        ("itemnumber 77", "NORA", "KUML")
    ] * 2
    assert "9876" not in repr(found)


def test_a_spreadsheets_first_line_is_no_heading() -> None:
    text = "sep=;\r\n" + HEAD.replace(",", ";") + "1;3300;NORA;KUML;;2026-11-24 08:00:00;;;\n"
    assert len(read_branchtransfers(text.encode())) == 1
    with pytest.raises(InputError, match=r"line 3: barcode and itemnumber are blank"):
        read_branchtransfers(text.replace("3300", "").encode())


def test_a_personal_number_in_a_wrong_cell_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        read_branchtransfers((HEAD + "1,3300,NORA,KUML,,811218-9876,,,\n").encode())
    assert "9876" not in str(caught.value)
    assert "daterequested is not repeated here, expected a time" in str(caught.value)


def test_the_report_selects_nothing_about_readers() -> None:
    assert "borrower" not in REPORT_SQL
    assert "comments" not in REPORT_SQL


def test_libraries_are_read_page_by_page() -> None:
    first, second = koha(libraries=LIBRARIES).libraries()
    assert (first.code, first.name, first.postal_code, first.city) == (
        *("NORA", "Nora bibliotek", "713 31", ""),
    )
    assert second.city == "Kumla"
    many = [{"library_id": f"L{n}", "name": "x"} for n in range(250)]
    assert len(koha(libraries=many).libraries()) == 250


def test_an_item_is_found_by_its_barcode() -> None:
    client = koha(items=[{**ITEM, "external_id": "33001"}, ITEM])
    assert client.item("3300") == KohaItem(
        barcode="3300", title="12", owner="KUML", at="NORA", material="BOK"
    )
    assert client.item("9") is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(httpx2.Response(401, json={"error": "Authentication failure."}), id="refused"),
        pytest.param(httpx2.Response(200, text="<html>"), id="not JSON"),
        pytest.param(httpx2.Response(200, json={"a": 1}), id="not a list"),
    ],
)
def test_other_answers_are_said_to_be_unavailable(answer: httpx2.Response) -> None:
    with pytest.raises(UnavailableError, match=r"Koha (does not answer|answers) /api/v1/libraries"):
        koha(answer).libraries()
