"""Why an entry of the catalog cannot be chosen, and what it is called: tables of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.domain import choosing

BOTH = {"install_types": ["real-time", "batch"]}
NORMAL = {"spec_status": "normal", "is_open": True, "over_quota": False}


@pytest.mark.parametrize(
    ("kind", "status", "facts", "infer_type", "words"),
    [
        ("model", "published", BOTH, "real-time", ""),
        ("model", "Published", BOTH, "batch", ""),
        ("model", "publishing", BOTH, "batch", "not published: publishing"),
        ("model", "building_failed", BOTH, "batch", "not published: building failed"),
        ("model", "published", {"install_types": ["batch"]}, "real-time", "is for batch only"),
        ("model", "published", {"install_types": ["realtime"]}, "batch", "is for real-time only"),
        ("model", "published", {"install_types": ["realtime"]}, "real-time", ""),
        ("model", "published", {"install_types": ["edge", "batch"]}, "real-time", "is for batch and edge only"),
        ("model", "published", {"install_types": []}, "real-time", ""),
        ("model", "published", {"install_types": ["batch"]}, "", ""),
        ("model", "", {}, "real-time", ""),
        ("specification", "normal", NORMAL, "batch", ""),
        ("specification", "", {}, "batch", ""),
        ("specification", "sellout", {}, "batch", "sold out"),
        ("specification", "", NORMAL | {"spec_status": "sellout"}, "batch", "sold out"),
        ("specification", "", NORMAL | {"is_open": False}, "batch", "opened on request only"),
        ("specification", "", NORMAL | {"over_quota": True}, "batch", "over your quota"),
        ("specification", "retired", {}, "batch", "not on offer: retired"),
        ("pool", "running", {}, "real-time", ""),
        ("pool", "Running", {"jobs": ["Train", "Infer"]}, "real-time", ""),
        ("pool", "Running", {"jobs": ["Train"]}, "real-time", "pool takes no inference jobs"),
        ("pool", "abnormal", {}, "real-time", "pool is not running: abnormal"),
        ("workspace", "NORMAL", {}, "batch", ""),
        ("workspace", "DELETE_FAILED", {}, "batch", "workspace is not ready: delete failed"),
        ("vpc", "OK", {}, "real-time", ""),
        ("vpc", "CREATING", {}, "real-time", "VPC is not ready: creating"),
        ("subnet", "ACTIVE", {}, "real-time", ""),
        ("subnet", "ERROR", {}, "real-time", "subnet is not active: error"),
        ("security_group", "", {"opens_8080": False}, "real-time", ""),
        ("something new", "odd", {}, "real-time", ""),
    ],
)
def test_why_an_entry_cannot_be_chosen(kind, status, facts, infer_type, words):
    assert choosing.why_not(kind, status, facts, infer_type=infer_type) == words


@pytest.mark.parametrize(
    ("kind", "key", "name", "version", "facts", "words"),
    [
        ("model", "id-1", "sentiment", "5.0.0", {}, "sentiment 5.0.0"),
        ("model", "id-1", "", "", {}, "id-1"),
        ("specification", "modelarts.vm.cpu.2u", "x", "", {"text": "CPU: 2 vCPUs, 8 GB"}, "CPU: 2 vCPUs, 8 GB"),
        ("specification", "custom", "", "", {"text": ""}, "custom"),
        ("vpc", "id-2", "vpc-ml", "", {"text": "not for VPCs"}, "vpc-ml"),
    ],
)
def test_what_an_entry_is_called(kind, key, name, version, facts, words):
    assert choosing.label(kind, key, name, version, facts) == words


@pytest.mark.parametrize(
    ("kind", "status", "facts", "words"),
    [
        ("model", "published", {}, "published"),
        (
            "pool",
            "running",
            {"free": {"cpu": 64.0, "memory": 262144, "gpus": 1}},
            "running, 64 cores, 256 GB, 1 GPU free",
        ),
        ("pool", "running", {"free": {"nodes": 4, "memory": 512}}, "running, 512 MB, 4 nodes free"),
        ("pool", "running", {"free": {"cpu": "many", "memory": True, "gpus": -1}}, "running"),
        ("pool", "", {"free": 5}, ""),
        ("specification", "normal", {"is_free": True, "for_pools": True}, "free of charge, in a dedicated pool"),
        ("vpc", "OK", {"cidr": "10.20.0.0/16"}, "10.20.0.0/16"),
        ("subnet", "ACTIVE", {}, ""),
        ("security_group", "", {"opens_8080": True}, "TCP 8080 open"),
        ("security_group", "", {"opens_8080": None}, ""),
        ("workspace", "NORMAL", {}, "normal"),
    ],
)
def test_how_an_entry_stands(kind, status, facts, words):
    assert choosing.standing(kind, status, facts) == words


def test_a_security_group_that_does_not_open_8080_can_be_chosen_and_says_so():
    assert choosing.caution("security_group", {"opens_8080": False}) == "TCP 8080 is not open to all"
    assert choosing.caution("security_group", {"opens_8080": None}) == ""
    assert choosing.caution("model", {"opens_8080": False}) == ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
FACTS = (
    "install_types",
    "spec_status",
    "is_open",
    "over_quota",
    "is_free",
    "jobs",
    "free",
    "text",
    "cidr",
    "opens_8080",
)


@given(
    st.sampled_from([*choosing.USABLE, "specification", "security_group"]),
    st.text(max_size=9),
    st.dictionaries(st.sampled_from(FACTS), anything),
    st.sampled_from(["real-time", "batch", ""]),
)
def test_no_fact_is_odd_enough_to_break_a_sentence(kind, status, facts, infer_type):
    assert isinstance(choosing.why_not(kind, status, facts, infer_type=infer_type), str)
    assert isinstance(choosing.standing(kind, status, facts), str)
    assert isinstance(choosing.caution(kind, facts), str)
    assert choosing.label(kind, "key", "", "", facts)


def test_a_lying_number_is_not_shown():
    free = {"cpu": 10**400, "memory": 10**400, "gpus": 1e300, "nodes": 3}
    assert choosing.room(free) == "3 nodes free"
