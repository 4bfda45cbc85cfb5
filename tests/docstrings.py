"""Hold every public name to numpydoc's rules: ``python -m tests.docstrings FILE ...``.

The rules stand in pyproject.toml. Four kinds of functions need a docstring, but no sections, since
their parameters are explained where the reader meets them: commands (in ``--help``), routes (in
the OpenAPI document), compiled kernels (flat arrays, described once in their module), and
properties (which have none). Functions inside functions are private.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from numpydoc.hooks.validate_docstrings import parse_config, process_file

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS: Final = {"PR01", "PR02", "PR03", "RT01", "RT03", "YD01", "SS05"}
EXPLAINED_ELSEWHERE: Final = {
    "command", "callback",  # Typer
    "get", "post", "put", "patch", "delete", "route", "api_route", "exception_handler",  # FastAPI
    "njit", "kernel", "part", "inner",  # Numba
    "property", "cached_property",
}  # fmt: skip


def silent(tree: ast.Module) -> set[int]:
    """Lines of functions that return nothing; numpydoc counts the returns of nested coroutines."""
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.returns, ast.Constant)
        and node.returns.value is None
    }


def exempt(tree: ast.Module) -> Iterator[tuple[int, bool]]:
    """Lines of functions that need less: the line, and whether they are nested."""
    commands = set(registered(tree))
    for outer in ast.walk(tree):
        nested = isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.iter_child_nodes(outer):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if nested:
                    yield from ((line, True) for line in range(node.lineno, node.end_lineno or 0))
                elif node.name in commands or any(
                    name(one) in EXPLAINED_ELSEWHERE for one in node.decorator_list
                ):
                    yield node.lineno, False


def registered(tree: ast.Module) -> Iterator[str]:
    """Functions that become commands as ``app.command()(function)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name(node.func) == "command":
            yield from (one.id for one in node.args if isinstance(one, ast.Name))


def name(decorator: ast.expr) -> str:
    """Last part of a decorator's name."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def faults(path: str) -> Iterator[str]:
    """What numpydoc finds in a file, less what needs no sections."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    less, quiet = dict(exempt(tree)), silent(tree)
    for place, _, code, text in process_file(path, parse_config(".")):
        line = int(place.rsplit(":", 1)[1])
        if code == "RT01" and line in quiet:
            continue
        if line not in less or not (less[line] or code in SECTIONS):
            yield f"{place}: {code} {text}"


if __name__ == "__main__":
    found = [fault for path in sys.argv[1:] for fault in faults(path)]
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))
