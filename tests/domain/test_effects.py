"""Sentences about what a request asks for and what a change does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.domain import effects, effects_of_change, headline, saying

SPEC = "modelarts.vm.cpu.2u"


def model(name: str, weight: object = 100, **more: object) -> dict:
    return {"model_id": name, "weight": weight, "specification": SPEC, "instance_count": 1} | more


def body(*models: dict, **more: object) -> dict:
    return {"service_name": "mnist", "infer_type": "real-time", "config": list(models)} | more


OLD = body(model("a", 100, instance_count=4, envs={"TIMEOUT": "30"}))
NEW = body(
    model("a", "70", instance_count=3, envs={"TIMEOUT": "45"}),
    model("b", 30, envs={"LOG": "info"}),
    schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 3}],
)


def section(sections: list[effects.Section], name: str) -> effects.Section:
    return next(one for one in sections if one.name == name)


def test_a_request_is_said_group_by_group():
    said = effects.asked(NEW)
    assert [one.name for one in said] == ["Traffic", "Capacity", "Variables", "Network", "Auto-stop"]
    assert [(line.what, line.after) for line in section(said, "Traffic").lines] == [
        ("a", "70\u202f%"),
        ("b", "30\u202f%"),
    ]
    assert section(said, "Capacity").lines[0].after == f"3 instances, {SPEC}"
    assert section(said, "Variables").lines[1] == effects.Line("LOG of b", "info")
    assert section(said, "Network").note == "The vendor’s own network, none is set."
    assert section(said, "Auto-stop").note == "After 3 hours."


def test_a_change_shows_every_model_of_both_sides_as_soon_as_traffic_moves():
    traffic = section(effects_of_change.changed(OLD, NEW), "Traffic")
    assert [(line.what, line.before, line.after, line.delta, line.sign) for line in traffic.lines] == [
        ("a", "100\u202f%", "70\u202f%", -30, ""),
        ("b", "none", "30\u202f%", 30, "new"),
    ]
    assert [share.weight for share in traffic.was] == [100, 0]
    assert [share.weight for share in traffic.shares] == [70, 30]


def test_a_model_that_leaves_keeps_its_line_and_comes_last():
    traffic = section(effects_of_change.changed(NEW, OLD), "Traffic")
    assert [(line.what, line.after, line.sign) for line in traffic.lines] == [
        ("a", "100\u202f%", ""),
        ("b", "none", "gone"),
    ]
    assert [share.name for share in traffic.was] == ["a", "b"]


def test_capacity_variables_and_auto_stop_say_before_and_after():
    said = effects_of_change.changed(OLD, NEW)
    assert [(line.what, line.before, line.after, line.delta) for line in section(said, "Capacity").lines] == [
        (f"Instances of b, {SPEC}", "unset", "1", 1),
        ("Instances of a", "4", "3", -1),
    ]
    assert section(said, "Variables").lines[-1] == effects.Line("TIMEOUT of a", "45", "30")
    assert section(said, "Auto-stop").lines == [
        effects.Line("Stops by itself", "After 3 hours", "None, runs until stopped")
    ]
    assert section(said, "Network").note == "No change. The vendor’s own network, none is set."


def test_order_alone_is_no_change():
    swapped = body(*reversed(NEW["config"]), schedule=NEW["schedule"])
    assert all(not one.lines for one in effects_of_change.changed(NEW, swapped))
    assert headline.of_change(NEW, swapped) == "Nothing differs in meaning."


def test_unknown_keys_are_shown_since_they_are_sent():
    said = effects.asked(body(model("a", extra=1), strange={"x": 1}))
    assert [(line.what, line.after) for line in section(said, "Other").lines] == [
        ("strange", '{"x":1}'),
        ("extra of a", "1"),
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "The vendor’s own network, none is set."),
        ({"cluster_id": "pool"}, "Dedicated pool pool."),
        ({"cluster_id": "pool", "vpc_id": "v"}, "Dedicated pool pool. The VPC has no effect."),
        (
            {"vpc_id": "v", "subnet_network_id": "s", "security_group_id": "g"},
            "VPC v, subnet s, security group g.",
        ),
    ],
)
def test_the_network_in_force_is_named(more, words):
    assert saying.network(body(model("a"), **more)) == words


def test_a_pool_of_a_model_overrides_the_pool_of_the_service():
    both = body(model("a", 50, cluster_id="own"), model("b", 50), cluster_id="pool")
    assert saying.network(both) == "Dedicated pool own for a, pool for the others."


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (body(), "No model yet."),
        (body(model("a", instance_count=4)), f"1 model on 4 × {SPEC}, runs until stopped."),
        (NEW, "2 models share the traffic 70 / 30, 4 instances, stops after 3 hours."),
        (
            {"infer_type": "batch", "config": [model("a", src_path="obs://in/", dest_path="obs://out/")]},
            f"Batch job of 1 model on 1 × {SPEC}, from obs://in/ to obs://out/.",
        ),
    ],
)
def test_a_request_fits_one_sentence(asked, sentence):
    assert headline.of_new(asked) == sentence


def test_a_change_fits_one_sentence():
    assert headline.of_change(OLD, NEW) == (
        "Moves 30 of 100 points of traffic, adds 1 model, changes the capacity, changes 1 variable "
        "and changes the auto-stop."
    )


def test_a_batch_request_says_its_data():
    job = {"model_id": "a", "specification": SPEC, "instance_count": 1, "src_path": "in/", "mapping_type": "csv"}
    said = effects.asked({"infer_type": "batch", "config": [job]})
    assert [(line.what, line.after) for line in section(said, "Data").lines] == [
        ("Model", "a"),
        ("Input path", "in/"),
        ("Mapping type", "csv"),
    ]
    assert "Auto-stop" not in [one.name for one in said]


def test_another_type_says_what_leaves_and_what_comes():
    job = {"model_id": "c", "specification": SPEC, "instance_count": 1, "src_path": "in/"}
    said = effects_of_change.changed(NEW, {"infer_type": "batch", "config": [job]})
    assert [(line.what, line.before, line.after) for line in section(said, "Traffic").lines] == [
        ("a", "70\u202f%", "unset"),
        ("b", "30\u202f%", "unset"),
    ]
    assert section(said, "Auto-stop").lines == [effects.Line("Stops by itself", "none", "After 3 hours")]
    assert section(said, "Data").lines[0] == effects.Line("Input path of c", "in/", "unset", sign="new")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = ["config", "schedule", "infer_type", "cluster_id", "vpc_id", "weight", "envs", "custom_spec", "instance_count"]
half_written = st.recursive(
    json_values,
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner | st.lists(inner, max_size=3)),
    max_leaves=12,
).filter(lambda value: isinstance(value, dict))


@settings(max_examples=60, deadline=None)
@given(half_written, half_written)
def test_half_written_bodies_never_raise(one, other):
    effects.asked(one)
    effects_of_change.changed(one, other)
    headline.of_new(one)
    headline.of_change(one, other)
