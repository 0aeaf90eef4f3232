"""What somebody does with an authenticator: sets it up over HTTP, and shows its codes, each of another step than the one before."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pyotp

from tests.api.browser import Browser

STEP_S = 30


@dataclass
class Authenticator:
    """An app on a phone that knows a secret. recovery_codes: what its owner wrote down."""

    secret: str
    recovery_codes: list[str] = field(default_factory=list)
    shown: int = 0

    def code(self) -> str:
        """Return a code that holds now and for a while, and was not shown before; the code of the next step counts already."""
        present = int(time.time()) // STEP_S
        self.shown = max(present, self.shown + 1)
        assert self.shown <= present + 1, "codes of two steps have been shown within a step"
        return pyotp.TOTP(self.secret).generate_otp(self.shown)


async def enrol(browser: Browser, password: str) -> Authenticator:
    """Set up an authenticator for who is signed in."""
    begun = await browser.post("/api/account/second-factor", {"password": password})
    assert begun.status_code == 200, begun.text
    made = Authenticator(begun.json()["secret"])
    answer = await browser.ask("PUT", "/api/account/second-factor", {"code": made.code()})
    assert answer.status_code == 200, answer.text
    made.recovery_codes = answer.json()["recovery_codes"]
    return made
