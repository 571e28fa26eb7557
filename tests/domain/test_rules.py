"""Every rule of the document, refused and accepted."""

import time

import pytest

from deployer.domain.checking import check
from deployer.domain.draft import from_body, new
from deployer.domain.editions import EDITIONS
from deployer.domain.payload import canonical
from deployer.domain.problems import BLOCK, WARN, Problem
from deployer.domain.reading import read_object
from tests.domain.bodies import entry, real_time
from tests.domain.cases import CASES, Case
from tests.domain.cases_2025 import CASES_2025

ALL = [*CASES, *CASES_2025]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_each_rule_says_where_and_what(case: Case) -> None:
    checked = check(from_body(case.body), case.edition)
    blocked = {problem.path for problem in checked.problems if problem.severity == BLOCK}
    warned = {problem.path for problem in checked.problems if problem.severity == WARN}
    if case.path is None:
        assert blocked == set()
        assert warned == set(case.also)
    else:
        assert Problem(case.path, case.severity, case.message) in checked.problems
        expected = {case.path, *case.also}
        assert (blocked if case.severity == BLOCK else warned) == expected
        assert case.severity == BLOCK or not blocked
    assert checked.payload == (None if blocked else canonical(checked.body))


@pytest.mark.parametrize("case", [case for case in ALL if case.severity != BLOCK], ids=lambda case: case.name)
def test_a_payload_that_comes_back_is_the_same_payload(case: Case) -> None:
    payload = check(from_body(case.body), case.edition).payload
    assert payload is not None
    assert check(from_body(read_object(payload)), case.edition).payload == payload


def test_names_in_the_table_stand_once() -> None:
    names = [case.name for case in ALL]
    assert len(names) == len(set(names))


def test_every_rule_of_the_books_is_tried_by_the_table() -> None:
    silent = {rule.__name__ for edition in EDITIONS.values() for rule in edition.rules}
    for case in ALL:
        book = EDITIONS[case.edition]
        spec = check(from_body(case.body), case.edition).spec
        silent -= {rule.__name__ for rule in book.rules if list(rule(spec, book))}
    assert silent == {"names_differ"}  # a body cannot hold a name twice: tried below, as a draft


def test_a_variable_that_stands_twice_is_refused_and_kept() -> None:
    doc = from_body(real_time(config=[entry(envs={"MODEL_TIMEOUT": "30"})]))
    doc["rows"][0]["envs"].append({"id": "00000001", "key": "MODEL_TIMEOUT", "value": "45"})
    words = "MODEL_TIMEOUT stands twice. Keep one."
    assert check(doc).problems == [Problem("config[0].envs.MODEL_TIMEOUT", BLOCK, words)]


def test_a_variable_row_nobody_filled_in_is_no_problem_and_not_sent() -> None:
    doc = from_body(real_time())
    doc["rows"][0]["envs"].append({"id": "00000001", "key": "", "value": ""})
    checked = check(doc)
    assert checked.problems == []
    assert "envs" not in checked.body["config"][0]


def test_a_secret_is_never_repeated() -> None:
    token = "ghp_" + "aB3" * 12
    checked = check(from_body(real_time(config=[entry(envs={"A": token, "DB_PASSWORD": token, "C": [token]})])))
    assert len(checked.problems) == 3
    assert not [problem for problem in checked.problems if token in problem.message or token in problem.path]


def test_problems_come_in_the_order_of_the_form() -> None:
    body = {
        "zebra": 1,
        "schedule": [{"type": "go", "duration": 0}],
        "vpc_id": "v",
        "config": [entry("a", weight=1, instance_count=0), entry("", weight=1, envs={"A": 1})],
        "service_name": "a b",
        "infer_type": "real-time",
    }
    assert [problem.path for problem in check(from_body(body)).problems] == [
        "service_name",
        "config",
        "config[0].instance_count",
        "config[1].model_id",
        "config[1].envs.A",
        "subnet_network_id",
        "security_group_id",
        "schedule[0].type",
        "schedule[0].duration",
        "schedule[0].time_unit",
        "zebra",
    ]


def test_the_most_instances_are_a_setting() -> None:
    doc = from_body(real_time(config=[entry(instance_count=100)]))
    assert check(doc, max_instances=128).problems == []
    assert check(doc).problems[0].message == "Model 1 has 100 instances. More than 5 is unusual."


def test_an_empty_draft_asks_for_what_is_missing() -> None:
    paths = [problem.path for problem in check(new("real-time")).problems]
    assert paths == [
        "service_name",
        "config[0].model_id",
        "config[0].specification",
        "config[0].instance_count",
        "config[0].weight",
    ]


def test_hostile_nesting_does_not_overflow() -> None:
    deep: dict = {"type": "string"}
    for _ in range(5_000):
        deep = {"type": "array", "items": [deep]}
    body = {"service_name": "x", "infer_type": "batch", "config": [{"mapping_type": "csv", "mapping_rule": deep}]}
    assert check(from_body(body)).payload is None


def test_two_hundred_models_are_checked_in_a_moment() -> None:
    envs = {f"KEY_{number}": f"a value of the usual kind, {number}" for number in range(20)}
    doc = from_body(real_time(config=[entry(str(number), weight=0, envs=envs) for number in range(200)]))
    start = time.perf_counter()
    check(doc)
    assert time.perf_counter() - start < 5  # about 0.03 on a quiet machine
