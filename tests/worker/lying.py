"""A list of services that says what a test wants, on a real port; all other calls reach the sandbox behind it."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from deployer.models import Target

PASSED_ON = ("X-Auth-Token", "Content-Type")


class Lists:
    """What the list of services answers. Called with rows it is honest: pages, totals, the filter by status."""

    def __init__(self) -> None:
        self.answer: Callable[[dict[str, str]], tuple[int, Any]] = lambda query: (200, {})

    def __call__(self, rows: list[dict[str, Any]]) -> None:
        def page(query: dict[str, str]) -> tuple[int, Any]:
            found = [row for row in rows if query.get("status") in (None, row["status"])]
            start, limit = int(query["offset"]), int(query["limit"])
            shown = found[start : start + limit]
            return 200, {"total_count": len(found), "count": len(shown), "services": shown}

        self.answer = page

    def say(self, tell: Callable[[dict[str, str]], Any]) -> None:
        self.answer = lambda query: (200, tell(query))

    def refuse(self, status: int) -> None:
        self.answer = lambda query: (status, {"error_code": "ModelArts.0108", "error_msg": "No right to list."})


def handler_of(lists: Lists, behind: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path.endswith("/services"):
                status, found = lists.answer({name: one[0] for name, one in parse_qs(address.query).items()})
                self.reply(status, json.dumps(found).encode())
                return
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            answer = requests.get(behind + self.path, headers=headers, timeout=5)
            self.reply(answer.status_code, answer.content)

        def reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *parts: object) -> None:
            """Tests are read, not listened to."""

    return Handler


@pytest.fixture(name="lists")
def dictated(here: Target, cloud) -> Iterator[Lists]:
    """The list of services of the target `here`, as a test dictates it."""
    told = Lists()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(told, cloud.url))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    here.endpoint = f"http://127.0.0.1:{server.server_port}"
    here.save()
    yield told
    server.shutdown()
    server.server_close()
