"""One question for each request: nobody else asks for its items now, and has any been asked for?"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# A volatile function looks anew in each of its statements, so that the second sees what was
# committed while the first waited for the lock.
_CLAIM = """
    CREATE FUNCTION claim_items(space integer, items text[], requests text[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(space, key)
            FROM (SELECT hashtext(item) AS key FROM unnest(items) AS item ORDER BY key) AS in_order;
        RETURN (SELECT count(*) FROM transfers WHERE item = ANY(items)
                    AND state NOT IN ('delivered', 'cancelled'))
            + (SELECT count(*) FROM request_aliases WHERE request_id = ANY(requests));
    END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_CLAIM)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION claim_items(integer, text[], text[])")
