"""AK/SK: the published vector, and signatures that a stranger's recomputation makes."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest

from deployer.sandbox.calls import Call
from deployer.sandbox.signing import canonical_request, signature_of

from .conftest import DEV, PROD, a_service, error_of

AK, SK = "SANDBOXACCESSKEY", "sandbox-secret-key"


def test_the_published_vector_comes_out():
    """Huawei's signing guide, the VPC example."""
    headers = {
        "content-type": "application/json",
        "host": "service.region.example.com",
        "x-sdk-date": "20191115T033655Z",
    }
    path = "/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs"
    call = Call("GET", path, "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0", headers, b"")
    canonical = hashlib.sha256(canonical_request(call, sorted(headers)).encode()).hexdigest()
    assert canonical == "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    signature = signature_of(call, sorted(headers), headers["x-sdk-date"], "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")
    assert signature == "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"


TEMPORARY = {"access": "SANDBOXTEMPORARYKEY", "secret": "sandbox-temporary-secret-key"}
SECURITY_TOKEN = "sandbox-security-token"


def signed(url, method, path, *, body=b"", query="", late=timedelta(), access=AK, secret=SK, project=DEV, ticket=None):
    """Headers of a signed request, computed here and not by the sandbox."""
    date = (datetime.now(UTC) + late).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": urlsplit(url).netloc, "x-project-id": project, "x-sdk-date": date}
    if ticket is not None:
        headers["x-security-token"] = ticket
    names = ";".join(sorted(headers))
    block = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    uri = "/".join(quote(part, safe="-._~") for part in path.split("/")) + "/"
    canonical = "\n".join([method, uri, query, block, names, hashlib.sha256(body).hexdigest()])
    to_sign = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    mark = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    line = f"SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={mark}"
    sent = {name: value for name, value in headers.items() if name != "host"}
    return {**sent, "Authorization": line}


def get(client, path=f"/v1/{DEV}/services", **how):
    query = how.get("query", "")
    headers = signed(client.url, "GET", path, **how)
    return client.call("GET", path + (f"?{query}" if query else ""), headers=headers)


def test_a_signed_request_is_served_and_named_in_the_journal(client):
    assert get(client, query="limit=10&service_name=mn").status_code == 200
    assert client.door("journal")[-1]["signed_by"] == AK
    client.api("GET", "/services")
    assert client.door("journal")[-1]["signed_by"] == "token"


def test_a_signed_create_and_a_delete_of_two_with_a_comma(client):
    path = f"/v1/{DEV}/services"
    ids = []
    for name in ("one", "two"):
        body = str(a_service(name)).replace("'", '"').encode()
        headers = signed(client.url, "POST", path, body=body)
        answer = client.call("POST", path, headers=headers, data=body)
        assert answer.status_code == 200, answer.text
        ids.append(answer.json()["service_id"])
    headers = signed(client.url, "DELETE", f"{path}/{','.join(ids)}")
    assert client.call("DELETE", f"{path}/{'%2C'.join(ids)}", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"access": "OTHER"}, {"secret": "other"}, {"late": timedelta(minutes=16)}, {"late": timedelta(minutes=-16)}],
)
def test_wrong_keys_and_old_dates_are_refused_by_the_gateway(client, wrong):
    assert error_of(get(client, **wrong))[:2] == (401, "APIGW.0301")


def test_a_clock_fourteen_minutes_off_is_near_enough(client):
    assert get(client, late=timedelta(minutes=14)).status_code == 200


def test_a_changed_body_breaks_the_signature(client):
    path = f"/v1/{DEV}/services"
    headers = signed(client.url, "POST", path, body=b"{}")
    assert client.call("POST", path, headers=headers, data=b"{ }").status_code == 401
    headers["X-Sdk-Content-Sha256"] = hashlib.sha256(b"{}").hexdigest()
    assert client.call("POST", path, headers=headers, data=b"{ }").status_code == 401


def test_a_signature_for_another_project_is_403(client):
    assert error_of(get(client, project=PROD))[:2] == (403, "ModelArts.0210")


@pytest.mark.parametrize("path", ["services", "models", "vpcs"])
def test_a_signature_for_a_project_that_is_not_there_is_400(client, path):
    """A token cannot be had for such a one; an access key can name it, and only the service sees that."""
    nowhere = "f" * 32
    assert error_of(get(client, f"/v1/{nowhere}/{path}", project=nowhere))[:2] == (400, "ModelArts.0210")


@pytest.mark.parametrize("line", ["SDK-HMAC-SHA256 Access=", "Basic ZGVtbzpkZW1v", "Bearer x"])
def test_other_authorization_lines_are_refused(client, line):
    answer = client.call("GET", f"/v1/{DEV}/services", headers={"Authorization": line})
    assert error_of(answer)[:2] == (401, "APIGW.0301")


def test_temporary_keys_are_good_with_their_token_alone(client):
    assert get(client, **TEMPORARY, ticket=SECURITY_TOKEN).status_code == 200
    for ticket in (None, "", "other"):
        assert error_of(get(client, **TEMPORARY, ticket=ticket))[:2] == (401, "APIGW.0301")
    assert error_of(get(client, ticket=SECURITY_TOKEN))[:2] == (401, "APIGW.0301")


def test_the_token_of_temporary_keys_must_be_signed(client):
    path = f"/v1/{DEV}/services"
    headers = signed(client.url, "GET", path, **TEMPORARY)
    answer = client.call("GET", path, headers={**headers, "X-Security-Token": SECURITY_TOKEN})
    assert error_of(answer)[:2] == (401, "APIGW.0301")


def test_the_projects_are_listed_for_a_signature(client):
    found = get(client, "/v3/projects", query="name=region-1")
    assert [project["id"] for project in found.json()["projects"]] == [DEV]
    assert get(client, "/v3/projects", secret="other").status_code == 401
