"""What is no page: the signed head, proofs and documents to take along, and ways to pages."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from ledger.disk import telling
from ledger.errors import ClaimsError, Refused, UnknownId
from ledger.prove import current_head, inclusion_proof
from ledger.web.links import Links
from ledger.web.page import position_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from ledger.web.app import Site

Endpoint = Callable[["Request"], object]

_PLAIN = "text/plain; charset=utf-8"


def checkpoint_file(site: "Site") -> Endpoint:
    """The signed head (C2SP tlog-checkpoint)."""
    return attachment(
        site, lambda _request: (site.keeper.now().log.extent.note, _PLAIN, "checkpoint")
    )


def proof_file(site: "Site") -> Endpoint:
    """The proof that an event is in the signed log (C2SP tlog-proof)."""

    def made(request: "Request") -> tuple[bytes, str, str]:
        log, key = site.keeper.now().log, request.path_params["id"]
        position = position_of(key, log.size)
        if position >= log.signed_size:
            raise Refused(
                f"The signed head does not cover position {position:,}.",
                way_out="Ask again: a head is signed with the next append, or at its end.",
            )
        proof = inclusion_proof(log, position, current_head(log)).format()
        return proof, _PLAIN, f"{position}.tlog-proof"

    return attachment(site, made)


def document_file(site: "Site") -> Endpoint:
    """The bytes of a source's document, as they were captured; never shown as a page of ours."""

    def made(request: "Request") -> tuple[bytes, str, str]:
        key = request.path_params["id"]
        moment = site.moment_of(Links(request.query_params.get("as_of") or None))
        rows = moment.views.sql("select sha256 from sources where source_id = $id", id=key)
        if not rows or rows[0]["sha256"] is None:
            raise UnknownId("captured source", key)
        data = captured_bytes(moment.store.path(rows[0]["sha256"]))
        if hashlib.sha256(data).hexdigest() != rows[0]["sha256"]:
            raise Refused(
                f"The document of {key} is missing, or is not what was captured.",
                way_out="It may have been erased. `claims verify` tells more.",
            )
        return data, "application/octet-stream", f"{key}.document"

    return attachment(site, made)


def captured_bytes(path: "Path") -> bytes:
    """What lies in the place of a document; nothing where it is gone. Raises DiskFailed."""
    with telling(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""


def part_redirect(site: "Site") -> Endpoint:
    """The way from a report or an estimate to the statement that it belongs to."""

    def answer(request: "Request") -> Response:
        links, key = Links(request.query_params.get("as_of") or None), request.path_params["id"]
        try:
            with site.keeper.asking():
                rows = site.moment_of(links).views.named("statement_of_part", id=key)
            if not rows:
                raise UnknownId("report or estimate", key)
        except ClaimsError as error:
            return site.fault(request, error)
        return RedirectResponse(links.thing("statement", rows[0]["statement_id"]), 302)

    async def endpoint(request: "Request") -> Response:
        return await run_in_threadpool(answer, request)

    return endpoint


def attachment(site: "Site", make: Callable[["Request"], tuple[bytes, str, str]]) -> Endpoint:
    """An endpoint whose answer a browser keeps as a file: its bytes, type and name."""

    def answer(request: "Request") -> Response:
        try:
            with site.keeper.asking():
                body, media_type, name = make(request)
        except ClaimsError as error:
            return site.fault(request, error)
        headers = {
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-cache",
        }
        return Response(body, headers=headers, media_type=media_type)

    async def endpoint(request: "Request") -> Response:
        return await run_in_threadpool(answer, request)

    return endpoint
