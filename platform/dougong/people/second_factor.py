"""Second factors: six digits of an authenticator (TOTP, RFC 6238) or a recovery code in, whether it counts out; each counts once.

The secret of an authenticator lies in the system table `second_factor`, sealed, which no app, export or API can read; of recovery
codes there are digests alone. The libraries are brought in when somebody has an authenticator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from io import BytesIO
from secrets import choice
from uuid import UUID

import asyncpg

from dougong.people.credentials import Connection
from dougong.people.errors import SecondFactorExists, SecondFactorMissing
from dougong.people.tokens import digest
from dougong.sites import Site

STEP_S = 30
RECOVERY_CODES = 10
TO_CONFIRM = timedelta(hours=1)

# Without those that are read as others. Six groups of four: 118 bits, so that a fast digest keeps them well enough.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS_IN_GROUP = 6, 4

_BEGIN = """
INSERT INTO dougong.second_factor AS kept (user_id, secret) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = now(), last_step = 0 WHERE kept.confirmed_at IS NULL
RETURNING user_id
"""
_CONFIRM = """
UPDATE dougong.second_factor SET confirmed_at = now(), last_step = $2
WHERE user_id = $1 AND confirmed_at IS NULL AND secret = $3 RETURNING user_id
"""
_TAKE_STEP = "UPDATE dougong.second_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id"
_TAKE_CODE = "UPDATE dougong.recovery_code SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id"
_READ = """
SELECT confirmed_at, (SELECT count(*) FROM dougong.recovery_code AS code WHERE code.user_id = factor.user_id AND used_at IS NULL) AS left_codes
FROM dougong.second_factor AS factor WHERE user_id = $1 AND confirmed_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs: the secret (Base32), the same as an address, and that as a picture (SVG)."""

    secret: str
    uri: str
    qr: str


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An authenticator in use: since when, and how many recovery codes are left."""

    since: datetime
    recovery_codes: int


async def read_second_factor(reader: Connection | asyncpg.Pool, user_id: UUID) -> SecondFactor | None:
    """Return the second factor of a user, None if there is none that has been confirmed."""
    row = await reader.fetchrow(_READ, user_id)
    return SecondFactor(row["confirmed_at"], row["left_codes"]) if row else None


async def begin(site: Site, user_id: UUID, email: str, issuer: str) -> Enrolment:
    """Make a secret that holds nothing until a code has confirmed it; raises SecondFactorExists. Beginning again replaces it.

    issuer: how the authenticator is to call the site.
    """
    import pyotp

    secret = pyotp.random_base32()
    if await site.pool.fetchval(_BEGIN, user_id, await site.seals.seal(site.pool, secret, _place(user_id))) is None:
        raise SecondFactorExists
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    return Enrolment(secret, uri, _picture(uri))


async def confirm(connection: Connection, site: Site, user_id: UUID, code: str, now: datetime) -> list[str] | None:
    """Put the secret that was begun into use and return recovery codes, None when the code is not one of it.

    Raises SecondFactorMissing when nothing was begun within the last hour.
    """
    kept = await connection.fetchval(
        "SELECT secret FROM dougong.second_factor WHERE user_id = $1 AND confirmed_at IS NULL AND created_at > now() - $2::interval",
        user_id,
        TO_CONFIRM,
    )
    if kept is None:
        raise SecondFactorMissing
    step = matching_step(await site.seals.unseal(connection, kept, _place(user_id)), code, now)
    if step is None or await connection.fetchval(_CONFIRM, user_id, step, kept) is None:
        return None
    return await make_recovery_codes(connection, user_id)


async def accepts(site: Site, user_id: UUID, code: str, now: datetime) -> bool:
    """Say whether a code of the authenticator or a recovery code lets a user in, and use it up: of two that bring the same one succeeds."""
    connection = site.pool
    kept = await connection.fetchval("SELECT secret FROM dougong.second_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL", user_id)
    if kept is None:
        return False
    step = matching_step(await site.seals.unseal(connection, kept, _place(user_id)), code, now)
    if step is not None:
        return await connection.fetchval(_TAKE_STEP, user_id, step) is not None
    return await connection.fetchval(_TAKE_CODE, user_id, _code_digest(code)) is not None


async def make_recovery_codes(connection: Connection, user_id: UUID) -> list[str]:
    """Return new recovery codes of a user, in whose transaction those before end; they are kept as digests."""
    codes = ["-".join("".join(choice(_LETTERS) for _ in range(_LETTERS_IN_GROUP)) for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]
    await connection.execute("DELETE FROM dougong.recovery_code WHERE user_id = $1", user_id)
    await connection.execute(
        "INSERT INTO dougong.recovery_code (user_id, code_hash) SELECT $1, unnest($2::bytea[])", user_id, [_code_digest(code) for code in codes]
    )
    return codes


async def remove_second_factor(connection: Connection, user_id: UUID) -> None:
    """Take a user's second factor away, and the recovery codes with it; raises SecondFactorMissing."""
    await connection.execute("DELETE FROM dougong.recovery_code WHERE user_id = $1", user_id)
    removed = await connection.fetchval("DELETE FROM dougong.second_factor WHERE user_id = $1 RETURNING confirmed_at", user_id)
    if removed is None:
        raise SecondFactorMissing


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of 30 seconds whose code this is, None if it is none of the present one and its neighbours (RFC 6238, 5.2).

    >>> from datetime import UTC
    >>> matching_step("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "287 082", datetime.fromtimestamp(59, UTC))
    1
    """
    written = "".join(code.split())
    if not (len(written) == 6 and written.isascii() and written.isdigit()):
        return None
    import pyotp

    clock = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_S
    steps = (present, present - 1, present + 1)
    return next((step for step in steps if compare_digest(clock.generate_otp(step), written)), None)


def _place(user_id: UUID) -> str:
    return f"second-factor:{user_id}"


def _code_digest(code: str) -> bytes:
    return digest("".join(letter for letter in code.lower() if letter.isalnum()).encode())


def _picture(uri: str) -> str:
    import segno

    picture = BytesIO()
    segno.make(uri, error="m").save(picture, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return picture.getvalue().decode()
