"""The composer's body and side: marked lines, values apart, checks counted, an idle VPC cleared."""

import html as entities
import json
import re

import pytest
from django.urls import reverse

from deployer.domain import draft as drafts
from deployer.web import body_view
from deployer.web.shares import brief, parts
from tests import factories
from tests.web.form_reading import form_of

NETWORK = {"vpc_id": "v", "subnet_network_id": "s", "security_group_id": "g"}
ODD = {'a": {': '"}, <b>', "b": "", "c": [1], "d": {}, "envs": {"e": "f"}}


def plain(html: str) -> str:
    return entities.unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("envs", [{"A": "1"}, {}, ODD, [], "x"])
def test_the_body_reads_the_same_with_its_values_apart(envs):
    body = {"config": [{"envs": envs, "model_id": "<m>"}], "envs": "no variables"}
    assert json.loads(plain(body_view.drawn(body, None))) == body


def test_only_values_of_variables_are_apart():
    html = body_view.drawn({"config": [{"envs": {"A": '1", "B": "2'}, "model_id": "m"}], "name": "n"}, None)
    assert html.count("<span data-value>") == 1
    assert "<span data-value>&quot;1\\&quot;, \\&quot;B\\&quot;: \\&quot;2&quot;</span>" in html


def test_lines_that_differ_are_marked():
    before = factories.real_time_body(factories.entry("a", 70), factories.entry("b", 30))
    after = factories.real_time_body(factories.entry("b", 30), factories.entry("a", 60, envs={"X": "<y>"}))
    html = body_view.drawn(after, before)
    assert html.count("<mark>") == 2  # the weight and the variable; rows that only moved are the same
    assert '<mark>      "weight": 60</mark>'.replace('"', "&quot;") in html
    assert "&lt;y&gt;" in html


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", "0b64744e…"),
        ("sentiment 4.1.3", "sentiment 4.1.3"),
        ("0b64744e-8a31", "0b64744e-8a31"),
    ],
)
def test_a_bare_id_is_known_by_its_beginning(name, short):
    assert brief(name) == short


def test_a_name_too_long_for_its_share_leaves_room_for_the_number():
    named = [part["named"] for part in parts([{"name": "x" * 40, "weight": 30}, {"name": "y", "weight": 70}])]
    assert named == [False, True]


@pytest.mark.django_db
def test_an_idle_vpc_is_cleared_by_one_button(client_of, alice, draft_of):
    deployment = draft_of(factories.real_time_body(cluster_id="pool", **NETWORK))
    client = client_of(alice)
    page = client.get(reverse("compose-page", args=[deployment.pk]))
    assert "Clear the three" in page.content.decode()
    form = form_of(page) | {"clear_network": "1"}
    answer = client.post(reverse("compose-rows", args=[deployment.pk]), form)
    assert answer.status_code == 302
    deployment.refresh_from_db()
    body = drafts.body_of(drafts.loads(deployment.draft))
    assert not body.keys() & NETWORK.keys()
    assert body["cluster_id"] == "pool"


@pytest.mark.django_db
def test_checks_that_found_nothing_are_counted(client_of, alice, draft_of):
    client = client_of(alice)
    said = []
    for entry in (factories.entry(), factories.entry(weight=90)):
        page = client.get(reverse("compose-page", args=[draft_of(factories.real_time_body(entry)).pk]))
        said.append(page.context["composer"].passed)
    assert [words.startswith("All ") for words in said] == [True, False]
    whole, less = (int("".join(filter(str.isdigit, words))) for words in said)
    assert less == whole - 1
