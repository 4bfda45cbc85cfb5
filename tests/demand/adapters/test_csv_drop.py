from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from logistics.demand.adapters import csv_drop
from logistics.demand.adapters.csv_drop import DropFolder
from logistics.demand.importers import read_transfers

GOOD = (
    b"request_id,item,kind,origin,destination,requested_at\n"
    b"R1,3300,hold,nora,kumla,2026-11-24T08:00:00Z\n"
)


@dataclass
class Desk:
    """A drop folder, its clock, and what it took in."""

    path: Path
    now: float = 0.0
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = DropFolder(
            folder=self.path, take_in={"transfers": self.take}, clock=lambda: self.now
        )

    def take(self, data: bytes, name: str) -> None:
        self.taken += [transfer.request_id for transfer in read_transfers(data, name)]

    def names(self, place: str = "") -> list[str]:
        folder = self.path / place
        return sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.exists() else []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_is_read_once_it_stands_still(desk: Desk) -> None:
    file = desk.path / "transfers.csv"
    file.write_bytes(GOOD[:60])
    assert desk.folder.look() == []
    desk.now = 4.0
    file.write_bytes(GOOD)
    # It grew: the five seconds begin anew.
    desk.now = 6.0
    assert desk.folder.look() == []
    desk.now = 10.9
    assert desk.folder.look() == []
    desk.now = 11.0
    (dropped,) = desk.folder.look()
    assert (dropped.problems, desk.taken) == ((), ["R1"])
    assert desk.names() == []
    assert desk.names("done")[0].endswith("-transfers.csv")


@pytest.mark.parametrize("name", ["transfers.csv.part", ".transfers.csv", "transfers.tmp", "t~"])
def test_unfinished_names_are_never_read(desk: Desk, name: str) -> None:
    (desk.path / name).write_bytes(GOOD)
    desk.folder.look()
    desk.now = 1e6
    assert desk.folder.look() == []
    (desk.path / name).rename(desk.path / "transfers-ready.csv")
    desk.folder.look()
    desk.now = 2e6
    assert len(desk.folder.look()) == 1


def test_a_file_with_faults_is_rejected_whole_with_a_report(desk: Desk) -> None:
    bad = GOOD + b"R2,3301,loan,nora,kumla,2026-11-24T08:00:00Z\nR3,,hold,nora,kumla,now\n"
    (desk.path / "Transfers-1.csv").write_bytes(bad)
    desk.folder.settle_seconds = 0
    (dropped,) = desk.folder.look()
    assert desk.taken == []
    file, report = desk.names("rejected")
    assert report == f"{file}.report.txt"
    assert (desk.path / "rejected" / report).read_text().splitlines() == list(dropped.problems)
    assert [problem.split(":")[0] for problem in dropped.problems] == [
        "Transfers-1.csv line 3",
        "Transfers-1.csv line 4",
        "Transfers-1.csv line 4",
    ]


def test_what_nobody_knows_or_is_too_large_is_rejected(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.folder.settle_seconds = 0
    (desk.path / "menu.pdf").write_bytes(b"%PDF")
    (desk.path / "transfers.csv").write_bytes(GOOD)
    monkeypatch.setattr(csv_drop, "LARGEST_FILE_BYTES", 50)
    first, second = desk.folder.look()
    assert first.problems == (
        "menu.pdf: nothing is known to be in it; expected a name that begins with transfers",
    )
    assert second.problems == ("transfers.csv: 98 bytes, expected at most 50; split the file",)


def test_links_and_folders_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    target = tmp_path / "secret" / "transfers.csv"
    target.write_bytes(GOOD)
    (desk.path / "transfers-link.csv").symlink_to(target)
    desk.folder.settle_seconds = 0
    assert desk.folder.look() == []


def test_a_crash_while_storing_leaves_the_file_for_the_next_look(desk: Desk) -> None:
    def crash(_data: bytes, _name: str) -> None:
        raise OSError("disk full")

    (desk.path / "transfers.csv").write_bytes(GOOD)
    desk.folder.settle_seconds = 0
    desk.folder.take_in = {"transfers": crash}
    with pytest.raises(OSError, match="disk full"):
        desk.folder.look()
    assert desk.names() == ["transfers.csv"]
    desk.folder.take_in = {"transfers": desk.take}
    assert len(desk.folder.look()) == 1


def test_old_files_are_deleted(desk: Desk) -> None:
    desk.folder.settle_seconds = 0
    (desk.path / "transfers.csv").write_bytes(GOOD)
    (desk.path / "transfers-bad.csv").write_bytes(b"")
    desk.folder.look()
    assert desk.folder.purge(older_than_seconds=3_600) == 0
    assert desk.folder.purge(older_than_seconds=-60) == 3
    assert desk.names("done") == desk.names("rejected") == []
