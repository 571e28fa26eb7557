"""Flavors are open, pools exist and have room, the quota has some left."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts, Free, Pool, Unknown
from deployer.domain.preflight.request import Body, Entry, PoolUse, entries, pool_of, runs_in_pools, text
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

CUSTOM = "custom"
RUNS = ("running", "created", "normal", "active")
# Services one user may have: ModelArts user guide, "Quotas".
QUOTAS = {"real-time": 20, "batch": 1000}
NEAR = 0.9  # of the quota: from here on it is worth a word


def flavors_are_open(body: Body, facts: Facts) -> Iterator[Result]:
    """Selectable is what is normal, open and within the quota: API reference, ListSpecifications."""
    check, good = "flavor", 0
    every = [entry for entry in entries(body) if entry.text("specification") != CUSTOM]
    for entry in every:
        name, path = entry.text("specification"), entry.at("specification")
        if isinstance(facts.flavors, Unknown):
            yield not_seen(check, path, f"The specification {short(name)}", facts.flavors.reason)
            continue
        flavor = facts.flavors.get(name)
        why = "" if flavor is None else why_closed(flavor.status, flavor.is_open, flavor.over_quota)
        if flavor is None:
            words = f"The cloud does not list the specification {short(name)} for {text(body, 'infer_type')}."
            yield warned(check, path, words, "It may still take it. Choose a listed one to be sure.")
        elif why and pool_of(body, entry):
            words = f"{short(name)} is {why} in the shared pool."
            yield warned(check, path, words, "A dedicated pool has its own nodes, so it may have no say here.")
        elif why:
            yield blocked(check, path, f"{short(name)} is {why}.", "Choose another specification, or try again later.")
        else:
            good += 1
    if every and good == len(every):
        yield passed(check, "config", f"{'The specification is' if good == 1 else 'All specifications are'} open.")


def why_closed(status: str, is_open: bool, over_quota: bool) -> str:
    if status.lower() not in ("", "normal"):
        return "sold out" if status.lower() == "sellout" else short(status)
    if over_quota:
        return "over your quota"
    return "" if is_open else "not open to you"


@dataclass
class Load:
    """What one pool is asked for by all models that run in it."""

    use: PoolUse
    first: Entry
    cpu: float = 0
    memory: float = 0
    gpus: float = 0


def pools_run(body: Body, facts: Facts) -> Iterator[Result]:
    """A pool exists (error code 3547) and is running."""
    for load in loads(body):
        use, check = load.use, "pool"
        listed = pools_of(facts, use)
        if isinstance(listed, Unknown):
            yield not_seen(check, use.path, f"The pool {short(use.pool_id)}", listed.reason)
            continue
        pool = listed.get(use.pool_id)
        if pool is None and use.key == "pool_name" and text(body, "workspace_id"):
            # The list was asked for one workspace: a pool may belong to another, or be shared by all.
            words = f"The workspace {short(text(body, 'workspace_id'))} shows no pool {short(use.pool_id)}."
            yield warned(check, use.path, words, "The cloud may refuse it. Choose one of the workspace's pools.")
        elif pool is None:
            words = f"The cloud knows no pool {short(use.pool_id)}."
            yield blocked(check, use.path, words, "Choose one of the target's pools, or none.")
        elif not pool.takes_services:
            words = f"The pool {called(pool, use)} takes no inference jobs, as it says."
            yield warned(check, use.path, words, "Choose a pool for inference.")
        elif pool.status.lower() in RUNS:
            yield passed(check, use.path, f"The pool {called(pool, use)} is running.")
        elif not pool.status:
            yield not_seen(check, use.path, f"The state of the pool {called(pool, use)}", "The cloud does not say it.")
        else:
            words = f"The pool {called(pool, use)} is not running: it is {short(pool.status)}."
            yield blocked(check, use.path, words, "Choose a running pool, or wait until this one runs.")


def pools_have_room(body: Body, facts: Facts) -> Iterator[Result]:
    """Instances times their resources fit into what a pool has free: error code 3952."""
    for load in loads(body):
        listed = pools_of(facts, load.use)
        pool = None if isinstance(listed, Unknown) else listed.get(load.use.pool_id)
        if pool is None:
            continue
        yield from room_of(load, pool)
        yield from nodes_of(body, load.use, pool)


def room_of(load: Load, pool: Pool) -> Iterator[Result]:
    path, check = f"{load.first.path}.custom_spec", "room"
    if not (load.cpu or load.memory or load.gpus):
        return
    name = called(pool, load.use)
    said: list[str] = []
    short_of: list[str] = []
    unclear: list[str] = []
    for asked, free, unit in asked_and_free(load, pool.free):
        if asked and free is None:
            unclear.append(unit)
        elif asked and free is not None:
            (short_of if asked > free else said).append(f"{number(asked)} of {number(free)} {unit}")
    if short_of:
        words = f"The pool {name} has no room: {', '.join(short_of)} free are asked for."
        yield blocked(check, path, words, "Ask for fewer instances or smaller ones, or choose another pool.")
    elif said:
        yield passed(check, path, f"The pool {name} has room: {', '.join(said)} free are asked for.")
    if unclear:
        yield not_seen(check, path, f"Room for {', '.join(unclear)}", f"The pool {name} does not say what is free.")


def asked_and_free(load: Load, free: Free) -> list[tuple[float, float | None, str]]:
    return [(load.cpu, free.cpu, "cores"), (load.memory, free.memory, "MB"), (load.gpus, free.gpus, "cards")]


def nodes_of(body: Body, use: PoolUse, pool: Pool) -> Iterator[Result]:
    """Where an instance asks for the flavor of a pool's nodes. That each takes a whole node is not documented."""
    for flavor, count in pool.free.nodes.items():
        asked = sum(one.instances for one in users(body, use) if one.text("specification") == flavor)
        if asked > count:
            words = (
                f"{asked} instances of {short(flavor)} are asked for. {called(pool, use)} has {count} such nodes free."
            )
            yield warned("room", use.path, words, "They may have to wait. Ask for fewer, or choose another pool.")


def loads(body: Body) -> list[Load]:
    """What each pool is asked for, in the order of the request."""
    found: dict[tuple[str, str], Load] = {}
    for entry in entries(body):
        use = pool_of(body, entry)
        if use is None:
            continue
        load = found.setdefault((use.key, use.pool_id), Load(use, entry))
        if not load.cpu and entry.has_custom_spec:
            load.first = entry
        load.cpu += entry.instances * entry.amount("cpu")
        load.memory += entry.instances * entry.amount("memory")
        load.gpus += entry.instances * entry.amount("gpu_p4")
    return list(found.values())


def users(body: Body, use: PoolUse) -> Iterator[Entry]:
    for entry in entries(body):
        theirs = pool_of(body, entry)
        if theirs and (theirs.key, theirs.pool_id) == (use.key, use.pool_id):
            yield entry


def pools_of(facts: Facts, use: PoolUse) -> Mapping[str, Pool] | Unknown:
    return facts.pools if use.key == "pool_name" else facts.clusters


def called(pool: Pool, use: PoolUse) -> str:
    return short(pool.name or use.pool_id)


def number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def quota_is_left(body: Body, facts: Facts) -> Iterator[Result]:
    """Services of the shared pool count, stopped and failed ones too; those of dedicated pools do not (3520).

    Only as many as are documented are certainly the end. Where more exist already, the quota has been raised. The type
    is what decides which quota counts, so that is the field.
    """
    check, path, kind = "quota", "infer_type", text(body, "infer_type")
    limit = QUOTAS.get(kind)
    if limit is None:
        return
    if runs_in_pools(body):
        yield passed(check, path, "It runs in a dedicated pool, so it takes no quota.")
        return
    if isinstance(facts.quota, Unknown):
        yield not_seen(check, path, f"Whether quota for {kind} services is left", facts.quota.reason)
        return
    shared, most = facts.quota.shared, facts.quota.shared + facts.quota.unclear
    way_out = "Stopped and failed services count. Delete one that is not needed, or ask for a higher quota."
    if shared > limit:
        words = f"{most} {kind} services are there. The documented quota is {limit}, so yours has been raised."
        yield warned(check, path, words, f"How far cannot be seen. {way_out}")
    elif shared == most == limit:
        yield blocked(check, path, f"The quota is used up: {shared} of {limit} {kind} services.", way_out)
    elif most >= limit:
        words = f"The quota may be used up: {most} {kind} services are there, {limit} may be in the shared pool."
        yield warned(check, path, words, f"Those in dedicated pools do not count. {way_out}")
    elif most >= limit * NEAR:
        yield warned(check, path, f"{most} of {limit} {kind} services are used.", way_out)
    else:
        yield passed(check, path, f"{most} of {limit} {kind} services are used.")
