"""Secrets that people carry: makes random tokens and gives the digest the database keeps; never stores the token itself."""

import secrets
from hashlib import sha256

API_TOKEN = b"dgt_"
"""How every API token begins, so that people and scanners of published files know one when they see it."""


def new_api_token() -> str:
    """Return a new API token of 256 random bits (47 characters)."""
    return API_TOKEN.decode() + secrets.token_urlsafe(32)


def new_token() -> str:
    """Return a new secret of 256 random bits, safe in a URL and in a cookie (43 characters)."""
    return secrets.token_urlsafe(32)


def digest(token: bytes) -> bytes:
    """Return the SHA-256 of a token, the only form of it that is kept (32 bytes).

    A token has 256 random bits, so no slow hash is needed to keep it from being guessed.
    """
    return sha256(token).digest()
