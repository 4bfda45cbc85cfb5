"""Plan days too large for one search: parts of them in turn; docs/heuristic.md explains it."""

from logistics.planning.decompose.rounds import Rounds, in_parts

__all__ = ["Rounds", "in_parts"]
