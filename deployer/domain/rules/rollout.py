"""How instances come, are renewed and are reached: timeouts, rolling upgrades, load balancing, priority (2025)."""

from collections.abc import Iterator

from ..edition import Edition
from ..newer import POLICIES, PRIORITIES
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec

CONSOLE_TIMEOUT = range(3 * 60, 120 * 60 + 1)  # seconds; user manual: 3 to 120 minutes, 20 by default


def timeout_fits(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The timeout of one instance is above 0; the console offers 3 to 120 minutes."""
    for entry in spec.entries:
        seconds, path = entry.more.deploy_timeout, f"{entry.path}.deploy_timeout_in_seconds"
        if seconds is not None and seconds < 1:
            yield Problem(path, BLOCK, f"The deployment timeout of {entry.owner} is {seconds}. It must be at least 1.")
        elif seconds is not None and seconds not in CONSOLE_TIMEOUT:
            words = f"The deployment timeout is {seconds} seconds. The console of the cloud offers 180 to 7200."
            yield Problem(path, WARN, words)


def rolling_fits(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Both bounds of a rolling upgrade are above 0; below 1 they are a share of the instances.

    The table wants max_unavailable above 0 and gives 0 as its default, so a 0 only warns.
    """
    for entry in spec.entries:
        path = f"{entry.path}.additional_properties"
        for key in ("max_surge", "max_unavailable"):
            value = getattr(entry.more, key)
            if value is None:
                continue
            if value < 0 or (value == 0 and key == "max_surge"):
                yield Problem(f"{path}.{key}", BLOCK, f"{key} is {value:g}. It must be above 0.")
            elif value == 0:
                words = "max_unavailable is 0. That is its default, though the API asks for more than 0."
                yield Problem(f"{path}.{key}", WARN, words)
            elif value > 1 and value % 1:
                words = f"{key} is {value:g}. From 1 on it counts instances, so a whole number is meant."
                yield Problem(f"{path}.{key}", WARN, words)


def time_to_end_fits(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Instances get no less than no time to end."""
    for entry in spec.entries:
        seconds = entry.more.grace_seconds
        if seconds is not None and seconds < 0:
            path = f"{entry.path}.additional_properties.termination_grace_period_seconds"
            yield Problem(path, BLOCK, f"The time to end is {seconds} seconds. It must be 0 or more.")


def balancing_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """One of three ways to spread requests over instances, for synchronous real-time services."""
    policy = spec.more.load_balancer_policy
    if policy and policy not in POLICIES:
        words = f'Load balancing is {", ".join(POLICIES[:-1])} or {POLICIES[-1]}. "{short(policy)}" is none of them.'
        yield Problem("load_balancer_policy", BLOCK, words)
    elif policy and spec.is_batch:
        words = "Take load balancing out. It can be set for real-time services only."
        yield Problem("load_balancer_policy", BLOCK, words)


def priority_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Three priorities, for preemption."""
    if spec.more.priority is not None and spec.more.priority not in PRIORITIES:
        yield Problem("priority", BLOCK, f"The priority is 1, 2 or 3, not {spec.more.priority}.")
