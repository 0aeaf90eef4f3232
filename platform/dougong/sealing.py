"""Seals for what lies in the database and must be read again: a secret in, a sealed text out, which only a key kept elsewhere opens.

AES-256-GCM, bound to the place it is for, so that no sealed text opens in another row. The keys are those of `DOUGONG_SECRET_KEYS`, or else
of `secret.keys` in the data folder, which is made with the first secret. The first key seals; all of them open, so that keys can be changed.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any, Protocol

from dougong.errors import PlatformError
from dougong.settings import KEY_BYTES, Settings, read_keys

FILE = "secret.keys"
_PREFIX = "sealed"
_NONCE_BYTES = 12

# Where there are secrets: a table, what its rows are told apart by, the column, and how a row's place is called.
_KEPT = (
    ("second_factor", "user_id", "secret", "second-factor"),
    ("sign_in_provider", "key", "secret", "provider"),
    ("secret", "id", "value", "secret"),
)
_SOME_SEALED = " UNION ALL ".join(f"(SELECT {column} AS sealed FROM dougong.{table} WHERE {column} LIKE 'sealed:%' LIMIT 1)" for table, _, column, _ in _KEPT)
_AT_ONCE = 500


class Asked(Protocol):
    """What runs a query: the pool, or a connection."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:  # noqa: ANN401 – asyncpg's own
        """Return the rows."""


class SecretKeyMissing(PlatformError):
    """What is sealed in the database was sealed with a key that is not here."""

    code = "secret-key-missing"
    title = {"zh-CN": "缺少密钥", "en": "A key is missing"}
    status = 500
    sentence = {
        "zh-CN": "数据库中的密文是用另一个密钥加密的（{key}）。请把它写进 DOUGONG_SECRET_KEYS，或放回 {file}。",
        "en": "What is encrypted in the database was encrypted with another key ({key}). Put it into DOUGONG_SECRET_KEYS, or back into {file}.",
    }


class Seals:
    """The keys of a site, brought in when the first secret is met."""

    def __init__(self, settings: Settings) -> None:
        """Know where the keys are."""
        self._settings = settings
        self._keys: Mapping[str, bytes] = {}

    async def seal(self, asked: Asked, plain: str, place: str) -> str:
        """Return a secret as it may be kept at a place; raises SecretKeyMissing. An empty text is no secret and stays empty."""
        if not plain:
            return plain
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        keys = await self._found(asked)
        name, key = next(iter(keys.items()))
        nonce = token_bytes(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, plain.encode(), place.encode())
        return f"{_PREFIX}:{name}:{b64encode(nonce + sealed).decode()}"

    async def unseal(self, asked: Asked, kept: str, place: str) -> str:
        """Return the secret that was kept at a place, also one from before secrets were sealed; raises SecretKeyMissing."""
        if not kept.startswith(f"{_PREFIX}:"):
            return kept
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        _, name, written = kept.split(":", 2)
        key = (await self._found(asked)).get(name)
        if key is None:
            raise self._missing(name)
        sealed = b64decode(written)
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()
        except InvalidTag as moved:  # somebody who writes to the database put it there from another row
            raise self._missing(name) from moved

    async def seal_again(self, asked: Asked) -> int:
        """Seal with the first key whatever is not, secrets from before there were keys among them, and return how many those were."""
        count = 0
        for table, by, column, place in _KEPT:
            first = f"{_PREFIX}:%"
            if self._settings.secret_keys or self._path.exists():
                first = f"{_PREFIX}:{next(iter(await self._found(asked)))}:%"
            after = ""
            while rows := await asked.fetch(
                f"SELECT {by}::text AS id, {column} AS kept FROM dougong.{table} WHERE {column} NOT LIKE $1 AND {column} <> '' AND {by}::text > $2"
                f" ORDER BY {by}::text LIMIT {_AT_ONCE}",
                first, after,
            ):  # fmt: skip
                for row in rows:
                    whose = f"{place}:{row['id']}"
                    sealed = await self.seal(asked, await self.unseal(asked, row["kept"], whose), whose)
                    await asked.fetch(f"UPDATE dougong.{table} SET {column} = $1 WHERE {by}::text = $2 AND {column} = $3", sealed, row["id"], row["kept"])
                count, after = count + len(rows), rows[-1]["id"]
        return count

    @property
    def _path(self) -> Path:
        return self._settings.data_dir / FILE

    async def _found(self, asked: Asked) -> Mapping[str, bytes]:
        """Return the keys by their names, the first to seal with; makes one where there is none and nothing is sealed yet."""
        if self._keys:
            return self._keys
        keys = self._settings.secret_keys
        if not keys:
            used = {row["sealed"].split(":")[1] for row in await asked.fetch(_SOME_SEALED)}
            if not self._path.exists():
                if used:
                    raise self._missing(min(used))
                _make(self._path)
            keys = read_keys(self._path.read_text("ascii"))
            if used and not used & {name_of(key) for key in keys}:
                raise self._missing(min(used))  # another machine made a file of its own: what is sealed here it could not open
        self._keys = {name_of(key): key for key in keys}
        return self._keys

    def _missing(self, name: str) -> SecretKeyMissing:
        return SecretKeyMissing(key=name, file=self._path)


def name_of(key: bytes) -> str:
    """Return what a key is called in what it has sealed; it tells nothing of the key.

    >>> name_of(bytes(32))
    '858d9e2c'
    """
    return sha256(b"dougong key " + key).hexdigest()[:8]


def _make(path: Path) -> None:
    """Make a file with a new key that its user alone may read; of two processes that do, one succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.{token_bytes(4).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(b64encode(token_bytes(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
