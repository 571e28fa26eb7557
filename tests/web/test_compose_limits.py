"""Too much, too odd, too many: a sentence instead of a stack trace, and nothing typed is lost."""

import json
import sys
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.domain import draft as drafts
from deployer.workflow import drafting
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db


def edit(deployment) -> str:
    return f"/deployments/{deployment.pk}/edit/"


def body_of(deployment) -> dict:
    deployment.refresh_from_db()
    return drafts.body_of(drafts.loads(deployment.draft))


def test_201_models_are_refused_and_shown(client_of, alice, draft_of):
    deployment = draft_of()
    form = {"seen": "1", "config-TOTAL_FORMS": "201"} | {f"config-{n}-model_id": f"m{n}" for n in range(201)}
    answer = client_of(alice).post(edit(deployment), form)
    assert answer.status_code == 422
    assert "Here are 201 models. At most 200 fit into one deployment." in answer.content.decode()
    assert form_of(answer)["config-200-model_id"] == "m200"
    assert body_of(deployment) == factories.real_time_body()


def test_a_count_beyond_reason_is_refused_at_once(client_of, alice, draft_of):
    began = time.process_time()
    answer = client_of(alice).post(edit(draft_of()), {"seen": "1", "config-TOTAL_FORMS": "999999"})
    assert answer.status_code == 422
    assert time.process_time() - began < 3  # a second of it is the log-in of the first test; rows would take minutes


def test_20001_fields_are_refused(client_of, alice, draft_of):
    form = {"seen": "1", "service_name": "kept"} | {f"field-{n}": "" for n in range(20_000)}
    answer = client_of(alice).post(edit(draft_of()), form)
    assert answer.status_code == 422
    assert "At most 20,000 are taken." in answer.content.decode()
    assert form_of(answer)["service_name"] == "kept"


@pytest.mark.parametrize(("address", "field"), [("/deployments/import/", "body"), ("edit", "description")])
def test_what_is_too_large_to_be_read_at_all_gets_a_sentence_too(client_of, alice, draft_of, address, field, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    page = edit(draft_of()) if address == "edit" else address
    answer = client_of(alice).post(page, f"{field}={'x' * 100_001}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "At most 5 MB are taken. Nothing was changed." in answer.content.decode()


def test_more_fields_than_are_read_at_all_get_a_sentence_too(client_of, alice, draft_of, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
    answer = client_of(alice).post(edit(draft_of()), {f"field-{n}": "" for n in range(101)})
    assert answer.status_code == 422
    assert "At most 20,000 are taken. Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize("seen", ["1", "7", None])
def test_what_is_closed_has_moved_on_whatever_was_seen(client_of, alice, deployment_in, seen):
    """409 comes before 422: a missing `seen` does not matter any more."""
    form = {"description": "late"} | ({"seen": seen} if seen else {})
    assert client_of(alice).post(edit(deployment_in("withdrawn")), form).status_code == 409


def test_over_5_mb_is_refused(client_of, alice, draft_of):
    answer = client_of(alice).post(edit(draft_of()), {"seen": "1", "description": "x" * 5_000_000})
    assert answer.status_code == 422
    assert "At most 5,000,000 are taken." in answer.content.decode()
    assert len(form_of(answer)["description"]) == 5_000_000


def test_1001_variables_are_refused(client_of, alice, draft_of):
    form = {"seen": "1", "config-TOTAL_FORMS": "1"} | {f"config-0-envs-{n}-key": f"V{n}" for n in range(1001)}
    answer = client_of(alice).post(edit(draft_of()), form)
    assert answer.status_code == 422
    assert "1,001 environment variables" in answer.content.decode()


STRANGE = [
    "<script>alert(1)</script>",
    "\u202eRTL\u202c",
    "a\x00b\x07",
    "\U0001f469\u200d\U0001f4bb",
    "'\"&<>",
    "{{ 7|add:7 }}",
    "%00",
    "é" * 300,
]


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_comes_back_as_text(client_of, alice, draft_of, text):
    deployment = draft_of()
    client = client_of(alice)
    names = ["service_name", "description", "workspace_id", "config-0-model_id", "config-0-weight", "schedule-duration"]
    names += ["config-0-envs-0-key", "config-0-envs-0-value", "config-0-instance_count", "vpc_id", "infer_type"]
    form = form_of(client.get(edit(deployment))) | dict.fromkeys(names, text) | {"config-0-envs-TOTAL_FORMS": "1"}
    assert client.post(edit(deployment), form).status_code == 302
    page = client.get(edit(deployment))
    shown = form_of(page)
    assert {name: shown[name] for name in names} == dict.fromkeys(names, text.replace("\x00", "\ufffd"))
    assert b"<script>alert" not in page.content
    assert client.get(f"/deployments/{deployment.pk}/payload.json").status_code == 422


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.integers(-(10**6), 10**6).map(lambda number: number / 8)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6), inner, max_size=3
        )
    ),
    max_leaves=8,
)
NAMES = ["service_name", "description", "infer_type", "workspace_id", "vpc_id", "cluster_id", "schedule", "own"]
ENTRY = [
    "model_id",
    "weight",
    "specification",
    "instance_count",
    "envs",
    "custom_spec",
    "cluster_id",
    "src_path",
    "mapping_rule",
    "mapping_type",
    "own",
]
TYPES = st.sampled_from(["real-time", "batch"]) | JSON
ENTRIES = (
    st.dictionaries(
        st.sampled_from(ENTRY), JSON | st.dictionaries(st.sampled_from(["cpu", "A", ""]), JSON, max_size=3), max_size=6
    )
    | JSON
)
BODIES = st.builds(
    lambda fields, kind, config: fields | {"infer_type": kind, "config": config},
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4),
    TYPES,
    st.lists(ENTRIES, max_size=3) | JSON,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_a_page_posted_back_changes_nothing(client_of, alice, dev, body):
    deployment = drafting.begin_from_text(dev, json.dumps(body), by=alice)
    client = client_of(alice)
    page = client.get(edit(deployment))
    answer = client.post(edit(deployment), form_of(page))
    assert answer.status_code == 302
    assert json.dumps(body_of(deployment), sort_keys=True) == json.dumps(body, sort_keys=True)
    assert deployment.revision == 1


def big(models: int, variables: int = 0) -> dict:
    envs = {f"V{number}": "x" for number in range(variables)}
    return factories.real_time_body(*[factories.entry(f"m{n}", 0, envs=envs) for n in range(models)])


def queries_of_a_save(client, deployment) -> int:
    form = form_of(client.get(edit(deployment))) | {"description": "another"}
    with CaptureQueriesContext(
        connection,
    ) as ran:
        assert client.post(edit(deployment), form).status_code == 302
    return len(ran)


def test_saving_50_models_takes_no_more_queries_than_5(client_of, alice, draft_of):
    client = client_of(alice)
    few, many = (queries_of_a_save(client, draft_of(big(models))) for models in (5, 50))
    assert few == many <= 24


def test_the_page_has_a_budget_of_queries(client_of, alice, draft_of, django_assert_max_num_queries):
    client = client_of(alice)
    for models in (1, 50):
        deployment = draft_of(big(models))
        client.get(edit(deployment))
        with django_assert_max_num_queries(10):
            client.get(edit(deployment))


def calls_of(do) -> int:
    """How many calls of Python functions that took: the same on every machine, however busy it is."""
    number = 0

    def count(frame, event, arg) -> None:
        nonlocal number
        number += event == "call"

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return number


def test_200_models_with_20_variables_open_at_a_moderate_cost(client_of, alice, draft_of):
    deployment = draft_of(big(200, 20))
    client = client_of(alice)
    page = client.get(edit(deployment))  # templates are read once
    assert form_of(page)["config-199-envs-19-key"] == "V19"
    calls = calls_of(lambda: client.get(edit(deployment)))
    assert calls < 3_000_000  # two million: 200 models and 4,000 variables
