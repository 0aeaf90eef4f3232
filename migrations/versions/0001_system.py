"""System tables: apps and their versions, drafts, secrets, sessions, history, outbox, idempotency; entity tables come by publishing."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE dougong.app (
    key text COLLATE "C" PRIMARY KEY,
    active_version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE dougong.app_version (
    app text COLLATE "C" NOT NULL REFERENCES dougong.app,
    number integer NOT NULL,
    definition json NOT NULL,
    columns jsonb NOT NULL,
    note text NOT NULL DEFAULT '',
    author uuid NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (app, number)
);
CREATE TABLE dougong.draft (
    app text COLLATE "C" PRIMARY KEY REFERENCES dougong.app,
    revision integer NOT NULL,
    base_version integer NOT NULL,
    definition json NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid NOT NULL
);
CREATE TABLE dougong.installed_package (
    app text COLLATE "C" NOT NULL REFERENCES dougong.app,
    package text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    document json NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now(),
    installed_by uuid NOT NULL,
    PRIMARY KEY (app, package)
);
CREATE TABLE dougong.history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app text COLLATE "C" NOT NULL,
    entity text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    revision integer NOT NULL,
    action text COLLATE "C" NOT NULL,
    actor uuid NOT NULL,
    channel text COLLATE "C" NOT NULL,
    change_set uuid NOT NULL,
    at timestamptz NOT NULL,
    changes json NOT NULL
);
CREATE INDEX history_record ON dougong.history (record_id, id);
CREATE TABLE dougong.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    app text COLLATE "C" NOT NULL,
    change_set uuid NOT NULL,
    payload json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE dougong.idempotency (
    actor uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,
    change_set uuid NOT NULL,
    answer text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_created_at ON dougong.idempotency (created_at);
CREATE TABLE dougong.credential (
    user_id uuid PRIMARY KEY,
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE dougong.session (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL,
    csrf_token text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_user_id ON dougong.session (user_id);
CREATE TABLE dougong.sign_in_link (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE TABLE dougong.sign_in_attempt (
    key text COLLATE "C" PRIMARY KEY,
    failures integer NOT NULL,
    window_started_at timestamptz NOT NULL,
    blocked_until timestamptz
);
"""

# A VOLATILE function sees a fresh snapshot inside one READ COMMITTED statement, so the version it reads after the
# lock is the version that is active while the lock is held, even if the statement began before a publish ended.
# It never waits for a publish: the statement holds its table already, which the publish needs to end. Who is turned away
# with DG003 waits outside, for lock_app's lock alone.
CHECK_VERSION = """
CREATE FUNCTION dougong.check_version(app_key text, expected integer) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE present integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared(7319, hashtext(app_key)) THEN
        RAISE EXCEPTION 'app % is being published', app_key USING ERRCODE = 'DG003';
    END IF;
    SELECT active_version INTO present FROM dougong.app WHERE key = app_key;
    IF present IS DISTINCT FROM expected THEN
        RAISE EXCEPTION 'app % is at version %, not %', app_key, present, expected USING ERRCODE = 'DG001';
    END IF;
    RETURN present;
END $$;
"""

# Stops a whole save when a guard arm of the statement counted something else than it should have.
EXPECT = """
CREATE FUNCTION dougong.expect(wanted bigint, counted bigint, state text, detail text) RETURNS integer
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF wanted IS DISTINCT FROM counted THEN
        RAISE EXCEPTION 'wanted %, counted %', wanted, counted USING ERRCODE = state, DETAIL = detail;
    END IF;
    RETURN 1;
END $$;
"""

# nextval of a sequence with the number padded to a width; longer numbers are never cut.
NUMBER_TEXT = """
CREATE FUNCTION dougong.number_text(prefix text, number bigint, width integer, suffix text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT prefix || lpad(number::text, greatest(width, length(number::text)), '0') || suffix
$$;
"""


def upgrade() -> None:
    """Create the schema, its tables and its functions."""
    op.execute("CREATE SCHEMA IF NOT EXISTS dougong")
    for text in (TABLES, CHECK_VERSION, EXPECT, NUMBER_TEXT):
        for statement in [text] if "FUNCTION" in text else text.split(";\n"):
            if statement.strip():
                op.execute(statement)


def downgrade() -> None:
    """Remove everything the platform keeps."""
    op.execute("DROP SCHEMA dougong CASCADE")
