"""From a model's definition to the fields of a batch job."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.domain import definitions, mapping

FILE = {"type": "object", "properties": {"images": {"type": "file"}}}
ROW = {"type": "object", "properties": {"age": {"type": "integer"}, "who": {"type": "string", "format": "email"}}}
ROWS = {"type": "object", "properties": {"data": {"type": "array", "items": [ROW]}}}


def of(schema, url: str = "/") -> dict:
    return {"apis": [{"url": url, "method": "post", "input": schema}]}


@pytest.mark.parametrize(
    ("detail", "uris"),
    [
        ({}, []),
        (of(FILE), ["/"]),
        ({"apis": [{"url": "/a"}, {"url": "/b"}, {"url": "/a"}, {}, 5]}, ["/a", "/b", "/"]),
        ({"config": {"apis": [{"url": "/c"}]}}, ["/c"]),
        ({"input_params": [{"url": "/p", "param_name": "x", "param_type": "int"}]}, ["/p"]),
        ({"apis": "broken", "config": 7, "input_params": {}}, []),
    ],
)
def test_request_uris(detail, uris):
    assert definitions.request_uris(detail) == uris


@pytest.mark.parametrize(
    "detail",
    [
        of(ROWS),
        {"apis": [{"url": "/", "input_params": json.dumps(ROWS)}]},
        {"config": {"apis": [{"request": {"data": ROWS}}]}},
        {"apis": [{"url": "/"}], "config": {"apis": [{"url": "/", "request": {"data": ROWS}}]}},
        {"input_params": [{"url": "/", "param_name": "data", "param_type": "object", "param_desc": json.dumps(ROWS)}]},
    ],
)
def test_the_schema_is_found_wherever_the_answer_keeps_it(detail):
    found = definitions.schema_of(detail, "/")
    assert list(definitions._leaf_types(found)) == ["integer", "string"]


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        (FILE, ("file",)),
        (ROWS, ("csv",)),
        ({"type": "object", "properties": {"a": {"type": "file"}, "b": {"type": "file"}}}, ()),
        ({"type": "object", "properties": {"a": {"type": "file"}, "b": {"type": "string"}}}, ("csv",)),
        ({"type": "object"}, ()),
        ({"type": "string"}, ("csv",)),
        ({}, ()),
        ("no JSON", ()),
        (None, ()),
    ],
)
def test_mapping_types(schema, types):
    assert definitions.mapping_types(of(schema), "/") == types


def test_the_types_of_plain_params_are_those_of_a_schema():
    params = [{"param_name": name, "param_type": name} for name in ("int", "float", "string", "date", "timestamp")]
    schema = definitions.schema_of({"input_params": params}, "/")
    assert [one["type"] for one in schema["properties"].values()] == ["integer", "number", "string", "string", "string"]


def test_a_rule_counts_columns_in_the_order_of_the_document():
    assert definitions.mapping_rule(ROWS) == {
        "type": "object",
        "properties": {
            "data": {
                "type": "array",
                "items": [
                    {
                        "type": "object",
                        "properties": {"age": {"type": "integer", "index": 0}, "who": {"type": "string", "index": 1}},
                    }
                ],
            }
        },
    }


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"type": "array", "items": {"type": "number"}}, {"type": "array", "items": {"type": "number", "index": 0}}),
        ({"type": ["null", "boolean"]}, {"type": "boolean", "index": 0}),
        ({"properties": {"type": {"type": "string"}}}, {"properties": {"type": {"type": "string", "index": 0}}}),
        (json.dumps({"type": "string"}), {"type": "string", "index": 0}),
        (FILE, {}),
        ({"type": "object"}, {}),
        ([], {}),
        ("[" * 100_000, {}),
    ],
)
def test_rules_of_single_schemas(schema, rule):
    assert definitions.mapping_rule(schema) == rule


def nested(levels: int) -> dict:
    schema: dict = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_what_is_too_deep_or_too_large_makes_no_rule():
    assert definitions.mapping_rule(nested(definitions.DEEPEST - 1))
    assert definitions.mapping_rule(nested(definitions.DEEPEST)) == {}
    assert definitions.mapping_types(of(nested(5_000)), "/") == ()
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(definitions.MOST)}}
    assert definitions.mapping_rule(wide) == {}


leaf = st.sampled_from(["string", "number", "integer", "boolean", "file", "null"]).map(lambda kind: {"type": kind})
schemas = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.dictionaries(st.text(max_size=6), inner, max_size=4).map(
            lambda some: {"type": "object", "properties": some}
        ),
        inner.map(lambda one: {"type": "array", "items": one}),
        st.lists(inner, max_size=3).map(lambda some: {"type": "array", "items": some}),
    ),
    max_leaves=25,
)


@given(schemas)
def test_the_rule_names_each_leaf_of_the_schema_once_and_in_order(schema):
    rule = definitions.mapping_rule(schema)
    expected = [(one.path, n) for n, one in enumerate(mapping.leaves(schema, "rule"))]
    assert [(one.path, one.column) for one in mapping.leaves(rule, "rule")] == expected
    assert bool(rule) == bool(expected)
    assert json.loads(json.dumps(rule)) == rule


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "items", "url", "input", "request", "apis", "config", "data"]),
            inner,
            max_size=4,
        )
    ),
)


@given(st.dictionaries(st.sampled_from(["apis", "config", "input_params"]), anything))
def test_no_definition_breaks_it(detail):
    for url in [*definitions.request_uris(detail), "/"]:
        assert definitions.mapping_types(detail, url) in ((), ("file",), ("csv",))
        assert isinstance(definitions.mapping_rule(definitions.schema_of(detail, url)), dict)
