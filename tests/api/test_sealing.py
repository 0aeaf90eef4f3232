"""Keys of secrets: made with the first, changed by putting another before, missed in words; and what lies in the database opens nothing."""

import stat
from base64 import b64encode
from pathlib import Path
from secrets import token_bytes

import asyncpg
import pytest

from dougong.app import open_application
from dougong.sealing import FILE, Seals, SecretKeyMissing
from tests.api.authenticator import Authenticator, enrol
from tests.api.browser import open_browser, problem_of
from tests.api.conftest import ADMIN_PASSWORD, settings_for

pytestmark = pytest.mark.anyio
ADMIN = "admin@example.com"


async def test_keys_of_authenticators_are_sealed_and_keys_can_be_changed(site_dsn: str, tmp_path: Path) -> None:
    own, key = settings_for(site_dsn, data_dir=tmp_path), token_bytes(32)
    connection = await asyncpg.connect(site_dsn)
    kept = "SELECT secret FROM dougong.second_factor"
    try:
        async with open_application(own) as app:
            assert not (tmp_path / FILE).exists(), "made with the first secret"
            browser = open_browser(app)
            assert (await browser.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 200
            phone = await enrol(browser, ADMIN_PASSWORD)
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
        first = await connection.fetchval(kept)
        assert first.startswith("sealed:")
        assert phone.secret not in first

        # As before there were keys: it is sealed at the next start, with the key that is there.
        await connection.execute("UPDATE dougong.second_factor SET secret = $1", phone.secret)
        async with open_application(own):
            again = await connection.fetchval(kept)
        assert again.split(":")[:2] == first.split(":")[:2] and again != first

        # A new key before the old one: everything is sealed with it, and the old one can go.
        (tmp_path / FILE).write_text(f"{b64encode(key).decode()}\n{(tmp_path / FILE).read_text()}")
        async with open_application(own):
            renewed = await connection.fetchval(kept)
        assert renewed.split(":")[1] != first.split(":")[1]
        (tmp_path / FILE).unlink()
        async with open_application(settings_for(site_dsn, data_dir=tmp_path, secret_keys=(key,))) as app:
            browser = open_browser(app)
            assert (await browser.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 202
            await connection.execute("UPDATE dougong.second_factor SET last_step = 0")
            assert (await browser.post("/api/session/code", {"code": Authenticator(phone.secret).code()})).status_code == 200

        # Without the key nobody gets in by guessing another, and no new one is made over what it cannot open.
        async with open_application(settings_for(site_dsn, data_dir=tmp_path)) as app:
            browser = open_browser(app)
            assert (await browser.sign_in(ADMIN, ADMIN_PASSWORD)).status_code == 202
            problem = problem_of(await browser.post("/api/session/code", {"code": Authenticator(phone.secret).code()}), 500, "secret-key-missing")
            assert "DOUGONG_SECRET_KEYS" in problem["detail"]
        assert not (tmp_path / FILE).exists()
    finally:
        await connection.close()


async def test_what_is_sealed_opens_in_its_place_alone(site_dsn: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        seals = Seals(settings_for(site_dsn, data_dir=tmp_path))
        sealed = await seals.seal(connection, "opensesame", "provider:one")
        assert await seals.unseal(connection, sealed, "provider:one") == "opensesame"
        with pytest.raises(SecretKeyMissing):
            await seals.unseal(connection, sealed, "provider:two")
        assert await seals.seal(connection, "opensesame", "provider:one") != sealed, "the same secret is not seen to be the same"
    finally:
        await connection.close()
