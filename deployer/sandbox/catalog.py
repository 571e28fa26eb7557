"""What this cloud offers: flavors, pools, workspaces and, by question, models (models.py).

Every pool id of the documents' samples is here, and running.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import more_models
from .models import BOTH, MODELS, MODELS_BY_ID, Model

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Flavor:
    name: str
    text: str
    kinds: tuple[str, ...] = BOTH
    status: str = "normal"
    is_open: bool = True
    over_quota: bool = False
    is_free: bool = False
    cores: int = 0  # 0: as many as one asks for
    memory: int = 0  # GB


FLAVORS = [
    Flavor("modelarts.vm.cpu.2u", "CPU: 2 vCPUs, 8 GB", cores=2, memory=8),
    Flavor("modelarts.vm.cpu.8u", "CPU: 8 vCPUs, 32 GB", kinds=("real-time",), cores=8, memory=32),
    Flavor(
        "modelarts.vm.cpu.free",
        "CPU: 1 vCPU, 4 GB, free for an hour",
        kinds=("real-time",),
        is_free=True,
        cores=1,
        memory=4,
    ),
    Flavor("modelarts.vm.gpu.p4", "GPU: 1 x P4, 8 vCPUs, 32 GB", cores=8, memory=32),
    Flavor(
        "modelarts.vm.gpu.v100",
        "GPU: 1 x V100, 8 vCPUs, 64 GB",
        kinds=("real-time",),
        status="sellout",
        cores=8,
        memory=64,
    ),
    Flavor("modelarts.vm.ai1.a310", "NPU: 1 x Ascend 310", kinds=("real-time",), is_open=False),
    Flavor(
        "modelarts.vm.gpu.t4", "GPU: 1 x T4, 8 vCPUs, 32 GB", kinds=("real-time",), over_quota=True, cores=8, memory=32
    ),
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
    free: int | None = None  # nodes that are free; None: all of them

    @property
    def free_nodes(self) -> int:
        return self.nodes if self.free is None else self.free


POOLS = [
    Pool("c7a1f0de-3b59-4ee4-a0cb-7a2f0e9b1d44", "ml-pool-a", 64.0, 262_144, 8.0, nodes=8),
    Pool("8abf68a969c3cb3a0169c4acb24b0000", "pool-samples", 24.0, 98_304, 4.0),
    # The sample of the batch service hides the end of its pool's id, and is sent like that.
    Pool("8abf68a969c3cb3a0169c4acb24b****", "pool-samples-batch", 24.0, 98_304, 4.0),
    Pool("2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125", "ml-pool-ill", 16.0, 65_536, 0.0, status="abnormal"),
    Pool("4be0d7a3-92f1-4c58-8a6e-d35b1f07c9e2", "ml-pool-full", 2.0, 4096, 0.0, nodes=2, free=0),
    Pool("91f6c2e8-0b4d-47a5-b3d7-6e8a2c5f1049", "ml-pool-worn", 16.0, 65_536, 0.0, status="concerning", free=3),
    Pool("c05d8b17-e3a9-4f62-9074-2b1e6f8d3ac5", "ml-pool-new", 32.0, 131_072, 0.0, status="deploying", free=0),
]

WORKSPACES = {
    "0": "default",
    "6f4e1d0c2b3a49588776655443322110": "research",
    "a0b1c2d3e4f5465778899aabbccddeef": "production",
}

FLAVORS_BY_NAME = {flavor.name: flavor for flavor in FLAVORS}
POOLS_BY_ID = {pool.cluster_id: pool for pool in POOLS}


def born(place: int) -> int:
    """When an entry was made, in ms: each a day before the one above it; the newest is of 20 November 2026."""
    return 1_795_132_800_000 - place * DAY_MS


def model_of(model_id: str) -> Model | None:
    """The model with this id, also one of the many made for trials of scale."""
    return MODELS_BY_ID.get(model_id) or more_models.model_of(model_id)


def name_of(model_id: str) -> tuple[str, str]:
    """Name and version of a model; an unknown one, taken as published, is named after its id."""
    model = model_of(model_id)
    return (model.name, model.version) if model else (f"model-{model_id}"[:64], "1.0.0")


def models(more: int) -> list[Model]:
    """Every model, newest first: the catalog's own, then as many more as were asked for."""
    return [*MODELS, *more_models.first(more)]
