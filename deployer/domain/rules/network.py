"""VPC, subnet, security group and dedicated pools: table 2."""

from collections.abc import Iterator

from ..edition import Edition
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec
from ..tables import SERVICE

COMPANIONS = ("subnet_network_id", "security_group_id")


def vpc_has_its_companions(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Subnet and security group are mandatory when a VPC is configured."""
    for key in COMPANIONS:
        if spec.vpc_id and spec.lacks(key, getattr(spec, key)):
            yield Problem(key, BLOCK, f"Choose a {SERVICE[key]}. A VPC needs one.")


def companions_have_a_vpc(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Subnet and security group say nothing without a VPC."""
    for key in COMPANIONS:
        if getattr(spec, key) and spec.lacks("vpc_id", spec.vpc_id):
            yield Problem(key, WARN, f"The {SERVICE[key]} has no effect without a VPC.")


def pool_brings_its_own_network(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """With a dedicated pool the VPC does not take effect."""
    if spec.is_real_time and spec.vpc_id and any(spec.pool_of(entry) for entry in spec.entries):
        yield Problem("vpc_id", WARN, "The VPC has no effect. A dedicated pool brings its own network.")


def batch_runs_in_the_public_pool(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The API takes pool and VPC for batch; the user manual says batch runs in the public pool only.

    The document of 2025 has a pool in its batch table, so there only the VPC is said.
    """
    if not spec.is_batch:
        return
    if spec.vpc_id:
        yield Problem("vpc_id", WARN, "A VPC is meant for real-time services. It may have no effect here.")
    if edition.batch_has_pools:
        return
    words = "Batch services run in the public pool, says the manual. The pool may have no effect."
    if spec.pool:
        yield Problem(spec.pool_key, WARN, words)
    for entry in spec.entries:
        if entry.pool:
            yield Problem(f"{entry.path}.{entry.pool_key}", WARN, words)


def pools_agree(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A pool of a model counts before the service's: table 2, cluster_id."""
    for entry in spec.entries if spec.is_real_time or edition.batch_has_pools else ():
        if spec.pool and entry.pool and entry.pool != spec.pool:
            words = f"{entry.owner.capitalize()} names another pool than the service. The one named here counts."
            yield Problem(f"{entry.path}.{entry.pool_key}", WARN, words)


def one_pool_is_named(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Beside a pool_name the cluster_id of the same place does not count: API reference of 2025."""
    words = "This pool has no effect. The pool name beside it counts."
    if spec.pool_key == "pool_name" and spec.cluster_id:
        yield Problem("cluster_id", WARN, words)
    for entry in spec.entries:
        if entry.pool_key == "pool_name" and entry.cluster_id:
            yield Problem(f"{entry.path}.cluster_id", WARN, words)
