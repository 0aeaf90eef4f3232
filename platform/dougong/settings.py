"""The settings of a server: environment in, frozen `Settings` out, every wrong value reported at once; never reads files.

`SETTINGS` is the one table: a row names the field of `Settings`, the variable, its default, how its text is read, and what it
is for. `docs/` is held against it by a test. Variables begin with `DOUGONG_`; `DATABASE_URL` goes by the name every host uses.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from dougong.errors import PlatformError
from dougong.outgoing.addresses import Allowed, read_allowed
from dougong.shipped import checkout
from engines.values.issue import Issue

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says about this server; see `SETTINGS` for what each means."""

    database_url: str | None
    data_dir: Path
    host: str
    port: int
    workers: int
    time_zone: ZoneInfo
    public_url: str | None
    secure_cookies: bool
    secret_keys: tuple[bytes, ...] = field(repr=False)
    session_idle_minutes: int
    session_hours: int
    trusted_proxies: str
    log_level: str
    pool_min: int
    pool_max: int
    statement_cache: int
    statement_limit_s: int
    history_months: int
    trash_days: int
    postgres_settings: Mapping[str, str]
    files: str
    files_endpoint: str | None
    files_region: str
    files_key_id: str
    files_secret: str
    file_limit_mb: int
    package_mb: int
    starter: str
    admin_email: str
    smtp_host: str
    smtp_port: int
    smtp_tls: str
    smtp_user: str
    smtp_password: str
    mail_from: str
    outgoing_hosts: Allowed
    has_worker: bool
    import_mb: int
    import_rows: int
    import_memory_mb: int
    large_rows: int


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `read` makes the value from the text, or raises ValueError with a reason in `zh-CN` and `en`."""

    name: str
    variable: str
    default: str
    read: Callable[[str], object]
    doc: Mapping[str, str]


class SettingsInvalid(PlatformError):
    """One or more variables have values that cannot be used; the issues name them."""

    code = "settings-invalid"
    title = {"zh-CN": "设置有误", "en": "The settings are wrong"}
    status = 500


class _Unusable(ValueError):
    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.reason = {"zh-CN": chinese, "en": english}


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise _Unusable(f"应为 {least} 到 {most} 的整数", f"should be a whole number from {least} to {most}")

    return read


def _boolean(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise _Unusable("应为 true 或 false", "should be true or false")
    return words[text.lower()]


def _time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise _Unusable("应为时区名，如 Asia/Shanghai", "should be a time zone, such as Asia/Shanghai") from None


def _log_level(text: str) -> str:
    if text.upper() not in logging.getLevelNamesMapping():
        raise _Unusable("应为 debug、info、warning 或 error", "should be debug, info, warning or error")
    return text.lower()


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise _Unusable("不是有效的网址", "is not an address") from None


def _database_url(text: str) -> str | None:
    if text and _split(text).scheme not in {"postgresql", "postgres"}:
        raise _Unusable("应以 postgresql:// 开头", "should begin with postgresql://")
    return text or None


def _public_url(text: str) -> str | None:
    if text and (_split(text).scheme not in {"http", "https"} or not _split(text).netloc):
        raise _Unusable("应以 http:// 或 https:// 开头", "should begin with http:// or https://")
    return text.rstrip("/") or None


def _folder(text: str) -> Path:
    root = checkout() or Path.cwd()
    return (root / Path(text).expanduser()).resolve()


def _email(text: str) -> str:
    if text.count("@") != 1 or text != "".join(text.split()) or len(text) > 254:
        raise _Unusable("应为邮箱地址", "should be an e-mail address")
    return text.lower()


def _files(text: str) -> str:
    if text.startswith("s3://") and not _split(text).netloc:
        raise _Unusable("应写成 s3://桶/前缀", "should be s3://bucket/prefix")
    return text


def _networks(text: str) -> str:
    written = text.replace(",", " ").split()
    try:
        return ",".join(str(ip_network(part)) if "/" in part else str(ip_address(part)) for part in written)
    except ValueError:
        raise _Unusable("应为地址或网络，如 10.0.0.5,192.168.0.0/16", "should be addresses or networks, such as 10.0.0.5,192.168.0.0/16") from None


def _starter(text: str) -> str:
    return "" if text == "none" else text


def _smtp_tls(text: str) -> str:
    if text not in ("starttls", "tls", "none"):
        raise _Unusable("应为 starttls、tls 或 none", "should be starttls, tls or none")
    return text


def read_keys(text: str) -> tuple[bytes, ...]:
    """Return keys of 32 bytes, each in Base64, between blanks; raises ValueError."""
    keys = tuple(b64decode(word, validate=True) for word in text.split())
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(text)
    return keys


def _secret_keys(text: str) -> tuple[bytes, ...]:
    try:
        return read_keys(text)
    except ValueError:
        raise _Unusable("应为 Base64 写的 32 字节的密钥，以空格分开", "should be keys of 32 bytes in Base64, separated by blanks") from None


def _sender(text: str) -> str:
    """Return `address` or `Name <address>` as it was written, nothing where nothing was."""
    if text:
        _email(parseaddr(text)[1])
    return text


def _outgoing_hosts(text: str) -> Allowed:
    try:
        return read_allowed(text)
    except ValueError:
        raise _Unusable(
            "应为主机名、*.域名或网段，以空格分开", "should be host names, *.domain or networks such as 10.1.0.0/16, separated by blanks"
        ) from None


def _assignments(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.replace(",", " ").split()]
    if any(not name.replace("_", "").replace(".", "").isalnum() or not value for name, _, value in pairs):
        raise _Unusable("应写成 name=value，以空格分开", "should be name=value, separated by blanks")
    return {name: value for name, _, value in pairs}


SETTINGS: tuple[Setting, ...] = (
    Setting("database_url", "DATABASE_URL", "", _database_url, {
        "zh-CN": "外部 PostgreSQL（15 或更新）的地址，如 postgresql://user:password@host/database。不设则在数据目录里启动内置的 PostgreSQL。",
        "en": "Address of an outside PostgreSQL (15 or newer), such as postgresql://user:password@host/database. "
              "Without it an embedded PostgreSQL runs in the data folder."}),
    Setting("data_dir", "DOUGONG_DATA_DIR", "var", _folder, {
        "zh-CN": "数据目录。相对路径从代码目录算起。",
        "en": "The data folder. A relative path begins at the checkout."}),
    Setting("host", "DOUGONG_HOST", "127.0.0.1", str, {
        "zh-CN": "服务器监听的地址；0.0.0.0 表示所有网卡。",
        "en": "The address the server listens at; 0.0.0.0 means every network card."}),
    Setting("port", "DOUGONG_PORT", "8000", _number(1, 65535), {
        "zh-CN": "服务器监听的端口。",
        "en": "The port the server listens at."}),
    Setting("workers", "DOUGONG_WORKERS", "1", _number(1, 256), {
        "zh-CN": "服务器进程数。",
        "en": "How many server processes there are."}),
    Setting("time_zone", "DOUGONG_TIME_ZONE", "Asia/Shanghai", _time_zone, {
        "zh-CN": "组织所在的时区，“今天”由它决定。",
        "en": "The time zone of the organization; it decides what “today” is."}),
    Setting("public_url", "DOUGONG_PUBLIC_URL", "", _public_url, {
        "zh-CN": "人们打开本系统的地址，如 https://erp.example.com；用于链接。不设则用监听地址。",
        "en": "The address at which people open the system, such as https://erp.example.com; links begin with it. "
              "Without it the address the server listens at is used."}),
    Setting("secure_cookies", "DOUGONG_SECURE_COOKIES", "false", _boolean, {
        "zh-CN": "只通过 HTTPS 发送登录凭证。用 HTTPS 时应打开。",
        "en": "Send sign-in cookies over HTTPS only. Turn it on where HTTPS is used."}),
    Setting("secret_keys", "DOUGONG_SECRET_KEYS", "", _secret_keys, {
        "zh-CN": "加密数据库中密文的密钥：Base64 写的 32 字节，以空格分开；第一个用于加密，全部可用于解密。"
                 "不设则用数据目录里的 secret.keys，首次需要时生成。多台机器必须设成相同的值。",
        "en": "Keys that encrypt secrets in the database: 32 bytes each in Base64, separated by blanks; the first encrypts, all of them "
              "decrypt. Without it secret.keys in the data folder is used, made when it is first needed. Several machines must be given the same."}),
    Setting("session_idle_minutes", "DOUGONG_SESSION_IDLE_MINUTES", "720", _number(5, 129_600), {
        "zh-CN": "多少分钟无操作后登录自动结束；默认 720，即 12 小时。ASVS 第 2 级要求 30。",
        "en": "After how many minutes unused a sign-in ends; 720, the default, is 12 hours. Level 2 of the ASVS asks for 30."}),
    Setting("session_hours", "DOUGONG_SESSION_HOURS", "336", _number(1, 8_760), {
        "zh-CN": "登录最多保持多少小时，无论是否在用；默认 336，即 14 天。ASVS 第 2 级要求 12。",
        "en": "How many hours a sign-in lasts at most, used or not; 336, the default, is 14 days. Level 2 of the ASVS asks for 12."}),
    Setting("trusted_proxies", "DOUGONG_TRUSTED_PROXIES", "127.0.0.1,::1", _networks, {
        "zh-CN": "前置代理的地址或网络，以逗号分开；只有它们可以用 X-Forwarded-For 说明客户端的地址。",
        "en": "Addresses or networks of the proxies in front, separated by commas: they alone may tell the client's address, in X-Forwarded-For."}),
    Setting("log_level", "DOUGONG_LOG_LEVEL", "info", _log_level, {
        "zh-CN": "日志级别：debug、info、warning 或 error。",
        "en": "What is logged: debug, info, warning or error."}),
    Setting("pool_min", "DOUGONG_POOL_MIN", "2", _number(0, 1000), {
        "zh-CN": "每个进程至少保持的数据库连接数。",
        "en": "How many database connections each process keeps at least."}),
    Setting("pool_max", "DOUGONG_POOL_MAX", "16", _number(1, 1000), {
        "zh-CN": "每个进程最多使用的数据库连接数。",
        "en": "How many database connections each process uses at most."}),
    Setting("statement_cache", "DOUGONG_STATEMENT_CACHE", "512", _number(0, 100000), {
        "zh-CN": "每个连接保留的预备语句数。经过 PgBouncer 事务池时设为 0。",
        "en": "How many prepared statements each connection keeps. Set 0 behind PgBouncer in transaction mode."}),
    Setting("statement_limit_s", "DOUGONG_STATEMENT_LIMIT_S", "60", _number(0, 86400), {
        "zh-CN": "一条数据库语句最多运行的秒数，超时即取消，以免一个过重的查询占住数据库；0 表示不限。",
        "en": "How many seconds a statement in the database may take before it is cancelled, so that no query keeps the database "
              "busy for everybody; 0 means any."}),
    Setting("history_months", "DOUGONG_HISTORY_MONTHS", "0", _number(0, 1200), {
        "zh-CN": "修改历史保留的月数，更早的整月删除；0 表示永久保留。",
        "en": "How many months of history are kept; older months are dropped whole. 0 keeps everything."}),
    Setting("trash_days", "DOUGONG_TRASH_DAYS", "0", _number(0, 36500), {
        "zh-CN": "记录在回收站中保留的天数，之后每天清除，不能再恢复；0 表示永久保留。",
        "en": "How many days records stay in the trash; after that they are removed for good, once a day. 0 keeps everything."}),
    Setting("postgres_settings", "DOUGONG_POSTGRES_SETTINGS", "", _assignments, {
        "zh-CN": "内置 PostgreSQL 的参数，如 shared_buffers=1GB work_mem=32MB。下次启动数据库时生效。",
        "en": "Settings of the embedded PostgreSQL, such as shared_buffers=1GB work_mem=32MB. "
              "They hold from its next start."}),
    Setting("files", "DOUGONG_FILES", "files", _files, {
        "zh-CN": "上传的文件放在哪里：数据目录里的文件夹，或 s3://桶/前缀。",
        "en": "Where uploaded files are kept: a folder in the data folder, or s3://bucket/prefix."}),
    Setting("files_endpoint", "DOUGONG_FILES_ENDPOINT", "", _public_url, {
        "zh-CN": "兼容 S3 的服务的地址，如 https://minio.example.com；不设则为 AWS。",
        "en": "Address of a service that speaks S3, such as https://minio.example.com; without it AWS is meant."}),
    Setting("files_region", "DOUGONG_FILES_REGION", "us-east-1", str, {
        "zh-CN": "桶所在的区域。",
        "en": "The region of the bucket."}),
    Setting("files_key_id", "DOUGONG_FILES_KEY_ID", "", str, {
        "zh-CN": "访问桶的密钥标识；不设则用服务器所在机器的身份。",
        "en": "Id of the key to the bucket; without it the identity of the machine is used."}),
    Setting("files_secret", "DOUGONG_FILES_SECRET", "", str, {
        "zh-CN": "访问桶的密钥。",
        "en": "The key to the bucket."}),
    Setting("file_limit_mb", "DOUGONG_FILE_LIMIT_MB", "50", _number(1, 10_000), {
        "zh-CN": "一个文件最多多少 MB；字段可以规定得更小。",
        "en": "How many MB a file may have; fields may allow less."}),
    Setting("package_mb", "DOUGONG_PACKAGE_MB", "50", _number(1, 1_000), {
        "zh-CN": "一个应用包最多多少 MB，连同其中的文件；文档本身最多 20 MB。",
        "en": "How many MB a package may have, with its files; its document has 20 at most."}),
    Setting("starter", "DOUGONG_STARTER", "trading_starter", _starter, {
        "zh-CN": "首次启动时安装的应用包；设为 none 则不安装。",
        "en": "The package installed at the first start; none installs nothing."}),
    Setting("admin_email", "DOUGONG_ADMIN_EMAIL", "admin@example.com", _email, {
        "zh-CN": "首次启动时创建的管理员的邮箱。",
        "en": "E-mail of the administrator that the first start creates."}),
    Setting("smtp_host", "DOUGONG_SMTP_HOST", "", str, {
        "zh-CN": "发送邮件的 SMTP 服务器；不设则不发送邮件，邀请和重设密码的链接由管理员转交。",
        "en": "The SMTP server that takes mail; without it no mail is sent, and administrators hand on the links of invitations."}),
    Setting("smtp_port", "DOUGONG_SMTP_PORT", "587", _number(1, 65535), {
        "zh-CN": "SMTP 服务器的端口：通常 starttls 为 587，tls 为 465。",
        "en": "The port of the SMTP server: mostly 587 for starttls and 465 for tls."}),
    Setting("smtp_tls", "DOUGONG_SMTP_TLS", "starttls", _smtp_tls, {
        "zh-CN": "与 SMTP 服务器的加密：starttls（连接后加密）、tls（一开始就加密）或 none（不加密，仅限可信网络）。",
        "en": "How talk with the SMTP server is encrypted: starttls (once connected), tls (from the start), or none, for a network you trust."}),
    Setting("smtp_user", "DOUGONG_SMTP_USER", "", str, {
        "zh-CN": "登录 SMTP 服务器的用户名；不设则不登录。",
        "en": "The user who signs in to the SMTP server; without one nobody does."}),
    Setting("smtp_password", "DOUGONG_SMTP_PASSWORD", "", str, {
        "zh-CN": "该用户的密码，或邮箱服务商所说的授权码。",
        "en": "That user's password, or the app password of the mail provider."}),
    Setting("mail_from", "DOUGONG_MAIL_FROM", "", _sender, {
        "zh-CN": "邮件的发件人，如 ERP <erp@example.com>；设了 SMTP 服务器就需要它。",
        "en": "Whom mail is from, such as ERP <erp@example.com>; an SMTP server needs it."}),
    Setting("outgoing_hosts", "DOUGONG_OUTGOING_HOSTS", "", _outgoing_hosts, {
        "zh-CN": "内部网络中允许服务器主动访问的主机，以空格分开：主机名、*.域名或网段，如 sso.corp.example 10.1.0.0/16。"
                 "用于单点登录和 LDAP；不写则只访问公网地址。",
        "en": "Hosts inside your own network that the server may call, separated by blanks: names, *.domain, or networks, such as "
              "sso.corp.example 10.1.0.0/16. Single sign-on and LDAP use them; without it only public addresses are called."}),
    Setting("has_worker", "DOUGONG_HAS_WORKER", "true", _boolean, {
        "zh-CN": "服务器进程也做后台任务（如导入）。设为 false 时，由另外运行的 dougong worker 来做。",
        "en": "Server processes also do jobs, such as imports. With false, `dougong worker`, run apart, does them."}),
    Setting("import_mb", "DOUGONG_IMPORT_MB", "100", _number(1, 10_000), {
        "zh-CN": "导入的文件最多多少 MB。",
        "en": "How many megabytes a file to import may have."}),
    Setting("import_rows", "DOUGONG_IMPORT_ROWS", "1000000", _number(1, 100_000_000), {
        "zh-CN": "一次导入最多多少行。",
        "en": "How many rows an import may have."}),
    Setting("import_memory_mb", "DOUGONG_IMPORT_MEMORY_MB", "1000", _number(100, 100_000), {
        "zh-CN": "读取导入文件的进程最多使用多少 MB 内存。",
        "en": "How many megabytes of memory the process that reads a file to import may use."}),
    Setting("large_rows", "DOUGONG_LARGE_ROWS", "50000", _number(0, 10**9), {
        "zh-CN": "超过多少行的表算大表：发布时在后台填充其列、建立其索引，期间他人照常读写。",
        "en": "Tables with more rows are large: a publish fills their columns and makes their indexes in the background while others read and write."}),
)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings an environment gives; an empty variable counts as absent.

    Raises SettingsInvalid with one issue for each variable that cannot be used.
    """
    values: dict[str, object] = {}
    issues: list[Issue] = []
    for row in SETTINGS:
        text = environ.get(row.variable, "").strip() or row.default
        try:
            values[row.name] = row.read(text)
        except _Unusable as unusable:
            message = {"zh-CN": f"{row.variable} = “{text}”：{unusable.reason['zh-CN']}。",
                       "en": f"{row.variable} = “{text}”: {unusable.reason['en']}."}
            issues.append(Issue("settings-value", message, f"/{row.name}"))
    if values.get("smtp_host") and values.get("mail_from") == "":
        message = {"zh-CN": "设了 DOUGONG_SMTP_HOST，还需要 DOUGONG_MAIL_FROM。", "en": "With DOUGONG_SMTP_HOST, DOUGONG_MAIL_FROM is needed too."}
        issues.append(Issue("settings-value", message, "/mail_from"))
    if issues:
        raise SettingsInvalid(tuple(issues))
    return Settings(**values)  # type: ignore[arg-type]  # a test holds the table and the class together


def public_url(settings: Settings) -> str:
    """Return the address at which people open the site, without a slash at its end: never what a request says of itself."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host
    return settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
