"""Mail against a real SMTP server: invitations, forgotten passwords, notices, what is tried again and what fails for good."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import asyncpg
import pyotp
import pytest
import trustme
from anyio import to_thread
from starlette.types import ASGIApp

from dougong.app import open_application
from dougong.mail.errors import MailNotSent
from dougong.mail.letters import LETTERS, write_letter
from dougong.mail.post import PAUSES
from dougong.mail.smtp import send
from dougong.people.errors import UserNotFound
from dougong.settings import Settings, read_settings
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.command import command_for
from tests.api.conftest import Prepared, settings_for
from tests.inbox import PASSWORD, USER, Inbox, open_inbox, text_of, token_in

pytestmark = pytest.mark.anyio

ADDRESS = "https://erp.example.com"
USERS = "/api/apps/organization/records/user"
NEW_PASSWORD = "eight plus two"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    """Return the mail server of this module."""
    with open_inbox() as opened:
        yield opened


@pytest.fixture(scope="module")
async def house(house_dsn: str, inbox: Inbox) -> AsyncIterator[ASGIApp]:
    """Return the running application of a site that sends mail."""
    async with open_application(mailing(settings_for(house_dsn), inbox.port)) as app:
        yield app


@pytest.fixture
async def database(house_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection that looks at what is kept."""
    connection = await asyncpg.connect(house_dsn)
    yield connection
    await connection.close()


def mailing(settings: Settings, port: int, tls: str = "none", **others: object) -> Settings:
    """Return settings with a mail server on this machine."""
    return replace(
        settings, smtp_host="127.0.0.1", smtp_port=port, smtp_tls=tls, mail_from="ERP <erp@example.com>", public_url=ADDRESS, **others  # type: ignore[arg-type]
    )


async def user(boss: Browser, name: str, email: str, language: str = "zh_cn") -> str:
    made = await boss.post(USERS, {"name": name, "email": email, "language": language})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds, asking the database again and again, which takes its time itself."""
    for _ in range(20_000):
        if await holds():
            return
    raise AssertionError("it has not come to hold")


async def test_an_invitation_brings_a_link_that_lets_in(boss: Browser, house: ASGIApp, inbox: Inbox, database: asyncpg.Connection) -> None:
    chen, dora = await user(boss, "陈 <晨>\n", "chen@example.com"), await user(boss, "Dora & Co", "dora@example.com", "en")
    waiting = (await boss.get("/api/invitations")).json()
    assert waiting["can_mail"] is True
    assert {one["email"]: (one["mail"], one["invited_at"]) for one in waiting["invitees"]} == {"chen@example.com": ("", None), "dora@example.com": ("", None)}
    answer = await boss.post("/api/invitations", {"users": [chen, dora], "by": "mail"})
    assert answer.status_code == 201, answer.text
    assert [(one["email"], one["link"]) for one in answer.json()["invited"]] == [("chen@example.com", None), ("dora@example.com", None)]
    first = await to_thread.run_sync(inbox.take, "chen@example.com")
    assert first["subject"] == "管理员邀请您使用斗拱"
    assert first["from"] == "ERP <erp@example.com>" and first["auto-submitted"] == "auto-generated" and first["message-id"].endswith("@example.com>")
    assert "7 天内有效" in text_of(first) and f"{ADDRESS}/link#" in text_of(first) and "chen@example.com" in text_of(first)
    assert "陈 &lt;晨&gt;" in text_of(first, "html") and "<晨>" not in text_of(first, "html")
    second = await to_thread.run_sync(inbox.take, "dora@example.com")
    assert second["subject"] == "管理员 invites you to Dougong" and "within 7 days" in text_of(second)
    assert token_in(first) != token_in(second)
    await no_secret_is_kept(database, token_in(first))

    guest = open_browser(house)
    token = token_in(first)
    assert (await guest.post("/api/links/check", {"token": token})).json()["email"] == "chen@example.com"
    entered = await guest.post("/api/links/use", {"token": token, "password": NEW_PASSWORD})
    assert entered.status_code == 200 and entered.json()["user"]["email"] == "chen@example.com", entered.text
    problem_of(await guest.post("/api/links/use", {"token": token, "password": NEW_PASSWORD}), 404, "access-link-invalid")
    left = (await boss.get("/api/invitations")).json()["invitees"]
    assert [(one["email"], one["mail"], one["invited_at"] is not None) for one in left] == [("dora@example.com", "sent", True)]
    deeds = await database.fetch("SELECT deed, subject, details ->> 'by' AS by, details ->> 'purpose' AS purpose FROM dougong.audit ORDER BY id")
    kept = [tuple(row) for row in deeds if row["deed"] in ("invite", "use-link")]
    assert kept[-3:] == [("invite", "chen@example.com", "mail", None), ("invite", "dora@example.com", "mail", None), ("use-link", "chen@example.com", None, "invitation")]


async def no_secret_is_kept(database: asyncpg.Connection, token: str) -> None:
    """No table of the platform holds a link's token as it stands in the mail."""
    tables = await database.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'dougong'")
    assert len(tables) > 20
    for table in tables:
        rows = await database.fetch(f'SELECT t::text AS row FROM dougong."{table["tablename"]}" AS t')
        assert not [row["row"] for row in rows if token in row["row"]], table["tablename"]


async def test_links_to_hand_on_and_who_may_invite(boss: Browser, house: ASGIApp, prepared: Prepared) -> None:
    emma = await user(boss, "Emma", "emma@example.com")
    seller = open_browser(house)
    await seller.sign_in("sales@example.com", prepared.passwords["sales@example.com"])
    body = {"users": [emma], "by": "link"}
    for refused in (await seller.post("/api/invitations", body), await seller.get("/api/invitations"), await seller.get("/api/mail"),
                    await seller.post("/api/mail/test")):
        problem_of(refused, 403, "access-administrator-required")
    (invited,) = (await boss.post("/api/invitations", body)).json()["invited"]
    assert re.fullmatch(rf"{ADDRESS}/link#[\w-]{{43}}", invited["link"])
    unknown = problem_of(await boss.post("/api/invitations", {"users": [emma, "00000000-0000-7000-8000-0000000000aa"], "by": "link"}), 422, "request-invalid")
    assert [(one["pointer"], one["code"]) for one in unknown["errors"]] == [("/users/1", "access-invitee-unknown")]
    trashed = await boss.ask("DELETE", f"{USERS}/{emma}")
    assert trashed.status_code == 204
    problem_of(await open_browser(house).post("/api/links/check", {"token": invited["link"].partition("#")[2]}), 404, "access-link-invalid")


async def test_who_forgot_their_password_gets_a_link(boss: Browser, house: ASGIApp, inbox: Inbox, database: asyncpg.Connection, prepared: Prepared) -> None:
    """The answer says the same for an e-mail nobody has; what was typed is kept nowhere; sessions end; the owner is told."""
    signed_in, guest = open_browser(house), open_browser(house)
    await signed_in.sign_in("manager@example.com", prepared.passwords["manager@example.com"])
    known = await guest.post("/api/resets", {"email": " Manager@Example.com "})
    unknown = await guest.post("/api/resets", {"email": "nobody.at.all@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"null")
    mail = await to_thread.run_sync(inbox.take, "manager@example.com")
    assert "重设" in mail["subject"] and "30 分钟" in text_of(mail)
    expires = await database.fetchval("SELECT expires_at - created_at FROM dougong.sign_in_link WHERE purpose = 'reset'")
    assert round(expires.total_seconds()) == 1800
    entered = await guest.post("/api/links/use", {"token": token_in(mail), "password": NEW_PASSWORD})
    assert entered.status_code == 200, entered.text
    problem_of(await signed_in.get("/api/session"), 401, "access-not-signed-in")
    notice = await to_thread.run_sync(inbox.take, "manager@example.com")
    assert "密码已修改" in notice["subject"] and "/link" not in text_of(notice)

    async def is_forgotten() -> bool:
        return not await database.fetchval("SELECT count(*) FROM dougong.job WHERE payload::text LIKE '%nobody.at.all%'")

    await until(is_forgotten)
    assert inbox.mails == []
    assert await database.fetchval("SELECT count(*) FROM dougong.audit WHERE deed = 'ask-reset'") == 1


async def test_who_has_no_password_to_forget_gets_no_link(boss: Browser, house: ASGIApp, inbox: Inbox, database: asyncpg.Connection) -> None:
    """Whoever a provider vouches for must not come by a password here: who leaves there would keep it."""
    jo = await user(boss, "Jo", "jo@example.com")
    await database.execute("INSERT INTO dougong.outside_identity (issuer, subject, user_id, provider) VALUES ('https://sso.example', 's', $1, 'sso')", UUID(jo))
    assert (await open_browser(house).post("/api/resets", {"email": "jo@example.com"})).status_code == 202

    async def is_done() -> bool:
        return not await database.fetchval("SELECT count(*) FROM dougong.job WHERE kind = 'reset-asked' AND payload <> '{}'")

    await until(is_done)
    assert await database.fetchval("SELECT count(*) FROM dougong.mail WHERE user_id = $1", UUID(jo)) == 0
    assert "jo@example.com" not in (await boss.get("/api/invitations")).text


async def test_who_has_a_token_is_reminded_a_week_before_it_ends(
    boss: Browser, house_dsn: str, house: ASGIApp, inbox: Inbox, database: asyncpg.Connection
) -> None:
    """Once, however many processes look; of a program's account who made the token is told."""
    made = await boss.post(USERS, {"name": "Robot", "email": "robot@example.com", "kind": "service"})
    assert made.status_code == 201, made.text
    for whose, name in (("/api/account/tokens", "nightly"), (f"/api/people/{made.json()['id']}/tokens", "robots"), ("/api/account/tokens", "later")):
        answer = await boss.post(whose, {"name": name, "scopes": ["read"], "days": 90, "password": boss.password})
        assert answer.status_code == 201, answer.text
        noted = await to_thread.run_sync(inbox.take, "admin@example.com")
        assert noted["subject"] == f"斗拱创建了令牌“{name}”" and "dgt_" not in text_of(noted)
    await database.execute("UPDATE dougong.api_token SET created_at = now() - interval '84 days', expires_at = now() + interval '6 days' WHERE name <> 'later'")
    told = "SELECT parts ->> 'token' AS token FROM dougong.mail WHERE kind = 'token-ends' ORDER BY 1"

    async def is_told() -> bool:
        return len(await database.fetch(told)) == 2

    settings = mailing(settings_for(house_dsn), inbox.port, has_worker=False)
    async with open_application(settings), open_application(settings):
        await until(is_told)
    first, second = [await to_thread.run_sync(inbox.take, "admin@example.com") for _ in range(2)]
    assert {mail["subject"] for mail in (first, second)} == {"斗拱的令牌“nightly”即将到期", "斗拱的令牌“robots”即将到期"}
    assert "Robot" in text_of(first) + text_of(second) and "dgt_" not in text_of(first) + text_of(second)
    async with open_application(settings) as again:
        assert (await open_browser(again).get("/api/health")).status_code == 200
    assert [row["token"] for row in await database.fetch(told)] == ["nightly", "robots"]


async def test_asking_for_resets_is_limited(house: ASGIApp) -> None:
    for number in range(5):
        assert (await open_browser(house, f"198.51.100.{number}").post("/api/resets", {"email": "limit@example.com"})).status_code == 202
    refused = await open_browser(house, "198.51.100.9").post("/api/resets", {"email": "Limit@example.com"})
    problem_of(refused, 429, "access-too-many-attempts")
    for number in range(30):
        assert (await open_browser(house, "198.51.100.77").post("/api/resets", {"email": f"n{number}@example.com"})).status_code == 202
    problem_of(await open_browser(house, "198.51.100.77").post("/api/resets", {"email": "another@example.com"}), 429, "access-too-many-attempts")


async def test_who_gets_another_email_is_told_at_the_one_before(boss: Browser, inbox: Inbox) -> None:
    fay = await user(boss, "Fay", "fay@example.com", "en")
    changed = await boss.ask("PATCH", f"{USERS}/{fay}", {"email": "fay.new@example.com"})
    assert changed.status_code == 200, changed.text
    mail = await to_thread.run_sync(inbox.take, "fay@example.com")
    assert "from fay@example.com to fay.new@example.com" in text_of(mail)


async def test_who_changes_how_they_sign_in_is_told(boss: Browser, house: ASGIApp, inbox: Inbox) -> None:
    ida = await user(boss, "Ida", "ida@example.com", "en")
    (invited,) = (await boss.post("/api/invitations", {"users": [ida], "by": "link"})).json()["invited"]
    own = open_browser(house)
    entered = await own.post("/api/links/use", {"token": invited["link"].partition("#")[2], "password": NEW_PASSWORD})
    own.csrf_token = entered.json()["csrf_token"]
    changed = await own.ask("PUT", "/api/account/password", {"current": NEW_PASSWORD, "password": "nine minus four"})
    assert changed.status_code == 204, changed.text
    assert (await to_thread.run_sync(inbox.take, "ida@example.com"))["subject"] == "Your password at Dougong has changed"
    begun = await own.post("/api/account/second-factor", {"password": "nine minus four"})
    code = pyotp.TOTP(begun.json()["secret"]).now()
    assert (await own.ask("PUT", "/api/account/second-factor", {"code": code})).status_code == 200
    assert (await to_thread.run_sync(inbox.take, "ida@example.com"))["subject"] == "Your second factor at Dougong has changed"
    assert (await own.post("/api/account/second-factor/recovery-codes", {"password": "nine minus four"})).status_code == 200
    assert (await to_thread.run_sync(inbox.take, "ida@example.com"))["subject"] == "Your second factor at Dougong has changed"
    assert (await own.post("/api/account/second-factor/removal", {"password": "nine minus four"})).status_code == 204
    assert (await to_thread.run_sync(inbox.take, "ida@example.com"))["subject"] == "Your second factor at Dougong has changed"
    begun = await own.post("/api/account/second-factor", {"password": "nine minus four"})
    assert (await own.ask("PUT", "/api/account/second-factor", {"code": pyotp.TOTP(begun.json()["secret"]).now()})).status_code == 200
    await to_thread.run_sync(inbox.take, "ida@example.com")
    assert (await boss.ask("DELETE", f"/api/people/{ida}/second-factor")).status_code == 204
    assert (await to_thread.run_sync(inbox.take, "ida@example.com"))["subject"] == "Your second factor at Dougong has changed"


async def test_mail_that_cannot_be_sent_is_tried_again_and_kept(boss: Browser, inbox: Inbox, database: asyncpg.Connection) -> None:
    inbox.refusals = {"gone@example.com": "550 no such user here", "later@example.com": "451 come back later"}
    gone, later = await user(boss, "Gone", "gone@example.com"), await user(boss, "Later", "later@example.com")
    await boss.post("/api/invitations", {"users": [gone, later], "by": "mail"})

    async def state(email: str) -> tuple[str, int, str]:
        mails = (await boss.get("/api/mail")).json()["mails"]
        return next((one["state"], one["tries"], one["reason"]) for one in mails if one["user"] == {"gone": gone, "later": later}[email])

    async def has_failed() -> bool:
        return (await state("gone"))[0] == "failed" and (await state("later"))[1] == 1

    await until(has_failed)
    assert await state("gone") == ("failed", 1, "550 no such user here")
    assert await state("later") == ("waiting", 1, "451 come back later")
    wait = await database.fetchval("SELECT max(execute_after) - now() FROM dougong.pgqueuer WHERE entrypoint = 'mail'")
    assert 30 < wait.total_seconds() <= PAUSES[0].total_seconds()
    failed = await database.fetchrow("SELECT record_id::text, details::text FROM dougong.audit WHERE deed = 'mail-failed'")
    assert failed is not None and failed["record_id"] == gone and json.loads(failed["details"])["reason"] == "550 no such user here"

    await database.execute("UPDATE dougong.mail SET tries = $1 WHERE user_id = $2", len(PAUSES), later)
    await database.execute("UPDATE dougong.pgqueuer SET execute_after = now() WHERE entrypoint = 'mail'")

    async def has_given_up() -> bool:
        return (await state("later"))[0] == "failed"

    await until(has_given_up)
    inbox.refusals = {}
    (mail,) = [one["id"] for one in (await boss.get("/api/mail")).json()["mails"] if one["user"] == gone]
    assert (await boss.post(f"/api/mail/{mail}/again")).status_code == 202
    token_in(await to_thread.run_sync(inbox.take, "gone@example.com"))

    async def is_sent() -> bool:
        return (await state("gone"))[0] == "sent"

    await until(is_sent)
    problem_of(await boss.post(f"/api/mail/{mail}/again"), 404, "mail-not-found")
    await database.execute("DELETE FROM dougong.mail")


async def test_a_test_mail_and_what_the_mail_server_says(boss: Browser, inbox: Inbox) -> None:
    told = (await boss.get("/api/mail")).json()
    assert (told["is_set_up"], told["sender"], told["host"]) == (True, "ERP <erp@example.com>", "127.0.0.1")
    assert (await boss.post("/api/mail/test")).status_code == 204
    assert "测试邮件" in (await to_thread.run_sync(inbox.take, "admin@example.com"))["subject"]
    inbox.refusals = {"admin@example.com": "554 you are on a list"}
    assert "554 you are on a list" in problem_of(await boss.post("/api/mail/test"), 502, "mail-refused")["detail"]
    inbox.refusals = {"admin@example.com": "450 busy"}
    assert "450 busy" in problem_of(await boss.post("/api/mail/test"), 502, "mail-not-sent")["detail"]
    inbox.refusals = {}


async def test_without_a_mail_server_links_are_handed_on(app: ASGIApp, admin: Browser, site_dsn: str) -> None:
    problem_of(await open_browser(app).post("/api/resets", {"email": "admin@example.com"}), 409, "mail-not-set-up")
    problem_of(await admin.post("/api/mail/test"), 409, "mail-not-set-up")
    gina = await user(admin, "Gina", "gina@example.com")
    await user(admin, "Hal", "hal@example.com")
    problem_of(await admin.post("/api/invitations", {"users": [gina], "by": "mail"}), 409, "mail-not-set-up")
    assert (await admin.get("/api/mail")).json() == {"is_set_up": False, "sender": "", "host": "", "mails": []}
    command = command_for(site_dsn)
    printed = await to_thread.run_sync(lambda: command("user", "invite", "gina@example.com").stdout)
    assert re.fullmatch(r"gina@example\.com  http://127\.0\.0\.1:8000/link#[\w-]{43}\n", printed)
    for told in ("hal@example.com  ", ""):
        everybody = await to_thread.run_sync(lambda: command("user", "invite", "--all").stdout)
        assert everybody.startswith(told) and len(everybody.splitlines()) == bool(told)
    with pytest.raises(UserNotFound):
        await to_thread.run_sync(lambda: command("user", "invite", "nobody@example.com"))
    email = await admin.ask("PATCH", f"{USERS}/{gina}", {"email": "gina.new@example.com"})
    assert email.status_code == 200
    assert (await admin.get("/api/mail")).json()["mails"] == []


@pytest.mark.parametrize(("tls", "is_implicit"), [("starttls", False), ("tls", True)])
async def test_mail_goes_encrypted_to_a_server_whose_certificate_fits(tls: str, is_implicit: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    authority = trustme.CA()
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(here)
    written = write_letter("test", "en", {"site": "Dougong", "address": ADDRESS, "name": "Chen"})
    with open_inbox(here, is_implicit, with_sign_in=True) as inbox:
        settings = mailing(read_settings({}), inbox.port, tls, smtp_user=USER, smtp_password=PASSWORD)
        with pytest.raises(MailNotSent) as refused:
            await send(settings, "Chen", "chen@example.com", written)
        assert "certificate" in str(refused.value).lower()
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        with pytest.raises(MailNotSent) as refused:
            await send(replace(settings, smtp_password="wrong password"), "Chen", "chen@example.com", written)
        assert "535" in str(refused.value) and "wrong password" not in str(refused.value)
        assert refused.value.code == "mail-not-sent"
        await send(settings, "陈晨", "chen@example.com", written)
        assert inbox.was_encrypted == [True] and inbox.take("chen@example.com")["to"] == "陈晨 <chen@example.com>"


async def test_a_server_that_does_not_encrypt_gets_nothing_unless_told_to() -> None:
    written = write_letter("test", "en", {"site": "Dougong", "address": ADDRESS, "name": "Chen"})
    with open_inbox() as inbox:
        for tls in ("starttls", "tls"):
            with pytest.raises(MailNotSent):
                await send(mailing(read_settings({}), inbox.port, tls), "Chen", "chen@example.com", written)
        for wrong in ("no address", "a@b\nBcc: x@example.com", "@", ""):
            with pytest.raises(MailNotSent) as refused:
                await send(mailing(read_settings({}), inbox.port), "Chen", wrong, written)
            assert refused.value.code == "mail-refused", wrong
        assert inbox.mails == []
    with pytest.raises(MailNotSent) as gone:
        await send(mailing(read_settings({}), inbox.port), "Chen", "chen@example.com", written)
    assert gone.value.code == "mail-not-sent"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", LETTERS)
def test_every_letter_is_written_in_both_languages(kind: str, language: str) -> None:
    names = ("site", "address", "name", "email", "valid", "inviter", "former", "token", "owner", "day")
    written = write_letter(kind, language, {name: f"<{name}>\r\nSubject: x" for name in names}, "https://x/link#a" if LETTERS[kind].button else "")
    assert "\n" not in written.subject and "\r" not in written.subject
    assert ("https://x/link#a" in written.text) is ("https://x/link#a" in written.html) is (LETTERS[kind].button is not None)
    assert "<name>" in written.text and "&lt;name&gt;" in written.html and "<name>" not in written.html
    assert f'lang="{language}"' in written.html
