import pytest

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.client import ModelArts

from .clouds import PASSWORD, Cloud


@pytest.fixture
def cloud():
    cloud = Cloud()
    yield cloud
    cloud.close()


@pytest.fixture
def client_of():
    """Makes clients with time-outs of tenths of seconds, and closes them."""
    made = []

    def make(cloud, *, auth=None, endpoint=None, timeout=(0.5, 0.4), deadline=1.2):
        auth = auth or PasswordToken(
            cloud.url, "alice", PASSWORD, "demo", project_name="region-1", local_allowed=True, timeout=(0.5, 0.4)
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
