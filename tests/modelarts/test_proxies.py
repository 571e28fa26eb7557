"""Behind a proxy a list of allowed hosts stands in for the check of the address. Real sockets, a small real proxy."""

import contextlib
import re
import socket
import threading

import pytest

from deployer.modelarts.address import ALLOWED_HOSTS, BadAddress, check_endpoint, is_listed
from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import NotSent
from deployer.modelarts.signing import SignedRequests

from .clouds import Cloud, says

HOST = "modelarts.example.com"
MADE = {"service_id": "s1"}


class Proxy:
    """Joins a caller to one port of this machine, whatever host was asked for, and remembers what was asked for."""

    def __init__(self, port):
        self.port_behind = port
        self.asked = []
        self._open = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self):
        for line in (self._door, *self._open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for line in (self._door, *self._open):
            line.close()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._door.accept()
                self._open.append(line)
                threading.Thread(target=self._join, args=(line,), daemon=True).start()

    def _join(self, line):
        with contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := line.recv(4096)):
                    return
                head += piece
            self.asked.append(head.split(b" HTTP/")[0].decode())
            behind = socket.create_connection(("127.0.0.1", self.port_behind))
            self._open.append(behind)
            line.sendall(b"HTTP/1.1 200 Joined\r\n\r\n")
            for one, other in ((line, behind), (behind, line)):
                threading.Thread(target=_pour, args=(one, other), daemon=True).start()


def _pour(one, other):
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(safe):
    proxy = Proxy(safe.port)
    yield proxy
    proxy.close()


@pytest.fixture
def behind(proxy, monkeypatch, certificate):
    """This process stands behind the proxy, and trusts the cloud that it leads to."""
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    return proxy


def keys():
    return SignedRequests("AK-1", "secret-key-1", "p1")


def test_a_listed_host_is_reached_through_the_proxy(safe, behind, client_of):
    """Not even local addresses need be allowed: the name is for the proxy to resolve."""
    safe.acts = [says(MADE)]
    client = ModelArts(f"https://{HOST}", "p1", keys(), allowed_hosts=(HOST,), timeout=(1, 1), deadline=3)
    assert client.create_service("{}").service_id == "s1"
    assert client.create_service("{}").service_id == "s1"
    assert client.service("s1").service_id == "s1"
    assert client.service("s1").service_id == "s1"
    assert behind.asked == [f"CONNECT {HOST}:443"] * 3  # each create a way of its own, the reads one for both
    assert [one.headers["host"] for one in safe.heard] == [HOST] * 4
    client.close()


@pytest.mark.parametrize("allowed", [(), ("other.example.com",), ("*.example.org",), ("*",), ("*.",), ("",)])
def test_a_host_that_is_not_listed_is_refused_in_words(safe, behind, allowed):
    client = ModelArts(f"https://{HOST}", "p1", keys(), allowed_hosts=allowed, timeout=(1, 1), deadline=3)
    for call in (lambda: client.create_service("{}"), lambda: client.service("s1")):
        with pytest.raises(BadAddress, match=ALLOWED_HOSTS) as failure:
            call()
        assert (failure.value.cause, failure.value.needs_person) == ("address", True)
        assert HOST in failure.value.for_people()
    assert (behind.asked, safe.heard) == ([], [])


def test_a_login_behind_a_proxy_asks_the_same_list(safe, behind):
    facts = {"project_id": "p1", "timeout": (1, 1)}
    with pytest.raises(BadAddress, match=ALLOWED_HOSTS):
        PasswordToken("https://iam.example.com", "alice", "secret", "d", **facts).login()
    assert behind.asked == []
    PasswordToken("https://iam.example.com", "a", "secret", "d", allowed_hosts=("*.example.com",), **facts).login()
    assert safe.heard[0].path.startswith("/v3/auth/tokens")


def test_no_proxy_is_honoured_and_then_the_address_is_checked_again(safe, behind, monkeypatch):
    monkeypatch.setenv("NO_PROXY", ".example.com")
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443))]
    )
    client = ModelArts(f"https://{HOST}", "p1", keys(), allowed_hosts=(HOST,), timeout=(0.3, 0.3), deadline=1)
    with pytest.raises(BadAddress, match=re.escape("10.0.0.5")):
        client.create_service("{}")
    assert behind.asked == []


def test_a_list_also_counts_without_a_proxy(cloud, client_of):
    client = client_of(cloud, auth=keys(), allowed_hosts=("modelarts.example.com",))
    with pytest.raises(BadAddress, match=ALLOWED_HOSTS):
        client.service("s1")
    assert cloud.heard == []
    cloud.acts = [says(MADE)]
    assert client_of(cloud, auth=keys(), allowed_hosts=("127.0.0.1",)).service("s1").service_id == "s1"


def test_a_proxy_may_refuse(cloud, client_of, monkeypatch):
    client = client_of(cloud, endpoint=f"https://{HOST}", allowed_hosts=(HOST,))
    client._auth.login()
    refusing = Cloud(acts=[says({}, 407)])
    try:
        monkeypatch.setenv("HTTPS_PROXY", refusing.url)
        with pytest.raises(NotSent) as failure:
            client.create_service("{}")
        assert failure.value.cause == "proxy"
        assert [(one.method, one.path) for one in refusing.heard] == [("CONNECT", f"{HOST}:443")]
    finally:
        refusing.close()
    with pytest.raises(NotSent):
        client.create_service("{}")


def test_this_machine_is_never_asked_for_through_a_proxy(cloud, client_of, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    cloud.acts = [says(MADE)]
    assert client_of(cloud).create_service("{}").service_id == "s1"


def test_a_socks_proxy_is_refused_in_words(cloud, client_of, monkeypatch):
    client = client_of(cloud, endpoint=f"https://{HOST}", allowed_hosts=("*.example.com",))
    client._auth.login()
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(NotSent, match="SOCKS"):
        client.create_service("{}")


@pytest.mark.parametrize(
    ("host", "allowed", "listed"),
    [
        ("a.example.com", ("a.example.com",), True),
        ("A.Example.COM.", (" a.example.com ",), True),
        ("a.example.com", ("*.example.com",), True),
        ("a.b.example.com", ("x", "*.Example.com."), True),
        ("example.com", ("*.example.com",), False),
        ("evilexample.com", ("*.example.com",), False),
        ("a.example.com.evil.org", ("*.example.com", "a.example.com"), False),
        ("strasse.example.com", ("stra\u00dfe.example.com",), False),
        ("stra\u00dfe.example.com", ("strasse.example.com",), False),
        ("a.example.com", (), False),
        ("", ("", "*", "*."), False),
        ("com", ("*.com", "*"), False),
    ],
)
def test_what_is_listed(host, allowed, listed):
    assert is_listed(host, allowed) is listed


def test_a_list_replaces_no_other_check():
    with pytest.raises(BadAddress, match="own network"):
        check_endpoint("https://10.0.0.1", local_allowed=False, allowed_hosts=("10.0.0.1",))
