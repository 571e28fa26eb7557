"""What the cloud offers, in words: what an entry is called, how it stands, and why it cannot be chosen.

Facts are what the catalog remembers of an entry; a fact that is missing rules nothing out.
"""

from collections.abc import Mapping
from typing import Any, Final

from .tables import BATCH, REAL_TIME

MODEL: Final = "model"
SPECIFICATION: Final = "specification"
POOL: Final = "pool"
WORKSPACE: Final = "workspace"
VPC: Final = "vpc"
SUBNET: Final = "subnet"
SECURITY_GROUP: Final = "security_group"

# Statuses in which an entry can be used: ListModels, ListClusters, workspaces, and the VPC service's own lists.
USABLE: Final[dict[str, frozenset[str]]] = {
    MODEL: frozenset({"published"}),
    POOL: frozenset({"running"}),
    WORKSPACE: frozenset({"normal"}),
    VPC: frozenset({"ok", "active"}),
    SUBNET: frozenset({"active"}),
}
_REFUSALS: Final[dict[str, str]] = {
    MODEL: "not published: {}",
    POOL: "pool is not running: {}",
    WORKSPACE: "workspace is not ready: {}",
    VPC: "VPC is not ready: {}",
    SUBNET: "subnet is not active: {}",
}


def why_not(kind: str, status: str, facts: Mapping[str, Any], *, infer_type: str) -> str:
    """Why a service of this type cannot use the entry, in words that follow its name; empty if it can.

    An unknown or missing inference type rules nothing out. An id can be typed all the same: this is advice.
    """
    usable = USABLE.get(kind)
    if usable and status and status.lower() not in usable:
        return _REFUSALS[kind].format(in_words(status))
    if kind == MODEL:
        return _of_other_types(facts.get("install_types"), infer_type)
    if kind == SPECIFICATION:
        return _not_for_sale(status, facts)
    if kind == POOL and not _takes_services(facts.get("jobs")):
        return "pool takes no inference jobs"
    return ""


def _of_other_types(install_types: Any, infer_type: str) -> str:
    """A model deploys only as the types it was made for, else error 3589. Some answers write `realtime`."""
    known = {REAL_TIME if one == "realtime" else one for one in _texts(install_types)}
    if not known or infer_type not in (REAL_TIME, BATCH) or infer_type in known:
        return ""
    return f"is for {' and '.join(sorted(known))} only"


def _not_for_sale(status: str, facts: Mapping[str, Any]) -> str:
    """Selectable is what is normal, open and within the quota: GET services/specifications."""
    said = str(facts.get("spec_status") or status).lower()
    if said == "sellout":
        return "sold out"
    if said not in ("", "normal"):
        return f"not on offer: {in_words(said)}"
    if facts.get("is_open") is False:
        return "opened on request only"
    return "over your quota" if facts.get("over_quota") is True else ""


def _takes_services(jobs: Any) -> bool:
    """A pool that names no kind of job is not ruled out: spec.scope of GET /v2/…/pools."""
    named = _texts(jobs)
    return not named or any(one.lower() == "infer" for one in named)


def label(kind: str, key: str, name: str, version: str, facts: Mapping[str, Any]) -> str:
    """What people call the entry: "sentiment 5.0.0", "CPU: 2 vCPUs, 8 GB", or its id where it has no name."""
    text = facts.get("text") if kind == SPECIFICATION else ""
    called = text if isinstance(text, str) and text else name
    return f"{called or key} {version}".strip()


def standing(kind: str, status: str, facts: Mapping[str, Any]) -> str:
    """How the entry stands, in a few words: "published", "running, 64 cores free", "10.20.0.0/16"; may be empty."""
    if kind == SPECIFICATION:
        return _listed("free of charge" if facts.get("is_free") is True else "", _for_pools(facts))
    if kind == POOL:
        return _listed(in_words(status), room(facts.get("free")))
    if kind in (VPC, SUBNET):
        cidr = facts.get("cidr")
        return cidr if isinstance(cidr, str) else ""
    if kind == SECURITY_GROUP:
        return "TCP 8080 open" if facts.get("opens_8080") is True else ""
    return in_words(status)


def caution(kind: str, facts: Mapping[str, Any]) -> str:
    """What to know before choosing it: it can be chosen, and something must change before it works."""
    # A service needs an inbound rule TCP 8080 from 0.0.0.0/0, else error 3534: CreateService, security_group_id.
    if kind == SECURITY_GROUP and facts.get("opens_8080") is False:
        return "TCP 8080 is not open to all"
    return ""


def room(free: Any) -> str:
    """What is left in a pool: "64 cores, 256 GB, 8 GPUs free". `free` counts cores, MB, cards and nodes."""
    if not isinstance(free, Mapping):
        return ""
    parts = [_count(free.get("cpu"), "core"), _memory(free.get("memory"))]
    parts += [_count(free.get("gpus"), "GPU"), _count(free.get("nodes"), "node")]
    found = _listed(*parts)
    return f"{found} free" if found else ""


def _for_pools(facts: Mapping[str, Any]) -> str:
    said = "dedicated pool" in str(facts.get("text", "")).lower()
    return "in a dedicated pool" if facts.get("for_pools") is True and not said else ""


def _count(value: Any, word: str) -> str:
    if not _is_amount(value):
        return ""
    return f"{value:g} {word}" if value == 1 else f"{value:g} {word}s"


def _memory(megabytes: Any) -> str:
    if not _is_amount(megabytes):
        return ""
    return f"{megabytes:g} MB" if megabytes < 1024 else f"{megabytes / 1024:.4g} GB"


def _is_amount(value: Any) -> bool:
    """A number that something real may have, and that can be written out."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**63


def in_words(status: str) -> str:
    """A status as people read it: "delete failed"."""
    return status.lower().replace("_", " ")


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []
