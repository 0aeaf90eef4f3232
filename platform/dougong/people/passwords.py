"""Passwords: takes a password and gives an Argon2id hash, or says whether it fits a hash; never in the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 1000

# OWASP's first choice for Argon2id with 19 MiB and one lane, with one pass more: about 30 ms.
_HASHER = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)

# A hash no password fits, with the parameters above: checking it takes the same time as checking a real one.
_NOBODY = "$argon2id$v=19$m=19456,t=3,p=1$ZG91Z29uZy1ub2JvZHkhIQ$Tm8gcGFzc3dvcmQgaGFzIHRoaXMgaGFzaC4gTm9uZSE"


class Passwords:
    """One thread that hashes and checks passwords, one after the other.

    One thread and not a pool: each thread of the process would keep 19 MiB of memory after its first hash.
    """

    def __init__(self) -> None:
        """Start with no thread; the first password makes it."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        """Return the Argon2id hash of a password as a PHC string, with a salt of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, _HASHER.hash, password)

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Say whether the password belongs to the hash; without a hash it takes as long and is False."""
        loop = asyncio.get_running_loop()
        matches = await loop.run_in_executor(self._thread, _verify, password_hash or _NOBODY, password)
        return matches and password_hash is not None

    def close(self) -> None:
        """End the thread when its work is done."""
        self._thread.shutdown(wait=False)


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
