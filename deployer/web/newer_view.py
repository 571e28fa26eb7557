"""How the controls of newer fields look: their labels, hints and choices, in the groups a page draws.

Hints carry what cannot be taken back: log channels and WebSocket stay on once they are (API reference of 2025).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from deployer.domain.newer import CHANNEL, EVENTS, POLICIES, PRIORITIES
from deployer.web.controls import Control, options_for

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Look:
    """Label, words beside it, hint, kind of control and its choices."""

    label: str
    faint: str = "optional"
    hint: str = ""
    kind: str = ""
    options: Options = ()
    mono: bool = False
    inputmode: str = ""
    full: bool = False


@dataclass(frozen=True)
class Field:
    """One control with its look."""

    control: Control
    look: Look

    @property
    def options(self) -> list[tuple[str, str]]:
        return options_for(self.control.text, list(self.look.options))

    @property
    def lines(self) -> int:
        return max(3, min(24, self.control.text.count("\n") + 1))

    @property
    def events(self) -> list[tuple[str, str, bool]]:
        """Number, word and whether it is chosen; empty where the value cannot be shown as boxes."""
        text = self.control.text
        if text and not re.fullmatch(r"[0-9]+(, [0-9]+)*", text):
            return []
        chosen = text.split(", ") if text else []
        known = {str(number): word for number, word in EVENTS.items()}
        return [(one, word, one in chosen) for one, word in known.items()] + [
            (one, f"event {one}", True) for one in chosen if one not in known
        ]


@dataclass
class Group:
    """Fields that belong together; an item of a list has the name of its list and its place."""

    title: str
    note: str = ""
    fields: list[Field] = field(default_factory=list)
    list_name: str = ""
    item: str = ""  # its name, where it stands in the draft and can be removed
    is_last: bool = False  # the empty one that begins another item


_SWITCH: Options = (("", "not said, off"), ("true", "on"), ("false", "off"))
_LOOKS: dict[str, Look] = {
    "load_balancer_policy": Look(
        "Load balancing", hint="How requests are spread over instances.", kind="select",
        options=(("", "not said"), *((one, one) for one in POLICIES)),
    ),
    "priority": Look(
        "Priority", hint="For preemption, 1 to 3.", kind="select",
        options=(("", "not said"), *((str(one), str(one)) for one in PRIORITIES)),
    ),
    "additional_properties-websocket_upgrade": Look(
        "WebSocket", hint="Cannot be switched off again. For models of custom images; a traffic limit goes.",
        kind="select", options=_SWITCH,
    ),
    "additional_properties-smn_notification-topic_urn": Look(
        "SMN topic", faint="its URN", hint="The topic the cloud writes to.", mono=True, full=True
    ),
    "additional_properties-smn_notification-events": Look(
        "Tell when the service is", faint="", kind="events", hint="Numbers, as 1, 3, 7.", full=True
    ),
    "additional_properties-log_report_channels-type": Look(
        "Log channel", faint="", kind="select", options=(("", "not chosen"), (CHANNEL, CHANNEL))
    ),
    "additional_properties-log_report_channels-configuration-log_group_id": Look(
        "LTS log group", faint="id", mono=True
    ),
    "additional_properties-log_report_channels-configuration-log_stream_id": Look(
        "LTS log stream", faint="id", mono=True
    ),
    "service_secrets-secretId": Look("Secret", faint="id, not the secret itself", mono=True),
    "service_secrets-mouthPath": Look("Mounted at", faint="path", mono=True),
    "deploy_timeout_in_seconds": Look(
        "Deployment timeout", faint="seconds", hint="Of one instance. The console offers 180 to 7200, 1200 if empty.",
        inputmode="numeric",
    ),
    "additional_properties-max_surge": Look(
        "Most above the count", faint="while rolling", hint="Instances, or below 1 a share of them. 1 if empty.",
        inputmode="decimal",
    ),
    "additional_properties-max_unavailable": Look(
        "Most missing", faint="while rolling", hint="Instances, or below 1 a share of them. 0 if empty.",
        inputmode="decimal",
    ),
    "additional_properties-termination_grace_period_seconds": Look(
        "Time to end", faint="seconds", hint="What an instance gets to finish its work.", inputmode="numeric"
    ),
    "additional_properties-log_volume": Look(
        "Log volumes", faint="JSON, in a dedicated pool", kind="area", mono=True, full=True,
        hint='As in [{"host_path": "/var/log/service", "mount_path": "/logs"}]',
    ),
    "additional_properties-persistent_volumes": Look(
        "Persistent volumes", faint="JSON", kind="area", mono=True, full=True,
        hint='As in [{"name": "share", "mount_path": "/data", "storage_type": "sfs_turbo", '
        '"source_address": "192.168.0.7:/"}]',
    ),
    "affinity": Look(
        "Node affinity", faint="JSON", kind="area", mono=True, full=True,
        hint='As in {"node_affinity": {"mode": "preferred", "pool_infos": [{"pool_name": "pool-a", '
        '"nodes": [{"name": "192.168.0.11"}]}]}}',
    ),
}  # fmt: skip
_SERVICE_GROUPS = (
    ("", "Requests and priority", "", ("load_balancer_policy", "priority", "additional_properties-websocket_upgrade")),
    ("", "Notifications", "", ("additional_properties-smn_notification-",)),
    (
        "additional_properties-log_report_channels",
        "Logs",
        "Once logs go to LTS, that cannot be switched off again.",
        (),
    ),
    ("service_secrets", "Mounted secrets", "The cloud’s secret manager keeps them; only their ids stand here.", ()),
)


def pattern(name: str) -> str:
    """The name without the numbers of items."""
    return re.sub(r"-[0-9]+(?=-)", "", name)


def label_of(name: str) -> str:
    """What people call this control, or "" for a name we do not draw."""
    look = _LOOKS.get(pattern(name))
    return look.label if look else ""


def of_service(controls: dict[str, Control], counts: dict[str, int]) -> list[Group]:
    """The groups of the section; `counts` is how many items of each list the draft has."""
    found = []
    for list_name, title, note, starts in _SERVICE_GROUPS:
        if list_name:
            found += list(_items(list_name, title, note, controls, counts.get(list_name, 0)))
        else:
            fields = _fields(controls, starts)
            found += [Group(title, note, fields)] if fields else []
    return found


def _items(name: str, title: str, note: str, controls: dict[str, Control], count: int) -> Iterator[Group]:
    """Each item, and the empty one after them."""
    at = 0
    while fields := _fields(controls, (f"{name}-{at}-",)):
        new = at >= count
        if new:  # its only type is said for it once something else is
            fields = [one for one in fields if not one.control.id.endswith("-type")]
        item = "" if new else f"{name}-{at}"
        yield Group(title if at == 0 else f"{title}, {at + 1}", "" if at else note, fields, name, item, is_last=new)
        at += 1


def of_row(controls: dict[str, Control]) -> list[Field]:
    """The controls of one model; its pool stands with the pools."""
    return [Field(one, _LOOKS[name]) for name, one in controls.items() if name != "pool_name"]


def _fields(controls: dict[str, Control], starts: tuple[str, ...]) -> list[Field]:
    return [Field(one, _LOOKS[pattern(name)]) for name, one in controls.items() if name.startswith(starts)]
