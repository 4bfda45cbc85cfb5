"""Linear functions that lie below a table of tours everywhere and touch it where it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

from logistics.errors import LogisticsError
from logistics.simulation.service_days.tours import subset_sums

if TYPE_CHECKING:
    from collections.abc import Iterable

Floats = NDArray[np.float64]

_TOLERANCE: Final = 1e-5
_MOST_ROUNDS: Final = 400
#: Pulls the point inside, so that of all functions that touch it a strong one is found.
_INWARDS: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Minorant:
    """
    A linear function below a table.

    Attributes
    ----------
    base
        Its value for a tour as such.
    weights
        What each place adds.
    """

    base: float
    weights: Floats

    def at(self, point: Floats) -> float:
        """
        Work out its value.

        Parameters
        ----------
        point
            Part of each place that is called at, 0 to 1.

        Returns
        -------
        float
            The value.
        """
        return self.base + float(self.weights @ point)


class Envelope:
    """
    The highest functions below a table, found as they are asked for.

    By duality the value at a point is the cost of the cheapest mixture of tours that calls at each
    place as often as the point says: the bound of the set-covering model with all tours in it.

    Parameters
    ----------
    table
        A number for each set; infinite entries bind nothing.
    """

    def __init__(self, table: Floats) -> None:
        self.table = table
        self.size = table.size.bit_length() - 1
        self._finite = np.isfinite(table)
        self._finite[0] = False
        self._rows: set[int] = set()
        self._model = mathopt.Model()
        self._top = top = float(table[self._finite].max(initial=0.0)) * 2 + 1
        self._weights = [self._model.add_variable(lb=-top, ub=top) for _ in range(self.size)]
        self._base = self._model.add_variable(lb=-top, ub=top)
        stops = subset_sums(np.ones(self.size))
        self._layers = [np.flatnonzero(stops == n) for n in range(1, self.size + 1)]
        self._model.objective.is_maximize = True
        self._model.objective.set_linear_coefficient(self._base, 1.0)
        self._add(1 << i for i in range(self.size))
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def touch(self, point: Floats) -> Minorant:
        """
        Find a function below the table that is as high as can be at a point.

        Parameters
        ----------
        point
            Part of each place that is called at, 0 to 1.

        Returns
        -------
        Minorant
            Below the table in every set; at a corner of the cube it meets the table.

        Raises
        ------
        LogisticsError
            The linear program has no optimum, which one made here always has.
        """
        inside = point * (1 - _INWARDS) + 0.5 * _INWARDS
        for weight, part in zip(self._weights, inside.tolist(), strict=True):
            self._model.objective.set_linear_coefficient(weight, part)
        self._add([sum(1 << i for i, part in enumerate(inside) if part > 0.5)])  # noqa: PLR2004
        for _ in range(_MOST_ROUNDS):
            result = self._solver.solve()
            if not result.has_primal_feasible_solution():
                raise LogisticsError("service days: a bound has no optimum; check the tours")
            weights = np.array(result.variable_values(self._weights))
            base = float(result.variable_values(self._base))
            room = self.table - base - subset_sums(weights)
            room[0] = np.inf
            worst = [layer[room[layer].argmin()] for layer in self._layers]
            least = float(room[worst].min())
            wanting = [int(one) for one in worst if room[one] < -_TOLERANCE * self._top]
            # The solver keeps rows within its tolerance only; what it lacks is taken off below.
            if not self._add(wanting):
                break
        return Minorant(base=base + min(0.0, least), weights=weights)

    def _add(self, sets: Iterable[int]) -> bool:
        before = len(self._rows)
        for one in sorted({*sets} - self._rows):
            if self._finite[one]:
                self._rows.add(one)
                members = [weight for i, weight in enumerate(self._weights) if one >> i & 1]
                self._model.add_linear_constraint(
                    self._base + mathopt.fast_sum(members) <= float(self.table[one])
                )
        return len(self._rows) > before
