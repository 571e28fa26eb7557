import pytest

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.client import ModelArts

from .clouds import PASSWORD, Cloud


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

    def make(cloud, *, auth=None, endpoint=None, timeout=(1.0, 0.6), deadline=1.2):
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
