"""Travel times kept in the database, so that a plan can be made again years later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from logistics.network.matrix_store import times_to_json
from logistics.network.travel import TravelTimes
from logistics.storage.session import is_sqlite, reading, writing
from logistics.storage.tables import TravelMatrixRow, now, table_of

if TYPE_CHECKING:
    from sqlalchemy import Engine


class DatabaseMatrixStore:
    """
    Travel times in the table of that name; each is written once and never changed.

    Parameters
    ----------
    engine
        The database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, key: str) -> TravelTimes | None:
        """
        Look travel times up.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.

        Returns
        -------
        TravelTimes or None
            None when they were never kept.
        """
        with reading(self._engine) as session:
            row = session.get(TravelMatrixRow, key)
        if row is None:
            return None
        return TravelTimes(
            ids=tuple(row.ids),
            metres=tuple(map(tuple, row.metres)),
            seconds=tuple(map(tuple, row.seconds)),
            source=row.source,
            caveats=tuple(row.caveats),
        )

    def put(self, key: str, times: TravelTimes) -> None:
        """
        Keep travel times; of two processes that computed the same, the first is kept.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.
        times
            The travel times.
        """
        row = {"key": key, "computed_at": now(), **times_to_json(times)}
        with writing(self._engine) as session:
            insert = sqlite_insert if is_sqlite(session) else postgres_insert
            session.execute(insert(table_of(TravelMatrixRow)).on_conflict_do_nothing(), [row])
