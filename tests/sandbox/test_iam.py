"""Logging in: tokens, projects, versions, and who is turned away."""

import pytest

from .conftest import DEV, PROD, Client, Sandbox, error_of, login_body


def test_a_token_travels_in_a_header_and_lives_24_hours(client):
    answer = client.login()
    token = answer.json()["token"]
    assert answer.status_code == 201
    assert answer.headers["X-Subject-Token"] not in answer.text
    assert token["project"]["id"] == DEV
    assert token["expires_at"][:10] > token["issued_at"][:10]
    assert token["expires_at"].endswith("Z")


def test_the_catalog_lists_identity_and_modelarts_at_this_very_server(client):
    catalog = client.login(PROD).json()["token"]["catalog"]
    found = {entry["type"]: entry["endpoints"][0] for entry in catalog}
    assert found["identity"]["url"] == f"{client.url}/v3"
    assert found["modelartsv1"]["url"] == f"{client.url}/v1/{PROD}"
    assert {endpoint["interface"] for endpoint in found.values()} == {"public"}
    assert len(catalog) == 2


@pytest.mark.parametrize("query", ["?nocatalog", "?nocatalog=true", "?nocatalog="])
def test_nocatalog_drops_the_catalog(client, query):
    assert "catalog" not in client.login(query=query).json()["token"]


@pytest.mark.parametrize(
    ("scope", "project"),
    [
        ({"project": {"name": "region-1"}}, DEV),
        ({"project": {"name": "region-1_prod"}}, PROD),
        ({"project": {"id": PROD, "name": "region-1"}}, PROD),
        ({"project": {"id": DEV}, "domain": {"name": "demo"}}, DEV),
    ],
)
def test_the_scope_is_a_project_by_name_or_id_and_wins_over_a_domain(client, scope, project):
    assert client.login(scope=scope).json()["token"]["project"]["id"] == project


def test_a_domain_token_is_given_out_and_useless_for_services(client):
    answer = client.login(scope={"domain": {"name": "demo"}})
    token = answer.headers["X-Subject-Token"]
    assert "project" not in answer.json()["token"]
    refusal = client.call("GET", f"/v1/{DEV}/services", token=token)
    assert error_of(refusal)[:2] == (400, "ModelArts.0204")
    assert client.call("GET", "/v3/projects", token=token).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"name": "eve"}, {"password": "demo "}, {"domain": "other"}, {"scope": {"project": {"id": "none"}}}]
)
def test_wrong_credentials_are_401_in_the_shape_of_iam(client, wrong):
    answer = client.login(**wrong)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 401
    assert "X-Subject-Token" not in answer.headers


def _without(path):
    body = login_body()
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return body


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        _without(["auth", "identity", "methods"]),
        _without(["auth", "identity", "password"]),
        _without(["auth", "identity", "password", "user", "name"]),
        _without(["auth", "identity", "password", "user", "domain"]),
        {"auth": {"identity": {"methods": ["totp"]}}},
        login_body(password=5),
        login_body(scope=7),
        login_body(scope={"project": {}}),
    ],
)
def test_malformed_logins_are_400(client, body):
    answer = client.call("POST", "/v3/auth/tokens", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_text_that_is_not_json_is_400(client):
    assert client.call("POST", "/v3/auth/tokens", data=b'{"auth": ').status_code == 400


@pytest.mark.parametrize(("secret", "status"), [("sandbox-secret-key", 201), ("other", 401)])
def test_access_keys_log_in_too(client, secret, status):
    keys = {"access": {"key": "SANDBOXACCESSKEY"}, "secret": {"key": secret}}
    identity = {"methods": ["hw_ak_sk"], "hw_ak_sk": keys}
    body = {"auth": {"identity": identity, "scope": {"project": {"name": "region-1"}}}}
    assert client.call("POST", "/v3/auth/tokens", json=body).status_code == status


def test_projects_are_listed_and_found_by_name(client):
    projects = client.call("GET", "/v3/projects", token=client.token()).json()["projects"]
    assert {project["name"]: project["id"] for project in projects} == {"region-1": DEV, "region-1_prod": PROD}
    one = client.call("GET", "/v3/projects?name=region-1", token=client.token()).json()["projects"]
    assert [project["id"] for project in one] == [DEV]
    page = client.call("GET", "/v3/projects?page=2&per_page=1", token=client.token()).json()["projects"]
    assert [project["id"] for project in page] == [PROD]
    assert client.call("GET", "/v3/projects").status_code == 401


@pytest.mark.parametrize("path", ["/v3", "/v3/"])
def test_versions_are_told_to_those_who_discover(client, path):
    version = client.call("GET", path).json()["version"]
    assert version["links"][0]["href"].startswith(f"{client.url}/v3")
    assert client.call("GET", "/").json()["versions"]["values"][0]["id"] == version["id"]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 401, "ModelArts.0201"), ({"X-Auth-Token": "made up"}, 401, "ModelArts.0203")],
)
def test_without_a_token_of_ours_nobody_gets_in(client, headers, status, code):
    answer = client.call("GET", f"/v1/{DEV}/services", headers=headers)
    assert error_of(answer)[:2] == (status, code)


def test_a_token_opens_its_own_project_only(client):
    answer = client.call("GET", f"/v1/{PROD}/services", token=client.token(DEV))
    assert error_of(answer)[:2] == (403, "ModelArts.0210")


def test_an_old_token_stays_good_until_its_24_hours_are_over():
    now = [1_800_000_000.0]
    with Sandbox(clock=lambda: now[0]) as sandbox:
        client = Client(sandbox.url)
        old = client.token()
        client.login()
        now[0] += 24 * 3600 - 1
        assert client.api("GET", "/services").status_code == 200
        client.advance(10_000)
        assert client.api("GET", "/services").status_code == 200, "advance never touches tokens"
        now[0] += 1
        answer = client.call("GET", f"/v1/{DEV}/services", token=old)
        assert error_of(answer)[:2] == (401, "ModelArts.0202")
        client.close()
