"""A web server of the tests, with pages that behave and pages that do not.

    web_server.py [CERTIFICATE KEY]

It listens on a free port of 127.0.0.1, over TLS where it was given a certificate, prints its port,
and serves until it is ended.
"""

import gzip
import ssl
import sys
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from documents_made import PAGE, VTT, pdf, word

HTML = "text/html; charset=utf-8"
RUSSIAN = "<html><body><p>Число боевиков превышает десять тысяч человек.</p></body></html>"
BOMB_BYTES = 300 << 20
PIECE = b"x" * (1 << 16)


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to hundreds of megabytes."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(bytes(1 << 20)) for _ in range(BOMB_BYTES >> 20)]
    return b"".join([*pieces, packer.flush()])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_GET(self) -> None:
        """Answer by the path."""
        path = self.path.partition("?")[0]
        name = path.strip("/").replace("-", "_").replace(".", "_") or "page"
        try:
            getattr(self, f"_at_{name}", self._nothing)()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as it is overridden
        """Say nothing."""

    def send(self, body: bytes, media_type: str | None = HTML, **headers: str) -> None:
        """Send a document whole."""
        self.send_response(200)
        if media_type:
            self.send_header("Content-Type", media_type)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, to: str, **headers: str) -> None:
        """Send elsewhere."""
        self.send_response(302)
        self.send_header("Location", to)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def status(self, code: int) -> None:
        """Send no document."""
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def stream(self, pieces: Iterator[bytes]) -> None:
        """Send pieces until the other side has enough."""
        self.send_response(200)
        self.send_header("Content-Type", HTML)
        self.end_headers()
        self.close_connection = True
        for piece in pieces:
            self.wfile.write(piece)
            self.wfile.flush()

    # ── pages that behave ────────────────────────────────────────────────────────────────────

    def _at_page(self) -> None:
        self.send(PAGE.encode())

    def _at_packed(self) -> None:
        self.send(gzip.compress(PAGE.encode()), Content_Encoding="gzip")

    def _at_members(self) -> None:
        half = len(PAGE) // 2
        parts = [gzip.compress(PAGE[:half].encode()), gzip.compress(PAGE[half:].encode())]
        self.send(b"".join(parts), Content_Encoding="gzip")

    def _at_russian(self) -> None:
        self.send(RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251")

    def _at_undeclared(self) -> None:
        self.send(RUSSIAN.encode("cp1251"), "text/html")

    def _at_report_pdf(self) -> None:
        self.send(pdf("The number exceeds 10,000."), "application/octet-stream")

    def _at_download(self) -> None:
        self.send(pdf("The number exceeds 10,000."), None)

    def _at_letter(self) -> None:
        self.send(word(["The number exceeds 10,000."]), "binary/octet-stream")

    def _at_talk_vtt(self) -> None:
        self.send(VTT.encode(), "text/plain")

    def _at_headers(self) -> None:
        text = "".join(f"{key}: {value}\n" for key, value in self.headers.items())
        self.send(text.encode(), "text/plain")

    def _at_moved(self) -> None:
        self.redirect("/page")

    def _at_cookie(self) -> None:
        self.redirect("/headers", Set_Cookie="session=1; Path=/")

    # ── pages that do not ────────────────────────────────────────────────────────────────────

    def _at_circle(self) -> None:
        self.redirect("/circle-back")

    def _at_circle_back(self) -> None:
        self.redirect("/circle")

    def _at_on_and_on(self) -> None:
        self.redirect(f"/on-and-on?{int(self.path.partition('?')[2] or 0) + 1}")

    def _at_to_file(self) -> None:
        self.redirect("file:///etc/passwd")

    def _at_to_private(self) -> None:
        self.redirect(f"http://127.0.0.2:{self.connection.getsockname()[1]}/page")

    def _at_to_named(self) -> None:
        self.redirect("http://user:secret@127.0.0.1/")

    def _at_to_nonsense(self) -> None:
        self.redirect("http://[::1")

    def _at_slow(self) -> None:
        time.sleep(60)

    def _at_drip(self) -> None:
        def drops() -> Iterator[bytes]:
            while True:
                yield b"."
                time.sleep(0.05)

        self.stream(drops())

    def _at_drip_head(self) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X: y\r\n")
            self.wfile.flush()
            time.sleep(0.05)

    def _at_endless(self) -> None:
        self.stream(iter(lambda: PIECE, b""))

    def _at_huge(self) -> None:
        self.send(b"", Content_Length=str(1 << 40))

    def _at_bomb(self) -> None:
        self.send(bomb(), Content_Encoding="gzip")

    def _at_torn_pack(self) -> None:
        self.send(gzip.compress(PAGE.encode())[:-20], Content_Encoding="gzip")

    def _at_no_pack(self) -> None:
        self.send(PAGE.encode(), Content_Encoding="gzip")

    def _at_other_pack(self) -> None:
        self.send(b"\x1b", Content_Encoding="br")

    def _at_torn(self) -> None:
        self.close_connection = True
        self.send(b"<p>words", Content_Length="1000")

    def _at_no_http(self) -> None:
        self.close_connection = True
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    def _at_empty(self) -> None:
        self.send(b"")

    def _at_nothing(self) -> None:
        self.send(b"<html><body><div></div><script>draw()</script></body></html>")

    def _at_no_pdf(self) -> None:
        self.send(PAGE.encode(), "application/pdf")

    def _at_picture(self) -> None:
        self.send(b"\x89PNG", "image/png")

    def _at_busy(self) -> None:
        self.status(503)

    def _at_no_content(self) -> None:
        self.status(204)

    def _nothing(self) -> None:
        self.status(404)


def main() -> None:
    """Serve until the process is ended."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[1:])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
