from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError, NotFoundError, UnavailableError
from logistics.network.caveats import (
    ESTIMATED_ROADS,
    FAR_FROM_ROAD,
    STRAIGHT_LINES,
    TOWN_ONLY,
    caveat_in,
)
from logistics.network.load import load_network
from logistics.network.matrix_store import FileMatrixStore, matrix_key, travel_times
from logistics.network.osrm import OsrmSettings, osrm_times
from logistics.network.road_records import straight_metres
from logistics.network.travel import (
    CIRCUITY,
    STRAIGHT_LINE_KILOMETRES_PER_HOUR,
    TravelTimes,
    road_graph_times,
    straight_line_times,
)
from tests.network.servers import osrm_table, served

if TYPE_CHECKING:
    from pathlib import Path

    from logistics.network.network import Network
    from tests.network.servers import Answer

IDS = ("orebro", "nora", "kumla")


class TestRoadGraph:
    def test_matrices_are_what_the_graph_says_one_way_at_a_time(self, shipped: Network) -> None:
        times = road_graph_times(shipped, IDS)
        assert times.between("nora", "kumla") == shipped.roads.travel_from("nora", ["kumla"])[0]
        assert [times.metres[n][n] for n in range(3)] == [0, 0, 0]
        assert times.seconds == tuple(zip(*times.seconds, strict=True))  # driven both ways

    def test_detours_never_pay(self, shipped: Network) -> None:
        # Each entry is rounded on its own, so two legs may look up to a second and a half less.
        seconds = road_graph_times(shipped, shipped.branch_ids).seconds
        places = range(len(seconds))
        assert all(
            seconds[a][c] <= seconds[a][b] + seconds[b][c] + 1.5
            for a in places
            for b in places
            for c in places
        )

    def test_caveats_count_the_estimated_roads_driven(self, shipped: Network) -> None:
        caveats = road_graph_times(shipped, shipped.branch_ids).caveats
        assert caveats == (
            (
                "49 of the 79 roads between the places are estimates; expect 10 % error on a "
                "run, 20 % on a single road"
            ),
            (
                "21 of the 21 places are known by their town only; their doors may lie up to a "
                "kilometre away"
            ),
        )

    def test_constants_of_the_last_resort_are_those_of_the_graph(self, shipped: Network) -> None:
        times = road_graph_times(shipped, shipped.branch_ids)
        pairs = [
            (times.metres[a][b], times.seconds[a][b], start, end)
            for a, start in enumerate(times.ids)
            for b, end in enumerate(times.ids)
            if times.metres[a][b]
        ]
        circuity = median(
            metres / straight_metres(shipped.branch(start).position, shipped.branch(end).position)
            for metres, _, start, end in pairs
        )
        speed = median(metres / seconds * 3.6 for metres, seconds, _, _ in pairs)
        assert round(circuity, 1) == CIRCUITY
        assert speed // 5 * 5 == STRAIGHT_LINE_KILOMETRES_PER_HOUR


class TestStraightLine:
    def test_it_admits_what_it_is(self, shipped: Network) -> None:
        times = straight_line_times(shipped, IDS)
        straight = straight_metres(
            shipped.branch("nora").position, shipped.branch("kumla").position
        )
        assert times.between("nora", "kumla")[0] == round(straight * 1.3)
        assert times.between("nora", "kumla")[1] == round(straight * 1.3 / 75 * 3.6)
        assert times.source == "straight-line"
        assert times.caveats == (
            (
                "travel is guessed from straight lines times 1.3 at 75 km/h; lakes and roads are "
                "not seen"
            ),
        )

    @pytest.mark.parametrize(("circuity", "speed"), [(0.9, 60), (1.3, 0), (float("nan"), 60)])
    def test_impossible_guesses_are_refused(
        self, shipped: Network, circuity: float, speed: float
    ) -> None:
        with pytest.raises(InputError, match="straight lines: circuity is"):
            straight_line_times(shipped, IDS, circuity=circuity, kilometres_per_hour=speed)


class TestTravelTimes:
    def test_some_of_the_places(self, shipped: Network) -> None:
        times = road_graph_times(shipped, IDS)
        fewer = times.among(("kumla", "orebro"))
        assert fewer.ids == ("kumla", "orebro")
        assert fewer.between("kumla", "orebro") == times.between("kumla", "orebro")
        assert fewer.caveats == times.caveats
        with pytest.raises(NotFoundError, match="place 'nora' has no travel times"):
            fewer.between("nora", "kumla")

    @pytest.mark.parametrize(
        ("metres", "problem"),
        [
            (((0, 1),), "metres is not square, expected 2 rows of 2 numbers"),
            (((0, 1), (1,)), "metres is not square, expected 2 rows of 2 numbers"),
            (((0, -1), (1, 0)), "metres holds other than whole numbers, expected 0 or more"),
            (((0, 1.5), (1, 0)), "metres holds other than whole numbers, expected 0 or more"),
            (((0, True), (1, 0)), "metres holds other than whole numbers, expected 0 or more"),
        ],
    )
    def test_a_crooked_matrix_is_refused(self, metres: object, problem: str) -> None:
        with pytest.raises(InputError, match=problem):
            TravelTimes(
                ids=("a", "b"),
                metres=metres,  # type: ignore[arg-type]
                seconds=((0, 1), (1, 0)),
                source="test",
            )

    def test_a_place_given_twice_is_refused(self) -> None:
        with pytest.raises(InputError, match="expected each once"):
            TravelTimes(
                ids=("a", "a"), metres=((0, 1), (1, 0)), seconds=((0, 1), (1, 0)), source="test"
            )


class TestOsrm:
    def test_longitude_goes_first_and_both_tables_are_read(self, shipped: Network) -> None:
        with served(osrm_table) as url:
            times = osrm_times(shipped, IDS, OsrmSettings(url=url))
        # Nora lies 0.16681 degrees west of Örebro and 0.24514 north of it.
        assert times.between("orebro", "nora") == ((16_681 + 49_028), round(65_709 * 0.9))
        assert times.between("nora", "orebro") == (65_709, 65_709)
        assert times.source == url
        assert times.caveats == (
            "'orebro' lies 812 m from the nearest road on the map of the OSRM server",
        )

    def test_blocks_give_the_same_as_one_request(self, shipped: Network) -> None:
        ids = shipped.branch_ids
        with served(osrm_table) as url:
            whole = osrm_times(shipped, ids, OsrmSettings(url=url))
            blocks = osrm_times(shipped, ids, OsrmSettings(url=f"{url}/", block=4))
        assert (blocks.metres, blocks.seconds) == (whole.metres, whole.seconds)

    def test_a_server_that_is_not_there(self, shipped: Network) -> None:
        with pytest.raises(UnavailableError, match=r"does not answer \(ConnectError.*road graph"):
            osrm_times(shipped, IDS, OsrmSettings(url="http://127.0.0.1:1", timeout_seconds=2))

    def test_an_address_that_is_none(self, shipped: Network) -> None:
        with pytest.raises(InputError, match=r"OSRM address is 'http://127\.0\.0\.1:port'"):
            travel_times(shipped, IDS, source="http://127.0.0.1:port")

    @pytest.mark.parametrize(
        ("answer", "problem"),
        [
            (
                (400, {"code": "TooBig", "message": "Too many table coordinates"}),
                "answers TooBig: Too many table coordinates; expected Ok, see its --max-table-size",
            ),
            ((400, {"code": "InvalidUrl", "message": "URL string malformed"}), "InvalidUrl: URL"),
            ((200, b"<html>welcome</html>"), "answers 200 and no JSON; is it an OSRM server?"),
            ((200, [1, 2]), "answers list, expected an object; is it an OSRM server?"),
            (
                (200, {"code": "Ok", "durations": [[0] * 3] * 3, "sources": []}),
                "answers without 'distances'; expected durations, distances and sources",
            ),
            (
                (200, {"code": "Ok", "durations": [], "distances": [], "sources": []}),
                "answers without a table that is not 3 by 3",
            ),
            (
                (
                    200,
                    (
                        b'{"code": "Ok", "sources": [], "distances": [[0,0,0],[0,0,0],[0,0,0]],'
                        b'"durations": [[0,0,0],[0,0,0],[0,0,NaN]]}'
                    ),
                ),
                "answers without a table of numbers from 0 up",
            ),
        ],
    )
    def test_an_answer_that_is_no_table(
        self, shipped: Network, answer: Answer, problem: str
    ) -> None:
        with (
            served(lambda *_: answer) as url,
            pytest.raises(UnavailableError, match=re.escape(problem)),
        ):
            osrm_times(shipped, IDS, OsrmSettings(url=url))

    def test_a_place_without_a_road_is_named(self, shipped: Network) -> None:
        message = "Could not find a matching segment for coordinate 1"
        refusal = (400, {"code": "NoSegment", "message": message})
        with (
            served(lambda *_: refusal) as url,
            pytest.raises(InputError, match="no road near 'nora'; check its position"),
        ):
            osrm_times(shipped, IDS, OsrmSettings(url=url))

    def test_every_missing_way_is_told(self, shipped: Network) -> None:
        def no_way_to_nora(path: str, query: dict[str, list[str]], agent: str) -> Answer:
            status, body = osrm_table(path, query, agent)
            assert isinstance(body, dict)
            for row in body["durations"]:
                row[1] = None
            return status, body

        with served(no_way_to_nora) as url, pytest.raises(InputError) as caught:
            osrm_times(shipped, IDS, OsrmSettings(url=url))
        assert [problem.split(": ")[1].split(";")[0] for problem in caught.value.problems] == [
            "no way from 'orebro' to 'nora'",
            "no way from 'nora' to 'nora'",
            "no way from 'kumla' to 'nora'",
        ]


class TestCaveats:
    @pytest.mark.parametrize(
        ("stored", "swedish"),
        [
            (
                ESTIMATED_ROADS.format(estimated=49, all=79),
                (
                    "49 av de 79 vägarna mellan platserna är uppskattade; räkna med 10 % fel på en "
                    "tur, 20 % på en enskild väg"
                ),
            ),
            (
                TOWN_ONLY.format(vague=21, all=22),
                (
                    "av 22 platser är 21 bara kända till orten; dörren kan ligga upp till en "
                    "kilometer bort"
                ),
            ),
            (
                STRAIGHT_LINES.format(circuity="1.3", speed="75"),
                (
                    "restiderna är gissade från fågelvägen gånger 1.3 i 75 km/h; sjöar och vägar "
                    "syns inte"
                ),
            ),
            (
                FAR_FROM_ROAD.format(place="'nora'", metres=812),
                "'nora' ligger 812 m från närmaste väg på OSRM-serverns karta",
            ),
            ("the factor is of 2016", "the factor is of 2016"),
        ],
    )
    def test_each_is_said_in_swedish_and_others_stay(self, stored: str, swedish: str) -> None:
        assert caveat_in(stored, "sv") == swedish
        assert caveat_in(stored, "en") == stored


class TestStore:
    def test_what_was_measured_once_is_given_again_without_the_server(
        self, shipped: Network, tmp_path: Path
    ) -> None:
        store = FileMatrixStore(tmp_path / "matrices")
        with served(osrm_table) as url:
            times = travel_times(shipped, IDS, source=url, store=store)
        assert travel_times(shipped, IDS, source=url, store=store) == times
        assert [path.suffix for path in (tmp_path / "matrices").iterdir()] == [".json"]

    def test_without_a_store_each_source_is_asked(self, shipped: Network) -> None:
        assert travel_times(shipped, IDS) == road_graph_times(shipped, IDS)
        assert travel_times(shipped, IDS, source="straight-line").source == "straight-line"

    def test_another_source_is_refused(self, shipped: Network) -> None:
        with pytest.raises(InputError, match="travel source is 'valhalla', expected road-graph"):
            travel_times(shipped, IDS, source="valhalla")

    def test_a_damaged_file_is_told(self, shipped: Network, tmp_path: Path) -> None:
        key = matrix_key(shipped, IDS, "road-graph")
        (tmp_path / f"{key}.json").write_text("{", encoding="utf-8")
        with pytest.raises(InputError, match=r"damaged \(.*\); delete it to compute it again"):
            travel_times(shipped, IDS, store=FileMatrixStore(tmp_path))

    def test_key_depends_on_everything_that_the_times_depend_on(
        self, shipped: Network, folder: Path
    ) -> None:
        edges = (folder / "road_edges.csv").read_text(encoding="utf-8")
        slower = edges.replace(",8500,72,", ",8500,71,")
        assert slower != edges
        (folder / "road_edges.csv").write_text(slower, encoding="utf-8")
        moved = replace(
            shipped,
            branches=tuple(
                replace(place, latitude=place.latitude + 0.001) for place in shipped.branches
            ),
        )
        keys = {
            matrix_key(shipped, IDS, "road-graph"),
            matrix_key(shipped, IDS[:2], "road-graph"),
            matrix_key(shipped, IDS, "straight-line"),
            matrix_key(shipped, IDS, "http://127.0.0.1:5000"),
            matrix_key(load_network(folder), IDS, "road-graph"),
            matrix_key(moved, IDS, "road-graph"),
        }
        assert len(keys) == 6
        assert matrix_key(load_network(), IDS, "road-graph") in keys
