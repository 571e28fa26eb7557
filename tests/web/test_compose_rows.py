"""The row buttons without script: each keeps everything typed, and does its one thing."""

import pytest
from django.urls import reverse

from deployer.domain import draft as drafts
from deployer.models import Deployment
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db


class Composer:
    """Somebody with a page before them: what is posted is what the page holds, and what was typed."""

    def __init__(self, client, deployment: Deployment) -> None:
        self.client, self.deployment = client, deployment
        self.page = client.get(self.address("compose-page"))
        assert self.page.status_code == 200

    def address(self, name: str) -> str:
        return reverse(name, args=[self.deployment.pk])

    def press(self, name: str, value: str, **typed: str) -> "Composer":
        form = form_of(self.page) | {key.replace("__", "-"): text for key, text in typed.items()} | {name: value}
        self.answer = self.client.post(self.address("compose-rows"), form)
        self.page = self.client.get(self.answer.url) if self.answer.status_code == 302 else self.answer
        return self

    @property
    def rows(self) -> list[dict]:
        self.deployment.refresh_from_db()
        return drafts.loads(self.deployment.draft)["rows"]

    @property
    def config(self) -> list[dict]:
        return drafts.body_of(drafts.loads(self.deployment.draft) | {"rows": self.rows})["config"]


@pytest.fixture
def composer(client_of, alice, draft_of):
    def begin(*entries: dict, **more) -> Composer:
        return Composer(client_of(alice), draft_of(factories.real_time_body(*entries, **more)))

    return begin


def test_add_brings_an_empty_row_and_keeps_what_was_typed(composer):
    at = composer(factories.entry(own=1)).press("add", "model", config__0__weight="7x", description="typed")
    assert at.answer.status_code == 302
    assert at.config == [factories.entry(weight="7x", own=1), {}]
    assert form_of(at.page)["description"] == "typed"


def test_duplicate_stands_below_without_model_and_traffic(composer):
    at = composer(factories.entry("a", 60, envs={"A": "1"}, own=1), factories.entry("b", 40))
    at.press("duplicate", at.rows[0]["id"])
    assert [row.get("model_id") for row in at.config] == ["a", None, "b"]
    assert (at.config[1]["weight"], at.config[1]["own"], at.config[1]["envs"]) == (0, 1, {"A": "1"})
    assert len({row["id"] for row in at.rows}) == 3


def test_remove_offers_the_row_back_as_it_was(composer):
    at = composer(factories.entry("a", 60, own={"x": 1.0}), factories.entry("b", 40))
    gone = at.rows[0]["id"]
    at.press("remove", gone, config__0__weight="55")
    assert [row["model_id"] for row in at.config] == ["b"]
    assert "a removed." in at.page.content.decode()
    at.press("undo", gone, config__0__weight="45")
    assert at.config == [factories.entry("a", 55, own={"x": 1.0}), factories.entry("b", 45)]
    assert "a removed." not in at.page.content.decode()


def test_a_saved_removal_is_not_offered_any_more(composer):
    at = composer(factories.entry("a"), factories.entry("b"))
    at.press("remove", at.rows[0]["id"])
    at.client.post(at.address("compose-page"), form_of(at.page) | {"save": "1"})
    assert "removed." not in at.client.get(at.address("compose-page")).content.decode()


def test_rows_move_and_stop_at_the_ends(composer):
    at = composer(factories.entry("a"), factories.entry("b"), factories.entry("c"))
    keys = {row["fields"]["model_id"]: row["id"] for row in at.rows}
    for name, key, order in [("down", "a", "bac"), ("up", "c", "bca"), ("up", "b", "bca"), ("down", "a", "bca")]:
        at.press(name, keys[key])
        assert "".join(row["model_id"] for row in at.config) == order


def test_variables_come_go_and_are_pasted(composer):
    at = composer(factories.entry(envs={"A": "1", "N": 5}))
    key = at.rows[0]["id"]
    at.press("add-variable", key, config__0__envs__0__value="typed")
    assert [(one["key"], one["value"]) for one in at.rows[0]["envs"]] == [("A", "typed"), ("N", 5), ("", "")]
    at.press("paste", key, **{f"pasted-{key}": 'A=2\nB="x\\ny"\n# no\n'})
    assert at.config[0]["envs"] == {"A": "2", "N": 5, "B": "x\ny"}
    at.press("remove-variable", f"{key}-{at.rows[0]['envs'][0]['id']}")
    assert at.config[0]["envs"] == {"N": 5, "B": "x\ny"}
    at.press("paste", key, **{f"pasted-{key}": '{"N": "6", "M": 1}'})
    assert at.config[0]["envs"] == {"N": "6", "B": "x\ny", "M": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste lines of NAME=value"),
        ("A=1\nnonsense", "Line 2 has no NAME=value."),
        ('{"A": }', "Line 1, column 7"),
    ],
)
def test_what_is_no_variables_is_refused_and_kept(composer, text, words):
    at = composer(factories.entry(envs={"A": "1"}))
    key = at.rows[0]["id"]
    at.press("paste", key, **{f"pasted-{key}": text})
    assert at.answer.status_code == 422
    assert words in at.page.content.decode()
    assert form_of(at.page)[f"pasted-{key}"].replace("\r\n", "\n") == text
    assert at.config[0]["envs"] == {"A": "1"}


def test_a_value_of_another_kind_becomes_text_on_demand(composer):
    at = composer(factories.entry(7, envs={"A": 1}), description=5)
    for name in ("description", "config-0-model_id", "config-0-envs-0-value"):
        at.press("as_text", name)
    assert at.config == [factories.entry("7", envs={"A": "1"})]
    assert form_of(at.page)["description"] == "5"


@pytest.mark.parametrize(
    ("body", "path", "left"),
    [
        ({"own": 1, "other": 2}, "own", {"other": 2}),
        ({"a.b": 1}, "a.b", {}),
        ({"schedule": {"type": "stop"}}, "schedule", {}),
        ({"schedule": [{"type": "stop", "x": 1}, 2]}, "schedule[1]", {"schedule": [{"type": "stop", "x": 1}]}),
        ({"schedule": [{"type": "stop", "x": 1}]}, "schedule[0].x", {"schedule": [{"type": "stop"}]}),
        ({"config": {"x": 1}}, "config", {}),
        ({"config": [1, {}]}, "config[0]", {"config": [{}]}),
        ({"config": [{"x": 1, "y": 2}]}, "config[0].x", {"config": [{"y": 2}]}),
        ({"config": [{"envs": "text"}]}, "config[0].envs", {"config": [{}]}),
        (
            {"config": [{"custom_spec": {"cpu": 1, "x": 1}}]},
            "config[0].custom_spec.x",
            {"config": [{"custom_spec": {"cpu": 1}}]},
        ),
        ({"config": [{"custom_spec": 5}]}, "config[0].custom_spec", {"config": [{}]}),
    ],
)
def test_what_has_no_field_can_be_left_out(client_of, alice, draft_of, body, path, left):
    deployment = draft_of(body)
    at = Composer(client_of(alice), deployment)
    assert f'value="{path}"' in at.page.content.decode()
    at.press("leave_out", path)
    deployment.refresh_from_db()
    assert drafts.body_of(drafts.loads(deployment.draft)) == left


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("remove", "gone"),
        ("up", ""),
        ("remove-variable", "x-y"),
        ("undo", "never"),
        ("as_text", "config-9-x"),
        ("leave_out", "no"),
    ],
)
def test_a_button_for_what_is_gone_says_so(composer, name, value):
    at = composer(factories.entry("a"))
    at.press(name, value, description="typed")
    assert at.answer.status_code == 422
    assert form_of(at.page)["description"] == "typed"


def test_at_most_200_models(composer):
    at = composer(*[factories.entry(f"m{number}", 0) for number in range(200)])
    at.press("add", "model")
    assert at.answer.status_code == 422
    assert "At most 200 models fit into one deployment." in at.page.content.decode()


def test_a_button_in_review_saves_nothing_and_keeps_all(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    at = Composer(client_of(alice), deployment)
    at.press("add", "model", service_name="typed").press("add", "model", config__1__model_id="b")
    deployment.refresh_from_db()
    assert (deployment.state, deployment.service_name) == ("in_review", "mnist")
    at.press("remove", form_of(at.page)["config-2-key"])
    at.client.post(at.address("compose-page"), form_of(at.page) | {"save": "1"})
    deployment.refresh_from_db()
    assert (deployment.state, deployment.service_name) == ("draft", "typed")
    assert [row.get("model_id") for row in at.config] == ["model-a", "b"]


def test_only_a_post_changes_rows(composer):
    at = composer()
    assert at.client.get(at.address("compose-rows")).status_code == 405
    assert at.client.get(at.address("compose-check")).status_code == 405
