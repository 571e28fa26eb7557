"""The nodes instances run on: affinity.node_affinity (2025)."""

import ipaddress
from collections.abc import Iterator

from ..edition import Edition
from ..newer import MODES
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec
from ..spec_newer import Affinity


def _affinities(spec: ServiceSpec) -> Iterator[Affinity]:
    yield from (entry.more.affinity for entry in spec.entries if entry.more.affinity)


def mode_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Nodes are required or preferred; the table does not say what holds without a mode."""
    for affinity in _affinities(spec):
        path = f"{affinity.path}.mode"
        if spec.lacks(path, affinity.mode):
            yield Problem(path, WARN, "Say whether the nodes are required or preferred (mode).")
        elif affinity.mode and affinity.mode not in MODES:
            words = f'The mode of an affinity is {MODES[0]} or {MODES[1]}. "{short(affinity.mode)}" is neither.'
            yield Problem(path, BLOCK, words)


def pools_are_named(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """An affinity names the pools its nodes are in."""
    for affinity in _affinities(spec):
        if not affinity.pools and f"{affinity.path}.pool_infos" not in spec.spoiled:
            yield Problem(f"{affinity.path}.pool_infos", WARN, "The affinity names no pool. It has no effect.")
        for pool in affinity.pools:
            if spec.lacks(f"{pool.path}.pool_name", pool.pool_name):
                yield Problem(f"{pool.path}.pool_name", WARN, "Name the pool of these nodes (pool_name).")


def nodes_have_addresses(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A node is named by its private IP address."""
    for affinity in _affinities(spec):
        for path, name in (node for pool in affinity.pools for node in pool.nodes):
            if spec.lacks(f"{path}.name", name) or (name and not _is_address(name)):
                seen = f' "{short(name)}" is none.' if name else ""
                yield Problem(f"{path}.name", WARN, f"A node is named by its private IP address.{seen}")


def _is_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text.strip()) is not None
    except ValueError:
        return False
