"""The FastAPI application of the platform's own endpoints; records do not pass through it. It needs no database to be built."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dougong.api import app_routes, design_routes, page_routes, session_routes
from dougong.api.problem import problem
from dougong.api.shapes import ProblemAnswer
from dougong.errors import PlatformError

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
    for part in (session_routes, app_routes, design_routes, page_routes):
        app.include_router(part.routes)
    return app


async def _answer(request: Request, error: Exception) -> Response:
    answer = problem(error, request.scope)
    return Response(answer.body, answer.status, {name.decode(): value.decode() for name, value in answer.headers})
