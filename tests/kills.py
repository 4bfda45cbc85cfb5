"""Kill a process in the middle of its work, at a moment that is the same each time.

A moment is a statement to the database, a commit, or the opening, renaming or removing of a file.
A driver prepares the work once, and forks a victim for each try, which kills itself before the
moment it was told. So nothing depends on how fast a machine is.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FILES: Final = frozenset({"sqlite3.connect", "os.rename", "os.remove"})
_FINISHED, _KILLED = "finished", "killed"


@contextmanager
def victims(
    prepare: Callable[..., Callable[[], object]], *args: str, growth: float = 1.8
) -> Iterator[Iterator[bool]]:
    """
    Do work again and again, killed a little later each time, until it gets to its end.

    Parameters
    ----------
    prepare
        A function of a module, which opens what is needed and gives back the work.
    *args
        What it is called with.
    growth
        How much later than the last try each one is killed.

    Yields
    ------
    Iterator[bool]
        One item a try: whether the work got to its end, which it does at the last try.
    """
    name = f"{prepare.__module__}:{prepare.__name__}"
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.kills", name, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _tries(driver, growth)
    finally:
        driver.communicate(timeout=60)
    assert driver.returncode == 0


def _tries(driver: subprocess.Popen[str], growth: float) -> Iterator[bool]:
    assert driver.stdin is not None
    assert driver.stdout is not None
    moment = 1.0
    while True:
        driver.stdin.write(f"{int(moment)}\n")
        driver.stdin.flush()
        end = driver.stdout.readline().strip()
        assert end in {_FINISHED, _KILLED}, f"the work failed: {end}"
        yield end == _FINISHED
        if end == _FINISHED:
            return
        moment = max(moment + 1, moment * growth)


def _main(name: str, *args: str) -> None:
    module, _, function = name.partition(":")
    work = getattr(importlib.import_module(module), function)(*args)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _die_before(int(line))
            work()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        ends = {True: _KILLED, False: _FINISHED if status == 0 else f"status {status}"}
        sys.stdout.write(f"{ends[killed]}\n")
        sys.stdout.flush()


def _die_before(moment: int) -> None:
    left = moment

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_files(what: str, _: object) -> None:
        if what in _FILES:
            count()

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    sys.addaudithook(count_files)


if __name__ == "__main__":
    _main(*sys.argv[1:])
