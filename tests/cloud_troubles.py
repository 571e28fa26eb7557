"""One request for each check of the preflight that fails at the sandbox, by what its catalog holds."""

from typing import Any

from tests.factories import batch_body, entry, real_time_body

GOOD = "eb6a4a8c-5713-4a27-b8ed-c7e694499af5"  # realtime-demo 0.0.1, a sample of the documents
SENTIMENT_5, ITS_TWIN = "e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d", "a48e7c60-f91b-4d25-8b3a-0e6d5f1c9273"
PUBLISHING = "94a5e0d1-7f3c-4b82-8d16-ea07c3f59b24"
BATCH_ONLY = "f05b92e7-3c1d-4a68-85f9-d72e6b04c1a3"
NO_INPUT = "48c2f7b9-05d6-4ea1-b98e-3d6a10f4c752"
TAKES_A_FILE = "e93b60c8-1d57-4fa2-b0e6-74c5d8a1f32e"
POOL_ILL, POOL_FULL = "2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125", "4be0d7a3-92f1-4c58-8a6e-d35b1f07c9e2"
VPC, OTHER_VPCS_SUBNET = "3ec3b33f-ac1c-4630-ad1c-7dba1ed79d85", "d16f04b8-5e2a-4c97-b3d1-860ae9f72c45"
SUBNET, GROUP_OPEN = "4779ab1c-7c1a-44b1-a02e-93dfc361b32d", "16b6e77a-08fa-42c7-aa8b-106c048884e6"
GROUP_SHUT = "c0a4f7de-92b1-4d36-8e05-71f3b6a9d284"

Body = dict[str, Any]


def good(**more: Any) -> Body:
    """A request that passes."""
    row = entry(GOOD, **more.pop("row", {}))
    return real_time_body(row, **more)


def in_vpc(**other: str) -> Body:
    return good(**{"vpc_id": VPC, "subnet_network_id": SUBNET, "security_group_id": GROUP_OPEN} | other)


def job(model_id: str, **more: Any) -> Body:
    return batch_body(model_id=model_id, **more)


ROOM = {"specification": "custom", "custom_spec": {"cpu": 4.0, "memory": 1024}}
RULE = {"type": "object", "properties": {"document": {"type": "string", "index": 0}}}

# check, request, path, words of the message, words of the way out. `name` and `quota` need services in the cloud.
TROUBLES: list[tuple[str, Body, str, str, str]] = [
    ("name", good(service_name="taken"), "service_name", "A service named taken exists", "another name"),
    ("workspace", good(workspace_id="nowhere"), "workspace_id", "does not exist", "another workspace"),
    ("published", real_time_body(entry(PUBLISHING)), "config[0].model_id", "draft-writer 0.3.0", "Wait until"),
    ("install_type", real_time_body(entry(BATCH_ONLY)), "config[0].model_id", "for batch", "another model"),
    (
        "versions",
        real_time_body(entry(SENTIMENT_5, 60), entry(ITS_TWIN, 40)),
        "config[1].model_id",
        "sentiment 5.0.0 stands twice",
        "Keep one",
    ),
    (
        "flavor",
        good(row={"specification": "modelarts.vm.gpu.v100"}),
        "config[0].specification",
        "sold out",
        "another specification",
    ),
    ("pool", good(cluster_id=POOL_ILL), "cluster_id", "ml-pool-ill is not running", "running pool"),
    ("room", good(cluster_id=POOL_FULL, row=ROOM), "config[0].custom_spec", "4 of 2 cores", "fewer instances"),
    ("quota", good(), "infer_type", "20 of 20 real-time services", "Delete one"),
    ("vpc", in_vpc(vpc_id="nowhere"), "vpc_id", "shows no VPC nowhere", "Choose one"),
    ("subnet", in_vpc(subnet_network_id=OTHER_VPCS_SUBNET), "subnet_network_id", "another VPC", "this VPC"),
    ("security_group", in_vpc(security_group_id=GROUP_SHUT), "security_group_id", "TCP 8080", "inbound rule"),
    ("inputs", job(NO_INPUT), "config[0].model_id", "declares no input", "input parameters"),
    ("req_uri", job(TAKES_A_FILE, req_uri="/nowhere"), "config[0].req_uri", "no request URI /nowhere", "one of them"),
    (
        "mapping",
        job(TAKES_A_FILE, mapping_type="csv", mapping_rule=RULE),
        "config[0].mapping_type",
        "takes a file",
        "mapping file",
    ),
    ("paths", job(TAKES_A_FILE, src_path="data/in/"), "config[0].src_path", "no OBS path", "Write it as"),
]
CHECKS = [case[0] for case in TROUBLES]
ONLY_WARN = {"vpc"}  # what is not listed may be there all the same
