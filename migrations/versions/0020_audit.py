"""The audit log: what was administered and which sensitive fields were read, by whom; rows are only ever added, and a chain of digests shows it."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the log, the queue of rows that are not in the chain yet, and the chain.

    audit: actor is null where nobody is known, as for a sign-in that failed; view_as: as whom an administrator looked; record_id: the
    one record a deed is about, details->'records' those of a list. audit_seal: number is the place in the chain, without gaps.
    """
    op.execute("""
        CREATE TABLE dougong.audit (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
            actor uuid, actor_name text COLLATE "C" NOT NULL, view_as uuid, address text COLLATE "C" NOT NULL, deed text COLLATE "C" NOT NULL,
            app text COLLATE "C" NOT NULL, entity text COLLATE "C" NOT NULL, record_id uuid, subject text COLLATE "C" NOT NULL, details jsonb NOT NULL)""")
    op.execute("CREATE INDEX audit_at ON dougong.audit (at)")
    op.execute("CREATE INDEX audit_actor ON dougong.audit (actor, id)")
    op.execute("CREATE INDEX audit_deed ON dougong.audit (deed, id)")
    op.execute("CREATE INDEX audit_record ON dougong.audit (record_id, id) WHERE record_id IS NOT NULL")
    op.execute("CREATE INDEX audit_records ON dougong.audit USING gin ((details -> 'records')) WHERE details ? 'records'")
    op.execute("CREATE TABLE dougong.audit_unsealed (audit_id bigint PRIMARY KEY)")
    op.execute("""
        CREATE TABLE dougong.audit_seal (
            number bigint PRIMARY KEY, audit_id bigint NOT NULL UNIQUE, digest bytea NOT NULL, at timestamptz NOT NULL DEFAULT now())""")
    op.execute("""
        CREATE FUNCTION dougong.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'rows of the audit log are only ever added' USING ERRCODE = 'DG005'; END $$""")
    op.execute("""
        CREATE FUNCTION dougong.audit_queue() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO dougong.audit_unsealed SELECT id FROM added ON CONFLICT DO NOTHING; RETURN NULL; END $$""")
    # ALWAYS: a session that calls itself a replica, where triggers rest, changes nothing either.
    for table in ("audit", "audit_seal"):
        op.execute(f"""
            CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON dougong.{table}
            FOR EACH STATEMENT EXECUTE FUNCTION dougong.audit_refuse()""")
        op.execute(f"ALTER TABLE dougong.{table} ENABLE ALWAYS TRIGGER {table}_refuse")
    op.execute("""
        CREATE TRIGGER audit_queue AFTER INSERT ON dougong.audit REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION dougong.audit_queue()""")
    op.execute("ALTER TABLE dougong.audit ENABLE ALWAYS TRIGGER audit_queue")


def downgrade() -> None:
    """Remove the tables, and with them what they say."""
    op.execute("DROP TABLE dougong.audit, dougong.audit_unsealed, dougong.audit_seal")
    op.execute("DROP FUNCTION dougong.audit_refuse()")
    op.execute("DROP FUNCTION dougong.audit_queue()")
