"""The keys of the 2025 edition: taken and given back, or refused where they stand."""

import pytest

from .conftest import a_job, a_model, a_service, error_of

POOL = "8abf68a969c3cb3a0169c4acb24b0000"
PLAIN_SMN = {"topic_urn": "urn:smn:region-1:0:ops", "events": [1, 3, 7, 11]}
CHANNEL = {"type": "LTS", "configuration": {"log_group_id": "g" * 64, "log_stream_id": "s"}}
SERVICE = {
    "pool_name": POOL,
    "load_balancer_policy": "LEAST_CONNECTIONS",
    "priority": 2,
    "service_secrets": [{"secretId": "id-of-a-secret", "mouthPath": "/etc/secret"}],
    "additional_properties": {
        "smn_notification": PLAIN_SMN,
        "log_report_channels": [CHANNEL],
        "websocket_upgrade": True,
    },
}
ENTRY = {
    "pool_name": POOL,
    "deploy_timeout_in_seconds": 1200,
    "additional_properties": {
        "log_volume": [{"host_path": "/var/log", "mount_path": "/logs"}],
        "max_surge": 0.5,
        "max_unavailable": 1,
        "termination_grace_period_seconds": 0,
        "persistent_volumes": [
            {"name": "v", "mount_path": "/data", "storage_type": "sfs_turbo", "source_address": "sfs:/x"}
        ],
    },
    "affinity": {
        "node_affinity": {
            "mode": "preferred",
            "pool_infos": [{"pool_name": POOL, "nodes": [{"name": "192.168.7.10"}]}],
        }
    },
}


def test_every_newer_key_is_given_back_as_it_came(client):
    service_id = client.made(a_service(config=[a_model(**ENTRY)], **SERVICE))
    service = client.service(service_id)
    assert {name: service[name] for name in SERVICE} == SERVICE
    assert {name: service["config"][0][name] for name in ENTRY} == ENTRY
    row = client.api("GET", "/services").json()["services"][0]
    assert row["additional_properties"] == SERVICE["additional_properties"]
    log = client.api("GET", f"/services/{service_id}/logs").json()["logs"][0]
    assert log["config"][0]["pool_name"] == POOL


def test_a_map_of_notifications_is_taken_too(client):
    more = {"smn_notification": {"first": PLAIN_SMN, "second": {**PLAIN_SMN, "events": [2, 9]}}}
    service_id = client.made(additional_properties=more)
    assert client.service(service_id)["additional_properties"] == more


def test_nothing_and_null_are_not_given(client):
    names = [*SERVICE, "description"]
    client.made(a_service(config=[a_model(**dict.fromkeys(ENTRY))], **dict.fromkeys(names)))
    client.made(a_service("empty", config=[a_model(affinity={}, additional_properties={})], additional_properties={}))


def smn(**changes):
    return {"additional_properties": {"smn_notification": {**PLAIN_SMN, **changes}}}


def lts(**changes):
    return {"additional_properties": {"log_report_channels": [{**CHANNEL, **changes}]}}


def volume(**changes):
    given = {**ENTRY["additional_properties"]["persistent_volumes"][0], **changes}
    return {"additional_properties": {"persistent_volumes": [given]}}


def near(**changes):
    return {"affinity": {"node_affinity": {**ENTRY["affinity"]["node_affinity"], **changes}}}


SMN = "additional_properties.smn_notification"
LTS = "additional_properties.log_report_channels[0]"
WRONG_SERVICE = [
    ({"pool_name": 5}, "0104", "pool_name"),
    ({"pool_name": "2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125"}, "0104", "pool_name"),
    ({"pool_name": "c05d8b17-e3a9-4f62-9074-2b1e6f8d3ac5"}, "0104", "pool_name"),
    ({"load_balancer_policy": "RANDOM"}, "0104", "load_balancer_policy"),
    ({"load_balancer_policy": ["SOURCE_IP"]}, "0104", "load_balancer_policy"),
    ({"priority": 0}, "0104", "priority"),
    ({"priority": 4}, "0104", "priority"),
    ({"priority": "1"}, "0104", "priority"),
    ({"priority": True}, "0104", "priority"),
    ({"service_secrets": {}}, "0104", "service_secrets"),
    ({"service_secrets": [1]}, "0104", "service_secrets[0]"),
    ({"service_secrets": [{"secretId": "x"}]}, "3610", "service_secrets[0].mouthPath"),
    ({"service_secrets": [{"mouthPath": "/x"}]}, "3610", "service_secrets[0].secretId"),
    ({"additional_properties": 5}, "0104", "additional_properties"),
    ({"additional_properties": {"smn_notification": []}}, "0104", SMN),
    (smn(topic_urn=""), "3610", f"{SMN}.topic_urn"),
    (smn(events=[4]), "0104", f"{SMN}.events"),
    (smn(events=[True]), "0104", f"{SMN}.events"),
    (smn(events="1"), "0104", f"{SMN}.events"),
    ({"additional_properties": {"smn_notification": {"first": {"events": [1]}}}}, "3610", f"{SMN}.first.topic_urn"),
    ({"additional_properties": {"smn_notification": {"first": 1}}}, "0104", f"{SMN}.first"),
    (lts(type="OBS"), "0104", f"{LTS}.type"),
    (lts(type=None), "3610", f"{LTS}.type"),
    (lts(configuration=None), "3610", f"{LTS}.configuration.log_group_id"),
    (lts(configuration={"log_group_id": "g"}), "3610", f"{LTS}.configuration.log_stream_id"),
    (lts(configuration={"log_group_id": "g" * 65, "log_stream_id": "s"}), "0104", f"{LTS}.configuration.log_group_id"),
    ({"additional_properties": {"websocket_upgrade": "true"}}, "0104", "additional_properties.websocket_upgrade"),
]
MORE = "config[0].additional_properties"
NEAR = "config[0].affinity.node_affinity"
WRONG_ENTRY = [
    ({"pool_name": []}, "0104", "config[0].pool_name"),
    ({"pool_name": "2d9f4b60-71ce-4a83-95e8-b0c3f6d7a125"}, "0104", "config[0].pool_name"),
    ({"deploy_timeout_in_seconds": 0}, "0104", "config[0].deploy_timeout_in_seconds"),
    ({"deploy_timeout_in_seconds": 60.5}, "0104", "config[0].deploy_timeout_in_seconds"),
    ({"deploy_timeout_in_seconds": 10**9}, "0104", "config[0].deploy_timeout_in_seconds"),
    ({"additional_properties": []}, "0104", MORE),
    ({"additional_properties": {"max_surge": 0}}, "0104", f"{MORE}.max_surge"),
    ({"additional_properties": {"max_unavailable": -1}}, "0104", f"{MORE}.max_unavailable"),
    ({"additional_properties": {"termination_grace_period_seconds": -1}}, "0104", "termination_grace_period_seconds"),
    ({"additional_properties": {"log_volume": [{"host_path": "/x"}]}}, "3610", f"{MORE}.log_volume[0].mount_path"),
    ({"additional_properties": ENTRY["additional_properties"]}, "0107", "log_volume"),
    (volume(storage_type="obs"), "0104", f"{MORE}.persistent_volumes[0].storage_type"),
    (volume(source_address=""), "3610", f"{MORE}.persistent_volumes[0].source_address"),
    ({"affinity": "near"}, "0104", "config[0].affinity"),
    (near(mode="maybe"), "0104", f"{NEAR}.mode"),
    (near(pool_infos=[{"nodes": []}]), "3610", f"{NEAR}.pool_infos[0].pool_name"),
    (near(pool_infos=[{"pool_name": "p", "nodes": [{}]}]), "3610", f"{NEAR}.pool_infos[0].nodes[0].name"),
]


@pytest.mark.parametrize(("more", "code", "place"), WRONG_SERVICE)
def test_a_wrong_key_of_the_service_is_named(client, more, code, place):
    answer = client.create(**more)
    assert error_of(answer)[:2] == (400, f"ModelArts.{code}"), answer.text
    assert place in error_of(answer)[2]


@pytest.mark.parametrize(("more", "code", "place"), WRONG_ENTRY)
def test_a_wrong_key_of_a_model_is_named(client, more, code, place):
    answer = client.create(config=[a_model(**more)])
    assert error_of(answer)[:2] == (400, f"ModelArts.{code}"), answer.text
    assert place in error_of(answer)[2]


def test_a_policy_for_traffic_is_for_real_time_services(client):
    answer = client.create({**a_job(), "load_balancer_policy": "SOURCE_IP"})
    assert error_of(answer)[:2] == (400, "ModelArts.0104")


def test_a_batch_job_may_run_in_a_new_pool(client):
    client.made(a_job(pool_name=POOL, deploy_timeout_in_seconds=600))


def test_updates_bring_newer_keys_and_two_of_them_stay(client):
    service_id = client.made(additional_properties=SERVICE["additional_properties"])
    secrets = [{"secretId": "other", "mouthPath": "/x"}]
    more = {"smn_notification": {**PLAIN_SMN, "events": []}, "websocket_upgrade": False}
    answer = client.put(
        service_id,
        priority=3,
        load_balancer_policy="ROUND_ROBIN",
        service_secrets=secrets,
        additional_properties=more,
        pool_name="elsewhere",
    )
    assert answer.json() == {}
    service = client.service(service_id)
    assert (service["priority"], service["load_balancer_policy"]) == (3, "ROUND_ROBIN")
    assert service["service_secrets"] == secrets
    assert service["additional_properties"] == {**more, "websocket_upgrade": True, "log_report_channels": [CHANNEL]}
    assert "pool_name" not in service, "where a service runs is fixed"


@pytest.mark.parametrize("body", [{"priority": 9}, {"additional_properties": 1}, {"service_secrets": "x"}])
def test_a_wrong_newer_key_of_an_update_changes_nothing(client, body):
    service_id = client.made()
    assert error_of(client.put(service_id, description="new", **body))[0] == 400
    assert client.service(service_id)["description"] == ""


def test_the_strict_sandbox_wants_custom_flavors_whole(client):
    spec = {"cpu": 1, "memory": 1024}
    for entry in (a_model(specification="custom", pool_name=POOL), a_model(specification="custom", custom_spec=spec)):
        client.door("strict", {"on": False})
        service_id = client.made(config=[entry])
        client.api("DELETE", f"/services/{service_id}")
        client.door("strict", {"on": True})
        assert client.create(config=[entry]).status_code == 400
    client.made(config=[a_model(specification="custom", custom_spec=spec, pool_name=POOL)])
    answer = client.create(a_service("lost", pool_name="nowhere"))
    assert error_of(answer)[:2] == (400, "ModelArts.3547")


def test_edge_services_are_not_offered(client):
    answer = client.create(infer_type="edge", config=[a_model(nodes=["n"])])
    assert error_of(answer)[:2] == (400, "ModelArts.0104")
    assert "infer_type" in error_of(answer)[2]


def test_the_figures_of_2025_stand_beside_those_of_2022(client):
    service_id = client.made(config=[a_model(instance_count=3)])
    asleep = client.api("GET", f"/services/{service_id}/monitor").json()
    assert (asleep["service_instance_count"], asleep["service_running_instance_count"]) == (3, 0)
    client.advance(30)
    awake = client.api("GET", f"/services/{service_id}/monitor").json()
    assert awake["service_running_instance_count"] == 3
    assert awake["monitors"][0]["model_running_instance_count"] == "3"
