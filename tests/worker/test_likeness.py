"""What counts as ours, and what does not."""

import pytest

from deployer.worker.likeness import differences, names_models
from tests.factories import batch_body, entry, real_time_body


def shown(body: dict, **more) -> dict:
    """As a cloud shows it: with fields of its own, filled-in defaults, rows in another order."""
    rows = [{"model_name": "x", "additional_properties": {}, "scaling": False, **row} for row in body["config"]]
    return {"service_id": "1", "status": "running", "shared": False, **body, "config": rows[::-1], **more}


TWO = real_time_body(entry("a", 70, envs={"A": "1"}), entry("b", 30))


@pytest.mark.parametrize("body", [real_time_body(), TWO, batch_body()])
def test_what_we_sent_is_ours_whatever_the_cloud_adds(body):
    assert differences(body, shown(body)) == []


def test_a_weight_is_the_same_quoted_or_not():
    quoted = shown(TWO)
    quoted["config"] = [{**row, "weight": str(row["weight"])} for row in quoted["config"]]
    assert differences(TWO, quoted) == []


@pytest.mark.parametrize(
    ("other", "where"),
    [
        (real_time_body(entry("a", 60, envs={"A": "1"}), entry("b", 40)), "a.weight"),
        (real_time_body(entry("a", 70, envs={"A": "2"}), entry("b", 30)), "a.envs.A"),
        (real_time_body(entry("a", 70, envs={"A": "1"}, instance_count=2), entry("b", 30)), "a.instance_count"),
        (real_time_body(entry("c", 70), entry("b", 30)), "config"),
        (real_time_body(entry("a", 70)), "config"),
        (real_time_body(entry("a", 70), entry("b", 30), infer_type="batch"), "infer_type"),
        ({"service_name": "mnist", "infer_type": "real-time"}, "config"),
        ({"service_name": "mnist", "infer_type": "real-time", "config": "soon"}, "config"),
    ],
)
def test_other_content_is_told_apart(other, where):
    assert where in differences(TWO, other)


def test_what_the_cloud_does_not_show_proves_nothing():
    bare = {"service_name": "mnist", "infer_type": "real-time", "config": [{"model_id": "a"}, {"model_id": "b"}]}
    assert differences(TWO, bare) == []


@pytest.mark.parametrize("config", [None, {}, [], [None], [{}], [{"model_id": ""}], [entry("a"), {"weight": 30}]])
def test_a_configuration_without_models_says_nothing_of_the_content(config):
    assert not names_models({"config": config})
    assert names_models(TWO)
