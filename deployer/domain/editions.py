"""The editions of the API that targets may name."""

from .edition import Edition, Rule
from .rules import RULES
from .tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE

__all__ = ["DEFAULT", "EDITIONS", "OTC_2022", "Edition", "Rule"]

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

# A newer edition is this one with `dataclasses.replace`: more keys, other lists, rules added or left out.
EDITIONS: dict[str, Edition] = {edition.name: edition for edition in (OTC_2022,)}
DEFAULT = OTC_2022.name
