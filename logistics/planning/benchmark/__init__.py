"""Measure the planner on other people's instances, beside other people's solvers."""

from logistics.planning.benchmark.instance import Instance, read_instance

__all__ = ["Instance", "read_instance"]
