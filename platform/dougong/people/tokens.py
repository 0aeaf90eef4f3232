"""Secrets that people carry: makes random tokens and gives the digest the database keeps; never stores the token itself."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """Return a new secret of 256 random bits, safe in a URL and in a cookie (43 characters)."""
    return secrets.token_urlsafe(32)


def digest(token: bytes) -> bytes:
    """Return the SHA-256 of a token, the only form of it that is kept (32 bytes).

    A token has 256 random bits, so no slow hash is needed to keep it from being guessed.
    """
    return sha256(token).digest()
