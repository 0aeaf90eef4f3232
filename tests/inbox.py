"""A mail server for tests: takes mail over SMTP in a thread of its own, with TLS and a sign-in where asked to, and shows what came."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "erp@example.com", "app password of the provider"
PATIENCE_S = 30


@dataclass
class Inbox:
    """What a mail server took, and how it answers. refusals: what it says to a recipient in place of taking mail for them."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    was_encrypted: list[bool] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take a recipient or say why not."""
        if address in self.refusals:
            with self.came:
                self.came.notify_all()
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        with self.came:
            self.mails.append(message)
            self.was_encrypted.append(server.transport is not None and server.transport.get_extra_info("sslcontext") is not None)
            self.came.notify_all()
        return "250 OK"

    def take(self, address: str) -> EmailMessage:
        """Return the next mail to an address and remove it, waiting for it if it has not come yet."""
        with self.came:
            found = self.came.wait_for(lambda: next((mail for mail in self.mails if address in str(mail["to"])), None), PATIENCE_S)
            assert found is not None, f"no mail for {address}, but for {[str(mail['to']) for mail in self.mails]}"
            self.mails.remove(found)
            return found


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return what a mail says, as plain text or as HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    content: object = part.get_content()
    return str(content)


def token_in(mail: EmailMessage) -> str:
    """Return the token of the link in a mail; both its texts have the same."""
    found = {match[1] for kind in ("plain", "html") for match in re.finditer(r"/link#([\w-]{43})", text_of(mail, kind))}
    assert len(found) == 1, found
    return str(found.pop())


@contextlib.contextmanager
def open_inbox(tls: ssl.SSLContext | None = None, is_implicit: bool = False, with_sign_in: bool = False) -> Iterator[Inbox]:
    """Give a mail server on this machine for a block. is_implicit: it speaks TLS from the start, not once asked to."""
    inbox = Inbox()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        fits = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=fits, handled=False)

    def build() -> SMTP:
        return SMTP(
            inbox, hostname="mail.test", tls_context=None if is_implicit else tls, require_starttls=tls is not None and not is_implicit,
            authenticator=authenticate, auth_required=with_sign_in and not is_implicit, auth_require_tls=not is_implicit,
        )  # fmt: skip

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(build, "127.0.0.1", 0, ssl=tls if is_implicit else None)
        inbox.port = server.sockets[0].getsockname()[1]
        running.append((asyncio.get_running_loop(), over := asyncio.Event()))
        is_ready.set()
        await over.wait()
        server.close()

    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    is_ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="inbox")
    thread.start()
    assert is_ready.wait(PATIENCE_S)
    try:
        yield inbox
    finally:
        ((loop, over),) = running
        loop.call_soon_threadsafe(over.set)
        thread.join()
