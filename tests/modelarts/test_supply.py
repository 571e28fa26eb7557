"""What services are made of: models with JSON inside strings, flavors, pools old and new."""

import json
from datetime import UTC, datetime

import pytest

from deployer.modelarts import paging
from deployer.modelarts.errors import NoAnswer, Refused

from .clouds import answer, says
from .test_histories import query_of


def test_models_are_asked_for_by_every_documented_filter(cloud, client):
    cloud.acts = [says({"models": [], "total_count": 0})]
    client.models(
        name="senti", version="4.1.3", status="published", model_type="Image", not_model_type="Template",
        description="tickets", workspace_id="w1",
    )  # fmt: skip
    assert query_of(cloud.heard[-1]) == {
        "model_name": "senti", "model_version": "4.1.3", "model_status": "published", "model_type": "Image",
        "not_model_type": "Template", "description": "tickets", "workspace_id": "w1", "offset": "0", "limit": "100",
    }  # fmt: skip


def test_an_exact_name_is_asked_for_exactly_and_looked_at_again(cloud, client):
    names = ("ticket_router", "ticket_router_2")
    rows = [{"model_id": f"m{number}", "model_name": name} for number, name in enumerate(names)]
    cloud.acts = [says({"models": rows, "total_count": 2})]
    assert [one.name for one in client.models(name="ticket_router")] == list(names)
    assert query_of(cloud.heard[-1])["exact_match"] == "true"  # the cloud knows no other way with an underscore
    assert [one.name for one in client.models(name="ticket_router", exact=True)] == ["ticket_router"]
    client.models(name="ticket")
    assert "exact_match" not in query_of(cloud.heard[-1])
    client.models(exact=True)
    assert "exact_match" not in query_of(cloud.heard[-1])


def test_the_json_inside_the_strings_of_a_model(cloud, client):
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    api = {"url": "/predict", "method": "post", "input_params": json.dumps(schema), "output_params": schema}
    found = {
        "model_id": "m1", "model_name": "sentiment", "model_size": "2048", "create_at": 1598319442708,
        "install_type": ["realtime", "Batch", 7, None, "edge"], "apis": json.dumps([api, "odd"]),
        "config": json.dumps({"model_type": "Image", "apis": [api]}), "description": "d",
        "input_params": [{"url": "/predict", "param_type": "object", "param_desc": json.dumps(schema)}, "odd"],
        "output_params": [{"param_name": "n", "param_desc": "3 labels"}],
    }  # fmt: skip
    cloud.acts = [says(found)]
    seen = client.model("m1")
    assert seen.apis == [{**api, "input_params": schema}, "odd"]
    assert seen.config["apis"][0]["url"] == "/predict"
    assert seen.input_params == [{"url": "/predict", "param_type": "object", "param_desc": schema}, "odd"]
    assert seen.output_params == [{"param_name": "n", "param_desc": "3 labels"}]
    assert seen.install_types == ("real-time", "batch", "7", "edge")
    assert (seen.size, seen.description) == (2048, "d")
    assert seen.created_at == datetime(2020, 8, 25, 1, 37, 22, 708000, tzinfo=UTC)
    assert seen.raw == found


@pytest.mark.parametrize("odd", ["[", "7", 7, None, "null", '{"a": 1}', [], True, '"text"'])
def test_strings_that_hold_no_such_json_are_empty(cloud, client, odd):
    cloud.acts = [says(dict.fromkeys(("apis", "input_params", "output_params", "install_type", "model_size"), odd))]
    seen = client.model("m1")
    assert (seen.apis, seen.input_params, seen.output_params, seen.install_types) == ([], [], [], ())
    cloud.acts = [says({"config": "[1]", "apis": [{"request": "{"}]})]
    assert (client.model("m1").config, client.model("m1").apis) == ({}, [{"request": "{"}])


def test_an_answer_about_another_model_is_none(cloud, client):
    cloud.acts = [says({"model_id": "m2"})]
    with pytest.raises(NoAnswer, match="another model"):
        client.model("m1")


def test_flavors_of_dedicated_pools_and_in_pages(cloud, client):
    rows = [{"specification": f"f{number}", "category": "gpu", "source_type": ""} for number in range(120)]
    cloud.acts = [says({"specifications": part, "total_count": 120}) for part in (rows[:100], rows[100:])]
    seen = client.specifications("batch", personal=True)
    assert (len(seen), seen[0].category) == (120, "GPU")
    assert query_of(cloud.heard[-1]) == {
        "infer_type": "batch", "is_personal_cluster": "true", "offset": "100", "limit": "100"
    }  # fmt: skip


def test_one_flavor_may_stand_twice(cloud, client):
    cloud.acts = [says({"specifications": [{"specification": "a"}, {"specification": "a", "source_type": "auto"}]})]
    assert [one.source_type for one in client.specifications()] == ["", "auto"]
    assert query_of(cloud.heard[1])["is_personal_cluster"] == "false"


def test_what_is_left_in_a_cluster(cloud, client):
    row = {
        "cluster_id": "c1", "cluster_name": "pool", "status": "Running", "allocatable_cpu_cores": "7.5",
        "allocatable_memory": 30000, "allocatable_gpus": 0, "nodes": {"specification": "f", "count": "2"},
    }  # fmt: skip
    cloud.acts = [says({"clusters": [row, {"cluster_id": "c2", "nodes": []}], "total_count": 2})]
    first, second = client.clusters()
    assert (first.allocatable_cpu_cores, first.allocatable_memory, first.allocatable_gpus) == (7.5, 30000, 0)
    assert (first.is_running, first.specification, first.nodes, first.available_nodes) == (True, "f", 2, None)
    assert (second.is_running, second.allocatable_cpu_cores, second.nodes) == (False, None, None)


def test_pools_of_the_newer_kind(cloud, client):
    row = {
        "metadata": {"name": "pool-1a2b", "labels": {"os.modelarts/name": "inference", "os.modelarts/workspace.id": 0}},
        "spec": {"scope": ["Infer", 5, None], "resources": [{"flavor": "modelarts.vm.gpu.p4", "count": "3"}, 4]},
        "status": {"phase": "Running", "resources": {"available": [{"flavor": "modelarts.vm.gpu.p4", "count": 1}]}},
    }
    cloud.acts = [says({"kind": "PoolList", "items": [row, {"metadata": 3, "status": {"resources": []}}, None]})]
    first, second = client.pools(workspace_id="w1")
    assert cloud.heard[-1].path == "/v2/p1/pools?workspaceId=w1"
    assert (first.pool_name, first.name, first.status, first.is_running) == ("pool-1a2b", "inference", "Running", True)
    assert (first.scopes, first.takes_services, first.workspace_id) == (("Infer", "5"), True, "0")
    assert [(one.flavor, one.count) for one in first.resources] == [("modelarts.vm.gpu.p4", 3)]
    assert [(one.flavor, one.count) for one in first.available] == [("modelarts.vm.gpu.p4", 1)]
    assert (second.pool_name, second.available, second.is_running, second.takes_services) == ("", (), False, True)
    cloud.acts = [says({"items": [{"spec": {"scope": ["Train"]}}]})]
    assert [one.takes_services for one in client.pools()] == [False]


def test_an_older_cloud_has_no_pools(cloud, client):
    cloud.acts = [says({"error_code": "APIG.0101", "error_msg": "no such API"}, 404)]
    with pytest.raises(Refused) as failure:
        client.pools()
    assert failure.value.status == 404


LIMITS = [("MOST_PAGES", 4), ("MOST_BYTES", 3000), ("MOST_SECONDS", 0.0)]


@pytest.mark.parametrize(("limit", "most"), LIMITS)
def test_a_list_that_goes_on_is_cut_by_pages_bytes_and_seconds(cloud, client, monkeypatch, limit, most):
    monkeypatch.setattr(paging, limit, most)
    number = iter(range(10_000))

    def ever_new(line, heard):
        answer(json.dumps({"models": [{"model_id": f"m{next(number)}", "x": "y" * 500} for _ in range(2)]}))(
            line, heard
        )

    cloud.acts = [ever_new]
    with pytest.raises(NoAnswer, match="does not end"):
        client.models()
    assert cloud.count("GET") <= 5
