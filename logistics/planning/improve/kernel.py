"""Compile a kernel once and keep it until any kernel of this package changes.

Numba keeps what it compiled under the time stamp of the one file that holds a function, so a caller
would go on using the old machine code of a helper in another file. Here the place itself is named
after the text of all files of this package, so a change anywhere starts a fresh place.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
from numba.core import config

if TYPE_CHECKING:
    from collections.abc import Callable

_SETTINGS = vars(config)
_HERE = Path(__file__).parent
_NAME = "kernels-"
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Kernels make no arrays, so nobody need count who holds one: that took most of their time."""


def _digest() -> str:
    text = sha256(numba.__version__.encode())
    for path in sorted(_HERE.glob("*.py")):
        source = path.read_bytes()
        if path.stem == "layout" or b"improve.kernel import" in source:
            text.update(source)
    return text.hexdigest()[:16]


FOLDER = _HERE / "__pycache__" / f"{_NAME}{_digest()}"
"""Where the machine code is kept."""


def kernel(function: Callable[..., object]) -> Any:  # noqa: ANN401 - a compiled function
    """
    Compile a function on its first call, without the interpreter's lock, and keep the result.

    Parameters
    ----------
    function
        In the subset of Python that Numba compiles.

    Returns
    -------
    function
        The compiled one.
    """
    before = _SETTINGS["CACHE_DIR"]
    if not before and os.access(_HERE, os.W_OK):
        _SETTINGS["CACHE_DIR"] = str(FOLDER)
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    finally:
        _SETTINGS["CACHE_DIR"] = before


def part(function: Callable[..., object]) -> Any:  # noqa: ANN401 - a compiled function
    """
    Compile a function that only kernels call; its machine code is kept within theirs.

    Parameters
    ----------
    function
        In the subset of Python that Numba compiles.

    Returns
    -------
    function
        The compiled one, which Python cannot call.
    """
    bare: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return numba.njit(**_OPTIONS, **bare)(function)


def inner(function: Callable[..., object]) -> Any:  # noqa: ANN401 - a compiled function
    """
    Compile a function into the one place that calls it, in the midst of a loop.

    Parameters
    ----------
    function
        In the subset of Python that Numba compiles.

    Returns
    -------
    function
        The compiled one, which Python cannot call.
    """
    bare: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    options = {**_OPTIONS, **bare, "forceinline": True}
    return numba.njit(**options)(function)


def outdated() -> list[Path]:
    """
    Find the places of kernels whose source has changed since.

    Returns
    -------
    list of Path
        Folders that nothing reads any more.
    """
    return [path for path in FOLDER.parent.glob(f"{_NAME}*") if path != FOLDER]
