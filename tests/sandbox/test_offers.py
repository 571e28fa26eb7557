"""The catalog: models, flavors, pools, workspaces and networks, as the documents list them."""

import json

import pytest

from .conftest import DEV, error_of

SAMPLE_MODELS = [
    "xxxmodel-idxxx",
    "xxxxxx",
    "eb6a4a8c-5713-4a27-b8ed-c7e694499af5",
    "598b913a-af3e-41ba-a1b5-bf065320f1e2",
]
SAMPLE_POOLS = ["8abf68a969c3cb3a0169c4acb24b0000", "8abf68a969c3cb3a0169c4acb24b****"]


def models(client, query=""):
    return client.api("GET", f"/models{query}").json()["models"]


def test_the_first_model_is_published_and_real_time(client):
    for query in ("", "?model_status=published", "?limit=1"):
        first = models(client, query)[0]
        assert first["model_status"] == "published"
        assert "real-time" in first["install_type"]


@pytest.mark.parametrize("model_id", SAMPLE_MODELS)
def test_the_models_of_the_samples_are_published_and_fit_for_both_types(client, model_id):
    model = client.api("GET", f"/models/{model_id}").json()
    assert (model["model_status"], model["install_type"]) == ("published", ["real-time", "batch"])
    assert model["input_params"]


def test_a_models_interface_is_json_text_where_the_documents_have_text(client):
    found = models(client, "?model_name=ticket-score&exact_match=true")
    model = client.api("GET", f"/models/{found[0]['model_id']}").json()
    apis = json.loads(model["apis"])
    leaves = apis[0]["input_params"]["properties"]["data"]["properties"]["req_data"]["items"][0]["properties"]
    assert len(leaves) == len(model["input_params"]) == 5
    assert json.loads(model["config"])["apis"][0]["url"] == apis[0]["url"]
    assert all(isinstance(value, str) for value in model["specification"].values())


def test_models_are_filtered_and_paged(client):
    assert {m["model_name"] for m in models(client, "?model_name=sent")} == {"sentiment"}
    assert models(client, "?model_name=sent&exact_match=true") == []
    assert [m["model_version"] for m in models(client, "?model_name=sentiment&order=asc")] == [
        "4.1.3",
        "4.2.0",
        "5.0.0",
    ]
    assert [m["model_name"] for m in models(client, "?model_status=Publishing")] == ["draft-writer"]
    every = models(client)
    assert models(client, "?limit=3&offset=2") == every[2:5]
    assert client.api("GET", "/models?limit=1").json()["total_count"] == len(every)
    assert client.api("GET", "/models?sort_by=x").status_code == 400
    assert client.api("GET", "/models?model_type=Image&not_model_type=Custom").status_code == 400


def test_an_unlisted_model_is_a_published_one_unless_strict(client):
    """As when it is deployed (CONTRACT, "so that a person can play"): what may be sent may be looked at."""
    shown = client.api("GET", "/models/none").json()
    assert (shown["model_id"], shown["model_status"], shown["install_type"]) == (
        "none", "published", ["real-time", "batch"],
    )  # fmt: skip
    assert shown["input_params"]
    assert json.loads(shown["apis"]) == []
    other = client.api("GET", "/models/another").json()
    assert (shown["model_name"], shown["model_version"]) != (other["model_name"], other["model_version"])
    client.door("strict", {"on": True})
    assert error_of(client.api("GET", "/models/none"))[:2] == (404, "ModelArts.3001")


def test_flavors_differ_by_type_and_some_are_not_to_be_had(client):
    def names(query):
        rows = client.api("GET", f"/services/specifications{query}").json()["specifications"]
        free = [r for r in rows if r["spec_status"] == "normal" and r["is_open"] and not r["over_quota"]]
        return {r["specification"] for r in rows}, {r["specification"] for r in free}

    every, free = names("")
    assert {"modelarts.vm.cpu.2u", "modelarts.vm.gpu.p4"} <= free
    assert "custom" not in every, "it is offered for dedicated pools alone"
    assert len(every - free) == 3
    assert names("?infer_type=batch")[0] < every
    assert names("?is_personal_cluster=true")[0] == {"custom"}
    assert client.api("GET", "/services/specifications?infer_type=x").status_code == 400


def test_the_pools_of_the_samples_run(client):
    rows = client.api("GET", "/clusters").json()["clusters"]
    status = {row["cluster_id"]: row["status"] for row in rows}
    assert [status[pool] for pool in SAMPLE_POOLS] == ["running", "running"]
    assert client.api("GET", "/clusters?cluster_name=ml-pool-a&status=running").json()["count"] == 1


def test_the_newer_edition_lists_the_pools_as_objects(client):
    answer = client.call("GET", f"/v2/{DEV}/pools", token=client.token())
    assert {item["metadata"]["name"] for item in answer.json()["items"]} >= set(SAMPLE_POOLS)
    assert client.call("GET", f"/v2/{DEV}/pools").status_code == 401


def test_workspaces_and_networks_are_listed(client):
    assert client.api("GET", "/workspaces").json()["workspaces"][0]["id"] == "0"
    vpc = client.api("GET", "/vpcs?limit=1").json()["vpcs"][0]
    assert client.api("GET", f"/vpcs?marker={vpc['id']}").json()["vpcs"][0]["id"] != vpc["id"]
    subnets = client.api("GET", f"/subnets?vpc_id={vpc['id']}").json()["subnets"]
    assert all(subnet["neutron_network_id"] == subnet["id"] for subnet in subnets)
    groups = client.api("GET", "/security-groups").json()["security_groups"]
    rules = client.api("GET", f"/security-group-rules?security_group_id={groups[0]['id']}").json()
    assert rules["security_group_rules"] == groups[0]["security_group_rules"]
