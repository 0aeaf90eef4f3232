"""The commands `dougong app …` of packages: installed, exported, checked, compared, uploaded; apps and their demo data taken away again."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from dougong.model.compare import Change
    from dougong.packages.examine import Examined
    from dougong.packages.package_file import Package
    from dougong.packages.planted import Cleared, Part
    from dougong.packages.uninstall import Leaving
    from dougong.sites import Site

packages = typer.Typer()
T = TypeVar("T")

As = Annotated[str, typer.Option("--as", help="E-mail of the user who does it; without it the first administrator.")]
App = Annotated[str, typer.Argument(metavar="APP")]
PackageName = Annotated[str, typer.Argument(metavar="PACKAGE", help="Key of a package of the library, or a file or folder.")]
PartName = Annotated[Literal["seed", "demo"], typer.Argument(metavar="PART", help="seed or demo.")]
OfPackage = Annotated[str, typer.Option("--package", help="A package of the app whose records alone are meant.")]
_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "type": {"zh-CN": "输入应用的标识以卸载", "en": "Type the key of the app to uninstall it"},
    "goes": {
        "zh-CN": "{app}：{records} 条记录，{tables} 张表，{files} 个文件，{versions} 个版本，{roles} 个角色（{people} 人）将彻底删除。",
        "en": "{app}: records {records}, tables {tables}, files {files}, versions {versions}, roles {roles} (people {people}) go for good.",
    },
    "added": {"zh-CN": "装入 {count} 条记录。", "en": "Records put in: {count}."},
    "same": {"zh-CN": "没有差异。", "en": "There is no difference."},
    "archive": {"zh-CN": "记录中有文件，文件名应以 .zip 结尾。", "en": "Its records hold files, so the name of the file ends in .zip."},
}


@packages.command()
def install(
    package: PackageName,
    version: Annotated[str, typer.Option(help="A version of the library; without it the newest.")] = "",
    content: Annotated[str, typer.Option("--hash", help="The content hash it must have, such as export and check print.")] = "",
    demo: Annotated[bool, typer.Option(help="With the demo data of the package; demo users get passwords.")] = False,
    user: As = "",
) -> None:
    """Install a package as an app."""
    _run(_install(package, version, content, demo, user))


@packages.command()
def export(app_key: App, file: Annotated[Path | None, typer.Argument(help="Where to write it; without it to standard output.")] = None) -> None:
    """Write an app as a package that stands alone: JSON, or a zip archive where its records hold files; its version and content hash are told."""
    _run(_export(app_key, file))


@packages.command()
def check(package: PackageName, version: Annotated[str, typer.Option(help="A version of the library; without it the newest.")] = "") -> None:
    """Say what a package would become and what is wrong with it, installing nothing; the exit code is 1 if anything is."""
    raise typer.Exit(1 if _run(_check(package, version)) else 0)


@packages.command()
def diff(
    before: Annotated[str, typer.Argument(help="A file or folder, the key of an installed app, or of a package of the library.")],
    after: Annotated[str, typer.Argument(help="The same, for what it has become.")],
) -> None:
    """Say how two packages or apps differ, element by element; the exit code is 1 if they do."""
    raise typer.Exit(1 if _run(_diff(before, after)) else 0)


@packages.command()
def upload(file: Annotated[Path, typer.Argument(help="A file or folder.")], user: As = "") -> None:
    """Keep a package in the library of the site; the same content again changes nothing."""
    _run(_upload(file, user))


@packages.command()
def library() -> None:
    """List the packages of the library with their versions."""
    _run(_library())


@packages.command()
def uninstall(
    app_key: App,
    typed: Annotated[str, typer.Option("--type", help="The key of the app typed out, in place of being asked for it.")] = "",
    user: As = "",
) -> None:
    """Remove an app for good, with its records, versions, history and roles, having said what goes."""
    _run(_uninstall(app_key, typed, user))


@packages.command("add-records")
def add(app_key: App, part: PartName, package: OfPackage = "", user: As = "") -> None:
    """Put the seed or demo records of an app in that are not there; demo users get passwords."""
    _run(_add(app_key, part, package, user))


@packages.command("remove-records")
def remove(app_key: App, part: PartName, package: OfPackage = "", user: As = "") -> None:
    """Put the seed or demo records of an app into the trash, and say which stay and why."""
    _run(_remove(app_key, part, package, user))


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    return asyncio.run(work)


@asynccontextmanager
async def _site() -> AsyncIterator[Site]:
    from dougong.open_site import open_site
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        yield opened.site


async def _install(name: str, version: str, content: str, demo: bool, user: str) -> None:
    from dougong.packages.install import install as install_package
    from dougong.packages.package_file import see_hash
    from dougong.people.persons import acting, read_user_ids

    async with _site() as site:
        package = await _read(site, name, version)
        see_hash(package.document, content)
        known = set(await read_user_ids(site))
        model = await install_package(site, await acting(site, user), package.document, demo, files=package.files)
        typer.echo(f"{model.app} {model.version}")
        await _tell_passwords(site, known)


async def _export(app_key: str, file: Path | None) -> None:
    from dougong.files.contents import Contents
    from dougong.packages.export import export as export_app
    from dougong.packages.kept_files import read_files
    from dougong.packages.package_file import Package, content_hash, package_bytes
    from dougong.speech import spoken

    async with _site() as site:
        document = await export_app(site, app_key)
        number = (await site.app(app_key)).version
        package = Package(document, await read_files(site, Contents(site.settings), document))
    if package.files and file is not None and file.suffix != ".zip":
        raise typer.BadParameter(_WORDS["archive"][spoken()])
    if file is None:
        sys.stdout.buffer.write(package_bytes(package))
        sys.stdout.flush()
    else:
        file.write_bytes(package_bytes(package))
    typer.echo(f"{app_key} {document.get('version', '1.0.0')} ({number}) {content_hash(document)}", err=True)


async def _check(name: str, version: str) -> bool:
    """Tell what a package is, and return whether anything is wrong with it."""
    from dougong.packages.examine import examine
    from dougong.packages.package_file import content_hash

    async with _site() as site:
        package = await _read(site, name, version)
        seen = await examine(site, package.document)
    typer.echo(f"{package.document.get('key')} {package.document.get('version', '1.0.0')} {content_hash(package.document)}")
    _tell_parts(seen)
    return bool(seen.issues)


def _tell_parts(seen: Examined) -> None:
    from dougong.speech import spoken

    for key, version in seen.packages:
        typer.echo(f"  + {key} {version}")
    for part in seen.parts:
        typer.echo(f"  {part.name}: {part.count}")
    for found in seen.issues:
        typer.echo(f"{found.pointer or '/'}: {found.message[spoken()]} ({found.code})")


async def _diff(before: str, after: str) -> bool:
    """Tell how two documents differ, and return whether they do."""
    from dougong.model.app_model import ORGANIZATION
    from dougong.model.compare import compare
    from dougong.speech import spoken

    async with _site() as site:
        apps = await site.app_keys()
        is_composed = any(name in apps for name in (before, after))
        old, new = [await _document(site, name, is_composed) for name in (before, after)]
        changes = compare(old, new, await site.app(ORGANIZATION))
    for change in changes:
        _tell_change(change, spoken())
    if not changes:
        typer.echo(_WORDS["same"][spoken()])
    return bool(changes)


def _tell_change(change: Change, speech: str) -> None:
    typer.echo(f"{_MARKS.get(change.kind, '~')} {change.text[speech]}  [{change.pointer}]")
    for one in change.properties:
        was, now = ("–" if side is None else side[speech] for side in (one.before, one.after))
        typer.echo(f"    {one.name[speech]}: {was} → {now}")


async def _document(site: Site, name: str, is_composed: bool) -> Mapping[str, Any]:
    """Return the document of an app or a package. is_composed: with what it requires inside, as an app has it."""
    from dougong.packages.compose import compose
    from dougong.packages.export import export as export_app
    from dougong.packages.shelf import read_versions

    if not _is_path(name) and name in await site.app_keys():
        return await export_app(site, name)
    document = (await _read(site, name, "")).document
    return compose(document, await read_versions(site, document)) if is_composed else document


async def _upload(file: Path, user: str) -> None:
    from dougong.files.contents import Contents
    from dougong.packages.package_file import read_package_file
    from dougong.packages.uploads import keep_upload
    from dougong.people.persons import acting

    async with _site() as site:
        package = read_package_file(file, site.settings.package_mb)
        kept = await keep_upload(site, Contents(site.settings), await acting(site, user), package)
    typer.echo(f"{kept.key} {kept.version} {kept.hash}")


async def _library() -> None:
    from dougong.packages.shelf import read_covers

    async with _site() as site:
        apps = await site.app_keys()
        shelf = await read_covers(site)
    for key, there in shelf.items():
        names = " / ".join(there[0].document["name"].values())
        typer.echo(f"{'✓' if key in apps else ' '} {key:<24} {', '.join(one.version for one in there):<20}  {names}")


async def _uninstall(app_key: str, typed: str, user: str) -> None:
    from dougong.packages.uninstall import read_leaving
    from dougong.packages.uninstall import uninstall as uninstall_app
    from dougong.people.persons import acting
    from dougong.speech import spoken

    async with _site() as site:
        _tell_leaving(await read_leaving(site, app_key), spoken())
        typed = typed or typer.prompt(_WORDS["type"][spoken()], default="", show_default=False)
        await uninstall_app(site, await acting(site, user), app_key, typed)
    typer.echo("✓")


def _tell_leaving(gone: Leaving, speech: str) -> None:
    counts = {name: getattr(gone, name) for name in ("app", "records", "tables", "files", "versions", "roles", "people")}
    typer.echo(_WORDS["goes"][speech].format(**counts))
    for one in gone.entities:
        typer.echo(f"  {one.name.get(speech) or one.key}: {one.records}")


async def _add(app_key: str, part: Part, package: str, user: str) -> None:
    from dougong.packages.planted import add_records
    from dougong.people.persons import acting, read_user_ids
    from dougong.speech import spoken

    async with _site() as site:
        known = set(await read_user_ids(site))
        count = await add_records(site, await acting(site, user), app_key, part, package)
        typer.echo(_WORDS["added"][spoken()].format(count=count))
        await _tell_passwords(site, known)


async def _remove(app_key: str, part: Part, package: str, user: str) -> None:
    from dougong.packages.planted import clear_records
    from dougong.people.persons import acting
    from dougong.speech import spoken

    async with _site() as site:
        cleared = await clear_records(site, await acting(site, user), app_key, part, package)
    _tell_cleared(cleared, spoken())


def _tell_cleared(cleared: Cleared, speech: str) -> None:
    for entity, count in cleared.removed.items():
        typer.echo(f"- {entity}: {count}")
    for one in cleared.kept:
        typer.echo(f"= {one.entity} {one.key} {one.title}: {one.reason.message[speech]}")


def _is_path(name: str) -> bool:
    path = Path(name)
    return path.name != name or path.suffix in (".json", ".zip") or path.exists()


async def _read(site: Site, name: str, version: str) -> Package:
    """Return the package in a file or folder, or of the library; raises PackageNotFound, PackageFileNotFound, PackageInvalid."""
    from dougong.packages.package_file import Package, read_package_file
    from dougong.packages.shelf import find_package

    if _is_path(name):
        return read_package_file(Path(name), site.settings.package_mb)
    return Package((await find_package(site, name, version)).document)


async def _tell_passwords(site: Site, known: set[Any]) -> None:
    from dougong.first_start import make_passwords, told
    from dougong.people.passwords import Passwords
    from dougong.people.persons import read_user_ids

    for line in told(await make_passwords(site, Passwords(), set(await read_user_ids(site)) - known)):
        typer.echo(line)
