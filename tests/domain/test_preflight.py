"""Each check against the cloud: a case that passes, one that fails, one where nothing could be learnt."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.domain import preflight
from deployer.domain.preflight import Facts, Unknown
from deployer.domain.preflight.facts import Flavor, Free, Group, Model, Pool, Quota, Subnet, Vpc
from tests.factories import batch_body, entry, real_time_body

AWAY = Unknown("The cloud is away.")
GOOD = Model("sentiment", "5.0.0", "published", ("real-time", "batch"))
FILE = {"apis": [{"url": "/", "input": {"type": "object", "properties": {"images": {"type": "file"}}}}]}
ROWS = {
    "apis": [
        {
            "url": "/score",
            "input": {
                "type": "object",
                "properties": {
                    "rows": {
                        "type": "array",
                        "items": [{"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "string"}}}],
                    }
                },
            },
        }
    ]
}


def rule(**columns: int) -> dict:
    leaves = {name: {"type": "number", "index": at} for name, at in columns.items()}
    rows = {"type": "array", "items": {"type": "object", "properties": leaves}}
    return {"type": "object", "properties": {"rows": rows}}


def job(detail: dict | None, **fields) -> tuple[dict, Facts]:
    return batch_body(**fields), Facts(models={"model-a": Model("nightly", "1.0.0", "published", ("batch",), detail)})


def csv(**columns: int) -> tuple[dict, Facts]:
    return job(ROWS, req_uri="/score", mapping_type="csv", mapping_rule=rule(**columns))


def of_models(*models: Model | None | Unknown, infer_type: str = "real-time") -> tuple[dict, Facts]:
    rows = [entry(f"m{at}", 100 if not at else 0) for at in range(len(models))]
    facts = Facts(models={f"m{at}": model for at, model in enumerate(models)})
    return real_time_body(*rows, infer_type=infer_type), facts


def of_flavor(flavor: Flavor | None | Unknown, name: str = "gpu.p4", **more) -> tuple[dict, Facts]:
    listed = flavor if isinstance(flavor, Unknown) else {name: flavor} if flavor else {}
    return real_time_body(entry(specification=name), **more), Facts(flavors=listed)


def in_pool(pool: Pool | None | Unknown, key: str = "cluster_id", instances: int = 1, **spec) -> tuple[dict, Facts]:
    listed = pool if isinstance(pool, Unknown) else {"p": pool} if pool else {}
    row = entry(specification="custom" if spec else "gpu.p4", instance_count=instances)
    if spec:
        row["custom_spec"] = spec
    facts = Facts(clusters=listed) if key == "cluster_id" else Facts(pools=listed)
    return real_time_body(row, **{key: "p"}), facts


def in_vpc(**facts) -> tuple[dict, Facts]:
    return real_time_body(vpc_id="v", subnet_network_id="s", security_group_id="g"), Facts(**facts)


def of_quota(quota: Quota | Unknown, infer_type: str = "real-time", **more) -> tuple[dict, Facts]:
    return real_time_body(infer_type=infer_type, **more), Facts(quota=quota)


def paths(**fields: str) -> tuple[dict, Facts]:
    return batch_body(**fields), Facts()


named = lambda **facts: (real_time_body(**facts.pop("body", {})), Facts(**facts))  # noqa: E731 - a name for a shape
BIG = Free(8.0, 32_000, 2.0, {"gpu.p4": 2})

CASES = [
    # check, request and facts, severity, path, a word of the message
    ("name", named(same_name=()), "pass", "service_name", "is free"),
    ("name", named(same_name=("s-1",)), "block", "service_name", "exists"),
    ("name", named(same_name=AWAY), "warn", "service_name", "could not be checked. The cloud is away."),
    ("workspace", named(body={"workspace_id": "w"}, workspaces={"w": "NORMAL"}), "pass", "workspace_id", "exists"),
    ("workspace", named(body={"workspace_id": "w"}, workspaces={}), "block", "workspace_id", "does not exist"),
    ("workspace", named(body={"workspace_id": "w"}, workspaces={"w": "DELETING"}), "warn", "workspace_id", "DELETING"),
    ("workspace", named(body={"workspace_id": "w"}, workspaces=AWAY), "warn", "workspace_id", "could not"),
    ("published", of_models(GOOD), "pass", "config", "is published"),
    ("published", of_models(None), "block", "config[0].model_id", "knows no model m0"),
    ("published", of_models(Model("a", "1.0.0", "publishing")), "block", "config[0].model_id", "publishing"),
    ("published", of_models(Model("a", "1.0.0", "failed")), "block", "config[0].model_id", "failed"),
    ("published", of_models(AWAY), "warn", "config[0].model_id", "The cloud is away."),
    ("install_type", of_models(GOOD), "pass", "infer_type", "real-time"),
    ("install_type", of_models(Model("a", "1", "published", ("batch",))), "block", "config[0].model_id", "for batch"),
    ("install_type", of_models(Model("a", "1", "published")), "warn", "config[0].model_id", "could not"),
    ("versions", of_models(GOOD, Model("sentiment", "4.2.0", "published")), "pass", "config", "different versions"),
    ("versions", of_models(GOOD, GOOD), "block", "config[1].model_id", "stands twice"),
    ("versions", of_models(GOOD, Model("other", "1.0.0", "published")), "warn", "config", "other, sentiment"),
    ("versions", of_models(GOOD, Model("other", "5.0.0", "published")), "warn", "config", "both have the version"),
    ("flavor", of_flavor(Flavor("normal")), "pass", "config", "is open"),
    ("flavor", of_flavor(Flavor("sellout")), "block", "config[0].specification", "sold out"),
    ("flavor", of_flavor(Flavor("normal", over_quota=True)), "block", "config[0].specification", "over your quota"),
    ("flavor", of_flavor(Flavor("normal", is_open=False)), "block", "config[0].specification", "not open"),
    ("flavor", of_flavor(Flavor("sellout"), cluster_id="p"), "warn", "config[0].specification", "shared pool"),
    ("flavor", of_flavor(None), "warn", "config[0].specification", "does not list"),
    ("flavor", of_flavor(AWAY), "warn", "config[0].specification", "could not"),
    ("pool", in_pool(Pool("ml-a", "running")), "pass", "cluster_id", "ml-a is running"),
    ("pool", in_pool(Pool("ml-a", "Running"), "pool_name"), "pass", "pool_name", "ml-a is running"),
    ("pool", in_pool(None), "block", "cluster_id", "knows no pool p"),
    ("pool", in_pool(Pool("ml-a", "abnormal")), "block", "cluster_id", "abnormal"),
    ("pool", in_pool(Pool("ml-a", "")), "warn", "cluster_id", "does not say"),
    ("pool", in_pool(Pool("ml-a", "running", takes_services=False)), "warn", "cluster_id", "no inference jobs"),
    ("pool", in_pool(AWAY), "warn", "cluster_id", "could not"),
    ("room", in_pool(Pool("a", "running", BIG), cpu=4, memory=8000), "pass", "config[0].custom_spec", "4 of 8 cores"),
    (
        "room",
        in_pool(Pool("a", "running", BIG), instances=3, cpu=4.0, memory=8000),
        "block",
        "config[0].custom_spec",
        "12 of 8 cores",
    ),
    (
        "room",
        in_pool(Pool("a", "running", BIG), instances=2, cpu=1, memory=1, gpu_p4=1.5),
        "block",
        "config[0].custom_spec",
        "3 of 2 cards",
    ),
    ("room", in_pool(Pool("a", "running"), cpu=1, memory=1), "warn", "config[0].custom_spec", "does not say"),
    ("room", in_pool(Pool("a", "running", BIG), instances=3), "warn", "cluster_id", "3 instances of gpu.p4"),
    ("quota", of_quota(Quota(3, 2)), "pass", "infer_type", "5 of 20"),
    ("quota", of_quota(Quota(20, 0)), "block", "infer_type", "20 of 20"),
    ("quota", of_quota(Quota(21, 0)), "warn", "infer_type", "has been raised"),
    ("quota", of_quota(Quota(20, 1)), "warn", "infer_type", "may be used up"),
    ("quota", of_quota(Quota(10, 12)), "warn", "infer_type", "may be used up"),
    ("quota", of_quota(Quota(18, 0)), "warn", "infer_type", "18 of 20"),
    ("quota", of_quota(Quota(20, 0), cluster_id="p"), "pass", "infer_type", "takes no quota"),
    ("quota", of_quota(Quota(999, 0), "batch"), "warn", "infer_type", "999 of 1000"),
    ("quota", of_quota(Quota(1000, 0), "batch"), "block", "infer_type", "1000 of 1000"),
    ("quota", of_quota(AWAY), "warn", "infer_type", "could not"),
    ("vpc", in_vpc(vpcs={"v": Vpc("net", "OK")}), "pass", "vpc_id", "is there"),
    ("vpc", in_vpc(vpcs={}), "warn", "vpc_id", "no VPC v"),
    ("vpc", in_vpc(vpcs={"v": Vpc("net", "CREATING")}), "block", "vpc_id", "CREATING"),
    ("vpc", in_vpc(vpcs=AWAY), "warn", "vpc_id", "could not"),
    ("subnet", in_vpc(subnets={"s": Subnet("sub", "ACTIVE", "v")}), "pass", "subnet_network_id", "is there"),
    ("subnet", in_vpc(subnets={}), "warn", "subnet_network_id", "network ID"),
    ("subnet", in_vpc(subnets={"s": Subnet("sub", "ACTIVE", "w")}), "block", "subnet_network_id", "another VPC"),
    ("subnet", in_vpc(subnets={"s": Subnet("sub", "ERROR", "v")}), "block", "subnet_network_id", "ERROR"),
    ("subnet", in_vpc(subnets=AWAY), "warn", "subnet_network_id", "could not"),
    ("security_group", in_vpc(groups={"g": Group("sg", "v", True)}), "pass", "security_group_id", "lets TCP 8080 in"),
    ("security_group", in_vpc(groups={"g": Group("sg", "v", False)}), "block", "security_group_id", "does not let"),
    ("security_group", in_vpc(groups={"g": Group("sg", "v", None)}), "warn", "security_group_id", "could not"),
    ("security_group", in_vpc(groups={"g": Group("sg", "w", True)}), "warn", "security_group_id", "another VPC"),
    ("security_group", in_vpc(groups={}), "warn", "security_group_id", "no security group g"),
    ("security_group", in_vpc(groups=AWAY), "warn", "security_group_id", "could not"),
    ("paths", paths(), "pass", "config[0].src_path", "well-formed"),
    (
        "paths",
        paths(src_path="obs://data/in/", dest_path="s3://data/out/"),
        "pass",
        "config[0].src_path",
        "well-formed",
    ),
    ("paths", paths(src_path="/data/in/"), "pass", "config[0].src_path", "well-formed"),
    ("paths", paths(src_path="data/in"), "block", "config[0].src_path", "is no OBS path"),
    ("paths", paths(dest_path="ftp://data/in"), "block", "config[0].dest_path", "is no OBS path"),
    ("paths", paths(src_path="https:///in/"), "block", "config[0].src_path", "is no OBS path"),
    ("paths", paths(src_path="s3a://data/in/"), "pass", "config[0].src_path", "well-formed"),
    ("paths", paths(src_path="http://data.obs.example.com/in/"), "pass", "config[0].src_path", "well-formed"),
    ("paths", paths(src_path="https://obs.example.com/data/in/"), "warn", "config[0].src_path", "not look like"),
    ("paths", paths(dest_path="http://storage.example.com/out"), "warn", "config[0].dest_path", "not look like"),
    ("paths", paths(src_path="obs://Data_/in/"), "warn", "config[0].src_path", "cannot be the name of a bucket"),
    ("paths", paths(src_path="obs://data/in//x/"), "warn", "config[0].src_path", "two slashes"),
    ("paths", paths(src_path="obs://data/" + "x" * 1024), "warn", "config[0].src_path", "longer"),
    ("inputs", job(FILE), "pass", "config[0].model_id", "declares its input"),
    ("inputs", job({"input_params": [{"param_name": "x"}]}), "pass", "config[0].model_id", "declares its input"),
    ("inputs", job({"apis": [{"url": "/"}]}), "block", "config[0].model_id", "declares no input"),
    ("inputs", job(None), "warn", "config[0].model_id", "could not"),
    ("req_uri", job(FILE), "pass", "config[0].req_uri", "is a request URI"),
    ("req_uri", job(FILE, req_uri="/other"), "block", "config[0].req_uri", "It has /."),
    ("mapping", job(FILE), "pass", "config[0].mapping_type", "file fits"),
    ("mapping", job(FILE, mapping_type="csv"), "block", "config[0].mapping_type", "takes a file"),
    ("mapping", job(ROWS, req_uri="/score"), "block", "config[0].mapping_type", "exactly one input"),
    ("mapping", csv(a=0, b=1), "pass", "config[0].mapping_rule", "covers all 2"),
    ("mapping", csv(a=0), "warn", "config[0].mapping_rule", "leaves out b"),
    ("mapping", csv(a=0, b=-1), "warn", "config[0].mapping_rule", "leaves out b"),
    ("mapping", csv(a=0, b=1, c=2), "warn", "config[0].mapping_rule", "does not take: c"),
]


@pytest.mark.parametrize(
    ("check", "given_", "severity", "path", "word"),
    CASES,
    ids=[f"{case[0]}-{case[2]}-{case[4][:20]}" for case in CASES],
)
def test_a_check_says_what_it_found_and_where(check, given_, severity, path, word):
    body, facts = given_
    found = [one for one in preflight.run(body, facts) if (one.check, one.path) == (check, path)]
    hit = [one for one in found if word in one.message]
    assert [one.severity for one in hit] == [severity], found
    if severity == "block":
        assert hit[0].way_out
    assert len(hit[0].message) < 260


def test_every_check_has_a_failing_and_a_passing_case():
    seen = {check: {case[2] for case in CASES if case[0] == check} for check in {case[0] for case in CASES}}
    said = {one.check for body, facts in (case[1] for case in CASES) for one in preflight.run(body, facts)}
    assert said == set(seen)
    assert [check for check, found in seen.items() if not {"pass", "block"} <= found] == []


def test_what_could_not_be_learnt_never_blocks():
    for body in (real_time_body(vpc_id="v", subnet_network_id="s", security_group_id="g"), batch_body()):
        found = preflight.run(body, Facts())
        assert preflight.verdict(found) == "warn"
        assert preflight.count(found)["block"] == 0


def test_two_models_in_one_pool_share_its_room():
    spec = {"cpu": 5, "memory": 100}
    rows = [entry("a", 50, specification="custom", custom_spec=spec), entry("b", 50, specification="custom")]
    rows[1] |= {"custom_spec": spec, "cluster_id": "p"}
    body = real_time_body(*rows, cluster_id="p")
    found = preflight.run(body, Facts(clusters={"p": Pool("ml", "running", BIG)}))
    assert ["10 of 8 cores" in one.message for one in found if one.check == "room"] == [True]


def test_a_vpc_has_no_say_beside_a_pool():
    body = real_time_body(vpc_id="v", subnet_network_id="s", security_group_id="g", cluster_id="p")
    assert {one.check for one in preflight.run(body, Facts())}.isdisjoint({"vpc", "subnet", "security_group"})


def test_the_worst_word_is_the_verdict():
    body, facts = of_flavor(Flavor("sellout"))
    found = preflight.run(body, facts)
    assert preflight.verdict(found) == "block"
    assert sum(preflight.count(found).values()) == len(found)
    assert set(found[0].as_dict()) == {"check", "path", "severity", "message", "way_out"}


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
texts = st.text(max_size=12)
models = st.none() | st.builds(Unknown, texts) | st.builds(
    Model, texts, texts, texts, st.lists(texts, max_size=2).map(tuple), st.none() | st.dictionaries(
        st.sampled_from(["apis", "config", "input_params", "x"]), odd, max_size=3)
)  # fmt: skip
counts = st.none() | st.floats(allow_nan=False)
frees = st.builds(Free, counts, counts, counts, st.dictionaries(texts, st.integers(), max_size=2))
parts = {
    "same_name": st.lists(texts, max_size=2).map(tuple) | st.builds(Unknown, texts),
    "models": st.dictionaries(texts, models, max_size=3) | st.fixed_dictionaries({"model-a": models}),
    "flavors": st.dictionaries(texts, st.builds(Flavor, texts, st.booleans(), st.booleans()), max_size=2),
    "clusters": st.fixed_dictionaries({"p": st.builds(Pool, texts, texts, frees)}),
    "quota": st.builds(Quota, st.integers(0), st.integers(0)),
    "vpcs": st.fixed_dictionaries({"v": st.builds(Vpc, texts, texts)}),
    "subnets": st.fixed_dictionaries({"s": st.builds(Subnet, texts, texts, texts)}),
    "groups": st.fixed_dictionaries({"g": st.builds(Group, texts, texts, st.none() | st.booleans())}),
}
bodies = st.dictionaries(texts, odd, max_size=3) | st.sampled_from(
    [
        real_time_body(entry(), entry("model-a"), vpc_id="v", subnet_network_id="s", security_group_id="g"),
        real_time_body(entry(custom_spec={"cpu": 1, "memory": 5}, instance_count=1e9), cluster_id="p"),
        batch_body(mapping_type="csv", mapping_rule=rule(a=0)),
    ]
)
spoilt = st.tuples(bodies, st.sampled_from(["config", "infer_type", "vpc_id", "service_name"]), odd).map(
    lambda three: {**three[0], three[1]: three[2]}
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine under load draws the first bodies slowly
@given(bodies | spoilt, st.fixed_dictionaries({}, optional=parts).map(lambda found: Facts(**found)))
def test_odd_facts_and_odd_bodies_raise_nothing(body, facts):
    for one in preflight.run(body, facts):
        assert one.severity in ("pass", "warn", "block")
        assert one.message
