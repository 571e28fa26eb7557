"""Signatures: the published vector, and a second reading of the rules written apart from the first."""

import hashlib
import hmac
import re
import string
from datetime import UTC, datetime
from urllib.parse import quote

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.modelarts.signing import SignedRequests, canonical_request, signature

from .clouds import says

VECTOR = (
    "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
    "?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0"
)
VECTOR_KEY = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc"


def test_the_published_vector():
    """The guide's own example: https://support.huaweicloud.com, "API signing"."""
    headers = {
        "content-type": "application/json",
        "host": "service.region.example.com",
        "x-sdk-date": "20191115T033655Z",
    }
    canonical = canonical_request("GET", VECTOR, headers, b"")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    assert digest == "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    signed = signature(VECTOR_KEY, canonical, "20191115T033655Z")
    assert signed == "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"


def recomputed(method, path, query, headers, body, key):
    """The scheme once more, from decoded parts and by percent-encoding byte after byte."""

    def enc(text):
        kept = set((string.ascii_letters + string.digits + "-._~").encode())
        return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in text.encode())

    lines = [method, "/" + "".join(enc(part) + "/" for part in path)]
    lines.append("&".join("=".join(pair) for pair in sorted((enc(key), enc(value)) for key, value in query)))
    names = sorted(headers)
    lines += [f"{name}:{headers[name].strip()}" for name in names]
    lines += ["", ";".join(names), hashlib.sha256(body).hexdigest()]
    hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "SDK-HMAC-SHA256\n" + headers["x-sdk-date"] + "\n" + hashed
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1, max_size=12).filter(
    lambda word: word not in (".", "..")
)
PAIRS = st.lists(st.tuples(WORDS, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), max_size=4)


@settings(deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.lists(WORDS, min_size=1, max_size=4),
    query=PAIRS,
    body=st.binary(max_size=200),
    key=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
    temporary=st.sampled_from(["", "temporary-token"]),
    port=st.sampled_from(["", ":8443"]),
)
def test_every_request_is_signed_as_a_second_reading_says(method, path, query, body, key, temporary, port):
    url = f"https://modelarts.example.com{port}/" + "/".join(quote(part, safe="") for part in path)
    if query:
        url += "?" + "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    clock = datetime(2026, 11, 22, 9, 8, 7, tzinfo=UTC)
    auth = SignedRequests("AK-1", key, "project-1", temporary, clock=lambda: clock)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = auth(requests.Request(method, url, data=body, headers=headers).prepare())

    expected = {
        "content-type": "application/json",
        "host": "modelarts.example.com" + port,
        "x-project-id": "project-1",
        "x-sdk-date": "20261122T090807Z",
    }
    if temporary:
        expected["x-security-token"] = temporary
    for name, value in expected.items():
        assert request.headers[name] == value
    found = re.fullmatch(
        r"SDK-HMAC-SHA256 Access=AK-1, SignedHeaders=(\S+), Signature=([0-9a-f]{64})", request.headers["Authorization"]
    )
    assert found.group(1) == ";".join(sorted(expected))
    assert found.group(2) == recomputed(method, path, query, expected, body, key)


# What our own client leaves as it is in a path, besides letters: commas join ids, empty parts come from odd bases.
ODD_PARTS = st.lists(st.text(st.sampled_from("ab9-._~,;:@!$&'()*+= é/日%"), max_size=6), max_size=5).filter(
    lambda parts: not {".", ".."} & {one for part in parts for one in part.split("/")}
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    parts=ODD_PARTS,
    repeated=st.lists(st.sampled_from(["a", "A", "b b", "ü", "a,b", ""]), min_size=2, max_size=6),
    temporary=st.text(st.sampled_from("abcXYZ019+/= "), max_size=30).map(str.strip),
)
def test_odd_paths_commas_and_repeated_keys_are_signed_as_a_second_reading_says(parts, repeated, temporary):
    path = "/".join(quote(part, safe="-._~,;:@!$&'()*+=/") for part in parts)
    query = [("key", value) for value in repeated] + [("Key", "1"), ("", "x"), ("key2", "")]
    url = f"https://modelarts.example.com/v1/{path}?"
    url += "&".join(f"{quote(name, safe=',')}={quote(value, safe=',:')}" for name, value in query)
    clock = datetime(2026, 11, 22, 9, 8, 7, tzinfo=UTC)
    auth = SignedRequests("AK-1", "key", "project-1", temporary, clock=lambda: clock)
    request = auth(requests.Request("GET", url, headers={"Accept": "*/*"}).prepare())
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers.get("x-security-token", "") == temporary
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    assert ("x-security-token" in names) is bool(temporary)

    # One slash at the end is as good as none: the scheme adds it.
    tail = "/".join(["v1", *"/".join(parts).split("/")])
    expected = recomputed("GET", tail.removesuffix("/").split("/"), query, {n: headers[n] for n in names}, b"", "key")
    assert headers["authorization"].endswith(expected)


def test_temporary_keys_stand_in_the_signature():
    clock = datetime(2026, 11, 22, 9, 8, 7, tzinfo=UTC)
    signed = set()
    for token in ("", "one", "two"):
        auth = SignedRequests("AK-1", "key", "p1", token, clock=lambda: clock)
        request = auth(requests.Request("GET", "https://modelarts.example.com/v1/p1/models").prepare())
        signed.add(request.headers["Authorization"].rpartition("Signature=")[2])
        assert token in auth.secrets() or not token
    assert len(signed) == 3


def test_a_signed_create_goes_over_the_wire_as_signed(cloud, client_of):
    auth = SignedRequests("AK-1", "secret-key-1", "p1")
    cloud.acts = [says({"service_id": "s1"})]
    client_of(cloud, auth=auth).create_service(b'{"a":1}')
    heard = cloud.heard[0]
    signed = heard.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: heard.headers[name] for name in signed}
    path = heard.path.strip("/").split("/")
    expected = recomputed("POST", path, [], headers, heard.body, "secret-key-1")
    assert heard.headers["authorization"].endswith(f"Signature={expected}")
    assert {"host", "content-type", "x-project-id", "x-sdk-date"} == set(signed)
