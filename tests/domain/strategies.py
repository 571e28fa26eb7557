"""What hypothesis feeds to the domain: JSON of any shape, and bodies that are nearly requests."""

from typing import Any

from hypothesis import strategies as st

from deployer.domain import newer
from deployer.domain.tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE

TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(
    [
        "",
        "real-time",
        "batch",
        "70",
        "007",
        "custom",
        "stop",
        "HOURS",
        "csv",
        "file",
        "ManifestFile",
        "\0",
        "\ud800",
        "a\r\nb",
        " x ",
    ]
)
NUMBERS = (
    st.integers(-(10**31), 10**31)
    | st.integers(-2, 101)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1.0, -0.0, 1e22, 1e23, 0.1, 99.5, 1e300])
)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


def _object(keys: Any, value: Any = JSON) -> Any:
    return st.dictionaries(st.sampled_from(sorted(keys)) | TEXTS, value, max_size=8)


_ENVS = st.dictionaries(TEXTS, TEXTS | SCALARS, max_size=4)
_SPEC = _object(CUSTOM_SPEC, SCALARS)
_MAPPING = _object(["type", "properties", "items", "index"])
_STOP = _object(SCHEDULE, SCALARS)
_LIST = st.lists(
    _object(["secretId", "mouthPath", "type", "configuration", "host_path", "mount_path", "name"]), max_size=2
)
_NOTIFICATION = _object(newer.NOTIFICATION) | st.dictionaries(TEXTS, _object(newer.NOTIFICATION), max_size=2)
_AFFINITY = st.fixed_dictionaries(
    {}, optional={"node_affinity": _object(["mode", "pool_infos"]) | JSON, "pod_affinity": JSON}
)


def _with(keys: Any, **inner: Any) -> Any:
    """Objects of these keys, where some keys usually hold something of their own kind."""
    return st.tuples(_object(keys), st.fixed_dictionaries({}, optional=inner)).map(lambda both: both[0] | both[1])


_PROPERTIES = _with(
    newer.PROPERTIES, smn_notification=_NOTIFICATION, log_report_channels=_LIST, websocket_upgrade=st.booleans()
)
_ENTRY_PROPERTIES = _with(newer.ENTRY_PROPERTIES, log_volume=_LIST, persistent_volumes=_LIST, max_surge=NUMBERS)
ENTRIES = _with(
    ENTRY | newer.ENTRY,
    additional_properties=_ENTRY_PROPERTIES,
    affinity=_AFFINITY,
    envs=_ENVS,
    custom_spec=_SPEC,
    mapping_rule=_MAPPING,
    weight=st.sampled_from([0, 50, "50", 100, "100"]),
)
BODIES = _with(
    SERVICE | newer.SERVICE,
    additional_properties=_PROPERTIES,
    service_secrets=_LIST,
    infer_type=st.sampled_from(["real-time", "batch"]),
    config=st.lists(ENTRIES | SCALARS, max_size=3),
    schedule=st.lists(_STOP, max_size=2),
)
