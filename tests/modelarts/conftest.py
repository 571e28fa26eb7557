import datetime
import ipaddress

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.client import ModelArts
from deployer.modelarts.tokens import TokenFolder
from deployer.sandbox.server import Sandbox

from .clouds import PASSWORD, Cloud, SafeCloud
from .keeping import decrypt, encrypt


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    """No proxy, bundle or netrc of this machine takes part."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle", "netrc"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def cloud():
    cloud = Cloud()
    yield cloud
    cloud.close()


@pytest.fixture
def client_of():
    """Makes clients with time-outs of tenths of seconds, and closes them."""
    made = []

    def make(cloud, *, auth=None, endpoint=None, timeout=(1.0, 0.6), deadline=1.2, **more):
        auth = auth or PasswordToken(
            cloud.url, "alice", PASSWORD, "demo", project_name="region-1", local_allowed=True, timeout=(1.0, 1.0)
        )
        client = ModelArts(
            endpoint or cloud.url,
            "p1",
            auth,
            timeout=timeout,
            deadline=deadline,
            local_allowed=True,
            sleep=waits.append,
            **more,
        )
        made.append(client)
        return client

    waits: list[float] = []
    make.waits = waits
    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(cloud, client_of):
    return client_of(cloud)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 and two names that signs itself; the path of one file with key and certificate."""
    names = [x509.DNSName(f"{service}.example.com") for service in ("modelarts", "iam")]
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
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "local.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


@pytest.fixture
def safe(certificate):
    cloud = SafeCloud(certificate)
    cloud.url = cloud.url.replace("http:", "https:")
    yield cloud
    cloud.close()


@pytest.fixture(scope="module")
def running():
    with Sandbox(port=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    requests.post(f"{running.url}/_sandbox/reset", timeout=5).raise_for_status()
    return running


@pytest.fixture
def folder(tmp_path):
    return TokenFolder(tmp_path / "tokens", encrypt, decrypt)
