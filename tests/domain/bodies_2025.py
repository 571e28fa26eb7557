"""Builders for the newer fields of a request (edition otc-2025)."""

from typing import Any

from tests.domain.bodies import Body, entry, real_time

TOPIC = "urn:smn:eu-de:77b6a44cba5143ab91d13ab9a8ff44fd:deployments"
GROUP, STREAM = "4c3a9a1e-0000-4a52-8a9e-000000000001", "4c3a9a1e-0000-4a52-8a9e-000000000002"


def properties(**inside: Any) -> Body:
    """A real-time service with these additional properties."""
    return real_time(additional_properties=inside)


def channel(**changed: Any) -> Body:
    """One log channel."""
    return {"type": "LTS", "configuration": {"log_group_id": GROUP, "log_stream_id": STREAM}, **changed}


def of_model(**changed: Any) -> Body:
    """A service in a pool, with one model of these fields."""
    return real_time(pool_name="pool-a", config=[entry(**changed)])


def model_properties(**inside: Any) -> Body:
    """A service in a pool, with one model of these additional properties."""
    return of_model(additional_properties=inside)


def volume(**changed: Any) -> Body:
    """One persistent volume."""
    return {
        "name": "share",
        "mount_path": "/data",
        "storage_type": "sfs_turbo",
        "source_address": "192.168.0.7:/",
        **changed,
    }


def affinity(*pools: Body, **changed: Any) -> Body:
    """Instances on named nodes of one pool."""
    named = list(pools) or [{"pool_name": "pool-a", "nodes": [{"name": "192.168.0.11"}]}]
    return {"node_affinity": {"mode": "required", "pool_infos": named, **changed}}


def everything() -> Body:
    """A request that uses each newer field once."""
    model = entry(
        pool_name="pool-b",
        deploy_timeout_in_seconds=1200,
        additional_properties={
            "max_surge": 0.5,
            "max_unavailable": 1,
            "termination_grace_period_seconds": 30,
            "log_volume": [{"host_path": "/var/log/service", "mount_path": "/logs"}],
            "persistent_volumes": [volume()],
        },
        affinity=affinity({"pool_name": "pool-b", "nodes": [{"name": "192.168.0.11"}]}),
        specification="custom",
        custom_spec={"cpu": 2.5, "memory": 4096, "gpu_p4": 0.25},
    )
    return real_time(
        service_name="everything-newer",
        description="each newer field once",
        pool_name="pool-b",
        load_balancer_policy="LEAST_CONNECTIONS",
        priority=2,
        service_secrets=[{"secretId": "secret-1", "mouthPath": "/secrets/one"}],
        additional_properties={
            "smn_notification": {"topic_urn": TOPIC, "events": [1, 3, 7, 11]},
            "log_report_channels": [channel()],
            "websocket_upgrade": True,
        },
        config=[model],
    )
