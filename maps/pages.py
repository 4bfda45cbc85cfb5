"""The templates of maps, sheets and reports: everything escaped, undefined names refused."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from maps import assets, escape, terms
from maps.stops import shape, stop_key, sums
from maps.theme import style_number

if TYPE_CHECKING:
    from maps.i18n import Words


@cache
def environment(*packages: str) -> Environment:
    """
    Give the environment in which templates are rendered.

    Parameters
    ----------
    *packages
        Packages whose templates come before those of maps, so that pages elsewhere can extend
        ``base.html`` and use ``parts.html``.

    Returns
    -------
    Environment
        With autoescape on and strict about undefined names.
    """
    env = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "maps")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A service whose files are replaced while it runs shows its own pages until it restarts,
        # not those of another version, nor one half written.
        auto_reload=False,
    )
    env.filters["short"] = escape.short
    env.filters["visible"] = escape.visible
    env.globals["terms"] = terms
    env.globals["style_number"] = style_number
    env.globals["shape"] = shape
    env.globals["stop_key"] = stop_key
    env.globals["sums"] = sums
    return env


def render(template: str, w: Words, *, packages: tuple[str, ...] = (), **values: object) -> str:
    """
    Render a template in the reader's language.

    Parameters
    ----------
    template
        Name of the file below the ``templates`` of a package.
    w
        The reader's words; templates say ``_("...")`` and ``many(...)``.
    packages
        Packages whose templates come before those of maps.
    **values
        What the template shows.

    Returns
    -------
    str
        The page.
    """
    page = environment(*packages).get_template(template)
    return page.render(w=w, _=w.t, many=w.many, **values)


def styles(how: str, *names: str) -> Markup:
    """
    Write the style sheets of a page into it, or links to them.

    Parameters
    ----------
    how
        ``inline``, or the address below which the assets are served.
    *names
        Names of the style sheets.

    Returns
    -------
    Markup
        Elements for the head.
    """
    if how == "inline":
        return Markup("").join(
            Markup("<style>{}</style>\n").format(Markup(assets.asset(name)))  # noqa: S704 - our own file
            for name in names
        )
    link = Markup('<link rel="stylesheet" href="{}">\n')
    return Markup("").join(link.format(_address(how, name)) for name in names)


def scripts(how: str, nonce: str, *names: str) -> Markup:
    """
    Write the scripts of a page into it, or links to them.

    Parameters
    ----------
    how
        ``inline``, or the address below which the assets are served.
    nonce
        The nonce of the page's content security policy; empty for none.
    *names
        Names of the scripts.

    Returns
    -------
    Markup
        Script elements.
    """
    extra = Markup(' nonce="{}"').format(nonce) if nonce else Markup("")
    if how == "inline":
        element = Markup("<script{}>{}</script>\n")
        parts = (element.format(extra, Markup(assets.asset(name))) for name in names)  # noqa: S704
    else:
        element = Markup('<script{} src="{}"></script>\n')
        parts = (element.format(extra, _address(how, name)) for name in names)
    return Markup("").join(parts)


def _address(prefix: str, name: str) -> str:
    return f"{prefix.rstrip('/')}/{name}"
