"""The editions of the API that targets may name."""

from dataclasses import replace

from . import newer
from .edition import Edition, Rule
from .rules import RULES, RULES_2025
from .tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE

__all__ = ["DEFAULT", "EDITIONS", "OTC_2022", "OTC_2025", "Edition", "Rule"]

OTC_2022 = Edition(
    name="otc-2022",
    title="Open Telekom Cloud, 2022",
    service_keys=frozenset(SERVICE),
    entry_keys=frozenset(ENTRY),
    spec_keys=frozenset(CUSTOM_SPEC),
    schedule_keys=frozenset(SCHEDULE),
    batch_specifications=("modelarts.vm.cpu.2u", "modelarts.vm.gpu.p4"),
    rules=RULES,
)

# API reference of 2025-08: pool_name, rollout, notifications, logs, storage, affinity; bounds where 2022 has none.
OTC_2025 = replace(
    OTC_2022,
    name="otc-2025",
    title="Open Telekom Cloud, 2025",
    service_keys=OTC_2022.service_keys | newer.SERVICE.keys(),
    entry_keys=OTC_2022.entry_keys | newer.ENTRY.keys() | {newer.NODES},
    batch_specifications=(
        "modelarts.vm.cpu.2u",
        "modelarts.vm.gpu.pnt004",
        "modelarts.vm.ai1.snt3",
        "custom",
    ),
    rules=RULES_2025,
    most_instances=128,
    batch_has_pools=True,
    service_tree=newer.SERVICE_TREE,
    entry_tree=newer.ENTRY_TREE,
)

EDITIONS: dict[str, Edition] = {edition.name: edition for edition in (OTC_2022, OTC_2025)}
DEFAULT = OTC_2022.name
