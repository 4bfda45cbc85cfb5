"""A shipment of which a van took only part: the rest waits on under a name of its own."""

from __future__ import annotations

from typing import Final

_MARK: Final = "/behind"


def rest_of(shipment: str) -> str:
    """
    Name what a van did not take of a shipment.

    Parameters
    ----------
    shipment
        Name of the shipment, or of such a rest.

    Returns
    -------
    str
        A name that no shipment of a day has.
    """
    return shipment if is_rest(shipment) else shipment + _MARK


def is_rest(name: str) -> bool:
    """
    Tell whether a name is that of a rest.

    Parameters
    ----------
    name
        Of a shipment or of a rest.

    Returns
    -------
    bool
        Whether it is.
    """
    return name.endswith(_MARK)


def whole_of(name: str) -> str:
    """
    Name the shipment that a rest was part of.

    Parameters
    ----------
    name
        Of a shipment or of a rest.

    Returns
    -------
    str
        ``origin>destination:urgency``.
    """
    return name.removesuffix(_MARK)
