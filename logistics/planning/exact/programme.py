"""A linear programme put together from arrays, as models of a million entries must be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from logistics.planning.exact.day import Floats, Integers

TWICE = 2.0
"""What a column for two sites on one run stands for, so that its own bound never binds."""
MUCH_LATER = 20.0
"""Lateness that a column may mean, in longest runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    A linear programme in arrays; its columns lie between 0 and 1.

    Attributes
    ----------
    row, column, value
        Entries of the matrix.
    cost
        Of each column.
    low, high
        Bounds of each row.
    """

    row: Integers
    column: Integers
    value: Floats
    cost: Floats
    low: Floats
    high: Floats


@dataclass(slots=True)
class Rows:
    """
    A linear programme in the making: columns and rows by number.

    Attributes
    ----------
    cost
        Of the columns, in the pieces in which they came; each column lies between 0 and 1.
    columns
        How many there are.
    low, high
        Bounds of the rows.
    count
        Rows so far.
    entries
        Rows, columns and values of the matrix.
    """

    cost: list[Floats] = field(default_factory=list)
    columns: int = 0
    low: list[Floats] = field(default_factory=list)
    high: list[Floats] = field(default_factory=list)
    count: int = 0
    entries: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)

    def add_columns(self, cost: Floats) -> Integers:
        """
        Add columns.

        Parameters
        ----------
        cost
            Of each.

        Returns
        -------
        Integers
            Their numbers.
        """
        first = self.columns
        self.columns += cost.size
        self.cost.append(cost)
        return np.arange(first, self.columns)

    def add_rows(self, low: Floats, high: Floats) -> Integers:
        """
        Add rows.

        Parameters
        ----------
        low, high
            What each lies between.

        Returns
        -------
        Integers
            Their numbers.
        """
        first = self.count
        self.count += low.size
        self.low.append(low)
        self.high.append(high)
        return np.arange(first, self.count)

    def put(self, rows: Integers, columns: Integers, value: float | Floats) -> None:
        """
        Put values where rows and columns meet.

        Parameters
        ----------
        rows, columns
            By number, no pair twice.
        value
            One for all, or one for each.
        """
        self.entries.append((rows, columns, np.broadcast_to(value, rows.shape)))

    def table(self) -> Table:
        """
        Put the pieces together.

        Returns
        -------
        Table
            To be minimised.
        """
        row, column, value = (
            np.concatenate([entry[part] for entry in self.entries]) for part in range(3)
        )
        return Table(
            row=row,
            column=column,
            value=value,
            cost=np.concatenate(self.cost),
            low=np.concatenate(self.low),
            high=np.concatenate(self.high),
        )

    def model(self) -> mathopt.Model:
        """
        Hand the programme to the solver.

        Returns
        -------
        mathopt.Model
            To be minimised.
        """
        table = self.table()
        order = np.lexsort((table.column, table.row))
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(self.columns))
        proto.variables.lower_bounds.extend([0.0] * self.columns)
        proto.variables.upper_bounds.extend([1.0] * self.columns)
        proto.variables.integers.extend([False] * self.columns)
        priced = np.flatnonzero(table.cost)
        proto.objective.linear_coefficients.ids.extend(priced.tolist())
        proto.objective.linear_coefficients.values.extend(table.cost[priced].tolist())
        proto.linear_constraints.ids.extend(range(self.count))
        proto.linear_constraints.lower_bounds.extend(table.low.tolist())
        proto.linear_constraints.upper_bounds.extend(table.high.tolist())
        matrix = proto.linear_constraint_matrix
        matrix.row_ids.extend(table.row[order].tolist())
        matrix.column_ids.extend(table.column[order].tolist())
        matrix.coefficients.extend(table.value[order].tolist())
        return mathopt.Model.from_model_proto(proto)
