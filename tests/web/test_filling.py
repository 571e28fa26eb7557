"""A batch job's fields from its model's definition."""

import json
import re

import pytest
from django.dispatch import Signal

from deployer.domain import draft as drafts
from deployer.models import CatalogEntry
from deployer.web import filling
from deployer.workflow import catalog
from tests import factories, offers
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
RULE = {
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


@pytest.fixture
def job(client_of, alice, draft_of, dev):
    """A batch draft in the composer: press its buttons, read its row."""

    class Job:
        def __init__(self) -> None:
            offers.bring(dev, "model", offers.model("id-1", "fraud", "1.9.0"))
            self.client = client_of(alice)
            self.deployment = draft_of(factories.batch_body(model_id="id-1", req_uri="", mapping_type=""))
            self.address = f"/deployments/{self.deployment.pk}/edit/"

        def knows(self, *apis) -> None:
            catalog.set_detail(CatalogEntry.objects.get(key="id-1"), offers.definition(*apis))

        def press(self, name: str, headers=HTMX, **typed):
            page = self.client.get(self.address)
            form = form_of(page)
            typed = {f"config-0-{key}": text for key, text in typed.items()}
            return self.client.post(
                f"{self.address}rows/", form | typed | {name: form["config-0-key"]}, headers=headers
            )

        @property
        def row(self) -> dict:
            self.deployment.refresh_from_db()
            return drafts.body_of(drafts.loads(self.deployment.draft))["config"][0]

        def said(self) -> str:
            page = self.client.get(self.address).content.decode()
            return re.search(r'<span class="muted" role="status">(.*?)</span>', page, re.DOTALL)[1]

    return Job()


def test_the_rule_uri_and_type_come_from_the_definition(job):
    job.knows(("/v1", offers.ROWS))
    answer = job.press("fill")
    assert answer.status_code == 200
    assert (job.row["req_uri"], job.row["mapping_type"], job.row["mapping_rule"]) == ("/v1", "csv", RULE)
    events = json.loads(answer["HX-Trigger-After-Settle"])
    assert events["composer-focus"]["words"] == (
        "Request URI, mapping type and mapping rule set from the definition of fraud 1.9.0."
    )
    assert job.said() == "As the definition of fraud 1.9.0 says."


def test_a_model_that_takes_a_file_needs_no_rule(job):
    job.knows(("/", offers.FILE))
    job.press("fill")
    assert (job.row["req_uri"], job.row["mapping_type"]) == ("/", "file")
    assert "mapping_rule" not in job.row


def test_what_is_typed_stays_until_somebody_replaces_it_and_comes_back_by_undo(job):
    job.knows(("/v1", offers.ROWS))
    job.press("fill", req_uri="/mine", mapping_type="file")
    assert (job.row["req_uri"], job.row["mapping_type"]) == ("/mine", "file")
    assert "mapping_rule" not in job.row
    assert job.said() == "Typed otherwise than the definition of fraud 1.9.0: request URI and mapping type."
    assert "Replace what is typed" in job.client.get(job.address).content.decode()
    job.press("fill_over")
    assert (job.row["req_uri"], job.row["mapping_type"], job.row["mapping_rule"]) == ("/v1", "csv", RULE)
    job.press("unfill")
    assert (job.row["req_uri"], job.row["mapping_type"]) == ("/mine", "file")
    assert "mapping_rule" not in job.row
    assert 'name="unfill"' not in job.client.get(job.address).content.decode()


def test_undo_leaves_what_was_typed_since(job):
    job.knows(("/v1", offers.ROWS))
    job.press("fill")
    job.press("unfill", req_uri="/typed")
    assert job.row["req_uri"] == "/typed"
    assert job.row.get("mapping_type", "") == ""


def test_of_several_uris_somebody_chooses_and_the_rest_follows(job):
    job.knows(("/a", offers.FILE), ("/b", offers.ROWS))
    answer = job.press("fill")
    events = json.loads(answer["HX-Trigger-After-Settle"])
    assert events["composer-focus"] == {
        "id": "config-0-req_uri",
        "words": "fraud 1.9.0 has 2 request URIs. Choose one.",
    }
    assert job.row.get("req_uri", "") == ""
    job.press("fill", req_uri="/b")
    assert (job.row["mapping_type"], job.row["mapping_rule"]) == ("csv", RULE)


def test_the_uris_of_the_model_are_a_picker_of_their_own(job):
    job.knows(("/a", offers.FILE), ("/b", offers.ROWS))
    address = f"/deployments/{job.deployment.pk}/pick/uri/"
    said = job.client.get(address, {"model": "id-1", "for": "config-0-req_uri"}, headers=HTMX).content.decode()
    assert re.findall(r"<code>(.*?)</code>", said) == ["/a", "/b"]
    assert "rows of CSV" in said
    said = job.client.get(address, {"model": "id-1", "q": "B"}, headers=HTMX).content.decode()
    assert re.findall(r"<code>(.*?)</code>", said) == ["/b"]
    said = job.client.get(address, {"model": "unknown"}, headers=HTMX).content.decode()
    assert "Choose a model of the list first" in said
    assert job.client.post(f"{address}refresh/").status_code == 404


def test_a_definition_nobody_read_yet_is_asked_for_and_waited_for(job):
    asked: list[CatalogEntry] = []
    heard = lambda entry, **_: asked.append(entry)  # noqa: E731 - a receiver that lives as long as the test
    assert isinstance(catalog.detail_asked, Signal)
    catalog.detail_asked.connect(heard, weak=False, dispatch_uid="test")
    try:
        answer = job.press("fill")
    finally:
        catalog.detail_asked.disconnect(dispatch_uid="test")
    said = answer.content.decode()
    assert [entry.key for entry in asked] == ["id-1"]
    assert "Reading the model’s definition…" in said
    assert "data-reading" in said
    address = re.search(r'data-url="(.*?)"', said)[1]
    assert job.client.get(address).json() == {"ready": False}
    job.knows(("/", offers.FILE))
    assert job.client.get(address).json() == {"ready": True}


def test_without_script_the_row_says_to_press_again(job):
    answer = job.press("fill", headers={})
    assert answer.status_code == 302
    page = job.client.get(job.address).content.decode()
    assert "Fill from the model again in a moment." in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"model_id": "typed"}, "This model is not in the list"),
        ({"model_id": ""}, "Choose a model first."),
    ],
)
def test_a_model_that_is_not_listed_has_no_definition(job, typed, why):
    answer = job.press("fill", **typed)
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_a_definition_without_input_or_uri_says_so(job):
    job.knows(("/", {}))
    job.press("fill")
    assert job.row["req_uri"] == "/"
    assert job.said() == "The definition of fraud 1.9.0 names no input: a batch job of it fails."
    job.knows()
    assert "names no request URI" in job.press("fill").content.decode()


def test_a_definition_that_cannot_be_read_says_why(job):
    catalog.set_detail(CatalogEntry.objects.get(key="id-1"), {"problem": "The cloud does not answer."})
    assert job.said() == "The definition of fraud 1.9.0 could not be read: The cloud does not answer."
    answer = job.press("fill")
    assert answer.status_code == 422
    assert "The cloud does not answer. Press it again in a moment" in answer.content.decode()


def test_a_real_time_draft_has_no_such_button(client_of, alice, draft_of, dev):
    offers.bring(dev, "model", offers.model("model-a"))
    page = client_of(alice).get(f"/deployments/{draft_of().pk}/edit/").content.decode()
    assert "fill-from-model" not in page


def test_values_of_any_shape_are_laid_beside_a_definition(dev):
    detail = offers.definition(("/", offers.ROWS))
    for value in (5, None, True, [], {}, ["x"], {"a": 1}):
        fields = dict.fromkeys(filling.FIELDS, value)
        found = filling.plan(detail, fields)
        assert set(found.differing(fields)) <= set(filling.FIELDS)
