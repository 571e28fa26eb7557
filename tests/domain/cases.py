"""The table of rules: for each rule of the API document at least one body that is refused and one that is accepted.

The same table is run through `check`, the form, the import and *Ask for review*. A case with a path expects a problem
of this severity with exactly this message there; it names every blocking path, where there is more than one, in `also`.
A case without a path is accepted: nothing blocks, and no warning stands but those at the paths in `also`.
"""

from dataclasses import dataclass
from typing import Any

from deployer.domain.problems import BLOCK, WARN
from tests.domain.bodies import (
    POOL,
    batch,
    csv_batch,
    custom,
    entry,
    entry_without,
    job,
    job_without,
    leaf,
    real_time,
    rule,
    stop,
    vpc,
    without,
)

Body = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One body and what the rules of its edition say: `path` None is accepted."""

    name: str
    body: Body
    path: str | None = None
    severity: str = ""
    message: str = ""
    also: tuple[str, ...] = ()
    edition: str = "otc-2022"


def refused(name: str, body: Body, path: str, message: str, *also: str) -> Case:
    """A body that blocks at this path."""
    return Case(name, body, path, BLOCK, message, also)


def warned(name: str, body: Body, path: str, message: str, *also: str) -> Case:
    """A body that passes with a warning at this path."""
    return Case(name, body, path, WARN, message, also)


def accepted(name: str, body: Body, *also: str) -> Case:
    """A body that passes; warnings only at the paths named."""
    return Case(name, body, also=also)


LONG_NAME = "n" * 64
NAME_WORDS = "A name has letters (A to Z), digits, hyphens and underscores. "
POOL_WORDS = "Batch services run in the public pool, says the manual. The pool may have no effect."
UNKNOWN = "is not known to this edition of the API. It is kept and sent as it is."

BASICS = [
    accepted("a plain real-time service", real_time()),
    refused("no name", without(real_time(), "service_name"), "service_name", "Give the service a name."),
    refused("an empty name", real_time(service_name=""), "service_name", "Give the service a name."),
    accepted("a name of 1", real_time(service_name="a")),
    accepted("a name of 64", real_time(service_name=LONG_NAME)),
    refused(
        "a name of 65",
        real_time(service_name=LONG_NAME + "n"),
        "service_name",
        "The name has 65 characters. It may have 64.",
    ),
    accepted("a name of every kind of sign", real_time(service_name="Ab-9_z")),
    refused("a space in the name", real_time(service_name="a b"), "service_name", NAME_WORDS + '" " is none of them.'),
    refused("a dot in the name", real_time(service_name="a.b"), "service_name", NAME_WORDS + '"." is none of them.'),
    refused("an umlaut in the name", real_time(service_name="ü"), "service_name", NAME_WORDS + '"ü" is none of them.'),
    refused(
        "foreign digits in the name", real_time(service_name="a٣"), "service_name", NAME_WORDS + '"٣" is none of them.'
    ),
    warned(
        "a name that starts with a digit",
        real_time(service_name="9a"),
        "service_name",
        "The name starts with 9, not with a letter. Some editions of the API refuse that.",
    ),
    refused(
        "a name that is a number",
        real_time(service_name=5),
        "service_name",
        "The service name must be text. The number 5 came.",
    ),
    accepted("a description of 100", real_time(description="é" * 100)),
    accepted("an empty description", real_time(description="")),
    accepted("a description with lines", real_time(description="one\ntwo\tthree")),
    refused(
        "a description of 101",
        real_time(description="d" * 101),
        "description",
        "The description has 101 characters. It may have 100.",
    ),
    refused(
        "a description that is null",
        real_time(description=None),
        "description",
        "The description came as null. Leave it out instead.",
    ),
    refused(
        "no inference type",
        without(real_time(), "infer_type"),
        "infer_type",
        "Choose the inference type: real-time or batch.",
    ),
    refused(
        "a near miss of a type",
        real_time(infer_type="realtime"),
        "infer_type",
        'The inference type is real-time or batch. "realtime" is neither.',
    ),
    refused(
        "a type in capitals",
        real_time(infer_type="Batch"),
        "infer_type",
        'The inference type is real-time or batch. "Batch" is neither.',
    ),
    accepted("a workspace", real_time(workspace_id="0")),
    refused(
        "a workspace that is a number",
        real_time(workspace_id=0),
        "workspace_id",
        "The workspace must be text. The number 0 came.",
    ),
    warned("an unknown key", real_time(priority=1), "priority", f'"priority" {UNKNOWN}'),
]

MODELS = [
    refused("no models", without(real_time(), "config"), "config", "Add a model. A service has at least one."),
    refused("an empty list of models", real_time(config=[]), "config", "Add a model. A service has at least one."),
    refused(
        "models that are no list",
        real_time(config={"model_id": "m"}),
        "config",
        "The models (config) must be a list. An object came.",
    ),
    refused(
        "a model that is no object",
        real_time(config=[entry(), 17]),
        "config[1]",
        "The entry of model 2 must be an object. The number 17 came.",
    ),
    accepted("two models of 70 and 30", real_time(config=[entry("a", weight=70), entry("b", weight=30)])),
    accepted("quoted weights", real_time(config=[entry("a", weight="70"), entry("b", weight="30")])),
    accepted("a weight of 100.0", real_time(config=[entry(weight=100.0)])),
    refused(
        "no model id",
        real_time(config=[entry_without("model_id")]),
        "config[0].model_id",
        "Choose a model and version for model 1.",
    ),
    refused(
        "an empty model id",
        real_time(config=[entry("")]),
        "config[0].model_id",
        "Choose a model and version for model 1.",
    ),
    refused(
        "a model id of blanks",
        real_time(config=[entry(" \t")]),
        "config[0].model_id",
        "Choose a model and version for model 1.",
    ),
    refused(
        "a model id that is a list",
        real_time(config=[entry(["a"])]),
        "config[0].model_id",
        "The id of model 1 must be text. A list came.",
    ),
    refused(
        "the same model twice",
        real_time(config=[entry("a", weight=40), entry("b", weight=30), entry("a", weight=30)]),
        "config[2].model_id",
        "Model 3 is the same as model 1. Versions must differ.",
    ),
    accepted("an id of any form", real_time(config=[entry("8abf68a969c3cb3a0169c4acb24b****")])),
    refused(
        "no weight",
        real_time(config=[entry("a", weight=70), entry_without("weight", "b")]),
        "config[1].weight",
        "Say which share of the traffic model 2 gets.",
    ),
    refused(
        "weights of 90",
        real_time(config=[entry("a", weight=60), entry("b", weight=30)]),
        "config",
        "The weights add up to 90. They must make 100.",
    ),
    refused(
        "weights of 112",
        real_time(config=[entry("a", weight="60"), entry("b", weight="52")]),
        "config",
        "The weights add up to 112. They must make 100.",
    ),
    refused(
        "a negative weight",
        real_time(config=[entry("a", weight=-10), entry("b", weight=60), entry("c", weight=50)]),
        "config[0].weight",
        "The weight of model 1 is -10. A weight is 0 to 100.",
    ),
    refused(
        "a weight over 100",
        real_time(config=[entry("a", weight=101)]),
        "config[0].weight",
        "The weight of model 1 is 101. A weight is 0 to 100.",
        "config",
    ),
    refused(
        "half a point of weight",
        real_time(config=[entry("a", weight=99.5), entry("b", weight=1)]),
        "config[0].weight",
        "The weight of model 1 must be a whole number. The number 99.5 came.",
    ),
    refused(
        "a weight in words",
        real_time(config=[entry("a", weight="all")]),
        "config[0].weight",
        'The weight of model 1 must be a whole number. The text "all" came.',
    ),
    refused(
        "a weight of foreign digits",
        real_time(config=[entry("a", weight="١٠٠")]),
        "config[0].weight",
        'The weight of model 1 must be a whole number. The text "١٠٠" came.',
    ),
    refused(
        "a weight that is true",
        real_time(config=[entry("a", weight=True)]),
        "config[0].weight",
        "The weight of model 1 must be a whole number. True came.",
    ),
    warned(
        "a weight of 0",
        real_time(config=[entry("a", weight=100), entry("b", weight=0)]),
        "config[1].weight",
        "Model 2 gets no traffic. It is deployed and paid for all the same.",
    ),
    warned(
        "an unknown key of a model",
        real_time(config=[entry(scaling=True)]),
        "config[0].scaling",
        f'"scaling" {UNKNOWN}',
    ),
    warned(
        "a batch field in a real-time model",
        real_time(config=[entry(src_path="obs://in/")]),
        "config[0].src_path",
        '"src_path" is for batch services. It is not sent.',
    ),
]

CAPACITY = [
    refused(
        "no specification",
        real_time(config=[entry_without("specification")]),
        "config[0].specification",
        "Choose the specification of model 1.",
    ),
    accepted("any specification for real-time", real_time(config=[entry(specification="modelarts.kat1.xlarge")])),
    refused(
        "no instance count",
        real_time(config=[entry_without("instance_count")]),
        "config[0].instance_count",
        "Say how many instances model 1 gets.",
    ),
    refused(
        "no instances",
        real_time(config=[entry(instance_count=0)]),
        "config[0].instance_count",
        "Model 1 has 0 instances. At least 1 is needed.",
    ),
    refused(
        "fewer than no instances",
        real_time(config=[entry(instance_count=-2)]),
        "config[0].instance_count",
        "Model 1 has -2 instances. At least 1 is needed.",
    ),
    refused(
        "half an instance",
        real_time(config=[entry(instance_count=1.5)]),
        "config[0].instance_count",
        "The number of instances of model 1 must be a whole number. The number 1.5 came.",
    ),
    refused(
        "a quoted instance count",
        real_time(config=[entry(instance_count="2")]),
        "config[0].instance_count",
        'The number of instances of model 1 must be a whole number. The text "2" came. Leave out the quotes.',
    ),
    accepted("an instance count of 2.0", real_time(config=[entry(instance_count=2.0)])),
    accepted("five instances", real_time(config=[entry(instance_count=5)])),
    warned(
        "six instances",
        real_time(config=[entry(instance_count=6)]),
        "config[0].instance_count",
        "Model 1 has 6 instances. More than 5 is unusual.",
    ),
    refused(
        "no instances for batch",
        batch(instance_count=0),
        "config[0].instance_count",
        "The model has 0 instances. At least 1 is needed.",
    ),
    accepted("custom in a pool of the service", real_time(cluster_id=POOL, config=[entry(**custom())])),
    accepted("custom in a pool of the model", real_time(config=[entry(cluster_id=POOL, **custom())])),
    accepted("zeros for unused cards", real_time(cluster_id=POOL, config=[entry(**custom(gpu_p4=0, ascend_a310=0))])),
    accepted("half a GPU", real_time(cluster_id=POOL, config=[entry(**custom(gpu_p4=0.5))])),
    accepted("a pool named the newer way", real_time(pool_name="p", config=[entry(**custom())]), "pool_name"),
    warned(
        "custom without a pool",
        real_time(config=[entry(**custom())]),
        "config[0].cluster_id",
        "Choose a dedicated pool for model 1. The specification custom needs one.",
    ),
    warned(
        "custom without resources",
        real_time(cluster_id=POOL, config=[entry(specification="custom")]),
        "config[0].custom_spec",
        "Set the custom resources of model 1. The specification custom has none of its own.",
    ),
    warned(
        "custom with empty resources",
        real_time(cluster_id=POOL, config=[entry(specification="custom", custom_spec={})]),
        "config[0].custom_spec",
        "Set the custom resources of model 1. The specification custom has none of its own.",
    ),
    warned(
        "resources with another specification",
        real_time(cluster_id=POOL, config=[entry(custom_spec={"cpu": 1, "memory": 1024})]),
        "config[0].custom_spec",
        'The custom resources have no effect. They go with the specification "custom" of model 1.',
    ),
    refused(
        "custom resources that are no object",
        real_time(cluster_id=POOL, config=[entry(specification="custom", custom_spec=[1])]),
        "config[0].custom_spec",
        "The custom resources of model 1 must be an object. A list came.",
    ),
    refused(
        "no cores",
        real_time(cluster_id=POOL, config=[entry(specification="custom", custom_spec={"memory": 1024})]),
        "config[0].custom_spec.cpu",
        "Say how many CPU cores model 1 gets.",
    ),
    refused(
        "no memory",
        real_time(cluster_id=POOL, config=[entry(specification="custom", custom_spec={"cpu": 1.5})]),
        "config[0].custom_spec.memory",
        "Say how much memory model 1 gets, in MB.",
    ),
    refused(
        "half a megabyte",
        real_time(cluster_id=POOL, config=[entry(**custom(memory=7500.5))]),
        "config[0].custom_spec.memory",
        "The memory of model 1 must be a whole number. The number 7500.5 came.",
    ),
    refused(
        "quoted cores",
        real_time(cluster_id=POOL, config=[entry(**custom(cpu="1.5"))]),
        "config[0].custom_spec.cpu",
        'The CPU cores of model 1 must be a number. The text "1.5" came. Leave out the quotes.',
    ),
    refused(
        "a GPU that is true",
        real_time(cluster_id=POOL, config=[entry(**custom(gpu_p4=True))]),
        "config[0].custom_spec.gpu_p4",
        "The GPU P4 cards of model 1 must be a number. True came.",
    ),
    warned(
        "cores of 0",
        real_time(cluster_id=POOL, config=[entry(**custom(cpu=0))]),
        "config[0].custom_spec.cpu",
        "The CPU cores of model 1 should be above 0, not 0.",
    ),
    warned(
        "less than no GPU",
        real_time(cluster_id=POOL, config=[entry(**custom(gpu_p4=-1))]),
        "config[0].custom_spec.gpu_p4",
        "The GPU P4 cards of model 1 should be 0 or more, not -1.",
    ),
    warned(
        "half an NPU",
        real_time(cluster_id=POOL, config=[entry(**custom(ascend_a310=0.5))]),
        "config[0].custom_spec.ascend_a310",
        "0.5 Ascend 310 cards: the API asks for a whole number, and says decimals are possible.",
    ),
    warned(
        "both accelerators",
        real_time(cluster_id=POOL, config=[entry(**custom(gpu_p4=1, ascend_a310=1))]),
        "config[0].custom_spec.ascend_a310",
        "Model 1 asks for GPU P4 and Ascend 310 cards. Use one of the two.",
    ),
    warned(
        "an unknown resource",
        real_time(cluster_id=POOL, config=[entry(**custom(ascend_a910=1))]),
        "config[0].custom_spec.ascend_a910",
        f'"ascend_a910" {UNKNOWN}',
    ),
]

SECRET_WORDS = "Variables are stored and shown in plain text by the cloud."
VARIABLES = [
    accepted("plain variables", real_time(config=[entry(envs={"load_epoch": "0", "LINES": "a\n\tb"})])),
    accepted("no variables", real_time(config=[entry(envs={})])),
    accepted("an empty value", real_time(config=[entry(envs={"A": ""})])),
    refused(
        "variables that are no object",
        real_time(config=[entry(envs=["A=1"])]),
        "config[0].envs",
        "The environment variables of model 1 must be an object. A list came.",
    ),
    refused(
        "a value that is a number",
        real_time(config=[entry(envs={"load_epoch": 0})]),
        "config[0].envs.load_epoch",
        "The value of load_epoch must be text. A number came.",
    ),
    refused(
        "a value without a name",
        real_time(config=[entry(envs={"": "1"})]),
        "config[0].envs",
        "Name the variable of model 1 that has a value.",
    ),
    warned(
        "a token as a value",
        real_time(config=[entry(envs={"X": "ghp_exampleExample00"})]),
        "config[0].envs.X",
        f"This looks like a GitHub token. {SECRET_WORDS}",
    ),
    warned(
        "a password by its name",
        real_time(config=[entry(envs={"DB_PASSWORD": "hunter2"})]),
        "config[0].envs.DB_PASSWORD",
        f"This looks like a secret. {SECRET_WORDS}",
    ),
    warned(
        "a random key",
        batch(envs={"X": "q7Zk2Lw9Xv4Tn8Rb3Ys6Hd1Mf5Gc0Jp"}),
        "config[0].envs.X",
        f"This looks like a key or token. {SECRET_WORDS}",
    ),
]

NETWORK = [
    accepted("a VPC with its companions", real_time(**vpc())),
    accepted("empty network ids", real_time(vpc_id="", subnet_network_id="", security_group_id="", cluster_id="")),
    refused(
        "a VPC without a subnet",
        real_time(**without(vpc(), "subnet_network_id")),
        "subnet_network_id",
        "Choose a subnet. A VPC needs one.",
    ),
    refused(
        "a VPC without a security group",
        real_time(**vpc(security_group_id="")),
        "security_group_id",
        "Choose a security group. A VPC needs one.",
    ),
    refused(
        "a subnet that is a number",
        real_time(**vpc(subnet_network_id=1)),
        "subnet_network_id",
        "The subnet must be text. The number 1 came.",
    ),
    warned(
        "a subnet without a VPC",
        real_time(subnet_network_id="s"),
        "subnet_network_id",
        "The subnet has no effect without a VPC.",
    ),
    warned(
        "a VPC beside a pool",
        real_time(cluster_id=POOL, **vpc()),
        "vpc_id",
        "The VPC has no effect. A dedicated pool brings its own network.",
    ),
    accepted("one pool at both levels", real_time(cluster_id=POOL, config=[entry(cluster_id=POOL)])),
    warned(
        "differing pools",
        real_time(cluster_id=POOL, config=[entry(cluster_id="other")]),
        "config[0].cluster_id",
        "Model 1 names another pool than the service. The one named here counts.",
    ),
    warned("batch with a pool", {**batch(), "cluster_id": POOL}, "cluster_id", POOL_WORDS),
    warned("a batch model with a pool", batch(cluster_id=POOL), "config[0].cluster_id", POOL_WORDS),
    warned(
        "batch with a VPC",
        {**batch(), **vpc()},
        "vpc_id",
        "A VPC is meant for real-time services. It may have no effect here.",
    ),
]

STOPPING = [
    accepted("stop after 2 hours", real_time(schedule=[stop()])),
    accepted("stop after 24 hours", real_time(schedule=[stop(duration=24)])),
    accepted("stop after 1 day", real_time(schedule=[stop(duration=1, time_unit="DAYS")])),
    accepted("stop after 90 minutes", real_time(schedule=[stop(duration=90, time_unit="MINUTES")])),
    accepted("an empty schedule", real_time(schedule=[])),
    refused(
        "a schedule that is no list",
        real_time(schedule=stop()),
        "schedule",
        "The schedule must be a list. An object came.",
    ),
    refused(
        "a schedule item that is no object",
        real_time(schedule=["stop"]),
        "schedule[0]",
        'The schedule item must be an object. The text "stop" came.',
    ),
    refused(
        "no schedule type",
        real_time(schedule=[without(stop(), "type")]),
        "schedule[0].type",
        "Say what the schedule does. Only stop is possible.",
    ),
    refused(
        "a schedule that starts",
        real_time(schedule=[stop(type="start")]),
        "schedule[0].type",
        'A schedule can only stop a service. "start" is not known.',
    ),
    refused(
        "no unit",
        real_time(schedule=[without(stop(), "time_unit")]),
        "schedule[0].time_unit",
        "Choose the unit of auto-stop: DAYS, HOURS or MINUTES.",
    ),
    refused(
        "a unit of weeks",
        real_time(schedule=[stop(time_unit="WEEKS")]),
        "schedule[0].time_unit",
        'The unit of auto-stop is DAYS, HOURS or MINUTES. "WEEKS" is none of them.',
    ),
    refused(
        "no duration",
        real_time(schedule=[without(stop(), "duration")]),
        "schedule[0].duration",
        "Say after how long the service stops.",
    ),
    refused(
        "a duration of 0",
        real_time(schedule=[stop(duration=0)]),
        "schedule[0].duration",
        "The duration of auto-stop is 0. It must be at least 1.",
    ),
    refused(
        "a quoted duration",
        real_time(schedule=[stop(duration="2")]),
        "schedule[0].duration",
        'The duration of auto-stop must be a whole number. The text "2" came. Leave out the quotes.',
    ),
    warned(
        "stop after 25 hours",
        real_time(schedule=[stop(duration=25)]),
        "schedule[0].duration",
        "Auto-stop comes after more than 24 hours. The console of the cloud allows 24.",
    ),
    warned(
        "two schedules",
        real_time(schedule=[stop(), stop(duration=3)]),
        "schedule",
        "The schedule has 2 items. The API is only known to take one.",
    ),
    warned("an unknown schedule key", real_time(schedule=[stop(at="18:00")]), "schedule[0].at", f'"at" {UNKNOWN}'),
    refused(
        "a schedule on batch",
        {**batch(), "schedule": [stop()]},
        "schedule",
        "Take auto-stop out. A batch service stops when its work is done.",
    ),
    accepted("an empty schedule on batch", {**batch(), "schedule": []}),
]

SLASH_WORDS = "is a folder and should end with /."
BATCH = [
    accepted("a plain batch job", batch()),
    refused(
        "a batch job of two models",
        {**batch(), "config": [job("a"), job("b")]},
        "config",
        "A batch service has exactly one model. Here are 2.",
    ),
    refused("no input path", batch(job_without("src_path")), "config[0].src_path", "Say where the input lies."),
    refused("no output path", batch(job_without("dest_path")), "config[0].dest_path", "Say where the results go."),
    refused(
        "no request URI",
        batch(job_without("req_uri")),
        "config[0].req_uri",
        "Say which request URI of the model is called. Built-in images take /.",
    ),
    refused(
        "no mapping type",
        batch(job_without("mapping_type")),
        "config[0].mapping_type",
        "Choose the mapping: file or csv.",
    ),
    refused(
        "a mapping of xml",
        batch(mapping_type="xml"),
        "config[0].mapping_type",
        'The mapping is file or csv. "xml" is neither.',
    ),
    accepted("paths of any form", batch(src_path="/bucket/in/", dest_path="s3://bucket/out/")),
    warned(
        "an input folder without /", batch(src_path="obs://b/in"), "config[0].src_path", f"The input path {SLASH_WORDS}"
    ),
    warned(
        "an output folder without /",
        batch(dest_path="obs://b/out"),
        "config[0].dest_path",
        f"The output path {SLASH_WORDS}",
    ),
    warned(
        "output beside the input",
        batch(src_path="obs://b/x/", dest_path="obs://b/x/"),
        "config[0].dest_path",
        "Input and output are the same folder. Results would be read as input.",
    ),
    accepted("a manifest", batch(src_type="ManifestFile", src_path="obs://b/in.manifest")),
    accepted("an empty input kind", batch(src_type="")),
    refused(
        "a manifest that is a folder",
        batch(src_type="ManifestFile", src_path="obs://b/in/"),
        "config[0].src_path",
        "The input path must be one manifest file. This one ends in /, so it is a folder.",
    ),
    refused(
        "another input kind",
        batch(src_type="Folder"),
        "config[0].src_type",
        'The input kind can only be ManifestFile, or be left out. "Folder" is not known.',
    ),
    warned(
        "a batch flavor not listed",
        batch(specification="modelarts.vm.cpu.8u"),
        "config[0].specification",
        'The API lists modelarts.vm.cpu.2u and modelarts.vm.gpu.p4 for batch. "modelarts.vm.cpu.8u" is neither.',
    ),
    accepted("the other batch flavor", batch(specification="modelarts.vm.gpu.p4")),
    warned(
        "a weight on batch",
        batch(weight=100),
        "config[0].weight",
        '"weight" is for real-time services. It is not sent.',
    ),
    warned(
        "custom resources on batch",
        batch(custom_spec={"cpu": 1}),
        "config[0].custom_spec",
        '"custom_spec" is for real-time services. It is not sent.',
    ),
]

INDEX = "config[0].mapping_rule.properties"
SKIPPED = "It is left out of each request."
MAPPING = [
    accepted("csv with a mapping rule", csv_batch()),
    accepted("items that are no list", csv_batch(rule(rows={"type": "array", "items": leaf(0)}))),
    refused(
        "csv without a mapping rule",
        batch(mapping_type="csv"),
        "config[0].mapping_rule",
        "Add a mapping rule. The mapping csv needs one.",
    ),
    refused(
        "a mapping rule that is text",
        csv_batch("{}"),
        "config[0].mapping_rule",
        'The mapping rule must be an object. The text "{}" came.',
    ),
    refused(
        "a mapping rule that is null",
        csv_batch(None),
        "config[0].mapping_rule",
        "The mapping rule came as null. Leave it out instead.",
    ),
    warned(
        "a mapping rule for files",
        batch(mapping_type="file", mapping_rule=rule(a=leaf(0))),
        "config[0].mapping_rule",
        "The mapping rule has no effect. It goes with the mapping csv.",
    ),
    warned(
        "an empty mapping rule",
        csv_batch({}),
        "config[0].mapping_rule",
        "The mapping rule names no input of the model. Each request would be empty.",
    ),
    warned(
        "an input without a column",
        csv_batch(rule(a=leaf(0), b={"type": "string"})),
        f"{INDEX}.b.index",
        f"b has no column (index, counted from 0). {SKIPPED}",
    ),
    warned(
        "a column of -1",
        csv_batch(rule(a=leaf(0), b=leaf(-1))),
        f"{INDEX}.b.index",
        f"b has no valid column (index, counted from 0). {SKIPPED}",
    ),
    warned(
        "a quoted column",
        csv_batch(rule(a=leaf("0"))),
        f"{INDEX}.a.index",
        f"a has no valid column (index, counted from 0). {SKIPPED}",
    ),
    warned(
        "a column inside items",
        csv_batch(rule(rows={"type": "array", "items": [{"type": "object", "properties": {"x": leaf(0.5)}}]})),
        f"{INDEX}.rows.items[0].properties.x.index",
        f"x has no valid column (index, counted from 0). {SKIPPED}",
    ),
    warned(
        "a column used twice",
        csv_batch(rule(a=leaf(2), b=leaf(2))),
        f"{INDEX}.b.index",
        "Column 2 is used twice: for a and b.",
    ),
]

CHARACTERS = [
    accepted("strange but sound text", real_time(description="<script>alert(1)</script> \u202e 😀")),
    refused(
        "NUL in a value",
        real_time(config=[entry(envs={"A": "a\0b"})]),
        "config[0].envs.A",
        "This text holds the character NUL. Take it out.",
    ),
    refused(
        "half a character",
        real_time(description="a\ud800"),
        "description",
        "This text holds half a character (a lone surrogate). Take it out.",
    ),
    refused(
        "half a character in an unknown key",
        real_time(extra={"deep": ["\udfff"]}),
        "extra.deep[0]",
        "This text holds half a character (a lone surrogate). Take it out.",
    ),
    warned(
        "a bell in the description",
        real_time(description="ring\a"),
        "description",
        "This text holds the control character U+0007, which nobody sees.",
    ),
    warned(
        "a line end in a model id",
        real_time(config=[entry("a\nb")]),
        "config[0].model_id",
        "This text holds the control character U+000A, which nobody sees.",
    ),
]

CASES: list[Case] = [
    *BASICS,
    *MODELS,
    *CAPACITY,
    *VARIABLES,
    *NETWORK,
    *STOPPING,
    *BATCH,
    *MAPPING,
    *CHARACTERS,
]
