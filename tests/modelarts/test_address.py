"""Where we may connect, by what is written and by what it resolves to."""

import socket

import pytest

from deployer.modelarts.address import BadAddress, check_endpoint, check_ip, is_loopback
from deployer.modelarts.errors import NotSent

from .clouds import says


@pytest.mark.parametrize(
    "url",
    [
        "https://modelarts.eu-de.otc.t-systems.com",
        "https://modelarts.eu-de.otc.t-systems.com:8443/base/",
        "https://80.158.1.1",
        "https://[2a00:1450:4001::1]/",
        "HTTPS://Example.com",
    ],
)
def test_what_a_cloud_looks_like(url):
    check_endpoint(url, local_allowed=False)


BAD = [
    "", "modelarts.example.com", "http://modelarts.example.com", "ftp://example.com", "https://", "https:///x",
    "https://user@example.com", "https://user:pass@example.com", "https://@example.com", "https://example.com?x=1",
    "https://example.com?", "https://example.com/#x", "https://example.com:0", "https://example.com:99999",
    "https://example.com:x", "https://exa mple.com", "https://example.com\n", "https://example.com\\@evil",
    "https://exam\u200bple.com", "https://[::1", "https://localhost", "https://LOCALHOST.", "https://a.localhost:1",
    "https://127.0.0.1", "https://127.1", "https://2130706433", "https://0x7f000001", "https://0177.0.0.1",
    "https://\uff11\uff12\uff17.0.0.1", "https://127\u30020\u30020\u30021", "https://\u2460\u2461\u2466.1",
    "https://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
    "https://127.0.0.1.", "https://10.0.0.1", "https://172.16.0.9", "https://192.168.1.1", "https://169.254.169.254",
    "https://100.64.0.1", "https://0.0.0.0", "https://224.0.0.1", "https://255.255.255.255", "https://[::1]",
    "https://[::]", "https://[::ffff:127.0.0.1]", "https://[::ffff:a9fe:a9fe]", "https://[fe80::1%25eth0]",
    "https://[fd00::1]", "https://[fd00:ec2::254]", "https://[64:ff9b::7f00:1]", "https://[2002:7f00:1::]",
    "https://[ff02::1]", "https://192.0.2.1", "https://[64:ff9b:1::7f00:1]", "https://[64:ff9b:1::5db8:d822]",
    "https://[fec0::1]", "https://[feff::9]", "https://[::127.0.0.1]", "https://[::7f00:1]:80", "https://[::a00:1]",
    "https://[::ffff:0:127.0.0.1]", "https://[::ffff:0:10.0.0.1]", "https://168.63.129.16", "https://192.0.0.192",
    "https://[fd20:ce::254]", "https://[::ffff:168.63.129.16]", "https://[64:ff9b::a83f:8110]",
]  # fmt: skip


@pytest.mark.parametrize("url", BAD)
def test_what_must_not_be_called(url):
    with pytest.raises(BadAddress) as failure:
        check_endpoint(url, local_allowed=False)
    assert failure.value.needs_person
    assert failure.value.for_people().endswith(".")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8100", "http://localhost:8100/", "http://[::1]:1", "https://10.1.2.3"]
)
def test_local_targets_where_they_are_allowed(url):
    check_endpoint(url, local_allowed=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254", "https://100.100.100.200", "http://[fe80::1]", "http://0.0.0.0:80", "http://224.0.0.1",
        "http://168.63.129.16", "http://192.0.0.192", "http://[fd00:ec2::254]", "http://[fd20:ce::254]",
        "http://[FD20:CE:0:0::254]", "http://[::a9fe:a9fe]", "http://[::ffff:0:a9fe:a9fe]", "http://[64:ff9b::a9fe:a9fe]",
        "http://[64:ff9b:1::a9fe:a9fe]", "http://[64:ff9b:1:a9fe:a9:fe00::]", "http://[fec0::1]", "http://[2002:a83f:8110::]",
    ],
)  # fmt: skip
def test_some_addresses_are_never_called(url):
    with pytest.raises(BadAddress):
        check_endpoint(url, local_allowed=True)


def test_this_machine_by_many_names():
    assert all(map(is_loopback, ["localhost", "x.localhost.", "127.0.0.9", "127.1", "::1", "::ffff:127.0.0.1"]))
    assert not any(map(is_loopback, ["example.com", "10.0.0.1", "localhost.example.com"]))


def resolver_of(*answers):
    """A DNS of our own: each question takes the next answer, the last one stays."""
    left = list(answers)

    def resolve(host, port, *_, **__):
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in address]

    return resolve


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.5"], ["80.158.1.1", "192.168.0.1"]])
def test_a_name_that_resolves_to_the_inside_is_not_connected_to(cloud, client_of, monkeypatch, addresses):
    client = client_of(cloud, endpoint=f"https://modelarts.example.com:{cloud.port}")
    client.login()
    connections = cloud.connections
    client._local_allowed = client._transport.local_allowed = False
    monkeypatch.setattr(socket, "getaddrinfo", resolver_of(addresses))
    for call in (lambda: client.create_service("{}"), lambda: client.service("s1")):
        with pytest.raises(NotSent) as failure:
            call()
        assert (failure.value.cause, failure.value.needs_person) == ("address", True)
    assert cloud.connections == connections


def test_the_address_checked_is_the_address_used(cloud, client_of, monkeypatch):
    """Rebinding: whatever the name answers later, one question serves both the check and the connection."""
    asked = []
    resolve = resolver_of(["127.0.0.1"], ["169.254.169.254"])
    cloud.acts = [says({"service_id": "s1"})]
    client = client_of(cloud, endpoint=f"http://modelarts.example.com:{cloud.port}")
    client.login()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: asked.append(given[0]) or resolve(*given, **more))
    assert client.create_service("{}").service_id == "s1"
    assert asked == ["modelarts.example.com"]
    with pytest.raises(BadAddress, match="never called"):
        client.create_service("{}")


def test_the_second_address_is_tried_when_the_first_refuses(cloud, client_of, monkeypatch):
    cloud.acts = [says({"service_id": "s1"})]
    client = client_of(cloud, endpoint=f"http://modelarts.example.com:{cloud.port}")
    client.login()
    monkeypatch.setattr(socket, "getaddrinfo", resolver_of(["127.0.0.2", "127.0.0.1"]))
    assert client.create_service("{}").service_id == "s1"


@pytest.mark.parametrize("odd", ["::ffff:10.0.0.1", "fe80::1%lo"])
def test_wrapped_addresses(odd):
    with pytest.raises(BadAddress):
        check_ip(odd, local_allowed=False)
