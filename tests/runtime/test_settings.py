"""Settings: the table and the class agree, defaults hold, and every wrong value is told at once in both languages."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dougong.settings import SETTINGS, Settings, SettingsInvalid, read_settings


def test_the_table_and_the_class_agree() -> None:
    assert [row.name for row in SETTINGS] == [field.name for field in fields(Settings)]
    assert all(set(row.doc) == {"zh-CN", "en"} for row in SETTINGS)
    assert all(row.variable.startswith("DOUGONG_") or row.variable == "DATABASE_URL" for row in SETTINGS)


def test_an_empty_environment_gives_a_server_that_runs() -> None:
    settings = read_settings({"DOUGONG_PORT": "", "DATABASE_URL": " "})
    assert (settings.database_url, settings.host, settings.port, settings.workers) == (None, "127.0.0.1", 8000, 1)
    assert settings.data_dir == Path(__file__).resolve().parents[2] / "var"
    assert settings.time_zone.key == "Asia/Shanghai"
    assert settings.starter == "trading_starter"


@pytest.mark.parametrize(("variable", "text", "name", "value"), [
    ("DATABASE_URL", "postgres://a@b/c", "database_url", "postgres://a@b/c"),
    ("DOUGONG_PORT", "1", "port", 1),
    ("DOUGONG_DATA_DIR", "/var/lib/x/../y", "data_dir", Path("/var/lib/y")),
    ("DOUGONG_SECURE_COOKIES", "Yes", "secure_cookies", True),
    ("DOUGONG_PUBLIC_URL", "https://erp.example.com/", "public_url", "https://erp.example.com"),
    ("DOUGONG_LOG_LEVEL", "DEBUG", "log_level", "debug"),
    ("DOUGONG_STARTER", "none", "starter", ""),
    ("DOUGONG_POSTGRES_SETTINGS", "shared_buffers=1GB, work_mem=32MB", "postgres_settings",
     {"shared_buffers": "1GB", "work_mem": "32MB"}),
])
def test_a_value_is_read(variable: str, text: str, name: str, value: object) -> None:
    assert getattr(read_settings({variable: text}), name) == value


@pytest.mark.parametrize(("variable", "text"), [
    ("DATABASE_URL", "mysql://a@b/c"),
    ("DATABASE_URL", "postgresql://[::1/c"),
    ("DOUGONG_PORT", "0"),
    ("DOUGONG_PORT", "65536"),
    ("DOUGONG_PORT", "٣"),
    ("DOUGONG_WORKERS", "-1"),
    ("DOUGONG_TIME_ZONE", "Mars/Phobos"),
    ("DOUGONG_TIME_ZONE", "../../etc/passwd"),
    ("DOUGONG_SECURE_COOKIES", "maybe"),
    ("DOUGONG_PUBLIC_URL", "erp.example.com"),
    ("DOUGONG_PUBLIC_URL", "http://[::1"),
    ("DOUGONG_LOG_LEVEL", "loud"),
    ("DOUGONG_SMTP_PORT", "smtp"),
    ("DOUGONG_SMTP_TLS", "ssl"),
    ("DOUGONG_MAIL_FROM", "ERP"),
    ("DOUGONG_MAIL_FROM", "ERP <erp at example.com>"),
    ("DOUGONG_POSTGRES_SETTINGS", "shared_buffers"),
    ("DOUGONG_POSTGRES_SETTINGS", "a;b=1"),
])
def test_a_value_that_cannot_be_used_is_refused(variable: str, text: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({variable: text})
    (issue,) = refused.value.issues
    assert all(variable in issue.message[language] and text in issue.message[language] for language in ("zh-CN", "en"))


def test_every_wrong_value_is_told_at_once() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({"DOUGONG_PORT": "x", "DOUGONG_HOST": "::1", "DOUGONG_WORKERS": "x"})
    assert [issue.pointer for issue in refused.value.issues] == ["/port", "/workers"]


def test_a_mail_server_needs_somebody_to_send_as() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        read_settings({"DOUGONG_SMTP_HOST": "smtp.example.com"})
    assert [issue.pointer for issue in refused.value.issues] == ["/mail_from"]
    settings = read_settings({"DOUGONG_SMTP_HOST": "smtp.example.com", "DOUGONG_MAIL_FROM": "ERP <erp@example.com>"})
    assert (settings.smtp_port, settings.smtp_tls, settings.mail_from) == (587, "starttls", "ERP <erp@example.com>")
