"""What `dougong doctor` can find: one row a finding, with how bad it is, what to say and how to mend it; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is: all is well, worth knowing, or in the way of running."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """A row: texts are in `zh-CN` and `en`, with `{name}` for the parts of the finding."""

    level: Level
    text: Mapping[str, str]
    mend: Mapping[str, str] = field(default_factory=dict)


def _good(chinese: str, english: str) -> Finding:
    return Finding(Level.GOOD, {"zh-CN": chinese, "en": english})


def _note(chinese: str, english: str, mend_chinese: str, mend_english: str) -> Finding:
    return Finding(Level.NOTE, {"zh-CN": chinese, "en": english}, {"zh-CN": mend_chinese, "en": mend_english})


def _wrong(chinese: str, english: str, mend_chinese: str, mend_english: str) -> Finding:
    return Finding(Level.WRONG, {"zh-CN": chinese, "en": english}, {"zh-CN": mend_chinese, "en": mend_english})


FINDINGS: Mapping[str, Finding] = {
    "python-good": _good("Python {version}", "Python {version}"),
    "python-old": _wrong(
        "Python {version} 过旧", "Python {version} is too old",
        "请安装 Python 3.11 或更新版本，删除 .venv 后重新运行 make run。",
        "Install Python 3.11 or newer, remove .venv and type make run again."),
    "web-good": _good("网页已构建", "The web pages are built"),
    "web-missing": _wrong(
        "网页尚未构建：缺少 {path}", "The web pages are not built: there is no {path}",
        "请运行 make web。", "Type make web."),
    "settings-good": _good("设置有效", "The settings are valid"),
    "setting-wrong": _wrong(
        "设置有误：{zh-CN}", "A setting is wrong: {en}",
        "请改正或清除该环境变量。", "Correct or clear the variable."),
    "data-good": _good("数据目录 {path} 可写", "The data folder {path} can be written to"),
    "data-unwritable": _wrong(
        "数据目录 {path} 不可写：{reason}", "The data folder {path} cannot be written to: {reason}",
        "请改变其权限，或用 DOUGONG_DATA_DIR 指定别的目录。", "Change its permissions, or name another folder in DOUGONG_DATA_DIR."),
    "port-free": _good("{where} 可用", "{where} is free"),
    "port-taken": _note(
        "无法监听 {where}：{reason}", "Cannot listen at {where}: {reason}",
        "如果不是 Dougong 正在运行，请停止占用者，或用 DOUGONG_PORT、DOUGONG_HOST 另选地址。",
        "Unless Dougong is running there, stop what is, or choose another address with DOUGONG_PORT and DOUGONG_HOST."),
    "cookies-good": _good("登录凭证的设置与地址相符", "The cookie setting fits the address"),
    "cookies-open": _note(
        "公开地址是 HTTPS，但登录凭证也会通过 HTTP 发送", "The public address is HTTPS, but cookies are also sent over HTTP",
        "请设 DOUGONG_SECURE_COOKIES=true。", "Set DOUGONG_SECURE_COOKIES=true."),
    "cookies-unsendable": _note(
        "登录凭证只通过 HTTPS 发送，而公开地址不是 HTTPS", "Cookies are sent over HTTPS only, but the public address is not HTTPS",
        "请把 DOUGONG_PUBLIC_URL 设为 https:// 地址，或设 DOUGONG_SECURE_COOKIES=false。",
        "Set DOUGONG_PUBLIC_URL to an https:// address, or DOUGONG_SECURE_COOKIES=false."),
    "database-unreachable": _wrong(
        "连不上数据库：{reason}", "The database cannot be reached: {reason}",
        "请检查 DATABASE_URL 的主机、端口、用户、密码和数据库名，并确认服务器在运行。",
        "Check host, port, user, password and database in DATABASE_URL, and that the server runs."),
    "database-failed": _wrong(
        "{zh-CN}", "{en}",
        "请按上面的原因处理；也可以用 DATABASE_URL 指定外部 PostgreSQL。",
        "See to the reason given; or name an outside PostgreSQL in DATABASE_URL."),
    "server-good": _good("PostgreSQL {version}", "PostgreSQL {version}"),
    "server-old": _wrong(
        "PostgreSQL {version} 过旧", "PostgreSQL {version} is too old",
        "请升级到 PostgreSQL 15 或更新版本。", "Use PostgreSQL 15 or newer."),
    "encoding-good": _good("数据库编码为 UTF8", "The encoding of the database is UTF8"),
    "encoding-wrong": _wrong(
        "数据库编码为 {encoding}", "The encoding of the database is {encoding}",
        "请新建编码为 UTF8 的数据库：createdb --encoding=UTF8 --template=template0 <名称>",
        "Make a database in UTF8: createdb --encoding=UTF8 --template=template0 <name>"),
    "schemas-good": _good("可以创建模式", "Schemas can be created"),
    "schemas-refused": _wrong(
        "用户 {user} 不能在数据库 {database} 中创建模式", "User {user} may not create schemas in the database {database}",
        "请以管理员身份执行：GRANT CREATE ON DATABASE {database} TO {user};",
        "Run as an administrator: GRANT CREATE ON DATABASE {database} TO {user};"),
    "extensions-good": _good("扩展可用：{names}", "Extensions at hand: {names}"),
    "extensions-missing": _note(
        "缺少可选扩展：{names}", "Optional extensions are missing: {names}",
        "它们可加快搜索和时间段约束；通常在软件包 postgresql-contrib 中。",
        "They speed up search and constraints on periods; most systems have them in the package postgresql-contrib."),
    "tables-good": _good("系统表为最新版本 {head}", "The system tables are at the newest revision, {head}"),
    "tables-behind": _note(
        "系统表需要升级到 {head}", "The system tables have to be brought to {head}",
        "下次启动时自动升级，也可运行 dougong migrate。", "The next start does it, or dougong migrate."),
    "tables-ahead": _wrong(
        "系统表版本 {found} 比程序所知的 {head} 新", "The system tables are at {found}, newer than {head}, which this program knows",
        "请使用更新的程序。", "Use a newer program."),
    "connections-good": _good("连接数足够：最多用 {wanted}，服务器允许 {most}", "Connections suffice: {wanted} at most, of {most}"),
    "connections-few": _note(
        "进程最多会用 {wanted} 个连接，而服务器只允许 {most} 个", "Processes may use {wanted} connections, the server allows {most}",
        "请减小 DOUGONG_WORKERS 或 DOUGONG_POOL_MAX，或增大服务器的 max_connections。",
        "Lower DOUGONG_WORKERS or DOUGONG_POOL_MAX, or raise max_connections of the server."),
}
