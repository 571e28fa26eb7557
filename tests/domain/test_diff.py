"""Two bodies compared by meaning."""

from deployer.domain.diff import Change, compare, equal
from tests.domain.bodies import batch, custom, entry, leaf, real_time, rule, stop, vpc


def two(first: dict, second: dict, **more: object) -> dict:
    return real_time(config=[first, second], **more)


A, B = entry("a", weight=70, envs={"X": "1"}), entry("b", weight=30)


def test_the_same_meaning_is_no_change() -> None:
    old = two(A, B, description="", vpc_id="", schedule=[], odd=1.0)
    new = two({**B, "weight": "30", "envs": {}, "cluster_id": ""}, {**A, "weight": "70"}, odd=1)
    assert compare(old, new) == []
    assert equal(old, new)
    assert not equal(old, two(A, B, odd=True))


def test_rows_are_matched_by_model_and_named_by_their_new_place() -> None:
    old, new = two(A, B), two({**B, "weight": 40}, {**A, "weight": 60, "instance_count": 2})
    assert compare(old, new) == [
        Change("config[0].weight", 30, 40, "Traffic", "weight", "b"),
        Change("config[1].weight", 70, 60, "Traffic", "weight", "a"),
        Change("config[1].instance_count", 1, 2, "Capacity", "number of instances", "a"),
    ]


def test_another_model_is_one_less_and_one_more() -> None:
    c = {**B, "model_id": "c"}
    assert compare(two(A, B), two(c, A)) == [
        Change("config[0]", None, c, "Traffic", "model", "c", added=True),
        Change("config[1]", B, None, "Traffic", "model", "b", removed=True),
    ]


def test_doubles_are_matched_to_their_equals_first() -> None:
    light = {**A, "weight": 10}
    assert compare(two(A, light), two(light, A)) == []
    assert [change.path for change in compare(two(A, light), two(light, {**A, "weight": 71}))] == ["config[1].weight"]
    assert [change.removed for change in compare(two(A, light), real_time(config=[light]))] == [True]


def test_unnamed_rows_are_only_matched_to_unnamed_rows() -> None:
    unnamed = {"weight": 5}
    changes = compare(real_time(config=[unnamed]), real_time(config=[{"weight": 6}]))
    assert changes == [Change("config[0].weight", 5, 6, "Traffic", "weight")]
    assert len(compare(real_time(config=[unnamed]), real_time(config=[A]))) == 2


def test_variables_and_resources_are_compared_name_by_name() -> None:
    old = real_time(config=[entry(envs={"A": "1", "B": "2"}, **custom(gpu_p4=0))])
    new = real_time(config=[entry(envs={"B": "3", "C": ""}, **custom(cpu=2))])
    assert compare(old, new) == [
        Change("config[0].custom_spec.cpu", 1.5, 2, "Capacity", "CPU cores", "model-a"),
        Change("config[0].custom_spec.gpu_p4", 0, None, "Capacity", "GPU P4 cards", "model-a", removed=True),
        Change("config[0].envs.A", "1", None, "Variables", "A", "model-a", removed=True),
        Change("config[0].envs.B", "2", "3", "Variables", "B", "model-a"),
        Change("config[0].envs.C", None, "", "Variables", "C", "model-a", added=True),
    ]
    assert compare(real_time(), real_time(config=[entry(envs={"A": "1"})])) == [
        Change("config[0].envs.A", None, "1", "Variables", "A", "model-a", added=True)
    ]


def test_each_change_has_its_group() -> None:
    old = real_time()
    new = real_time(service_name="x", description="d", **vpc(), schedule=[stop()], odd=None)
    new["config"] = [entry(cluster_id="p", odd=1)]
    assert [(change.group, change.path) for change in compare(old, new)] == [
        ("Network", "vpc_id"),
        ("Network", "subnet_network_id"),
        ("Network", "security_group_id"),
        ("Network", "config[0].cluster_id"),
        ("Auto-stop", "schedule"),
        ("Basics", "service_name"),
        ("Basics", "description"),
        ("Other", "odd"),
        ("Other", "config[0].odd"),
    ]
    assert compare(real_time(schedule=[stop()]), real_time(schedule=[stop(duration=3)])) == [
        Change("schedule[0].duration", 2, 3, "Auto-stop", "duration")
    ]
    assert [change.group for change in compare(batch(), batch(mapping_type="csv", mapping_rule=rule(a=leaf(0))))] == [
        "Data",
        "Data",
    ]


def test_null_and_absent_are_told_apart() -> None:
    assert compare(real_time(odd=None), real_time()) == [Change("odd", None, None, "Other", "odd", removed=True)]
    assert len(compare(real_time(config=[entry(envs=None)]), real_time())) == 1


def test_shapes_that_are_no_request_are_compared_too() -> None:
    assert compare({"config": 5}, {"config": [1]}) == [Change("config", 5, [1], "Traffic", "models")]
    assert [change.path for change in compare({"config": [1]}, {"config": [2, {}]})] == ["config[1]", "config[0]"]
    assert compare({}, {"config": []}) == []
    assert len(compare({"a": float("nan")}, {"a": 1})) == 1
