"""The body to take along: the same in every format, with the rules of payload.json, and back in again."""

import ast
import json

import pytest

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain.formats import FORMATS, read
from deployer.models import Deployment
from tests import factories
from tests.samples import NAMES, sample

pytestmark = pytest.mark.django_db
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def address(deployment, format: str) -> str:
    return f"/deployments/{deployment.pk}/export/{format}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format", ["json", "curl", "hcl"])
def test_out_and_in_again_is_the_same_request(client_of, alice, draft_of, name, format):
    client, deployment = client_of(alice), draft_of(sample(name))
    text = client.get(address(deployment, format)).content.decode()
    answer = client.post("/deployments/import/", {"target": "dev", "body": text.replace("\n", "\r\n")})
    assert answer.status_code == 302
    made = Deployment.objects.get(pk=int(answer.url.split("/")[2]))
    checked = client.get(f"/deployments/{made.pk}/payload.json").content
    assert checked == client.get(f"/deployments/{deployment.pk}/payload.json").content


@pytest.mark.parametrize(
    ("format", "kind", "end"),
    [
        ("json", "application/json", "json"),
        ("curl", "text/plain; charset=utf-8", "sh"),
        ("python", "text/plain; charset=utf-8", "py"),
        ("hcl", "text/plain; charset=utf-8", "tf"),
    ],
)
def test_a_file_has_a_plain_name(client_of, victor, draft_of, format, kind, end):
    deployment = draft_of(factories.real_time_body(service_name="mnist"))
    answer = client_of(victor).get(address(deployment, format))
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer["Content-Disposition"] == f'attachment; filename="deployment-{deployment.pk}-draft.{end}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode().endswith("\n")


def test_a_version_is_what_was_signed(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    first = deployment.versions.get(number=1)
    client = client_of(alice)
    for query in ("", "?version=1", "?version=01"):
        answer = client.get(address(deployment, "curl") + query)
        assert payloads.canonical(read(answer.content).body) == first.payload
        assert f"deployment-{deployment.pk}-version-1.sh" in answer["Content-Disposition"]
    script = client.get(address(deployment, "python")).content.decode()
    body = next(node.value for node in ast.parse(script).body if "BODY" in ast.unparse(node).partition("=")[0])
    assert payloads.canonical(ast.literal_eval(body)) == first.payload


@pytest.mark.parametrize("format", FORMATS)
def test_what_blocks_is_said_to_programs_and_to_people(client_of, alice, draft_of, format):
    deployment = draft_of(factories.real_time_body(factories.entry(weight=90), own=1))
    client = client_of(alice)
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "application/json, */*"}):
        answer = client.get(address(deployment, format), headers=accept)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/json")
        assert answer.content == client.get(f"/deployments/{deployment.pk}/payload.json").content
        assert "Content-Disposition" not in answer
    page = client.get(address(deployment, format), headers={"Accept": HTML})
    assert page.status_code == 422
    assert "The weights add up to 90." in page.content.decode()
    assert f'href="/deployments/{deployment.pk}/"' in page.content.decode()
    assert "Accept" in page["Vary"]


@pytest.mark.parametrize("format", ["xml", "JSON", "", "curl/", "json.txt", "py"])
def test_an_unknown_format_is_not_found(client_of, alice, draft_of, format):
    assert client_of(alice).get(address(draft_of(), format)).status_code == 404


@pytest.mark.parametrize("version", ["0", "2", "x", "", "-1", "9" * 40, "1.0", "１"])
def test_an_unknown_version_is_not_found(client_of, alice, deployment_in, version):
    deployment = deployment_in("approved")
    assert client_of(alice).get(address(deployment, "curl"), {"version": version}).status_code == 404


def test_only_who_may_look_and_only_by_looking(client, client_of, victor, draft_of):
    deployment = draft_of()
    door = address(deployment, "curl")
    assert client.get(door).url.startswith("/accounts/login/")
    assert client_of(victor).post(door).status_code == 405
    assert client_of(victor).get("/deployments/999999/export/curl").status_code == 404
    victor.groups.clear()
    assert client_of(victor).get(door).status_code == 403


def test_no_credential_of_the_target_is_in_a_file(client_of, alice, draft_of, dev):
    dev.username, dev.domain_name, dev.secret = "the-user", "the-domain", "the-secret"
    dev.save()
    deployment = draft_of()
    for format in FORMATS:
        text = client_of(alice).get(address(deployment, format)).content.decode()
        assert not any(word in text for word in ("the-user", "the-domain", "the-secret"))


def test_a_file_takes_few_queries(client_of, alice, deployment_in, django_assert_max_num_queries):
    deployment, client = deployment_in("approved"), client_of(alice)
    client.get(address(deployment, "hcl"))
    with django_assert_max_num_queries(8):
        client.get(address(deployment, "hcl"))


def test_pages_offer_every_format(client_of, alice, deployment_in):
    deployment = deployment_in("in_review")
    client = client_of(alice)
    for page in (f"/deployments/{deployment.pk}/", f"/deployments/{deployment.pk}/versions/1/"):
        shown = client.get(page).content.decode()
        for format in FORMATS:
            assert f'href="{address(deployment, format)}?version=1"' in shown
        assert f'href="/deployments/{deployment.pk}/payload.json?version=1"' in shown
    composer = client.get(f"/deployments/{deployment.pk}/edit/").content.decode()
    assert f'href="{address(deployment, "hcl")}"' in composer


def test_a_pasted_curl_command_becomes_a_draft_and_says_what_was_noted(client_of, alice, dev):
    text = (
        "curl https://x/v1/p/services -H 'X-Auth-Token: planted-token' "
        '-d "{\\"service_name\\": \\"mnist\\", \\"own\\": \\"$MODEL\\"}"'
    )
    client = client_of(alice)
    answer = client.post("/deployments/import/", {"target": "dev", "body": text}, follow=True)
    made = Deployment.objects.get()
    assert drafts.body_of(drafts.loads(made.draft)) == {"service_name": "mnist", "own": "$MODEL"}
    page = answer.content.decode()
    assert "Read from a curl command. Its headers were left aside." in page
    assert "Variables of the shell stay in the text as they are: $MODEL. Put their values in." in page
    assert made.events.get().action == "imported"
    kept = json.dumps(list(Deployment.objects.values()) + list(made.events.values()), default=str)
    assert "planted-token" not in kept + page


def test_a_pasted_block_becomes_a_draft(client_of, alice, dev):
    text = 'resource "huaweicloud_modelarts_service" "x" {\n  name = "mnist"\n  region = "y"\n  own = var.z\n}\n'
    answer = client_of(alice).post("/deployments/import/", {"target": "dev", "body": text}, follow=True)
    page = answer.content.decode()
    assert "Read from a Terraform block." in page
    assert "no part of a request: region." in page
    assert Deployment.objects.get().service_name == "mnist"


@pytest.mark.parametrize(
    ("text", "words", "broken"),
    [
        ('curl x \\\r\n  -d \'{"a": 1\r\n "b": 2}\'', "Line 3, column 2: a comma is missing", "&quot;b&quot;: 2}"),
        ('resource "huaweicloud_modelarts_service" "x" {\r\n  name = @\r\n}', "Line 2, column 10: ", "  name = @"),
    ],
)
def test_what_cannot_be_read_shows_its_line(client_of, alice, dev, text, words, broken):
    answer = client_of(alice).post("/deployments/import/", {"target": "dev", "body": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert broken in page.partition("<mark>")[2].partition("</mark>")[0].replace("&#x27;", "'")
    assert not Deployment.objects.exists()
