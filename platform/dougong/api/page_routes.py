"""Endpoints that are no data of an app: health, the schema of app documents, and the pages that explain error codes."""

import asyncpg
from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse

from dougong.api.answer import CONTENT_SECURITY_POLICY
from dougong.api.asked import AskedHouse, AskedLanguage
from dougong.api.error_table import problem_page, problems_page
from dougong.api.shapes import Document, HealthAnswer
from dougong.errors import DatabaseUnavailable
from dougong.model.definition_package import PackageDefinition

routes = APIRouter()

_HEALTH_LIMIT_S = 5.0


@routes.get("/api/health", operation_id="health")
async def health(house: AskedHouse) -> HealthAnswer:
    """Say that the server runs and reaches its database; 503 when it does not."""
    try:
        await house.site.pool.fetchval("SELECT 1", timeout=_HEALTH_LIMIT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
        raise DatabaseUnavailable from trouble
    return HealthAnswer(status="ok")


class _SchemaResponse(JSONResponse):
    """A JSON Schema under the name that has."""

    media_type = "application/schema+json"


@routes.get("/schemas/app.json", operation_id="read_app_schema", response_model=Document, response_class=_SchemaResponse)
async def schema() -> Response:
    """Return the JSON Schema of app documents, for editors and checks."""
    headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
    return _SchemaResponse(PackageDefinition.model_json_schema(), headers=headers)


@routes.get("/problems/", operation_id="list_problems", include_in_schema=False)
async def problems(language: AskedLanguage) -> HTMLResponse:
    """Return the page that lists all error codes."""
    return _page(problems_page(language))


@routes.get("/problems/{code}", operation_id="read_problem", include_in_schema=False)
async def problem(code: str, language: AskedLanguage) -> HTMLResponse:
    """Return the page that explains an error code."""
    page = problem_page(code, language)
    if page is None:
        raise HTTPException(404)
    return _page(page)


def _page(content: str) -> HTMLResponse:
    return HTMLResponse(
        content, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY.decode(), "Vary": "Accept-Language"}
    )
