"""A draft keeps what came, and finds its rows again."""

import pytest

from deployer.domain import draft
from tests.domain.bodies import entry, real_time


def test_a_new_draft_has_one_empty_row() -> None:
    doc = draft.new("batch", "7")
    assert doc["fields"] == {"infer_type": "batch", "workspace_id": "7"}
    assert [(row["fields"], row["envs"]) for row in doc["rows"]] == [({}, [])]
    assert draft.body_of(doc) == {"infer_type": "batch", "workspace_id": "7", "config": [{}]}
    assert "workspace_id" not in draft.new("real-time")["fields"]


def test_types_unknown_keys_and_shapes_are_kept() -> None:
    body = real_time(
        config=[entry(weight="70", envs={"A": 1}, odd=None), entry(envs="text"), 17], schedule="later", more=[1.0]
    )
    doc = draft.from_body(body)
    assert draft.body_of(doc) == body
    first, second, third = doc["rows"]
    assert [(variable["key"], variable["value"]) for variable in first["envs"]] == [("A", 1)]
    assert second["raw_envs"] == "text"
    assert third["raw"] == 17
    assert list(doc["fields"]) == [key for key in body if key != "config"]


@pytest.mark.parametrize("config", [{}, None, 5, "x"])
def test_models_that_are_no_list_are_kept(config: object) -> None:
    doc = draft.from_body({"config": config})
    assert (doc["rows"], doc["raw_config"]) == ([], config)
    assert draft.body_of(doc) == {"config": config}


@pytest.mark.parametrize("body", [{}, {"config": []}, {"config": [{}]}, {"config": [{"envs": {}}]}])
def test_empty_and_absent_are_told_apart(body: dict) -> None:
    assert draft.body_of(draft.from_body(body)) == body


def test_ids_are_eight_digits_and_unique() -> None:
    doc = draft.from_body(real_time(config=[entry(envs={str(n): "" for n in range(1_000)}) for _ in range(3)]))
    ids = [row["id"] for row in doc["rows"]] + [env["id"] for row in doc["rows"] for env in row["envs"]]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 8 and int(one, 16) >= 0 for one in ids)


def test_too_many_rows_are_a_sentence() -> None:
    assert len(draft.from_body(real_time(config=[entry()] * 200))["rows"]) == 200
    with pytest.raises(draft.TooMuch, match="The request has 201 models. At most 200 fit into one deployment."):
        draft.from_body(real_time(config=[entry()] * 201))
    with pytest.raises(draft.TooMuch, match="Model 2 has 1001 environment variables. At most 1,000 fit."):
        draft.from_body(real_time(config=[entry(), entry(envs={str(n): "" for n in range(1_001)})]))


def test_sameness_minds_types_and_order_of_rows_but_not_ids() -> None:
    one, other = entry("a", weight=1), entry("b", weight=99)
    doc = draft.from_body(real_time(config=[one, other]))
    assert draft.same(doc, draft.from_body(real_time(config=[one, other])))
    assert not draft.same(doc, draft.from_body(real_time(config=[other, one])))
    assert not draft.same(doc, draft.from_body(real_time(config=[{**one, "weight": "1"}, other])))
    assert not draft.same(doc, draft.from_body(real_time(config=[{**one, "weight": 1.0}, other])))
    assert not draft.same(doc, draft.from_body(real_time(config=[{**one, "weight": True}, other])))


def test_a_copied_row_has_no_traffic_and_no_model() -> None:
    row = draft.from_body(real_time(config=[entry(envs={"A": "1"})]))["rows"][0]
    copy = draft.copy_row(row)
    assert copy["fields"] == {"weight": 0, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    assert (copy["envs"][0]["key"], copy["envs"][0]["value"]) == ("A", "1")
    copy["envs"][0]["value"] = "2"
    assert row["envs"][0]["value"] == "1"


def test_of_two_variables_with_one_name_the_last_counts() -> None:
    doc = draft.from_body(real_time(config=[entry(envs={"A": "1"})]))
    doc["rows"][0]["envs"].append({"id": "00000000", "key": "A", "value": "2"})
    assert draft.body_of(doc)["config"][0]["envs"] == {"A": "2"}
