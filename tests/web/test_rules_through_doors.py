"""The one table of rules, through every door a draft comes in by: import, the form, *Ask for review*."""

import json
from html import escape

import pytest

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain.diff import equal
from deployer.domain.problems import BLOCK
from deployer.models import Deployment
from deployer.web.anchors import controls_for
from tests.domain.cases import CASES, Case
from tests.domain.cases_2025 import CASES_2025
from tests.samples import NAMES, sample, text_of
from tests.web.typing_out import REASONS, CannotType, type_out

pytestmark = pytest.mark.django_db


def by_name(case: Case) -> str:
    return case.name


@pytest.fixture
def target_of(dev):
    """The target of a case speaks the case's edition."""

    def speak(case: Case) -> None:
        dev.edition = case.edition
        dev.save()

    return speak


def can_be_typed(case: Case) -> bool:
    try:
        type_out(case.body, case.edition)
    except CannotType:
        return False
    return True


def can_be_read(case: Case) -> bool:
    """NUL and half characters are refused before they are a draft."""
    try:
        return "\\u0000" not in json.dumps(case.body, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError:
        return False


ALL = [*CASES, *CASES_2025]
TYPED = [case for case in ALL if can_be_typed(case)]
UNTYPED = [case for case in ALL if not can_be_typed(case)]
READABLE = [case for case in ALL if can_be_read(case)]


def says(client, deployment: Deployment, case: Case) -> None:
    """The exact body or its refusal, with path and message; and the page says it beside the field."""
    answer = client.get(f"/deployments/{deployment.pk}/payload.json")
    blocked = case.severity == BLOCK
    assert answer.status_code == (422 if blocked else 200)
    page = client.get(f"/deployments/{deployment.pk}/edit/?asked=1").content.decode()
    if blocked:
        problems = [(one["path"], one["severity"], one["message"]) for one in answer.json()["problems"]]
        assert (case.path, case.severity, case.message) in problems
    if case.path is None:
        return
    assert escape(case.message) in page
    deployment.refresh_from_db()
    for anchor in controls_for(case.path, drafts.loads(deployment.draft), case.edition):
        place = page.partition(f'id="{anchor}-problems"')[2].partition("</div>")[0]
        assert escape(case.message) in place, anchor


@pytest.mark.parametrize("case", ALL, ids=by_name)
def test_imported(client_of, alice, target_of, case: Case):
    target_of(case)
    client = client_of(alice)
    answer = client.post("/deployments/import/", {"target": "dev", "body": json.dumps(case.body)})
    if case not in READABLE:
        assert answer.status_code == 422
        assert not Deployment.objects.exists()
        return
    assert answer.status_code == 302
    says(client, Deployment.objects.get(), case)


@pytest.mark.parametrize("case", TYPED, ids=by_name)
def test_typed_into_the_form(client_of, alice, target_of, case: Case):
    target_of(case)
    client = client_of(alice)
    client.post("/deployments/new/", {"target": "dev", "infer_type": "real-time"})
    deployment = Deployment.objects.get()
    typed = {"infer_type": "", "config-TOTAL_FORMS": "0"} | type_out(case.body, case.edition)
    answer = client.post(f"/deployments/{deployment.pk}/edit/", typed | {"seen": deployment.seen})
    assert (answer.status_code, answer.url) == (302, f"/deployments/{deployment.pk}/edit/")
    says(client, deployment, case)


@pytest.mark.parametrize("case", UNTYPED, ids=by_name)
def test_cannot_be_typed(case: Case):
    """Listed, so that nobody takes a missing field for one that was forgotten."""
    with pytest.raises(CannotType) as why:
        type_out(case.body, case.edition)
    assert str(why.value) in REASONS


@pytest.mark.parametrize("case", READABLE, ids=by_name)
def test_asked_for_review(client_of, alice, target_of, case: Case):
    target_of(case)
    client = client_of(alice)
    client.post("/deployments/import/", {"target": "dev", "body": json.dumps(case.body)})
    deployment = Deployment.objects.get()
    answer = client.post(f"/deployments/{deployment.pk}/edit/", {"seen": deployment.seen, "ask": "1"})
    deployment.refresh_from_db()
    if case.severity == BLOCK:
        assert answer.status_code == 422
        assert escape(case.message) in answer.content.decode()
        assert (deployment.state, deployment.version_number) == ("draft", 0)
    else:
        assert (answer.status_code, answer.url) == (302, f"/deployments/{deployment.pk}/")
        assert (deployment.state, deployment.version_number) == ("in_review", 1)


# -- the samples of the document


def as_sent(name: str) -> dict:
    """The sample as it is sent: weights as integers, an empty description left out."""
    body = sample(name)
    if body.get("description") == "":
        del body["description"]
    for entry in body["config"]:
        if "weight" in entry:
            entry["weight"] = int(entry["weight"])
    return body


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_comes_back_from_import(client_of, alice, dev, name):
    client = client_of(alice)
    client.post("/deployments/import/", {"target": "dev", "body": text_of(name)})
    answer = client.get(f"/deployments/{Deployment.objects.get().pk}/payload.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.content.decode() == payloads.canonical(as_sent(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_comes_back_from_the_form(client_of, alice, dev, name):
    client, body = client_of(alice), sample(name)
    client.post("/deployments/new/", {"target": "dev", "infer_type": body["infer_type"]})
    deployment = Deployment.objects.get()
    client.post(f"/deployments/{deployment.pk}/edit/", type_out(body) | {"seen": deployment.seen})
    answer = client.get(f"/deployments/{deployment.pk}/payload.json")
    assert answer.status_code == 200
    assert answer.json() == as_sent(name)
    assert equal(answer.json(), body)
