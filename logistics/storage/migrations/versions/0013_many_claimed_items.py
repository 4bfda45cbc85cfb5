"""Many items at once are claimed as a whole, as there is no room for a lock for each."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Whoever claims a few items shares the lock of all of them, and so waits for whoever claims many.
_MANY = """
        IF cardinality(items) > 100 THEN
            PERFORM pg_advisory_xact_lock(space);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(space);
            {few}
        END IF;
"""
_FEW = """
        PERFORM pg_advisory_xact_lock(space, key)
            FROM (SELECT hashtext(item) AS key FROM unnest(items) AS item ORDER BY key) AS in_order;
"""
_CLAIM = """
    CREATE OR REPLACE FUNCTION claim_items(space integer, items text[], requests text[])
    RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        {locks}
        RETURN (SELECT count(*) FROM transfers WHERE item = ANY(items)
                    AND state NOT IN ('delivered', 'cancelled'))
            + (SELECT count(*) FROM request_aliases WHERE request_id = ANY(requests));
    END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_CLAIM.format(locks=_MANY.format(few=_FEW)))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_CLAIM.format(locks=_FEW))
