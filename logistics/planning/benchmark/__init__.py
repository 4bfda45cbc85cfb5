"""Measure the planner on other people's instances, beside other people's solvers."""

from logistics.planning.benchmark.instance import Instance, read_instance
from logistics.planning.benchmark.run import Result, append_results, run

__all__ = ["Instance", "Result", "append_results", "read_instance", "run"]
