"""The FastAPI application of the platform's own endpoints; records do not pass through it. It needs no database to be built."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from dougong.api import (
    access_routes,
    account_routes,
    app_routes,
    audit_routes,
    calendar_routes,
    change_set_routes,
    design_routes,
    draft_routes,
    expression_routes,
    file_routes,
    import_routes,
    installed_routes,
    library_routes,
    link_routes,
    mail_routes,
    page_routes,
    people_routes,
    provider_routes,
    public_link_routes,
    public_routes,
    publish_routes,
    removal_routes,
    restore_routes,
    search_routes,
    session_routes,
    sign_in_routes,
    upgrade_routes,
    version_routes,
)
from dougong.api.problem import problem
from dougong.api.shapes import ProblemAnswer
from dougong.errors import MethodNotAllowed, PlatformError

_PARTS = (
    session_routes,
    account_routes,
    sign_in_routes,
    link_routes,
    mail_routes,
    provider_routes,
    app_routes,
    design_routes,
    draft_routes,
    access_routes,
    publish_routes,
    expression_routes,
    calendar_routes,
    audit_routes,
    change_set_routes,
    file_routes,
    import_routes,
    search_routes,
    library_routes,
    installed_routes,
    page_routes,
    people_routes,
    public_link_routes,
    public_routes,
    upgrade_routes,
    removal_routes,
    version_routes,
    restore_routes,
)
_PROBLEM = {"model": ProblemAnswer, "content": {"application/problem+json": {}}}


def build_platform_app() -> FastAPI:
    """Return the application with all routes; what a request needs of the site comes in its scope."""
    app = FastAPI(
        title="Dougong",
        summary="The platform's own endpoints; every app describes its records at /api/apps/{app}/openapi.json.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        responses={"4XX": {"description": "The request was refused", **_PROBLEM}},
    )
    for kind in (PlatformError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)
    for part in _PARTS:
        app.include_router(part.routes)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == 405:
        error = MethodNotAllowed(allowed=_methods(request))  # Starlette names those of the first route alone
    answer = problem(error, request.scope)
    return Response(answer.body, answer.status, {name.decode(): value.decode() for name, value in answer.headers})


def _methods(request: Request) -> list[str]:
    """Return every method that is taken at the address of a request."""
    routes = [route for part in _PARTS for route in part.routes.routes if isinstance(route, Route)]
    there = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in there for method in route.methods or ()})
