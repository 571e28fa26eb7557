"""Events, updates and load of a service, read leniently."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from deployer.modelarts.errors import NoAnswer

from .clouds import says


def query_of(heard):
    return {key: values[0] for key, values in parse_qs(urlsplit(heard.path).query).items()}


def test_events_are_asked_for_by_kind_words_and_time(cloud, client):
    cloud.acts = [says({"events": [], "total_count": 0})]
    client.events(
        "s1", kind="abnormal", words="pull image", since=datetime(2026, 11, 1, tzinfo=UTC),
        until=datetime(2026, 11, 2, 0, 0, 0, 5000, tzinfo=UTC),
    )  # fmt: skip
    assert cloud.heard[-1].path.startswith("/v1/p1/services/s1/events?")
    assert query_of(cloud.heard[-1]) == {
        "event_type": "abnormal", "event_info": "pull image", "start_time": "1793491200000",
        "end_time": "1793577600005", "offset": "0", "limit": "100",
    }  # fmt: skip


def test_events_come_from_all_pages(cloud, client):
    rows = [{"occur_time": 1000 + number, "event_type": "normal", "event_info": "x"} for number in range(130)]
    cloud.acts = [
        says({"events": list(reversed(rows[30:])), "total_count": 130}), says({"events": rows[:30], "total_count": 130})
    ]  # fmt: skip
    seen = client.events("s1")
    assert [one.raw["occur_time"] for one in seen] == list(range(1000, 1130))
    assert cloud.count("GET") == 2


def test_the_updates_of_a_service_newest_first(cloud, client):
    rows = [
        {"update_time": 1598319442708, "result": "Success", "config": [{"model_id": "m1", "weight": "100"}]},
        {"update_time": "1598319449999", "result": "FAIL", "config": "none", "cluster_id": 7, "success_num": 1},
        {},
        "no row",
    ]
    cloud.acts = [says({"service_id": "s1", "logs": rows})]
    second, first, empty = client.logs("s1")
    assert (first.result, first.config[0]["weight"]) == ("SUCCESS", "100")
    assert first.updated_at == datetime(2020, 8, 25, 1, 37, 22, 708000, tzinfo=UTC)
    assert (second.result, second.config, second.cluster_id, second.raw["success_num"]) == ("FAIL", [], "7", 1)
    assert (empty.updated_at, empty.result, empty.config) == (None, "", [])
    assert cloud.heard[-1].path == "/v1/p1/services/s1/logs"


def test_the_load_of_a_service_from_numbers_in_strings(cloud, client):
    old = {
        "model_id": "m1", "model_name": "sentiment", "model_version": "4.1.3", "invocation_times": "50",
        "failed_times": "1", "cpu_core_usage": "0.25", "cpu_core_total": "1.00", "cpu_memory_usage": "2032",
        "cpu_memory_total": "4096.0", "gpu_usage": "", "gpu_total": None,
    }  # fmt: skip
    new = {
        "model_id": "m2", "invocation_times": 7, "cpu_core_usage": 1, "npu_usage": 0.5, "npu_total": 2,
        "gpu_memory_usage": 10, "gpu_memory_total": 16384, "model_running_instance_count": 1,
        "model_instance_count": 2, "cpu_memory_total": "much",
    }  # fmt: skip
    whole = {"service_instance_count": 2, "service_running_instance_count": "1", "req_count_per_min": 33}
    cloud.acts = [says({"monitors": [old, new], **whole})]
    seen = client.monitor("s1", node_id="n1")
    assert query_of(cloud.heard[-1]) == {"node_id": "n1"}
    first, second = seen.models
    assert (first.invocation_times, first.failed_times, first.cpu_core_usage, first.cpu_core_total) == (50, 1, 0.25, 1)
    assert (first.cpu_memory_usage, first.cpu_memory_total, first.gpu_usage, first.gpu_total) == (
        2032, 4096, None, None
    )  # fmt: skip
    assert (first.npu_usage, first.instances) == (None, None)
    assert (second.npu_usage, second.npu_total, second.gpu_memory_total) == (0.5, 2, 16384)
    assert (second.running_instances, second.instances, second.cpu_memory_total) == (1, 2, None)
    assert (seen.instances, seen.running_instances, seen.calls_per_minute) == (2, 1, 33)


def test_a_history_without_a_list_is_no_empty_one(cloud, client):
    cloud.acts = [says({"service_id": "s1"})]
    for call in (client.events, client.logs, client.monitor):
        with pytest.raises(NoAnswer, match="no list"):
            call("s1")
