"""Finding the id of a project for who knows only user, password, domain and region."""

import json

import pytest

from deployer.modelarts import iam
from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.errors import BadAddress, LoginRefused, NoAnswer, Refused
from deployer.modelarts.iam import Iam, find_projects
from deployer.modelarts.signing import SignedRequests

from . import clouds
from .clouds import PASSWORD, says
from .test_histories import query_of

PERSON = {"username": "alice", "password": PASSWORD, "domain": "demo", "timeout": (1, 0.5), "local_allowed": True}
ROWS = [
    {"id": "p2", "name": "region-1_prod", "enabled": "false", "is_domain": False},
    {"id": "p1", "name": "region-1", "enabled": True},
    {"id": "d1", "name": "demo", "is_domain": True},
    {"name": "no id"},
]
WRONG = says({"error": {"code": 401, "message": "wrong"}}, 401)


def scopes(cloud):
    return [json.loads(one.body)["auth"]["scope"] for one in cloud.heard if one.method == "POST"]


def test_the_projects_of_a_person(cloud):
    cloud.logins = [clouds.token_answer(), says({"projects": ROWS})]
    found = find_projects(cloud.url + "/v3", region="region-1", **PERSON)
    assert [(one.id, one.name, one.enabled) for one in found] == [
        ("p1", "region-1", True),
        ("p2", "region-1_prod", False),
    ]
    assert scopes(cloud) == [{"project": {"name": "region-1"}}]
    assert cloud.heard[-1].path == "/v3/projects?page=1&per_page=500"
    assert cloud.heard[-1].headers["x-auth-token"] == clouds.TOKEN


def test_where_the_region_is_refused_the_domain_is_tried(cloud):
    cloud.logins = [WRONG, clouds.token_answer(), says({"projects": ROWS})]
    assert len(find_projects(cloud.url, region="region-9", **PERSON)) == 2
    assert scopes(cloud) == [{"project": {"name": "region-9"}}, {"domain": {"name": "demo"}}]
    cloud.logins = [clouds.token_answer(), says({"projects": ROWS})]
    assert len(find_projects(cloud.url, **PERSON)) == 2
    assert scopes(cloud)[2:] == [{"domain": {"name": "demo"}}]


def test_wrong_credentials_end_it(cloud):
    cloud.logins = [WRONG]
    with pytest.raises(LoginRefused):
        find_projects(cloud.url, region="region-1", **PERSON)
    assert len(cloud.heard) == 2


def test_who_may_not_list_still_learns_the_project_of_the_login(cloud):
    token = says({"token": {"project": {"id": "p1"}}}, 201, ["X-Subject-Token: one"])
    refusal = says({"error": {"code": 403, "message": "no"}}, 403)
    cloud.logins = [token, refusal]
    (found,) = find_projects(cloud.url, region="region-1", **PERSON)
    assert (found.id, found.name) == ("p1", "region-1")
    cloud.logins = [clouds.token_answer(), refusal]
    with pytest.raises(Refused):
        find_projects(cloud.url, **PERSON)
    with pytest.raises(Refused):
        find_projects(cloud.url, SignedRequests("AK-1", "key-1", "typed"), timeout=(1, 1), local_allowed=True)


def test_an_access_key_asks_without_a_project(cloud):
    cloud.logins = [says({"projects": ROWS})]
    found = find_projects(cloud.url, SignedRequests("AK-1", "key-1"), timeout=(1, 1), local_allowed=True)
    assert len(found) == 2
    assert "x-project-id" not in cloud.heard[0].headers
    assert "SignedHeaders=host;x-sdk-date," in cloud.heard[0].headers["authorization"]


def test_a_login_that_is_there_already_is_used(cloud):
    auth = PasswordToken(cloud.url, "alice", PASSWORD, "demo", project_id="p1", local_allowed=True)
    cloud.logins = [clouds.token_answer(), says({"projects": []})]
    assert find_projects(cloud.url, auth, timeout=(1, 1), local_allowed=True) == []


def test_projects_come_from_all_pages(cloud, monkeypatch):
    monkeypatch.setattr(iam, "_PAGE", 2)
    pages = [[{"id": f"p{number}"} for number in part] for part in ((0, 1), (2, 3), (4,))]
    cloud.logins = [says({"projects": rows}) for rows in pages]
    client = Iam(cloud.url, SignedRequests("AK-1", "key-1"), timeout=(1, 1), local_allowed=True)
    assert len(client.projects(name="region")) == 5
    assert [query_of(one)["page"] for one in cloud.heard] == ["1", "2", "3"]
    assert query_of(cloud.heard[0])["name"] == "region"
    cloud.logins = [says({"projects": pages[0]})]  # the same page for ever
    assert len(client.projects()) == 2
    client.close()


@pytest.mark.parametrize("act", [says({}), says([]), clouds.answer("<html>"), clouds.reset, clouds.huge])
def test_an_answer_without_projects_is_none(cloud, act, monkeypatch):
    monkeypatch.setattr("deployer.modelarts.calls.READ_TRIES", 1)
    cloud.logins = [clouds.token_answer(), act]
    with pytest.raises(NoAnswer):
        find_projects(cloud.url, **PERSON, deadline=1)


def test_addresses_are_checked_here_too(cloud):
    with pytest.raises(BadAddress):
        find_projects(cloud.url, **{**PERSON, "local_allowed": False})
    with pytest.raises(BadAddress, match="DEPLOYER_ALLOWED_CLOUD_HOSTS"):
        find_projects(cloud.url, **PERSON, allowed_hosts=("iam.example.com",))
    assert cloud.heard == []
