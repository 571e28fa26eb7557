"""Specifications, instances and custom resources: tables 3, 4 and 6."""

from collections.abc import Iterator

from ..edition import Edition
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec
from ..tables import CUSTOM_SPEC

CUSTOM = "custom"
LEAST = {"cpu": "above 0", "memory": "above 0", "gpu_p4": "0 or more", "ascend_a310": "0 or more"}


def specification_is_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Each model has a specification."""
    for entry in spec.entries:
        if spec.lacks(f"{entry.path}.specification", entry.specification):
            yield Problem(f"{entry.path}.specification", BLOCK, f"Choose the specification of {entry.owner}.")


def batch_specification_is_listed(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Table 4 lists two flavors for batch; later documents list others, so an unlisted one only warns."""
    for entry in spec.entries if spec.is_batch else ():
        if entry.specification and entry.specification not in edition.batch_specifications:
            *most, last = edition.batch_specifications
            none = "neither" if len(most) == 1 else "none of them"
            words = f'The API lists {", ".join(most)} and {last} for batch. "{short(entry.specification)}" is {none}.'
            yield Problem(f"{entry.path}.specification", WARN, words)


def instances_are_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Each model says how many instances it gets."""
    for entry in spec.entries:
        if spec.lacks(f"{entry.path}.instance_count", entry.instance_count):
            yield Problem(f"{entry.path}.instance_count", BLOCK, f"Say how many instances {entry.owner} gets.")


def instances_fit(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """At least one instance; the most is a setting and warns. The document of 2025 has a bound of its own."""
    for entry in spec.entries:
        count, path = entry.instance_count, f"{entry.path}.instance_count"
        if count is not None and count < 1:
            yield Problem(path, BLOCK, f"{entry.owner.capitalize()} has {count} instances. At least 1 is needed.")
        elif count is not None and edition.most_instances and count > edition.most_instances:
            words = f"{entry.owner.capitalize()} has {count} instances. At most {edition.most_instances} are possible."
            yield Problem(path, BLOCK, words)
        elif count is not None and count > edition.max_instances:
            words = f"{entry.owner.capitalize()} has {count} instances. More than {edition.max_instances} is unusual."
            yield Problem(path, WARN, words)


def custom_has_its_parts(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The specification `custom` goes with custom resources and a dedicated pool.

    The seed document does not say so plainly, the one of 2025 does.
    """
    severity, key = (BLOCK, "pool_name") if edition.has_newer else (WARN, "cluster_id")
    for entry in spec.entries if spec.is_real_time else ():
        if entry.specification != CUSTOM:
            continue
        if spec.lacks(f"{entry.path}.custom_spec", entry.custom_spec):
            words = f"Set the custom resources of {entry.owner}. The specification custom has none of its own."
            yield Problem(f"{entry.path}.custom_spec", severity, words)
        spoiled = {f"{entry.path}.{key}", f"{entry.path}.cluster_id", "cluster_id", key} & spec.spoiled
        if not spec.pool_of(entry) and not spoiled:
            words = f"Choose a dedicated pool for {entry.owner}. The specification custom needs one."
            yield Problem(f"{entry.path}.{key}", severity, words)


def custom_resources_are_used(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Custom resources beside another specification would have no effect (with custom, see above)."""
    for entry in spec.entries if spec.is_real_time else ():
        if entry.custom_spec and entry.specification and entry.specification != CUSTOM:
            words = f'The custom resources have no effect. They go with the specification "custom" of {entry.owner}.'
            yield Problem(entry.custom_spec.path, WARN, words)


def custom_resources_are_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Custom resources say cores and memory: table 6."""
    for entry in spec.entries:
        custom = entry.custom_spec
        if custom and spec.lacks(f"{custom.path}.cpu", custom.cpu):
            yield Problem(f"{custom.path}.cpu", BLOCK, f"Say how many CPU cores {entry.owner} gets.")
        if custom and spec.lacks(f"{custom.path}.memory", custom.memory):
            yield Problem(f"{custom.path}.memory", BLOCK, f"Say how much memory {entry.owner} gets, in MB.")


def custom_resources_are_sensible(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Table 6 gives no bounds: nothing for cores or memory, less than nothing, and parts of an NPU warn."""
    for entry in spec.entries:
        custom = entry.custom_spec
        if not custom:
            continue
        for key, least in (
            ("cpu", "above 0"),
            ("memory", "above 0"),
            ("gpu_p4", "0 or more"),
            ("ascend_a310", "0 or more"),
        ):
            value = getattr(custom, key)
            if value is not None and (value < 0 or (value == 0 and least == "above 0")):
                words = f"The {CUSTOM_SPEC[key]} of {entry.owner} should be {least}, not {value:g}."
                yield Problem(f"{custom.path}.{key}", WARN, words)
        cards = custom.ascend_a310
        if cards is not None and cards > 0 and cards % 1:
            # "Integer … which can be decimals": table 6 says both.
            words = f"{cards:g} Ascend 310 cards: the API asks for a whole number, and says decimals are possible."
            yield Problem(f"{custom.path}.ascend_a310", WARN, words)


def one_accelerator(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """GPU and NPU together: other documents of the vendor say either one."""
    for entry in spec.entries:
        custom = entry.custom_spec
        if custom and (custom.gpu_p4 or 0) > 0 and (custom.ascend_a310 or 0) > 0:
            words = f"{entry.owner.capitalize()} asks for GPU P4 and Ascend 310 cards. Use one of the two."
            yield Problem(f"{custom.path}.ascend_a310", WARN, words)
