"""The table of rules of edition otc-2025: what it has beyond 2022, and where it reads the same thing otherwise."""

from dataclasses import replace
from typing import Any

from tests.domain.bodies import POOL, batch, csv_batch, custom, entry, job, real_time, vpc
from tests.domain.bodies_2025 import (
    GROUP,
    STREAM,
    TOPIC,
    affinity,
    channel,
    everything,
    model_properties,
    of_model,
    properties,
    volume,
)
from tests.domain.cases import UNKNOWN, Case, accepted, refused, warned

PROPS, MODEL = "additional_properties", "config[0].additional_properties"
SIGNS = "The description may not have ! < > + & \" ' in it. Take {} out."

BASICS = [
    accepted("2025: a plain real-time service", real_time()),
    accepted("2025: each newer field once", everything()),
    accepted("2025: a plain description", real_time(description="v2 = new, 100 %; (faster)")),
    *(
        refused(
            f"2025: {sign} in the description", real_time(description=f"a{sign}b"), "description", SIGNS.format(sign)
        )
        for sign in "!<>+&\"'"
    ),
    refused("2025: two signs", real_time(description="<b>"), "description", SIGNS.format("< >")),
    refused(
        "2025: an edge service",
        real_time(infer_type="edge", config=[entry(nodes=["n1"])]),
        "infer_type",
        "Edge services are not composed here. What you typed is kept. Deploy it in the console of the cloud.",
    ),
    refused(
        "2025: a near miss of a type",
        real_time(infer_type="Edge"),
        "infer_type",
        'The inference type is real-time or batch. "Edge" is neither.',
    ),
    warned(
        "2025: nodes of a real-time service",
        of_model(nodes=["n1"]),
        "config[0].nodes",
        '"nodes" is for edge services. It is kept and sent as it is.',
    ),
    warned("2025: an unknown key", real_time(colour="red"), "colour", f'"colour" {UNKNOWN}'),
    warned("2025: an unknown key of a model", of_model(scaling=True), "config[0].scaling", f'"scaling" {UNKNOWN}'),
    warned("2025: an unknown property", properties(tracing=1), f"{PROPS}.tracing", f'"tracing" {UNKNOWN}'),
    warned("2025: an unknown property of a model", model_properties(ttl=1), f"{MODEL}.ttl", f'"ttl" {UNKNOWN}'),
    refused(
        "2025: properties that are a number",
        real_time(additional_properties=5),
        PROPS,
        "The additional properties must be an object. The number 5 came.",
    ),
    refused(
        "2025: properties of a model that are null",
        of_model(additional_properties=None),
        MODEL,
        "The additional properties of model 1 came as null. Leave it out instead.",
    ),
    accepted("2025: empty properties", real_time(additional_properties={}, config=[entry(additional_properties={})])),
]

POOLS = [
    accepted("2025: a pool by name", real_time(pool_name="pool-a")),
    accepted("2025: a pool by id", real_time(cluster_id=POOL)),
    accepted("2025: a model with a pool by name", real_time(config=[entry(pool_name="pool-a")])),
    accepted("2025: an empty pool name", real_time(pool_name="")),
    accepted("2025: batch in a pool", {**batch(), "pool_name": "pool-a"}),
    accepted("2025: a batch model in a pool by id", batch(cluster_id=POOL)),
    accepted("2025: a batch model in a pool by name", batch(pool_name="pool-a")),
    refused(
        "2025: a pool that is a number",
        real_time(pool_name=5),
        "pool_name",
        "The pool name must be text. The number 5 came.",
    ),
    warned(
        "2025: both names of a pool",
        real_time(pool_name="pool-a", cluster_id=POOL),
        "cluster_id",
        "This pool has no effect. The pool name beside it counts.",
    ),
    warned(
        "2025: both names of a model's pool",
        real_time(config=[entry(pool_name="pool-a", cluster_id=POOL)]),
        "config[0].cluster_id",
        "This pool has no effect. The pool name beside it counts.",
    ),
    warned(
        "2025: differing pools",
        of_model(pool_name="other"),
        "config[0].pool_name",
        "Model 1 names another pool than the service. The one named here counts.",
    ),
    warned(
        "2025: differing pools of batch",
        {**batch(pool_name="other"), "pool_name": "pool-a"},
        "config[0].pool_name",
        "The model names another pool than the service. The one named here counts.",
    ),
    warned(
        "2025: a VPC beside a pool",
        real_time(pool_name="pool-a", **vpc()),
        "vpc_id",
        "The VPC has no effect. A dedicated pool brings its own network.",
    ),
    warned(
        "2025: batch with a VPC",
        {**batch(), **vpc()},
        "vpc_id",
        "A VPC is meant for real-time services. It may have no effect here.",
    ),
]

CAPACITY = [
    accepted("2025: custom in a pool", of_model(**custom())),
    refused(
        "2025: custom without a pool",
        real_time(config=[entry(**custom())]),
        "config[0].pool_name",
        "Choose a dedicated pool for model 1. The specification custom needs one.",
    ),
    refused(
        "2025: custom without resources",
        of_model(specification="custom"),
        "config[0].custom_spec",
        "Set the custom resources of model 1. The specification custom has none of its own.",
    ),
    accepted("2025: a hundredth of a core", of_model(**custom(cpu=0.01))),
    refused(
        "2025: less than a hundredth of a core",
        of_model(**custom(cpu=0.005)),
        "config[0].custom_spec.cpu",
        "The CPU cores of model 1 are 0.005. At least 0.01 is needed.",
    ),
    accepted("2025: a quarter of a GPU", of_model(**custom(gpu_p4=0.25))),
    refused(
        "2025: fewer than no GPUs",
        of_model(**custom(gpu_p4=-0.5)),
        "config[0].custom_spec.gpu_p4",
        "The GPU P4 cards of model 1 are -0.5. They must be 0 or more.",
    ),
    warned(
        "2025: three decimals of a GPU",
        of_model(**custom(gpu_p4=0.125)),
        "config[0].custom_spec.gpu_p4",
        "The API keeps two decimals of the GPU P4 cards, 0.125 has more.",
    ),
    warned(
        "2025: no memory at all",
        of_model(**custom(memory=0)),
        "config[0].custom_spec.memory",
        "The memory of model 1 should be above 0, not 0.",
    ),
    warned(
        "2025: Ascend cards",
        of_model(**custom(ascend_a310=1)),
        "config[0].custom_spec.ascend_a310",
        "The API of 2025 no longer lists Ascend 310 cards. They are sent all the same.",
    ),
    refused(
        "2025: quoted Ascend cards",
        of_model(**custom(ascend_a310="1")),
        "config[0].custom_spec.ascend_a310",
        'The Ascend 310 cards of model 1 must be a number. The text "1" came. Leave out the quotes.',
    ),
    warned(
        "2025: 128 instances",
        real_time(config=[entry(instance_count=128)]),
        "config[0].instance_count",
        "Model 1 has 128 instances. More than 5 is unusual.",
    ),
    refused(
        "2025: 129 instances",
        real_time(config=[entry(instance_count=129)]),
        "config[0].instance_count",
        "Model 1 has 129 instances. At most 128 are possible.",
    ),
    accepted("2025: a batch flavor of its list", batch(specification="modelarts.vm.ai1.snt3")),
    warned(
        "2025: custom on batch",
        batch(specification="custom", pool_name="pool-a"),
        "config[0].specification",
        "The specification custom needs custom resources, and a batch service has none. Choose another.",
    ),
    warned(
        "2025: a batch flavor of 2022",
        batch(specification="modelarts.vm.gpu.p4"),
        "config[0].specification",
        "The API lists modelarts.vm.cpu.2u, modelarts.vm.gpu.pnt004, modelarts.vm.ai1.snt3 and custom for batch. "
        '"modelarts.vm.gpu.p4" is none of them.',
    ),
]

ROLLOUT = [
    *(
        accepted(f"2025: a timeout of {seconds} s", of_model(deploy_timeout_in_seconds=seconds))
        for seconds in (180, 1200.0, 7200)
    ),
    *(
        warned(
            f"2025: an unusual timeout of {seconds} s",
            of_model(deploy_timeout_in_seconds=seconds),
            "config[0].deploy_timeout_in_seconds",
            f"The deployment timeout is {seconds} seconds. The console of the cloud offers 180 to 7200.",
        )
        for seconds in (1, 179, 7201)
    ),
    refused(
        "2025: a timeout of 0",
        of_model(deploy_timeout_in_seconds=0),
        "config[0].deploy_timeout_in_seconds",
        "The deployment timeout of model 1 is 0. It must be at least 1.",
    ),
    refused(
        "2025: half a second",
        of_model(deploy_timeout_in_seconds=180.5),
        "config[0].deploy_timeout_in_seconds",
        "The deployment timeout of model 1 must be a whole number. The number 180.5 came.",
    ),
    accepted("2025: a share above the count", model_properties(max_surge=0.25)),
    accepted("2025: two above the count", model_properties(max_surge=2)),
    refused(
        "2025: nothing above the count",
        model_properties(max_surge=0),
        f"{MODEL}.max_surge",
        "max_surge is 0. It must be above 0.",
    ),
    warned(
        "2025: one and a half above the count",
        model_properties(max_surge=1.5),
        f"{MODEL}.max_surge",
        "max_surge is 1.5. From 1 on it counts instances, so a whole number is meant.",
    ),
    refused(
        "2025: a surge in words",
        model_properties(max_surge="all"),
        f"{MODEL}.max_surge",
        'The most instances above the count of model 1 must be a number. The text "all" came.',
    ),
    accepted("2025: one missing", model_properties(max_unavailable=1)),
    warned(
        "2025: none missing",
        model_properties(max_unavailable=0),
        f"{MODEL}.max_unavailable",
        "max_unavailable is 0. That is its default, though the API asks for more than 0.",
    ),
    refused(
        "2025: fewer than none missing",
        model_properties(max_unavailable=-1),
        f"{MODEL}.max_unavailable",
        "max_unavailable is -1. It must be above 0.",
    ),
    accepted("2025: no time to end", model_properties(termination_grace_period_seconds=0)),
    refused(
        "2025: less than no time to end",
        model_properties(termination_grace_period_seconds=-1),
        f"{MODEL}.termination_grace_period_seconds",
        "The time to end is -1 seconds. It must be 0 or more.",
    ),
    *(
        accepted(f"2025: {policy}", real_time(load_balancer_policy=policy))
        for policy in ("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP")
    ),
    refused(
        "2025: another balancing",
        real_time(load_balancer_policy="RANDOM"),
        "load_balancer_policy",
        'Load balancing is ROUND_ROBIN, LEAST_CONNECTIONS or SOURCE_IP. "RANDOM" is none of them.',
    ),
    refused(
        "2025: balancing on batch",
        {**batch(), "load_balancer_policy": "SOURCE_IP"},
        "load_balancer_policy",
        "Take load balancing out. It can be set for real-time services only.",
    ),
    accepted("2025: a priority of 3", real_time(priority=3)),
    refused("2025: a priority of 4", real_time(priority=4), "priority", "The priority is 1, 2 or 3, not 4."),
    refused(
        "2025: a quoted priority",
        real_time(priority="1"),
        "priority",
        'The priority must be a whole number. The text "1" came. Leave out the quotes.',
    ),
]

LOG_VOLUME = {"host_path": "/var/log/x", "mount_path": "/logs"}
STORAGE = [
    accepted("2025: a log volume in a pool", model_properties(log_volume=[LOG_VOLUME])),
    refused(
        "2025: a log volume without a pool",
        real_time(config=[entry(additional_properties={"log_volume": [LOG_VOLUME]})]),
        f"{MODEL}.log_volume",
        "Choose a dedicated pool for model 1, or take the log volumes out. They need one.",
    ),
    warned(
        "2025: a log volume without a folder",
        model_properties(log_volume=[{"mount_path": "/logs"}]),
        f"{MODEL}.log_volume[0].host_path",
        "Say which folder of the node is mounted. The cloud may refuse it otherwise.",
    ),
    warned(
        "2025: a log volume mounted anywhere",
        model_properties(log_volume=[{**LOG_VOLUME, "mount_path": "logs"}]),
        f"{MODEL}.log_volume[0].mount_path",
        'The mount path should start with /. "logs" does not.',
    ),
    refused(
        "2025: log volumes that are an object",
        model_properties(log_volume=LOG_VOLUME),
        f"{MODEL}.log_volume",
        "The log volumes must be a list. An object came.",
    ),
    refused(
        "2025: a log volume that is text",
        model_properties(log_volume=[LOG_VOLUME, "/logs"]),
        f"{MODEL}.log_volume[1]",
        'The log volume must be an object. The text "/logs" came.',
    ),
    accepted("2025: a persistent volume", model_properties(persistent_volumes=[volume()])),
    warned(
        "2025: a persistent volume without a pool",
        real_time(config=[entry(additional_properties={"persistent_volumes": [volume()]})]),
        f"{MODEL}.persistent_volumes",
        "The console of the cloud mounts storage in dedicated pools only. Here is none.",
    ),
    refused(
        "2025: another storage",
        model_properties(persistent_volumes=[volume(storage_type="obs")]),
        f"{MODEL}.persistent_volumes[0].storage_type",
        'The storage type can only be sfs_turbo. "obs" is not known.',
    ),
    warned(
        "2025: a volume from nowhere",
        model_properties(persistent_volumes=[volume(source_address="")]),
        f"{MODEL}.persistent_volumes[0].source_address",
        "Say where the volume lies (source_address). The cloud may refuse it otherwise.",
    ),
    warned(
        "2025: an unknown key of a volume",
        model_properties(persistent_volumes=[volume(size=5)]),
        f"{MODEL}.persistent_volumes[0].size",
        f'"size" {UNKNOWN}',
    ),
    accepted("2025: a mounted secret", real_time(service_secrets=[{"secretId": "s", "mouthPath": "/s"}])),
    warned(
        "2025: a secret without an id",
        real_time(service_secrets=[{"mouthPath": "/s"}]),
        "service_secrets[0].secretId",
        "Say which secret is mounted, by its id. The cloud may refuse it otherwise.",
    ),
    warned(
        "2025: a secret without a path",
        real_time(service_secrets=[{"secretId": "s"}]),
        "service_secrets[0].mouthPath",
        "Say where the secret is mounted. The cloud may refuse it otherwise.",
    ),
    refused(
        "2025: secrets that are text",
        real_time(service_secrets="s"),
        "service_secrets",
        'The mounted secrets must be a list. The text "s" came.',
    ),
]

AFFINITY = [
    accepted("2025: nodes of a pool", of_model(affinity=affinity())),
    accepted("2025: preferred nodes", of_model(affinity=affinity(mode="preferred"))),
    refused(
        "2025: another mode",
        of_model(affinity=affinity(mode="wanted")),
        "config[0].affinity.node_affinity.mode",
        'The mode of an affinity is required or preferred. "wanted" is neither.',
    ),
    warned(
        "2025: no mode",
        of_model(affinity=affinity(mode="")),
        "config[0].affinity.node_affinity.mode",
        "Say whether the nodes are required or preferred (mode).",
    ),
    warned(
        "2025: no pools of an affinity",
        of_model(affinity=affinity(pool_infos=[])),
        "config[0].affinity.node_affinity.pool_infos",
        "The affinity names no pool. It has no effect.",
    ),
    warned(
        "2025: an unnamed pool of an affinity",
        of_model(affinity=affinity({"nodes": [{"name": "10.0.0.1"}]})),
        "config[0].affinity.node_affinity.pool_infos[0].pool_name",
        "Name the pool of these nodes (pool_name).",
    ),
    warned(
        "2025: a node by its host name",
        of_model(affinity=affinity({"pool_name": "pool-a", "nodes": [{"name": "node-1"}]})),
        "config[0].affinity.node_affinity.pool_infos[0].nodes[0].name",
        'A node is named by its private IP address. "node-1" is none.',
    ),
    refused(
        "2025: an affinity that is a list",
        of_model(affinity=[]),
        "config[0].affinity",
        "The node affinity must be an object. A list came.",
    ),
]

SMN = f"{PROPS}.smn_notification"
LOGS = f"{PROPS}.log_report_channels[0]"
TELLING = [
    accepted("2025: a notification", properties(smn_notification={"topic_urn": TOPIC, "events": [11, 1]})),
    accepted("2025: notifications by name", properties(smn_notification={"a": {"topic_urn": TOPIC, "events": [3]}})),
    warned(
        "2025: a notification without a topic",
        properties(smn_notification={"events": [3]}),
        f"{SMN}.topic_urn",
        "Name the SMN topic (topic_urn). Without it nobody is told, and the cloud may refuse it.",
    ),
    warned(
        "2025: a notification of nothing",
        properties(smn_notification={"topic_urn": TOPIC, "events": []}),
        f"{SMN}.events",
        "Choose the events that are told. Without one nobody is told.",
    ),
    warned(
        "2025: an unlisted event",
        properties(smn_notification={"topic_urn": TOPIC, "events": [3, 5]}),
        f"{SMN}.events[1]",
        "Event 5 is not listed. Known are 1 failed, 2 stopped, 3 running, 7 concerning, 9 deleted, 11 pending.",
    ),
    refused(
        "2025: events in words",
        properties(smn_notification={"topic_urn": TOPIC, "events": ["running"]}),
        f"{SMN}.events[0]",
        'The event must be a whole number. The text "running" came.',
    ),
    refused(
        "2025: one event that is no list",
        properties(smn_notification={"topic_urn": TOPIC, "events": 3}),
        f"{SMN}.events",
        "The events told of must be a list of numbers. The number 3 came.",
    ),
    refused(
        "2025: a notification that is text",
        properties(smn_notification=TOPIC),
        SMN,
        f'The SMN notification must be an object. The text "{TOPIC[:40]}…" came.',
    ),
    warned(
        "2025: an unknown key of a named notification",
        properties(smn_notification={"a": {"topic_urn": TOPIC, "events": [3], "mood": 1}}),
        f"{SMN}.a.mood",
        f'"mood" {UNKNOWN}',
    ),
    accepted("2025: a log channel", properties(log_report_channels=[channel()])),
    accepted("2025: no log channel", properties(log_report_channels=[])),
    refused(
        "2025: another log channel",
        properties(log_report_channels=[channel(type="OBS")]),
        f"{LOGS}.type",
        'A log channel can only be LTS. "OBS" is not known.',
    ),
    warned(
        "2025: a log channel without a type",
        properties(log_report_channels=[channel(type="")]),
        f"{LOGS}.type",
        "Say which channel it is: LTS. The cloud may refuse it otherwise.",
    ),
    warned(
        "2025: a log channel without a stream",
        properties(log_report_channels=[channel(configuration={"log_group_id": GROUP})]),
        f"{LOGS}.configuration.log_stream_id",
        "Say which log stream takes the logs, by its id. The cloud may refuse it otherwise.",
    ),
    accepted(
        "2025: log ids of 64",
        properties(log_report_channels=[channel(configuration={"log_group_id": "g" * 64, "log_stream_id": "s" * 64})]),
    ),
    refused(
        "2025: a log group of 65",
        properties(log_report_channels=[channel(configuration={"log_group_id": "g" * 65, "log_stream_id": STREAM})]),
        f"{LOGS}.configuration.log_group_id",
        "The id of the log group has 65 characters. It may have 64.",
    ),
    refused(
        "2025: a configuration that is text",
        properties(log_report_channels=[channel(configuration="x")]),
        f"{LOGS}.configuration",
        'The configuration of the log channel must be an object. The text "x" came.',
    ),
    accepted("2025: WebSocket on", properties(websocket_upgrade=True)),
    accepted("2025: WebSocket off", properties(websocket_upgrade=False)),
    refused(
        "2025: WebSocket in words",
        properties(websocket_upgrade="on"),
        f"{PROPS}.websocket_upgrade",
        'The WebSocket upgrade must be true or false. The text "on" came.',
    ),
    warned(
        "2025: WebSocket on batch",
        {**batch(), "additional_properties": {"websocket_upgrade": True}},
        f"{PROPS}.websocket_upgrade",
        "WebSocket is for real-time services. It may have no effect here.",
    ),
]

KEPT: list[Any] = [
    accepted("2025: a plain batch job", batch()),
    accepted("2025: a batch job with a mapping", csv_batch()),
    refused(
        "2025: a batch job of two models",
        {**batch(), "config": [job("a"), job("b")]},
        "config",
        "A batch service has exactly one model. Here are 2.",
    ),
]

# The same keys in 2022: unknown, kept, sent, and said.
OLDER = [
    warned(
        "2022: a newer key of any type",
        real_time(load_balancer_policy=5),
        "load_balancer_policy",
        f'"load_balancer_policy" {UNKNOWN}',
    ),
    warned("2022: newer properties", properties(websocket_upgrade="x"), PROPS, f'"{PROPS}" {UNKNOWN}'),
    warned(
        "2022: a newer key of a model",
        real_time(config=[entry(deploy_timeout_in_seconds="soon")]),
        "config[0].deploy_timeout_in_seconds",
        f'"deploy_timeout_in_seconds" {UNKNOWN}',
    ),
    refused(
        "2022: an edge service",
        real_time(infer_type="edge"),
        "infer_type",
        'The inference type is real-time or batch. "edge" is neither.',
    ),
]

NEWER: list[Case] = [*BASICS, *POOLS, *CAPACITY, *ROLLOUT, *STORAGE, *AFFINITY, *TELLING, *KEPT]
CASES_2025: list[Case] = [*(replace(case, edition="otc-2025") for case in NEWER), *OLDER]
