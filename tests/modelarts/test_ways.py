"""What lies between us and the cloud: TLS, and what the environment says."""

import socket
import threading

import pytest

from deployer.modelarts.errors import NoAnswer, NotSent

from . import clouds
from .clouds import says

MADE = {"service_id": "s1"}


def test_a_trusted_certificate_of_the_environment(safe, cloud, client_of, monkeypatch, certificate):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    safe.acts = [says(MADE)]
    client = client_of(cloud, endpoint=safe.url)
    assert client.create_service("{}").service_id == "s1"
    assert client.service("s1").service_id == "s1"


def test_an_unknown_certificate_stops_the_call_for_a_person(safe, cloud, client_of):
    client = client_of(cloud, endpoint=safe.url)
    for call in (lambda: client.create_service("{}"), lambda: client.service("s1")):
        with pytest.raises(NotSent) as failure:
            call()
        assert (failure.value.cause, failure.value.needs_person) == ("tls", True)
    assert safe.heard == []
    assert client_of.waits == []


def test_a_certificate_for_another_name_stops_the_call(safe, cloud, client_of, monkeypatch, certificate):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    client = client_of(cloud, endpoint=f"https://localhost:{safe.port}")
    with pytest.raises(NotSent) as failure:
        client.create_service("{}")
    assert failure.value.cause == "tls"
    assert safe.heard == []


@pytest.mark.parametrize("act", [clouds.reset, clouds.truncated, clouds.drip(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 99)])
def test_a_line_that_breaks_inside_tls_is_unknown(safe, cloud, client_of, monkeypatch, certificate, act):
    """urllib3 says SSLError here too, as for a failed handshake; the two must not be mixed up."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    safe.acts = [act]
    client = client_of(cloud, endpoint=safe.url, deadline=0.8)
    client.login()
    with pytest.raises(NoAnswer):
        client.create_service("{}")
    assert safe.count("POST /v1") == 1


def test_a_handshake_that_hangs_never_left(cloud, client_of):
    with socket.create_server(("127.0.0.1", 0)) as door:
        client = client_of(cloud, endpoint=f"https://127.0.0.1:{door.getsockname()[1]}", timeout=(0.2, 0.2))
        client.login()
        with pytest.raises(NotSent) as failure:
            client.create_service("{}")
    assert failure.value.cause == "timeout"


def test_a_missing_ca_bundle_is_no_unknown(cloud, client_of, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    client = client_of(cloud, endpoint=cloud.url.replace("http:", "https:"))
    client.login()
    with pytest.raises(NotSent) as failure:
        client.create_service("{}")
    assert (failure.value.cause, failure.value.needs_person) == ("request", True)


def test_a_netrc_does_not_take_the_place_of_our_login(cloud, client_of, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login mallory password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    cloud.acts = [says(MADE)]
    client_of(cloud).create_service("{}")
    assert [one.headers.get("authorization") for one in cloud.heard] == [None, None]
    assert cloud.heard[-1].headers["x-auth-token"] == clouds.TOKEN


def test_no_cookie_is_kept(cloud, client):
    cloud.acts = [says(MADE, headers=["Set-Cookie: a=b; Path=/"])]
    client.service("s1")
    client.service("s1")
    assert "cookie" not in cloud.heard[-1].headers


def test_threads_share_a_client(cloud, client):
    cloud.acts = [says(MADE)]
    found = []
    threads = [threading.Thread(target=lambda: found.append(client.service("s1").service_id)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, cloud.count("POST /v3")) == (["s1"] * 12, 1)
