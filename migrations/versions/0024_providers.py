"""Providers that vouch for people: what administrators set, sign-ins under way, and who is known by which issuer."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = (
    """CREATE TABLE dougong.sign_in_provider (
        key text COLLATE "C" PRIMARY KEY,
        kind text COLLATE "C" NOT NULL CHECK (kind IN ('oidc', 'ldap')),
        name text NOT NULL,
        is_active boolean NOT NULL,
        options jsonb NOT NULL,
        secret text NOT NULL,
        revision integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now())""",
    """CREATE TABLE dougong.oidc_sign_in (
        state_hash bytea PRIMARY KEY,
        browser_hash bytea NOT NULL,
        provider text COLLATE "C" NOT NULL,
        nonce text NOT NULL,
        verifier text NOT NULL,
        next text NOT NULL,
        expires_at timestamptz NOT NULL)""",
    """CREATE TABLE dougong.outside_identity (
        issuer text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        user_id uuid NOT NULL,
        provider text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        used_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (issuer, subject))""",
    "CREATE INDEX outside_identity_user ON dougong.outside_identity (user_id)",
)


def upgrade() -> None:
    """Make the tables. The secret of a provider lies as it was given: it must be shown to the provider."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("outside_identity", "oidc_sign_in", "sign_in_provider"):
        op.execute(f"DROP TABLE dougong.{table}")
