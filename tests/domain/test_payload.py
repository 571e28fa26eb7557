"""The body that is sent, byte for byte."""

import json

import pytest

from deployer.domain import payload
from deployer.domain.draft import body_of, from_body
from tests.domain.bodies import batch, entry, real_time, without


def test_the_canonical_text_is_sorted_tight_and_utf8() -> None:
    assert payload.canonical({"b": [1, 2.50, "é", None, True], "a": {}}) == '{"a":{},"b":[1,2.5,"é",null,true]}'


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0, "0"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (1e22, "1" + "0" * 22),
        (1e23, "1" + "0" * 23),
        (-3.0, "-3"),
    ],
)
def test_a_number_has_one_form(number: float, text: str) -> None:
    assert payload.canonical(number) == text


def test_nan_is_never_written() -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        payload.canonical({"a": float("nan")})


def test_only_some_keys_are_left_out_and_only_when_empty() -> None:
    empty = {
        "description": "",
        "workspace_id": "",
        "vpc_id": "",
        "subnet_network_id": "",
        "security_group_id": "",
        "cluster_id": "",
        "schedule": [],
    }
    model = entry(weight="100", cluster_id="", custom_spec={}, envs={})
    assert payload.build(real_time(**empty, config=[model])) == real_time()
    kept = {"service_name": "", "pool_name": "", "odd": {}, "config": [entry("", instance_count=0, note=[])]}
    assert payload.build(real_time(**kept)) == real_time(**kept)


def test_inside_unknown_keys_mapping_and_resources_nothing_is_touched() -> None:
    rule = {"description": "", "properties": {}, "envs": {}, "weight": "1"}
    body = batch(mapping_rule=rule, note={"cluster_id": ""})
    assert payload.build(body) == body
    body = real_time(config=[entry(custom_spec={"cpu": 0, "cluster_id": "", "gpu_p4": 0})])
    assert payload.build(body) == body


def test_fields_of_the_other_type_stay_behind() -> None:
    assert payload.build(batch(weight="100", custom_spec={"cpu": 1}, src_type="")) == batch()
    assert payload.build(real_time(config=[entry(src_path="", mapping_rule={})])) == real_time()
    unknown = real_time(infer_type="other", config=[entry(src_path="x", weight="7")])
    assert payload.build(unknown) == unknown


def test_a_quoted_weight_is_sent_as_a_number() -> None:
    assert payload.build(real_time(config=[entry(weight="070")]))["config"][0]["weight"] == 70
    assert payload.build(real_time(config=[entry(weight="7O")]))["config"][0]["weight"] == "7O"


def test_a_variable_without_name_and_value_is_not_sent() -> None:
    body = payload.build(real_time(config=[entry(envs={"": "", "A": ""})]))
    assert body["config"][0]["envs"] == {"A": ""}
    assert payload.build(real_time(config=[entry(envs={"": ""})])) == real_time()


def test_the_fingerprint_is_the_sha256_of_the_text() -> None:
    print_ = payload.fingerprint("{}")
    assert print_ == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert payload.short(print_) == "4413 6fa3 55b3 678a"


def test_the_text_works_for_any_draft_and_for_eyes() -> None:
    doc = from_body({"config": [entry(weight="x")], "b": 1.0, "a": "\ud800"})
    text = payload.pretty(payload.build(body_of(doc)))
    assert text.startswith('{\n  "a": "\\ud800",\n  "b": 1,\n  "config": [\n    {\n')
    fewer = without(real_time(), "config")
    assert json.loads(payload.pretty(payload.build(body_of(from_body(fewer))))) == fewer
