"""Sign-in: what is known of a session, second factors, half sign-ins, API tokens, allowed networks and the site's rules."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = (
    """ALTER TABLE dougong.session
        ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
        ADD COLUMN method text COLLATE "C" NOT NULL DEFAULT 'password',
        ADD COLUMN agent text NOT NULL DEFAULT '',
        ADD COLUMN address text COLLATE "C" NOT NULL DEFAULT '',
        ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now()""",
    """CREATE TABLE dougong.second_factor (
        user_id uuid PRIMARY KEY, secret text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), confirmed_at timestamptz,
        last_step bigint NOT NULL DEFAULT 0)""",
    """CREATE TABLE dougong.recovery_code (
        user_id uuid NOT NULL, code_hash bytea NOT NULL, used_at timestamptz, PRIMARY KEY (user_id, code_hash))""",
    """CREATE TABLE dougong.sign_in_challenge (
        token_hash bytea PRIMARY KEY, user_id uuid NOT NULL, method text COLLATE "C" NOT NULL, expires_at timestamptz NOT NULL)""",
    """CREATE TABLE dougong.api_token (
        id uuid PRIMARY KEY, token_hash bytea NOT NULL UNIQUE, user_id uuid NOT NULL, name text NOT NULL, scopes text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(), created_by uuid NOT NULL, expires_at timestamptz NOT NULL,
        used_at timestamptz, used_from text COLLATE "C" NOT NULL DEFAULT '')""",
    "CREATE INDEX api_token_user_id ON dougong.api_token (user_id)",
    """CREATE TABLE dougong.sign_in_rule (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), revision integer NOT NULL DEFAULT 0,
        second_factor text COLLATE "C" NOT NULL DEFAULT 'nobody' CHECK (second_factor IN ('nobody', 'administrators', 'everyone')))""",
    "INSERT INTO dougong.sign_in_rule DEFAULT VALUES",
    "CREATE TABLE dougong.allowed_networks (holder text COLLATE \"C\" PRIMARY KEY, networks text[] NOT NULL)",
)
NEW = ("allowed_networks", "sign_in_rule", "api_token", "sign_in_challenge", "recovery_code", "second_factor")


def upgrade() -> None:
    """Make the tables. Who holds allowed networks is `site`, `role:<full key>` or `user:<id>`."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in NEW:
        op.execute(f"DROP TABLE dougong.{table}")
    for column in ("id", "method", "agent", "address", "seen_at"):
        op.execute(f"ALTER TABLE dougong.session DROP COLUMN {column}")
