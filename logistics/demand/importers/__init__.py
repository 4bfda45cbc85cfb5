"""CSV files of transfers, returned items and holds, read whole or refused with every fault."""

from __future__ import annotations

from logistics.demand.importers.files import read_holds, read_returns, read_transfers

__all__ = ["read_holds", "read_returns", "read_transfers"]
