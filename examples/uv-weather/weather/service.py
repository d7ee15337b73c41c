"""The service over HTTP."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from weather.readings import Readings

readings = Readings()


async def averages(_request: Request) -> JSONResponse:
    """Send the averages of all stations."""
    return JSONResponse(readings.averages())


async def add(request: Request) -> JSONResponse:
    """Take a reading."""
    readings.add(request.path_params["station"], float((await request.body()).decode()))
    return JSONResponse(readings.averages(), status_code=201)


app = Starlette(routes=[Route("/averages", averages), Route("/stations/{station}", add, methods=["POST"])])
