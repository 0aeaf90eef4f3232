"""Publishes that take their time: how far each is, and which records were changed while it was filling columns nobody reads yet."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE dougong.publish (
    id uuid PRIMARY KEY,
    app text COLLATE "C" NOT NULL REFERENCES dougong.app ON DELETE CASCADE,
    state text COLLATE "C" NOT NULL,
    base_version integer NOT NULL,
    version integer,
    draft_revision integer,
    definition json NOT NULL,
    columns jsonb,
    tables json,
    packages json,
    note text NOT NULL DEFAULT '',
    author uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    is_cancelled boolean NOT NULL DEFAULT false,
    stage text COLLATE "C" NOT NULL DEFAULT '',
    place json NOT NULL DEFAULT '{}',
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    problem json
)""",
    "CREATE INDEX publish_app ON dougong.publish (app, created_at)",
    # Two publishers at once: the second is told who is at it.
    "CREATE UNIQUE INDEX publish_under_way ON dougong.publish (app) WHERE state = 'filling'",
    """CREATE TABLE dougong.touched (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app text COLLATE "C" NOT NULL,
    entity text COLLATE "C" NOT NULL,
    record uuid NOT NULL
)""",
    # Arguments: the app that is being published, the name by which it knows the entity of the table, then pairs: a column that points
    # to a record of an entity, and that entity. What a record pointed to before it changed has lost it and is touched as well.
    """CREATE FUNCTION dougong.touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rows text := CASE TG_OP WHEN 'DELETE' THEN 'rows_before' ELSE 'rows_after' END;
    parts text := format('SELECT %L AS entity, id AS record FROM %I', TG_ARGV[1], rows);
    place integer := 2;
BEGIN
    IF current_setting('dougong.is_filling', true) = 'on' THEN
        RETURN NULL;
    END IF;
    WHILE TG_OP <> 'INSERT' AND place < TG_NARGS LOOP
        parts := parts || format(' UNION SELECT %L, %I FROM rows_before', TG_ARGV[place + 1], TG_ARGV[place]);
        place := place + 2;
    END LOOP;
    EXECUTE 'INSERT INTO dougong.touched (app, entity, record) SELECT $1, x.entity, x.record FROM (' || parts || ') AS x WHERE x.record IS NOT NULL'
        USING TG_ARGV[0];
    RETURN NULL;
END $$""",
    # The day a text of three numbers names, NULL where there is no such day; to_date and a cast would raise.
    r"""CREATE FUNCTION dougong.day_of(given text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE parts integer[];
BEGIN
    parts := regexp_split_to_array(given, '[-/.]')::integer[];
    RETURN make_date(parts[1], parts[2], parts[3]);
EXCEPTION WHEN datetime_field_overflow OR invalid_text_representation THEN
    RETURN NULL;
END $$""",
)


def upgrade() -> None:
    """Make the tables and functions."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Remove them; what is under way is then nobody's."""
    op.execute("DROP FUNCTION dougong.day_of(text)")
    op.execute("DROP FUNCTION dougong.touch()")
    op.execute("DROP TABLE dougong.touched")
    op.execute("DROP TABLE dougong.publish")
