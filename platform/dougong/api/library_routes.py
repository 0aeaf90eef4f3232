"""Endpoints of the library: its packages, what is in one, uploading, downloading and removing; and installed apps as files."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from starlette.requests import Request

from dougong.api.asked import AskedHouse, AskedSession, app_to
from dougong.api.issue_answers import issue_answers
from dougong.api.library_shapes import (
    LibraryAnswer,
    PackageDetails,
    PackageEntry,
    PackagePart,
    PackageRef,
    PackageVersion,
    PartElement,
)
from dougong.api.shapes import label
from dougong.model.app_model import ORGANIZATION
from dougong.model.definition_element import KEY_PATTERN, VERSION_PATTERN
from dougong.packages.examine import examine
from dougong.packages.export import export
from dougong.packages.kept_files import read_files
from dougong.packages.package_file import Package, content_hash, package_bytes, read_package_bytes
from dougong.packages.shelf import Shelved, find_package, read_covers
from dougong.packages.uploads import keep_upload, remove_upload
from dougong.people.persons import read_name
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied
from dougong.sites import Site

routes = APIRouter()

_SHOWN = 100
PackageKey = Annotated[str, Path(pattern=KEY_PATTERN, max_length=40)]
PackageVersionText = Annotated[str, Path(pattern=VERSION_PATTERN)]
_WHICH = Query(description="A version; without it the newest.", pattern=rf"{VERSION_PATTERN}|^$")
AskedVersion = Annotated[str, _WHICH]
_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
_FILE: dict[int | str, dict[str, object]] = {200: {"content": {"application/json": {}, "application/zip": {}}}}


@routes.get("/api/library", operation_id="list_packages")
async def library(session: AskedSession, house: AskedHouse) -> LibraryAnswer:
    """Return the packages of the library, those of the site and those that come with Dougong, and which of them are installed."""
    shelf = await read_covers(house.site)
    installed = {model.app: model.definition.version for model in await house.site.apps()}
    keys = set(await house.site.app_keys())
    names = {by: await read_name(house.site, by) for by in {one.upload.uploaded_by for there in shelf.values() for one in there if one.upload}}
    packages = []
    for key, there in shelf.items():
        newest = there[0].document
        packages.append(
            PackageEntry(
                key=key,
                name=label(newest["name"]),
                description=label(newest.get("description") or {}) or None,
                icon=newest.get("icon"),
                version=there[0].version,
                installed=key in keys,
                app_version=installed.get(key),
                versions=[
                    PackageVersion(
                        version=one.version,
                        source="shipped" if one.upload is None else "uploaded",
                        uploaded_by=None if one.upload is None else names[one.upload.uploaded_by],
                        uploaded_at=None if one.upload is None else one.upload.uploaded_at,
                    )
                    for one in there
                ],
            )
        )
    return LibraryAnswer(packages=packages)


@routes.post("/api/library", operation_id="upload_package", status_code=201, openapi_extra=_BODY)
async def upload(request: Request, session: AskedSession, house: AskedHouse) -> PackageDetails:
    """Keep a package in the library: the body is its file, JSON or a zip archive. The same content again changes nothing."""
    _see_that_they_may(session.actor)
    package = await asyncio.to_thread(read_package_bytes, await request.body(), house.site.settings.package_mb)
    kept = await keep_upload(house.site, house.contents, session.actor, package)
    return await _details(house.site, await find_package(house.site, kept.key, kept.version))


@routes.get("/api/library/{key}", operation_id="read_package")
async def details(key: PackageKey, session: AskedSession, house: AskedHouse, version: AskedVersion = "") -> PackageDetails:
    """Return what is in a package and what installing it would add, composed with what it requires."""
    _see_that_they_may(session.actor)
    return await _details(house.site, await find_package(house.site, key, version))


@routes.get("/api/library/{key}/file", operation_id="download_package", responses=_FILE, response_class=Response)
async def download(key: PackageKey, session: AskedSession, house: AskedHouse, version: AskedVersion = "") -> Response:
    """Return a package as a file: JSON, or a zip archive where its records hold files."""
    _see_that_they_may(session.actor)
    found = await find_package(house.site, key, version)
    return _as_file(Package(found.document, await read_files(house.site, house.contents, found.document)))


@routes.delete("/api/library/{key}/versions/{version}", operation_id="delete_package", status_code=204)
async def drop(key: PackageKey, version: PackageVersionText, session: AskedSession, house: AskedHouse) -> None:
    """Remove an uploaded version of a package from the library; apps it was installed as stay."""
    _see_that_they_may(session.actor)
    await remove_upload(house.site, key, version)


@routes.get("/api/apps/{app}/package", operation_id="download_app", responses=_FILE, response_class=Response)
async def download_app(app: str, session: AskedSession, house: AskedHouse) -> Response:
    """Return the app as a package file that stands alone; its content hash is in the ETag."""
    await app_to("design", house.site, session.actor, app)
    document = await export(house.site, app)
    return _as_file(Package(document, await read_files(house.site, house.contents, document)))


async def _details(site: Site, found: Shelved) -> PackageDetails:
    document = found.document
    seen = await examine(site, document)
    return PackageDetails(
        key=found.key,
        name=label(document["name"]),
        description=label(document.get("description") or {}) or None,
        icon=document.get("icon"),
        version=found.version,
        format=str(document["format"]),
        source="shipped" if found.upload is None else "uploaded",
        hash=content_hash(document),
        requires=[PackageRef(package=one["package"], version=one["version"]) for one in document.get("requires", [])],
        packages=[PackageRef(package=key, version=version) for key, version in seen.packages],
        parts=[
            PackagePart(part=part.name, count=part.count, elements=[PartElement(key=key, name=label(name)) for key, name in part.elements[:_SHOWN]])
            for part in seen.parts
        ],
        files=seen.files,
        issues=issue_answers(seen.issues),
        installed=found.key in await site.app_keys(),
    )


def _as_file(package: Package) -> Response:
    kind = "zip" if package.files else "json"
    name = f"{package.document['key']}-{package.document.get('version', '1.0.0')}.{kind}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "etag": f'"{content_hash(package.document)}"',
        "cache-control": "private, no-cache",
    }
    return Response(package_bytes(package), media_type=f"application/{kind}", headers=headers)


def _see_that_they_may(actor: Actor) -> None:
    if not actor.may_do("install", ORGANIZATION):
        raise ActDenied
