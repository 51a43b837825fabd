"""What pages are dressed with: styles, scripts and the icon, all of them shipped with the program.

The address of a file changes with what it holds, so that a browser need never ask for it again.
"""

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_OF_CHARTS = ("chart.css", "chart.js")
_YEAR = 31_536_000  # seconds


class Asset(NamedTuple):
    """A file that is served as it is."""

    body: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name."""
    own = files("ledger.web").joinpath("static")
    found = {each.name: each.read_bytes() for each in own.iterdir() if each.is_file()}
    charts = files("ledger.charts")
    found |= {name: charts.joinpath(name).read_bytes() for name in _OF_CHARTS}
    return {
        name: Asset(body, _TYPES[name.rpartition(".")[2]], hashlib.sha256(body).hexdigest()[:12])
        for name, body in found.items()
    }


def asset(name: str) -> str:
    """The address of a file."""
    return f"/static/{name}?{assets()[name].digest}"


async def asset_file(request: "Request") -> Response:
    """The file of an address."""
    found = assets().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.\n", 404)
    current = request.url.query == found.digest
    kept = f"public, max-age={_YEAR}, immutable" if current else "no-cache"
    headers = {"cache-control": kept}
    return Response(found.body, headers=headers, media_type=found.media_type)
