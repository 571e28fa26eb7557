"""The newer fields in sentences: what is asked, what a change does, and what stays JSON."""

import copy
from typing import Any

import pytest
from hypothesis import example, given

from deployer.domain import diff, effects, effects_of_change, headline, saying
from deployer.domain.saying_newer import told
from tests.domain.bodies import entry, real_time
from tests.domain.bodies_2025 import GROUP, STREAM, TOPIC, affinity, channel, everything
from tests.domain.strategies import BODIES


def lines(sections: list[effects.Section], name: str) -> dict[str, tuple[str, str]]:
    return {line.what: (line.before, line.after) for part in sections if part.name == name for line in part.lines}


def changed(*steps: str, to: Any) -> dict[str, Any]:
    """Everything, with one value changed."""
    body: Any = copy.deepcopy(everything())
    place = body["config"][0] if steps[0] == "config" else body
    *path, last = steps[1:] if steps[0] == "config" else steps
    for step in path:
        place = place[step]
    place[last] = to
    return body


def test_a_request_says_each_newer_field() -> None:
    said = effects.asked(everything())
    assert {what: after for what, (_, after) in lines(said, "Settings").items()} == {
        "Load balancing": "LEAST_CONNECTIONS",
        "Priority": "2",
        "Mounted secrets": "secret-1 at /secrets/one",
        "SMN topic": TOPIC,
        "Events told of": "failed, running, concerning, pending",
        "Log channels": f"LTS group {GROUP}, stream {STREAM}",
        "WebSocket upgrade": "on",
        "Deployment timeout of model-a": "1200 s (20 min)",
        "Most instances above the count of model-a": "0.5",
        "Most instances missing of model-a": "1",
        "Time to end of model-a": "30 s",
        "Log volumes of model-a": "/var/log/service at /logs",
        "Persistent volumes of model-a": "share at /data, from sfs_turbo 192.168.0.7:/",
        "Node affinity of model-a": "required: pool-b (192.168.0.11)",
    }
    assert "Other" not in [one.name for one in said]
    assert saying.network(everything()) == "Dedicated pool pool-b for model-a."


@pytest.mark.parametrize(
    ("steps", "to", "group", "line", "before", "after"),
    [
        (("pool_name",), "pool-c", "Network", "Pool name", "pool-b", "pool-c"),
        (("priority",), 1, "Settings", "Priority", "2", "1"),
        (
            ("config", "deploy_timeout_in_seconds"),
            90,
            "Settings",
            "Deployment timeout of model-a",
            "1200 s (20 min)",
            "90 s",
        ),
        (
            ("additional_properties", "smn_notification", "events"),
            [2, 99],
            "Settings",
            "Events told of",
            "failed, running, concerning, pending",
            "stopped, 99",
        ),
        (("additional_properties", "websocket_upgrade"), False, "Settings", "WebSocket upgrade", "on", "off"),
        (
            ("config", "additional_properties", "max_surge"),
            2,
            "Settings",
            "Most instances above the count of model-a",
            "0.5",
            "2",
        ),
        (("service_secrets",), [], "Settings", "Mounted secrets", "secret-1 at /secrets/one", "[]"),
    ],
)
def test_a_change_reads_as_a_line(steps, to, group, line, before, after) -> None:
    other = changed(*steps, to=to)
    assert lines(effects_of_change.changed(everything(), other), group) == {line: (before, after)}
    wanted = "Changes the network." if group == "Network" else "Changes 1 setting."
    assert headline.of_change(everything(), other) == wanted


def test_a_first_property_is_one_more_and_an_empty_object_is_told_too() -> None:
    new = real_time(additional_properties={"websocket_upgrade": True})
    assert lines(effects_of_change.changed(real_time(), new), "Settings") == {"WebSocket upgrade": ("unset", "on")}
    empty = real_time(additional_properties={})
    assert [change.path for change in diff.compare(real_time(), empty)] == ["additional_properties"]
    assert [change.path for change in diff.compare(empty, new)] == ["additional_properties.websocket_upgrade"]


def test_a_model_that_comes_brings_its_settings() -> None:
    new = everything()
    old = {**new, "config": [entry("other")]}
    said = lines(effects_of_change.changed(old, new), "Settings")
    assert said["Deployment timeout of model-a"] == ("unset", "1200 s (20 min)")
    assert lines(effects_of_change.changed(old, new), "Network") == {"Pool name of model-a": ("unset", "pool-b")}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("service_secrets", [{"secretId": "s"}], '[{"secretId":"s"}]'),
        ("service_secrets", [{"secretId": "s", "mouthPath": "/s", "odd": 1}], None),
        ("log_volume", "x", "x"),
        ("affinity", {"node_affinity": {"mode": "required", "pool_infos": [{"pool_name": "p"}]}}, "required: p"),
        ("affinity", affinity(odd=1), None),
        ("affinity", affinity({"pool_name": "p", "nodes": [{"name": "a", "odd": 1}]}), None),
        ("affinity", {"node_affinity": []}, None),
        ("events", ["a"], '["a"]'),
        ("log_report_channels", [{"type": "LTS"}], '[{"type":"LTS"}]'),
        ("log_report_channels", [channel(odd=1)], None),
        ("persistent_volumes", [{"name": "n", "mount_path": "/m", "source_address": "a"}], None),
        ("events", [True], "[true]"),
        ("deploy_timeout_in_seconds", True, "true"),
        ("websocket_upgrade", "on", "on"),
        ("anything", 5, "5"),
    ],
)
def test_another_shape_is_said_as_it_came(key, value, words) -> None:
    assert told(key, value) == (saying.said(value) if words is None else words)


@example(one={"config": [{"custom_spec": {"\ud800": 1}}]}, other={})  # half a character as a key
@given(BODIES, BODIES)
def test_any_two_bodies_can_be_said(one: dict[str, Any], other: dict[str, Any]) -> None:
    for section in [*effects.asked(one), *effects_of_change.changed(one, other)]:
        for line in section.lines:
            f"{line.what} {line.before} {line.after}".encode()
    f"{headline.of_new(one)} {headline.of_change(one, other)}".encode()
