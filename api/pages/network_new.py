"""A library that joins the network: found by address or by a click on the map, tried, then kept."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from api.pages import network_words
from api.pages.forms import Done, Form, FormDep
from api.pages.frame import Frame, shown_to
from api.pages.network import said_by, words
from api.pages.network_effect import Asked, effect_page
from api.pages.network_map import map_parts
from api.problems import ProblemError
from api.queries import network as lookups
from api.unit import Reader, ReaderDep
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import InputError, UnavailableError
from logistics.network.branches import Branch, BranchKind, Confidence, CoordinateQuality
from logistics.network.geocode import FoundPlace, Geocoder, GeocoderSettings
from logistics.network.new_branch import nearest_road
from logistics.network.patterns import Weeks
from logistics.operations.network.build_network_view import build_network_view
from logistics.operations.network.load_network import read_network
from logistics.operations.network.network_changes import NewBranch, keep
from maps.network_map import kind_name

router = APIRouter(include_in_schema=False)
Coordinator = Annotated[Frame, shown_to("coordinator")]
KINDS: Final = (BranchKind.BRANCH, BranchKind.MAIN, BranchKind.BOOKBUS, BranchKind.DEPOT)
_MOST_FOUND: Final = 5
_LONGEST_SLUG: Final = 40
_SWEDEN: Final = ((55.0, 70.0), (10.0, 25.0))


class Typed(BaseModel):
    """The fields of the form as they were typed."""

    adress: str = Field("", max_length=200)
    namn: str = Field("", max_length=200)
    kommun: str = Field("", max_length=10)
    slag: str = Field("branch", max_length=12)
    gata: str = Field("", max_length=200)
    ort: str = Field("", max_length=100)
    lat: str = Field("", max_length=20)
    lon: str = Field("", max_length=20)
    invanare: str = Field("", max_length=10)
    timmar: str = Field("Mo-Fr 07:30-17:00", max_length=300)
    dag: list[str] = Field(default_factory=list, max_length=7)
    veckor: str = Field("every", max_length=8)
    visa: str = Field("", max_length=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """
    What became of looking an address up.

    Attributes
    ----------
    found
        Places, the best first.
    trouble
        Why nobody could be asked; empty otherwise.
    """

    found: tuple[FoundPlace, ...] = ()
    trouble: str = ""


@router.get("/natet/ny")
def get_new(frame: Coordinator, reader: ReaderDep, typed: Annotated[Typed, Query()]) -> Response:
    """Show the form, or what the library in it would do."""
    if not typed.visa:
        return _form(frame, reader, typed, {})
    change, faults = read_typed(frame, reader, typed)
    if change is None:
        return _form(frame, reader, typed, faults)
    branch = change.branch
    fields = [(name, str(value)) for name, value in typed.model_dump().items() if name != "dag"]
    where = reader.run(lambda session: nearest_road(read_network(session).roads, branch.position))
    said = frame.w.t(
        "A new library; it joins the roads at {place}, {metres} m away.",
        place=where.name,
        metres=frame.w.number(where.metres),
    )
    asked = Asked(
        branch=branch.id,
        action="",
        said=said,
        fields=(*fields, *(("dag", day) for day in typed.dag)),
        change=change,
        name=branch.name,
    )
    return effect_page(frame, reader, asked)


@router.post("/natet/ny")
def post_new(frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Keep the library."""
    change, faults = read_typed(frame, reader, _sent(form))
    if change is None:
        raise ProblemError("bad-input", " ".join(faults.values()))

    def work(session: Session) -> Done:
        keep(session, change, actor=said_by(frame))
        said = frame.w.t("{name} is in the network.", name=change.branch.name[:60])
        return Done(path=f"/natet/{change.branch.id}", said=said)

    return form.run(work, action="add branch", subject=change.branch.id)


def read_typed(
    frame: Frame, reader: Reader, typed: Typed
) -> tuple[NewBranch | None, dict[str, str]]:
    """
    Read what was typed.

    Parameters
    ----------
    frame
        The page.
    reader
        Reads the database.
    typed
        The fields.

    Returns
    -------
    tuple
        The change, or what is wrong with each field.
    """
    faults = _faults(frame, typed)
    network = reader.run(read_network)
    name = _slug(typed.namn)
    if not faults and (name in network.branch_ids or not name):
        faults["namn"] = frame.w.t("There is a library of this name; choose another.")
    if not faults and typed.kommun not in {one.code for one in network.municipalities}:
        faults["kommun"] = frame.w.t("Choose a municipality.")
    if faults:
        return None, faults
    branch = Branch(
        id=name,
        name=typed.namn.strip(),
        municipality=typed.kommun,
        kind=BranchKind(typed.slag),
        street_address=typed.gata.strip(),
        locality=typed.ort.strip(),
        latitude=float(typed.lat.replace(",", ".")),
        longitude=float(typed.lon.replace(",", ".")),
        coordinate_quality=CoordinateQuality.ADDRESS,
        road_node="?",
        inhabitants=int(typed.invanare or 0),
        receiving_hours=typed.timmar.strip() or None,
        hours_source=said_by(frame),
        hours_confidence=Confidence.HIGH,
        source=said_by(frame),
        confidence=Confidence.HIGH,
    )
    days = tuple(sorted({int(day) for day in typed.dag if day in set("1234567")}))
    weeks = Weeks(typed.veckor) if typed.veckor in set(Weeks) else Weeks.EVERY
    return NewBranch(branch=branch, weekdays=days, weeks=weeks), {}


def _faults(frame: Frame, typed: Typed) -> dict[str, str]:
    w = frame.w
    faults = {}
    if not typed.namn.strip():
        faults["namn"] = w.t("Write a name.")
    if not typed.ort.strip():
        faults["ort"] = w.t("Write a town or village.")
    for name, value, (least, most) in zip(
        ("lat", "lon"), (typed.lat, typed.lon), _SWEDEN, strict=True
    ):
        if not _between(value, least, most):
            faults[name] = w.t(
                "Click on the map, or write degrees between {least} and {most}.",
                least=w.number(least),
                most=w.number(most),
            )
    if typed.invanare and not typed.invanare.isdecimal():
        faults["invanare"] = w.t("Write a number.")
    if typed.slag not in set(KINDS):
        faults["slag"] = w.t("Choose what it is.")
    hours = network_words.hours_fault(w, typed.timmar.strip())
    if hours:
        faults["timmar"] = hours
    try:
        refuse_personal_values({"namn": typed.namn, "gata": typed.gata})
    except InputError as error:
        faults["namn"] = error.problems[0]
    return faults


def _between(text: str, least: float, most: float) -> bool:
    try:
        return least <= float(text.replace(",", ".")) <= most
    except ValueError:
        return False


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")


def _sent(form: Form) -> Typed:
    names = [name for name in Typed.model_fields if name != "dag"]
    given = {name: form.text(name) for name in names}
    return Typed(**given, dag=form.texts("dag"))


def _form(frame: Frame, reader: Reader, typed: Typed, faults: dict[str, str]) -> Response:
    view = reader.run(lambda session: build_network_view(read_network(session), frame.today))
    return frame.page(
        "network_new.html",
        status=422 if faults else 200,
        typed=typed,
        faults=faults,
        search=_search(frame, typed.adress),
        owners=reader.run(lookups.municipalities),
        kinds=[(one.value, kind_name(frame.w, one.value)) for one in KINDS],
        map=map_parts(frame, view),
        **words(frame),
    )


def _search(frame: Frame, address: str) -> Search | None:
    if not address.strip():
        return None
    settings = frame.request.app.state.settings
    if not settings.geocoder_url:
        return Search(
            trouble=frame.w.t(
                "No address search is set up here. Click on the map, or write the position."
            )
        )
    try:
        return Search(found=tuple(_geocoder(frame.request).find(address, limit=_MOST_FOUND)))
    except UnavailableError:
        return Search(
            trouble=frame.w.t(
                "The address search does not answer. Click on the map, or write the position."
            )
        )


def _geocoder(request: Request) -> Geocoder:
    """Give the one geocoder of the application, which keeps its pauses."""
    state = request.app.state
    if not hasattr(state, "geocoder"):
        settings = state.settings
        state.geocoder = Geocoder(
            GeocoderSettings(url=settings.geocoder_url, user_agent=settings.geocoder_user_agent)
        )
    geocoder: Geocoder = state.geocoder
    return geocoder
