"""The command ``logistics``: reads, calls, prints. Answers on stdout, everything else on stderr."""

from logistics.cli.app import main

__all__ = ["main"]
