"""A watched folder: whole files are read, taken in and moved; a file that is still written waits.

Who writes a file should write it under a name ending in ``.part`` and rename it when it is whole.
Files of other programs that cannot are read only after their size and time have stood still. Files
that are taken in move to ``done``; files with any fault move to ``rejected``, with a report of
every bad line beside them, and nothing of them is taken in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from logistics.errors import InputError

DONE: Final = "done"
REJECTED: Final = "rejected"
LARGEST_FILE_BYTES: Final = 256 * 1024 * 1024
_UNFINISHED: Final = (".part", ".tmp", ".filepart", ".crdownload", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """
    What became of one file.

    Attributes
    ----------
    name
        Its name in the folder.
    moved_to
        Where it is now.
    problems
        Its faults; empty when it was taken in.
    """

    name: str
    moved_to: Path
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    changed_ns: int
    since: float


@dataclass(slots=True, kw_only=True)
class DropFolder:
    """
    A folder that is looked at again and again.

    Attributes
    ----------
    folder
        The folder; ``done`` and ``rejected`` are made inside it.
    take_in
        What to do with a file, by the beginning of its name, such as ``transfers``: it gets bytes
        and name, stores all or nothing, and raises InputError for a file with faults. It must
        bear the same file twice, since a crash can come between storing and moving.
    settle_seconds
        How long a file must stand still before it is read.
    clock
        Seconds that only grow.
    """

    folder: Path
    take_in: Mapping[str, Callable[[bytes, str], object]]
    clock: Callable[[], float]
    settle_seconds: float = 5.0
    _looks: dict[str, _Look] = field(default_factory=dict)

    def look(self) -> list[Dropped]:
        """
        Look at the folder once, and take in what has settled.

        Returns
        -------
        list of Dropped
            The files that were moved, in the order of their names.
        """
        present = {
            entry.name: entry.stat(follow_symlinks=False)
            for entry in os.scandir(self.folder)
            if entry.is_file(follow_symlinks=False) and _is_whole(entry.name)
        }
        self._looks = {name: look for name, look in self._looks.items() if name in present}
        return [
            self._take(name, status)
            for name, status in sorted(present.items())
            if self._has_settled(name, status)
        ]

    def purge(self, *, older_than_seconds: float) -> int:
        """
        Delete old files from ``done`` and ``rejected``; a rejected file may name a reader.

        Parameters
        ----------
        older_than_seconds
            Age since a file was last written.

        Returns
        -------
        int
            How many were deleted.
        """
        before = datetime.now(UTC).timestamp() - older_than_seconds
        old = [
            path
            for place in (DONE, REJECTED)
            for path in (self.folder / place).glob("*")
            if path.is_file() and path.stat().st_mtime < before
        ]
        for path in old:
            path.unlink()
        return len(old)

    def _has_settled(self, name: str, status: os.stat_result) -> bool:
        now = self.clock()
        look = self._looks.get(name)
        if look is None or (look.size, look.changed_ns) != (status.st_size, status.st_mtime_ns):
            self._looks[name] = _Look(status.st_size, status.st_mtime_ns, now)
            return self.settle_seconds <= 0
        return now - look.since >= self.settle_seconds

    def _take(self, name: str, status: os.stat_result) -> Dropped:
        path = self.folder / name
        problems: tuple[str, ...] = ()
        try:
            self._reader(name, status.st_size)(_content(path), name)
        except InputError as error:
            problems = tuple(error.problems)
        target = self._move(path, REJECTED if problems else DONE)
        if problems:
            report = target.with_name(f"{target.name}.report.txt")
            report.write_text("\n".join((*problems, "")), encoding="utf-8")
        self._looks.pop(name, None)
        return Dropped(name=name, moved_to=target, problems=problems)

    def _reader(self, name: str, size: int) -> Callable[[bytes, str], object]:
        if size > LARGEST_FILE_BYTES:
            raise InputError(
                f"{name}: {size} bytes, expected at most {LARGEST_FILE_BYTES}; split the file"
            )
        for beginning, read in self.take_in.items():
            if name.lower().startswith(beginning):
                return read
        raise InputError(
            f"{name}: nothing is known to be in it; expected a name that begins with "
            f"{', '.join(self.take_in)}"
        )

    def _move(self, path: Path, place: str) -> Path:
        folder = self.folder / place
        folder.mkdir(exist_ok=True)
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        target = folder / f"{stamp}-{path.name}"
        path.replace(target)
        return target


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be read: {error.strerror}; let this program read it"
        ) from error


def _is_whole(name: str) -> bool:
    return not name.startswith(".") and not name.lower().endswith(_UNFINISHED)
