"""Custom resources as the API reference of 2025 bounds them: table CustomSpec."""

from collections.abc import Iterator

from ..edition import Edition
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec
from ..tables import CUSTOM_SPEC
from .capacity import CUSTOM

LEAST_CPU = 0.01


def custom_resources_are_bounded(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """At least 0.01 cores and no cards below 0; two decimals are kept. Memory has no bound, so nothing warns."""
    for entry in spec.entries:
        custom = entry.custom_spec
        if not custom:
            continue
        if custom.cpu is not None and custom.cpu < LEAST_CPU:
            words = f"The CPU cores of {entry.owner} are {custom.cpu:g}. At least {LEAST_CPU} is needed."
            yield Problem(f"{custom.path}.cpu", BLOCK, words)
        if custom.memory is not None and custom.memory < 1:
            words = f"The memory of {entry.owner} should be above 0, not {custom.memory:g}."
            yield Problem(f"{custom.path}.memory", WARN, words)
        if custom.gpu_p4 is not None and custom.gpu_p4 < 0:
            words = f"The GPU P4 cards of {entry.owner} are {custom.gpu_p4:g}. They must be 0 or more."
            yield Problem(f"{custom.path}.gpu_p4", BLOCK, words)
        for key in ("cpu", "gpu_p4"):
            value = getattr(custom, key)
            if value is not None and value >= LEAST_CPU and round(value, 2) != value:
                words = f"The API keeps two decimals of the {CUSTOM_SPEC[key]}, {value:g} has more."
                yield Problem(f"{custom.path}.{key}", WARN, words)


def custom_is_for_real_time(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The batch list of 2025 has `custom`, its table no custom resources: they are not sent (table 3 against 4)."""
    for entry in spec.entries if spec.is_batch else ():
        if entry.specification == CUSTOM:
            words = "The specification custom needs custom resources, and a batch service has none. Choose another."
            yield Problem(f"{entry.path}.specification", WARN, words)


def ascend_is_listed(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The table of 2025 has no ascend_a310 any more; clouds that still have the cards may take it."""
    for entry in spec.entries:
        custom = entry.custom_spec
        if custom and "ascend_a310" in custom.keys and f"{custom.path}.ascend_a310" not in spec.spoiled:
            words = "The API of 2025 no longer lists Ascend 310 cards. They are sent all the same."
            yield Problem(f"{custom.path}.ascend_a310", WARN, words)
