"""Scripts and style sheets, served by ourselves under an address that changes with them."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.problems import ProblemError
from maps import assets

router = APIRouter(include_in_schema=False)
_TYPES: Final = {
    **assets.CONTENT_TYPES,
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """
    One file as it is served.

    Attributes
    ----------
    content, packed
        Its bytes, plain and gzipped.
    media_type
        What it is.
    etag
        Changes with the content.
    """

    content: bytes
    packed: bytes
    media_type: str
    etag: str


@cache
def every_file() -> dict[str, File]:
    """
    Read every file that is served.

    Returns
    -------
    dict[str, File]
        By name: the assets of maps, htmx, and what lies in ``api/static``.
    """
    found = {name: assets.asset(name).encode() for name in (*assets.SCRIPTS, *assets.STYLES)}
    found["htmx.js"] = (files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js").read_bytes()
    for path in (files("api") / "static").iterdir():
        if path.is_file() and _media_type(path.name):
            found[path.name] = path.read_bytes()
    return {name: _file(name, content) for name, content in sorted(found.items())}


@cache
def version() -> str:
    """
    Name the present state of all files.

    Returns
    -------
    str
        Changes when any of them does.
    """
    etags = "".join(file.etag for file in every_file().values())
    return hashlib.sha256(etags.encode()).hexdigest()[:12]


def address(name: str = "") -> str:
    """
    Give the address of a file, or of the folder of all for ``assets=`` of `maps`.

    Parameters
    ----------
    name
        Name of the file.

    Returns
    -------
    str
        A path that may be cached for ever.
    """
    if name and name not in every_file():
        raise KeyError(f"there is no static file {name!r}")
    return f"/static/{version()}/{name}".rstrip("/")


@router.get("/static/{state}/{name}")
def get_static(state: str, name: str, request: Request) -> Response:
    """Serve one file."""
    file = every_file().get(name)
    if file is None:
        raise ProblemError("not-found", f"there is no static file {name!r}")
    headers = {
        "ETag": f'"{file.etag}"',
        "Cache-Control": _FOREVER if state == version() else _ASK_AGAIN,
        "Vary": "Accept-Encoding",
    }
    if f'"{file.etag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.packed, headers=headers, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)


def _file(name: str, content: bytes) -> File:
    return File(
        content=content,
        packed=gzip.compress(content, mtime=0),
        media_type=_media_type(name),
        etag=hashlib.sha256(content).hexdigest()[:16],
    )


def _media_type(name: str) -> str:
    return _TYPES.get("." + name.rpartition(".")[2], "")
