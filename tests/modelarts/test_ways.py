"""What lies between us and the cloud: TLS, proxies, and what the environment says."""

import datetime
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deployer.modelarts.errors import NoAnswer, NotSent

from . import clouds
from .clouds import Cloud, says

MADE = {"service_id": "s1"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself; the path of one file with key and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "local")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "local.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


class SafeCloud(Cloud):
    """The same cloud behind TLS."""

    def __init__(self, certificate, **more):
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        super().__init__(**more)

    def _serve(self, line):
        try:
            safe = self._context.wrap_socket(line, server_side=True)
        except OSError:
            line.close()
            return
        self._open.append(safe)
        super()._serve(safe)


@pytest.fixture
def safe(certificate):
    cloud = SafeCloud(certificate)
    cloud.url = cloud.url.replace("http:", "https:")
    yield cloud
    cloud.close()


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


def test_a_proxy_is_used_and_may_refuse(cloud, client_of, monkeypatch):
    client = client_of(cloud, endpoint="https://modelarts.example.com")
    client.login()
    proxy = Cloud(acts=[says({}, 407)])
    try:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(NotSent) as failure:
            client.create_service("{}")
        assert failure.value.cause == "proxy"
        assert [(one.method, one.path) for one in proxy.heard] == [("CONNECT", "modelarts.example.com:443")]
    finally:
        proxy.close()
    with pytest.raises(NotSent):
        client.create_service("{}")


def test_this_machine_is_never_asked_for_through_a_proxy(cloud, client_of, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    cloud.acts = [says(MADE)]
    assert client_of(cloud).create_service("{}").service_id == "s1"


def test_a_socks_proxy_is_refused_in_words(cloud, client_of, monkeypatch):
    client = client_of(cloud, endpoint="https://modelarts.example.com")
    client.login()
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(NotSent, match="SOCKS"):
        client.create_service("{}")


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
