"""What this cloud offers: models, flavors, pools, workspaces. Data first, questions below.

Ids of the documents' samples are all here, published or running, fit for both types. So are the
models of the product's drawings and a dozen others, for people who come to play.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BOTH = ("real-time", "batch")
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Model:
    """One version of one model. `inputs` maps each input parameter to its type."""

    model_id: str
    name: str
    version: str
    description: str
    status: str = "published"
    kind: str = "TensorFlow"
    install: tuple[str, ...] = BOTH
    inputs: dict[str, str] = field(default_factory=lambda: {"images": "file"})
    uri: str = "/"
    fate: str = ""  # fail, concern or stuck: how its deployments end, see lives.py


_SCORES = {"age": "integer", "amount": "number", "channel": "string", "repeat": "boolean", "score": "number"}
_TEXT = {"text": "string"}
_INPUTS5 = {f"input{number}": "number" for number in (5, 4, 3, 2, 1)}

# Newest first, as the list answers by default. The first one is published and fit for real-time.
MODELS = [
    Model("e5d0a9b2-17c4-4c19-8a0e-3f1b7742cc9d", "sentiment", "5.0.0", "Tone of customer letters", inputs=_TEXT),
    Model("91c27f3a-52d8-4f7e-b1a4-6de3c08f5521", "sentiment", "4.2.0", "Tone of customer letters", inputs=_TEXT),
    Model("0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", "sentiment", "4.1.3", "Tone of customer letters", inputs=_TEXT),
    Model(
        "8be24d19-0e7f-4a63-a5d8-c1b90f7e3322", "ticket-router", "2.4.1", "Finds the team for a ticket", inputs=_TEXT
    ),
    Model(
        "3f0a77b1-9c52-4d0e-8b3a-6d5e1f2c4a90", "ticket-router", "2.3.0", "Finds the team for a ticket", inputs=_TEXT
    ),
    Model("6f2d81c0-4a7b-4e0d-9d35-b1c6a0f7e214", "ticket-score", "1.4.0", "Urgency of a ticket", inputs=_SCORES),
    Model("d41b7e92-63f5-4c8a-8e17-905ab3c2f6d8", "layout", "3.2.0", "Regions of a scanned page", kind="PyTorch"),
    Model("a97c3e05-1b84-4fd2-b6c9-2e80f5d7136a", "layout", "3.1.0", "Regions of a scanned page", kind="PyTorch"),
    Model("52e8b0f6-9d31-47a4-8c0b-f7163ad9e25c", "layout", "3.0.1", "Regions of a scanned page", kind="PyTorch"),
    Model(
        "1c90d7a3-e852-4b6f-a0d4-83f2b95e7c16", "fraud-watch", "1.9.0", "Odd payments", inputs=_SCORES, kind="Custom"
    ),
    Model(
        "b38f6a21-07ce-4d95-9e42-6ac1d80f53b7",
        "invoice-reader",
        "2.0.0",
        "Fields of an invoice",
        kind="Image",
        uri="/v1/read",
    ),
    Model("7ad4c519-f26b-4830-b7e1-0c95e3a8d642", "speech-notes", "0.8.2", "Words from calls", install=("real-time",)),
    Model(
        "f05b92e7-3c1d-4a68-85f9-d72e6b04c1a3",
        "stock-forecast",
        "1.0.0",
        "Next week's demand",
        install=("batch",),
        inputs=_SCORES,
    ),
    Model(
        "2e71c8d6-b5a0-4f39-9c84-1fd603e7ab95", "image-tagger", "0.1.0", "Its deployments fail on purpose", fate="fail"
    ),
    Model(
        "c6093ba4-8ed2-4715-a3f0-5b9d7c21e68f",
        "image-tagger",
        "0.2.0",
        "One of its instances falls ill",
        fate="concern",
    ),
    Model(
        "94a5e0d1-7f3c-4b82-8d16-ea07c3f59b24", "draft-writer", "0.3.0", "Still being published", status="publishing"
    ),
    Model("48c2f7b9-05d6-4ea1-b98e-3d6a10f4c752", "nightly-clean", "1.1.0", "Has no input of its own", inputs={}),
    Model("xxxmodel-idxxx", "mnist", "1.0.0", "Handwritten digits", kind="Template"),
    Model("xxxxxx", "mnist", "1.1.0", "Handwritten digits", kind="Template"),
    Model("eb6a4a8c-5713-4a27-b8ed-c7e694499af5", "realtime-demo", "0.0.1", "Sample of the API documents"),
    Model(
        "598b913a-af3e-41ba-a1b5-bf065320f1e2", "xgboost-batch", "0.0.1", "Sample of the API documents", inputs=_INPUTS5
    ),
]


@dataclass(frozen=True)
class Flavor:
    name: str
    text: str
    kinds: tuple[str, ...] = BOTH
    status: str = "normal"
    is_open: bool = True
    over_quota: bool = False
    is_free: bool = False


FLAVORS = [
    Flavor("modelarts.vm.cpu.2u", "CPU: 2 vCPUs, 8 GB"),
    Flavor("modelarts.vm.cpu.8u", "CPU: 8 vCPUs, 32 GB", kinds=("real-time",)),
    Flavor("modelarts.vm.cpu.free", "CPU: 1 vCPU, 4 GB, free for an hour", kinds=("real-time",), is_free=True),
    Flavor("modelarts.vm.gpu.p4", "GPU: 1 x P4, 8 vCPUs, 32 GB"),
    Flavor("modelarts.vm.gpu.v100", "GPU: 1 x V100, 8 vCPUs, 64 GB", kinds=("real-time",), status="sellout"),
    Flavor("modelarts.vm.ai1.a310", "NPU: 1 x Ascend 310", kinds=("real-time",), is_open=False),
    Flavor("modelarts.vm.gpu.t4", "GPU: 1 x T4, 8 vCPUs, 32 GB", kinds=("real-time",), over_quota=True),
    Flavor("custom", "Custom, in a dedicated pool"),
]


@dataclass(frozen=True)
class Pool:
    cluster_id: str
    name: str
    cores: float
    memory: int  # MB
    gpus: float
    status: str = "running"
    flavor: str = "modelarts.vm.gpu.p4"
    nodes: int = 4


POOLS = [
    Pool("c7a1f0de-3b59-4ee4-a0cb-7a2f0e9b1d44", "ml-pool-a", 64.0, 262_144, 8.0, nodes=8),
    Pool("8abf68a969c3cb3a0169c4acb24b0000", "pool-samples", 24.0, 98_304, 4.0),
    # The sample of the batch service hides the end of its pool's id, and is sent like that.
    Pool("8abf68a969c3cb3a0169c4acb24b****", "pool-samples-batch", 24.0, 98_304, 4.0),
    Pool("2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125", "ml-pool-ill", 16.0, 65_536, 0.0, status="abnormal"),
]

WORKSPACES = {
    "0": "default",
    "6f4e1d0c2b3a49588776655443322110": "research",
    "a0b1c2d3e4f5465778899aabbccddeef": "production",
}

MODELS_BY_ID = {model.model_id: model for model in MODELS}
FLAVORS_BY_NAME = {flavor.name: flavor for flavor in FLAVORS}
POOLS_BY_ID = {pool.cluster_id: pool for pool in POOLS}


def born(place: int) -> int:
    """When an entry was made, in ms: each a day before the one above it; the newest is of 20 November 2026."""
    return 1_795_132_800_000 - place * DAY_MS


def name_of(model_id: str) -> tuple[str, str]:
    """Name and version of a model; an unknown one, taken as published, is named after its id."""
    model = MODELS_BY_ID.get(model_id)
    return (model.name, model.version) if model else (f"model-{model_id}"[:64], "1.0.0")
