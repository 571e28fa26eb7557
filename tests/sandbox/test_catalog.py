"""Models of every kind, many of them; pools, networks and rights as both editions list them."""

import json

import pytest

from .conftest import DEV, PROD, a_model, a_service, error_of

LEAVES = ("string", "number", "integer", "boolean")
BASKET = "5a1ce7d2-90f4-4b36-8d7e-c2f81b06a943"
SMALL_POOL = "4be0d7a3-92f1-4c58-8a6e-d35b1f07c9e2"


def v2(client, path):
    return client.call("GET", f"/v2/{DEV}{path}", token=client.token())


def models(client, query=""):
    return client.api("GET", f"/models{query}").json()["models"]


def leaves(schema):
    """The paths of all primitive leaves of a JSON schema."""
    if schema["type"] in LEAVES:
        return [""]
    if schema["type"] == "array":
        return [f"[]{path}" for path in leaves(schema["items"][0])]
    return [f".{name}{path}" for name, part in schema["properties"].items() for path in leaves(part)]


def test_a_batch_model_takes_nested_rows(client):
    model = client.api("GET", f"/models/{BASKET}").json()
    assert model["install_type"] == ["batch"]
    schema = json.loads(model["apis"])[0]["input_params"]
    assert leaves(schema) == [
        ".customer.id",
        ".customer.age",
        ".customer.loyal",
        ".items[].article",
        ".items[].price",
        ".items[].tags[]",
    ]
    assert json.loads(model["config"])["apis"][0]["request"]["data"] == schema
    assert json.loads(model["apis"])[0]["url"] == "/v2/value"
    described = {row["param_name"]: json.loads(row["param_desc"]) for row in model["input_params"]}
    assert described == schema["properties"], "what an object looks like is a JSON string"


def test_a_batch_model_takes_one_file(client):
    model = client.api("GET", "/models/e93b60c8-1d57-4fa2-b0e6-74c5d8a1f32e").json()
    assert [row["param_type"] for row in model["input_params"]] == ["file"]
    assert json.loads(model["config"])["apis"][0]["request"]["Content-type"] == "multipart/form-data"


def test_a_detail_may_spell_realtime_without_a_hyphen(client):
    row = models(client, "?model_name=chat-tone")[0]
    assert row["install_type"] == ["real-time"]
    assert client.api("GET", f"/models/{row['model_id']}").json()["install_type"] == ["realtime"]


def test_every_model_reads_for_a_client_that_takes_each_description_for_json(client):
    """otcextensions 0.34.8 drops the whole model when a param_desc is no JSON."""
    for row in models(client):
        model = client.api("GET", f"/models/{row['model_id']}").json()
        for name in ("apis", "config", "model_metrics"):
            json.loads(model[name])
        for param in (*model["input_params"], *model["output_params"]):
            assert param["param_name"]
            json.loads(param.get("param_desc", "{}"))


def test_a_model_without_inputs_has_no_apis(client):
    model = client.api("GET", "/models/48c2f7b9-05d6-4ea1-b98e-3d6a10f4c752").json()
    assert (model["input_params"], json.loads(model["apis"])) == ([], [])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("model_status=building", {"page-turner"}),
        ("model_status=Building_failed", {"page-turner"}),
        ("model_status=failed", {"page-turner"}),
        ("model_version=0.0.9", {"page-turner"}),
        ("description=letters", {"sentiment"}),
        ("model_type=Image", {"invoice-reader"}),
        ("model_name=page-turner&exact_match=true&model_status=published", set()),
        ("model_name=page_turner", set()),
        ("workspace_id=6f4e1d0c2b3a49588776655443322110", {"sentiment"}),
        ("workspace_id=nowhere", set()),
    ],
)
def test_models_are_found_by_every_documented_filter(client, query, names):
    assert {row["model_name"] for row in models(client, f"?{query}")} == names


def test_models_are_left_out_by_type_and_ordered_by_version_and_size(client):
    kinds = {row["model_type"] for row in models(client, "?not_model_type=TensorFlow")}
    assert "TensorFlow" not in kinds
    versions = [row["model_version"] for row in models(client, "?model_name=page-turner&sort_by=model_version")]
    assert versions == ["0.0.10", "0.0.9", "0.0.8"]
    sizes = [row["model_size"] for row in models(client, "?sort_by=model_size&order=asc")]
    assert sizes == sorted(sizes)


def test_five_thousand_more_models_are_paged(client):
    few = len(models(client))
    assert client.door("models", {"count": 5000}) == {"count": 5000}
    seen = []
    for offset in range(0, 6000, 1000):
        answer = client.api("GET", f"/models?limit=1000&offset={offset}").json()
        assert answer["total_count"] == few + 5000
        seen += [row["model_id"] for row in answer["models"]]
    assert len(set(seen)) == few + 5000
    assert models(client, "?limit=1")[0]["model_status"] == "published", "the first stays the first"
    last = client.api("GET", f"/models/{seen[-1]}").json()
    assert json.loads(last["apis"])
    client.made(config=[a_model(model_id=seen[-1])])
    assert models(client, f"?model_name={last['model_name']}&exact_match=true&model_version={last['model_version']}")
    client.door("models", {"count": 0})
    assert len(models(client)) == few
    client.door("strict", {"on": True})
    assert client.api("GET", f"/models/{seen[-1]}").status_code == 404


def test_names_and_versions_of_more_models_are_all_different(client):
    client.door("models", {"count": 5000})
    rows = [row for offset in range(0, 6000, 1000) for row in models(client, f"?limit=1000&offset={offset}")]
    assert len({(row["model_name"], row["model_version"]) for row in rows}) == len(rows)


def test_flavors_of_every_kind_are_listed(client):
    rows = client.api("GET", "/services/specifications").json()["specifications"]
    kinds = {(row["spec_status"], row["is_open"], row["over_quota"], row["is_free"]) for row in rows}
    assert len(kinds) == 5, "normal, free, sold out, closed, over the quota"
    assert {row["category"] for row in rows} == {"CPU", "GPU", "NPU"}
    small = rows[0]
    assert (small["cpu_info"]["cpu"], small["memory_info"]) == (2, {"unit": "GB", "memory": 8})


@pytest.mark.parametrize("status", ["running", "concerning", "deploying", "abnormal"])
def test_a_cluster_of_each_status_is_found_by_it(client, status):
    rows = client.api("GET", f"/clusters?status={status}").json()["clusters"]
    assert {row["status"] for row in rows} == {status}


def test_clusters_are_ordered_and_a_full_one_says_so(client):
    names = [row["cluster_name"] for row in client.api("GET", "/clusters?sort_by=cluster_name").json()["clusters"]]
    assert names == sorted(names, reverse=True)
    full = client.api("GET", "/clusters?cluster_name=full").json()["clusters"][0]
    assert (full["allocatable_cpu_cores"], full["nodes"]["available_count"]) == (2.0, 0)
    entry = a_model(specification="custom", custom_spec={"cpu": 3, "memory": 64}, cluster_id=full["cluster_id"])
    assert error_of(client.create(config=[entry]))[:2] == (400, "ModelArts.3952")
    for query in ("status=odd", "sort_by=x", "limit=x"):
        assert client.api("GET", f"/clusters?{query}").status_code == 400


@pytest.mark.parametrize("status", ["created", "failed", "creating"])
def test_pools_are_found_by_the_status_of_2025(client, status):
    items = v2(client, f"/pools?status={status}").json()["items"]
    assert items
    every = v2(client, "/pools").json()["items"]
    assert len(items) < len(every)


def test_a_pool_its_nodes_and_its_figures_are_shown(client):
    for path in (f"/pools/{SMALL_POOL}", f"/pools/{SMALL_POOL}/monitor"):
        assert v2(client, path).json()["metadata"]["name"] == SMALL_POOL
    assert v2(client, f"/pools/{SMALL_POOL}").json()["status"]["resources"]["available"] == []
    nodes = v2(client, f"/pools/{SMALL_POOL}/nodes").json()["items"]
    assert {node["status"]["phase"] for node in nodes} == {"Busy"}
    for path in ("", "/nodes", "/monitor"):
        assert v2(client, f"/pools/nowhere{path}").status_code == 404


def test_pools_are_found_by_label_and_workspace(client):
    items = v2(client, "/pools?labelSelector=os.modelarts/name=ml-pool-a").json()["items"]
    assert [item["metadata"]["labels"]["os.modelarts/name"] for item in items] == ["ml-pool-a"]
    assert v2(client, "/pools?workspaceId=6f4e1d0c2b3a49588776655443322110").json()["items"] == []
    assert error_of(v2(client, "/pools?workspaceId=nowhere"))[:2] == (400, "ModelArts.0102")
    assert error_of(v2(client, "/pools?status=odd"))[:2] == (400, "ModelArts.0104")


def test_the_agency_is_listed_until_it_is_withdrawn(client):
    assert v2(client, "/authorizations").json()["auth"][0]["type"] == "agency"
    client.door("rights", {"authorized": False})
    assert v2(client, "/authorizations").json()["auth"] == []


def test_a_workspace_is_shown_and_an_unknown_one_refused(client):
    shown = client.api("GET", "/workspaces/0").json()
    assert (shown["name"], shown["status"], len(shown["grants"])) == ("default", "NORMAL", 1)
    assert error_of(client.api("GET", "/workspaces/nowhere"))[:2] == (400, "ModelArts.7005")
    names = [r["name"] for r in client.api("GET", "/workspaces?sort_by=name&order=asc").json()["workspaces"]]
    assert names == ["default", "production", "research"]
    assert client.api("GET", "/workspaces?name=prod&limit=1").json()["count"] == 1


@pytest.mark.parametrize("path", ["vpcs", "subnets", "security-groups", "security-group-rules"])
def test_networks_are_paged_by_marker(client, path):
    key = path.replace("-", "_")
    every = [row["id"] for row in client.api("GET", f"/{path}").json()[key]]
    seen, marker = [], ""
    while page := client.api("GET", f"/{path}?limit=1{marker}").json()[key]:
        seen += [row["id"] for row in page]
        marker = f"&marker={seen[-1]}"
    assert seen == every
    assert len(every) > 1
    assert client.api("GET", f"/{path}?limit=x").status_code == 400


def test_networks_are_narrowed_by_their_vpc(client):
    lab = next(row for row in client.api("GET", "/vpcs").json()["vpcs"] if row["name"] == "vpc-lab")
    subnets = client.api("GET", f"/subnets?vpc_id={lab['id']}").json()["subnets"]
    assert {row["name"]: row["status"] for row in subnets} == {"subnet-lab": "ACTIVE", "subnet-broken": "ERROR"}
    assert all(row["neutron_subnet_id"] != row["id"] for row in subnets)
    groups = client.api("GET", f"/security-groups?vpc_id={lab['id']}").json()["security_groups"]
    assert {row["name"] for row in groups} == {"sg-lab", "sg-range", "sg-inner"}
    assert client.api("GET", "/vpcs?id=nowhere").json()["vpcs"] == []


@pytest.mark.parametrize(
    ("name", "opens"),
    [("sg-inference", True), ("sg-lab", True), ("sg-range", True), ("sg-closed", False), ("sg-inner", False)],
)
def test_a_security_group_must_let_8080_in_from_anywhere(client, name, opens):
    groups = client.api("GET", "/security-groups").json()["security_groups"]
    group = next(row for row in groups if row["name"] == name)
    answer = client.create(vpc_id=group["vpc_id"], subnet_network_id="s", security_group_id=group["id"])
    assert answer.status_code == (200 if opens else 400), answer.text
    if not opens:
        assert error_of(answer)[:2] == (400, "ModelArts.3534")


def test_a_project_is_shown_by_its_id(client):
    shown = client.call("GET", f"/v3/projects/{PROD}", token=client.token()).json()["project"]
    assert (shown["id"], shown["name"], shown["enabled"]) == (PROD, "region-1_prod", True)
    assert client.call("GET", "/v3/projects/none", token=client.token()).status_code == 404
    for query, count in (("enabled=false", 0), ("is_domain=true", 0), (f"parent_id={'d' * 32}", 0), ("per_page=1", 1)):
        found = client.call("GET", f"/v3/projects?{query}", token=client.token()).json()["projects"]
        assert len(found) == count


def test_the_offers_of_a_service_are_those_of_its_project(client):
    assert {row["project"] for row in models(client)} == {DEV}
    client.made(a_service("mine"))
    assert client.api("GET", "/services").json()["services"][0]["project"] == DEV
