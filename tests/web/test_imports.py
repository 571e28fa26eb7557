"""A request as JSON text: pasted or uploaded, refused by place, kept on the page when refused."""

import json
from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deployer.domain import draft as drafts
from deployer.models import Deployment
from tests import factories
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db
DOOR = "/deployments/import/"


@pytest.fixture
def client(client_of, alice, dev):
    return client_of(alice)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no text."),
        ("{", "Line 1, column 2"),
        ('{\n "a": 1\n "b": 2}', "Line 3, column 2: a comma is missing before"),
        ("[1]", "The request must be a JSON object"),
        ("17", "The request must be a JSON object"),
        ('{"a": NaN}', "Line 1, column 7"),
        ('{"a": 1, "a": 2}', "Line 1, column 10"),
        ('{"a": "\\ud800"}', "Line 1"),
        ('{"a": "\\u0000"}', "Line 1"),
        ("[" * 60, "nested more than 50 deep"),
        ('{"a": 1' + "0" * 30 + "}", "Line 1"),
    ],
)
def test_what_is_no_request_is_refused_by_place(client, text, words):
    answer = client.post(DOOR, {"target": "dev", "body": text})
    assert answer.status_code == 422
    assert escape(words) in answer.content.decode()
    assert form_of(answer)["body"].replace("\r\n", "\n") == text
    assert form_of(answer)["target"] == "dev"
    assert not Deployment.objects.exists()


def test_over_5_mb_is_a_sentence(client):
    answer = client.post(DOOR, {"target": "dev", "body": '{"a": "' + "x" * 5_000_000 + '"}'})
    assert answer.status_code == 422
    assert "At most 5,000,000 are read." in answer.content.decode()


def test_over_200_models_is_a_sentence(client):
    body = json.dumps(factories.real_time_body(*[factories.entry(f"m{i}", 0) for i in range(201)]))
    answer = client.post(DOOR, {"target": "dev", "body": body})
    assert answer.status_code == 422
    assert "The request has 201 models. At most 200 fit into one deployment." in answer.content.decode()


def test_anything_else_becomes_a_draft_and_is_kept(client):
    body = {
        "service_name": 5,
        "config": [None, {"x": [1.0, {"<script>": "\u202e\a"}]}],
        "own": {"b": 1, "a": "\U0001f600"},
    }
    answer = client.post(DOOR, {"target": "dev", "body": json.dumps(body)})
    made = Deployment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/deployments/{made.pk}/edit/")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert '<script>"' not in page.content.decode()
    client.post(answer.url, form_of(page) | {"description": "typed"})
    made.refresh_from_db()
    assert drafts.body_of(drafts.loads(made.draft)) == body | {"description": "typed"}


def test_a_file_counts_before_the_text(client):
    content = "\ufeff" + json.dumps(factories.real_time_body(service_name="of-the-file"))
    upload = SimpleUploadedFile("request.json", content.encode(), "application/json")
    answer = client.post(DOOR, {"target": "dev", "body": "{", "file": upload})
    assert answer.status_code == 302
    assert Deployment.objects.get().service_name == "of-the-file"


def test_a_file_that_is_not_text_is_refused(client):
    upload = SimpleUploadedFile("request.json", b'{"a": "\xff"}', "application/json")
    answer = client.post(DOOR, {"target": "dev", "file": upload})
    assert answer.status_code == 422
    assert "is not UTF-8" in answer.content.decode()


def test_a_missing_target_is_said_and_the_text_kept(client):
    answer = client.post(DOOR, {"body": '{"service_name": "kept"}'})
    assert answer.status_code == 422
    assert "Choose where to deploy." in answer.content.decode()
    assert form_of(answer)["body"] == '{"service_name": "kept"}'


def test_a_copy_takes_the_text_and_says_whence(client, draft_of, prod, bob):
    source = draft_of(factories.real_time_body(own=1), by=bob)
    answer = client.post("/deployments/new/", {"target": "prod", "infer_type": "copy", "of": str(source.pk)})
    made = Deployment.objects.get(copied_from=source)
    assert answer.url == f"/deployments/{made.pk}/edit/"
    assert (made.target, made.author.username) == (prod, "alice")
    assert drafts.body_of(drafts.loads(made.draft)) == factories.real_time_body(own=1)


@pytest.mark.parametrize("number", ["", "0", "999", "x", "9" * 30, "-1"])
def test_a_copy_of_nothing_is_refused(client, number):
    answer = client.post("/deployments/new/", {"target": "dev", "infer_type": "copy", "of": number})
    assert answer.status_code == 422
    assert form_of(answer)["of"] == number
