"""Doors before a sandbox that misbehave as a server of its own cannot: closed, full, nameless, strange, untrusted.

A front passes everything on to its sandbox once it is open. `Stranger` is another origin: it keeps what it hears.
"""

import contextlib
import datetime
import http.client
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is everyday life here."""


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def say(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args) -> None:
        """Silent."""


class Stranger:
    """Another origin. Whatever it is sent, it keeps: token and body must never be among it."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        heard = self.heard

        class Ear(Quiet):
            def do_POST(self) -> None:
                heard.append((dict(self.headers), self.body()))
                self.say(200, b'{"service_id": "stolen", "resource_ids": []}', {})

            do_GET = do_PUT = do_DELETE = do_POST

        self.server = Server(("127.0.0.1", 0), Ear)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Front:
    """Passes on to the sandbox at `url` from a port of its own, once it is open."""

    scheme = "http"
    host = "127.0.0.1"

    def __init__(self, url: str, folder: Path) -> None:
        self.behind = urlsplit(url).netloc
        self.folder = folder
        self.server: Server | None = None
        self.stranger: Stranger | None = None
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.stand()

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def stand(self) -> None:
        """How it stands before it is opened."""
        self.open()

    def open(self) -> None:
        """From here on it passes on."""
        front = self

        class Passing(Quiet):
            def do_POST(self) -> None:
                front.serve(self)

            do_GET = do_PUT = do_DELETE = do_POST

        self.door.close()
        self.server = Server(("127.0.0.1", self.port), Passing, bind_and_activate=False)
        self.server.allow_reuse_address = True
        self.server.server_bind()
        self.server.server_activate()
        self.dress(self.server)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def dress(self, server: Server) -> None:
        """TLS, for those who have it."""

    def serve(self, line: Quiet) -> None:
        self.pass_on(line, line.body())

    def pass_on(self, line: Quiet, body: bytes) -> None:
        far = http.client.HTTPConnection(self.behind, timeout=20)
        kept = {name: value for name, value in line.headers.items() if name.lower() not in {"host", "connection"}}
        with contextlib.closing(far):
            far.request(line.command, line.path, body or None, kept)
            answer = far.getresponse()
            content = answer.read()
            headers = {
                name: value for name, value in answer.getheaders() if name.lower().startswith(("content-t", "x-"))
            }
            line.say(answer.status, content, headers)

    def close(self) -> None:
        self.door.close()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        if self.stranger:
            self.stranger.close()


class Closed(Front):
    """Nobody listens: the connection is refused."""

    def stand(self) -> None:
        """The port is bound, so that it stays ours, and not listening."""


class Full(Front):
    """Listens, and takes no more connections: whoever comes waits until they give up."""

    def stand(self) -> None:
        self.door.listen(0)
        self.guests = []
        for _ in range(4):
            guest = socket.socket()
            guest.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                guest.connect(("127.0.0.1", self.port))
            self.guests.append(guest)

    def open(self) -> None:
        self.send_home()
        super().open()

    def send_home(self) -> None:
        for guest in self.guests:
            guest.close()

    def close(self) -> None:
        self.send_home()
        super().close()


class Nameless(Front):
    """Its name resolves to nothing, until it is opened (launch.py)."""

    @property
    def host(self) -> str:
        return f"cloud-{self.port}.faults.test"

    def stand(self) -> None:
        super().open()

    def open(self) -> None:
        (self.folder / self.host).touch()


class Untrusted(Front):
    """Shows a certificate that nobody signed but itself."""

    scheme = "https"

    def dress(self, server: Server) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(self.folder / f"tls-{self.port}.pem"))
        # The handshake belongs into the thread of the connection, or one that breaks it stops the door.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)


class Astray(Front):
    """Sends whoever creates a service to another origin."""

    def stand(self) -> None:
        self.stranger = Stranger()
        super().stand()

    def serve(self, line: Quiet) -> None:
        body = line.body()
        if line.command == "POST" and line.path.endswith("/services"):
            line.say(307, b"", {"Location": f"{self.stranger.url}{line.path}"})
        else:
            self.pass_on(line, body)


FRONTS = {"closed": Closed, "full": Full, "nameless": Nameless, "untrusted": Untrusted, "astray": Astray}


def certificate(path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=2))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
