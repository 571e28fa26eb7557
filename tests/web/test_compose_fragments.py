"""Answers to the composer's script: what changed, out of band, and never an input somebody may be typing in."""

import json
import re

import pytest
from django.urls import reverse

from deployer.domain import draft as drafts
from deployer.workflow import review
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def at(deployment, name: str = "compose-page") -> str:
    return reverse(name, args=[deployment.pk])


def events(answer) -> dict:
    return json.loads(answer["HX-Trigger-After-Settle"])


@pytest.fixture
def client(client_of, alice):
    return client_of(alice)


def test_a_save_by_itself_brings_the_revision_and_the_news(client, draft_of):
    deployment = draft_of()
    form = form_of(client.get(at(deployment))) | {"config-0-weight": "90"}
    answer = client.post(at(deployment), form, headers=HTMX)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert events(answer) == {"draft-saved": True}
    assert '<input type="hidden" name="revision" value="2">' in said
    assert '<div data-beside="total">' in said
    assert "The weights add up to 90. They must make 100." in said
    assert not re.search(r'name="config-0-(weight|model_id)"', said)
    deployment.refresh_from_db()
    assert deployment.revision == 2


def test_every_part_that_is_swapped_has_its_place_on_the_page(client, draft_of):
    deployment = draft_of()
    page = client.get(at(deployment)).content.decode()
    form = form_of(client.get(at(deployment))) | {"config-0-specification": "custom"}
    said = client.post(at(deployment), form, headers=HTMX).content.decode()
    swapped = re.findall(r'id="([^"]+)"[^>]*hx-swap-oob', said)
    assert {"draft-marks", "beside", "checks", "config-0-custom"} <= set(swapped)
    assert [id for id in swapped if f'id="{id}"' not in page] == []


def test_another_type_brings_the_whole_form(client, draft_of):
    deployment = draft_of()
    form = form_of(client.get(at(deployment))) | {"infer_type": "batch"}
    answer = client.post(at(deployment), form, headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#draft-body", "outerHTML")
    assert 'name="config-0-src_path"' in answer.content.decode()


def test_adding_a_row_brings_that_row_alone(client, draft_of):
    deployment = draft_of(factories.real_time_body(factories.entry("a"), factories.entry("b")))
    form = form_of(client.get(at(deployment))) | {"add": "model", "config-0-model_id": "typed"}
    answer = client.post(at(deployment, "compose-rows"), form, headers=HTMX)
    said = answer.content.decode()
    assert 'name="config-2-model_id"' in said
    assert 'name="config-0-model_id"' not in said
    assert '<input type="hidden" name="config-TOTAL_FORMS" value="3">' in said
    assert events(answer)["composer-focus"]["id"] == "config-2-model_id"
    deployment.refresh_from_db()
    assert drafts.loads(deployment.draft)["rows"][0]["fields"]["model_id"] == "typed"


def test_the_first_row_replaces_the_words_about_none(client, draft_of):
    deployment = draft_of({"infer_type": "real-time"})
    page = client.get(at(deployment))
    assert "No model yet" in page.content.decode()
    answer = client.post(at(deployment, "compose-rows"), form_of(page) | {"add": "model"}, headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#row-place", "outerHTML")


def test_a_variable_brings_the_variables_of_its_row(client, draft_of):
    deployment = draft_of(factories.real_time_body(factories.entry("a"), factories.entry("b")))
    form = form_of(client.get(at(deployment)))
    answer = client.post(at(deployment, "compose-rows"), form | {"add-variable": form["config-1-key"]}, headers=HTMX)
    said = answer.content.decode()
    assert 'name="config-1-envs-0-key"' in said
    assert 'name="config-1-model_id"' not in said


@pytest.mark.parametrize("name", ["compose-page", "compose-rows", "compose-check"])
def test_a_refusal_touches_nothing(client, draft_of, name):
    deployment = draft_of()
    form = {"seen": "1", "add": "model", "config-TOTAL_FORMS": "201"}
    answer = client.post(at(deployment, name), form, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    assert "At most 200 fit into one deployment." in answer.content.decode()


def test_a_row_button_on_a_stale_page_is_told(client, draft_of, client_of, bob):
    deployment = draft_of()
    form = form_of(client.get(at(deployment)))
    client_of(bob).post(at(deployment), form | {"service_name": "of-bob"})
    for headers in (HTMX, {}):
        answer = client.post(at(deployment, "compose-rows"), form | {"add": "model"}, headers=headers)
        assert answer.status_code == 409
        assert "Bob Kessler saved revision 2 meanwhile." in answer.content.decode()


def test_a_tab_left_open_does_not_take_a_review_back_by_itself(client, draft_of, alice):
    deployment = draft_of()
    form = form_of(client.get(at(deployment)))
    review.ask_review(deployment, seen=1, by=alice)
    answer = client.post(at(deployment), form | {"description": "One more letter"}, headers=HTMX)
    assert answer.status_code == 409
    assert "asked for review meanwhile" in answer.content.decode()
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
