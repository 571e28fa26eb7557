"""Each newer field, from the form to the cloud and back; and in 2022 from an import to the cloud, unknown and whole."""

import json
import re

import pytest

from deployer.domain import draft as drafts
from deployer.domain.diff import compare
from deployer.models import Deployment
from deployer.worker import clouds
from deployer.workflow import review
from deployer.workflow import submission as hands
from tests.domain.bodies_2025 import everything
from tests.web.form_reading import form_of
from tests.web.typing_out import type_out

pytestmark = pytest.mark.django_db

NEWER = re.compile(
    r"pool_name|load_balancer_policy|priority|service_secrets|additional_properties|deploy_time|affinity"
)


@pytest.fixture
def send_it(alice, bob, step):
    """Through review and submission, as people do it."""

    def go(deployment: Deployment):
        deployment.refresh_from_db()
        asked = review.ask_review(deployment, seen=deployment.seen, by=alice)
        approved = review.decide(asked, "approve", seen=asked.seen, by=bob)
        return step(hands.submit(approved, seen=approved.seen, by=alice).submission)

    return go


def test_each_newer_field_is_composed_saved_previewed_sent_and_comes_back(client_of, alice, here, cloud, send_it):
    here.edition = "otc-2025"
    here.save()
    client = client_of(alice)
    answer = client.post("/deployments/new/", {"target": here.name, "infer_type": "real-time"})
    form = form_of(client.get(answer.url))
    assert client.post(answer.url, form | type_out(everything(), "otc-2025")).status_code == 302
    deployment = Deployment.objects.get()
    assert drafts.body_of(drafts.loads(deployment.draft)) == everything()
    assert client.get(f"/deployments/{deployment.pk}/payload.json").json() == everything()
    row = send_it(deployment)
    assert (row.outcome, row.reason) == ("accepted", "")
    (service,) = cloud.services()
    assert service["request"] == everything()
    seen = clouds.of(here).service(row.service_id)
    assert {key: seen.raw[key] for key in everything() if NEWER.search(key)} == {
        key: value for key, value in everything().items() if NEWER.search(key)
    }
    (model,) = seen.config
    asked = everything()["config"][0]
    assert {key: model[key] for key in asked if NEWER.search(key)} == {
        key: value for key, value in asked.items() if NEWER.search(key)
    }


def test_in_2022_they_are_unknown_keys_with_a_warning_and_sent(client_of, alice, here, cloud, send_it):
    client = client_of(alice)
    answer = client.post("/deployments/import/", {"target": here.name, "body": json.dumps(everything())})
    page = client.get(answer.url)
    assert [name for name in form_of(page) if NEWER.search(name)] == []
    deployment = Deployment.objects.get()
    warned = {problem.path for problem in review.check(deployment).problems}
    unknown = [*(key for key in everything() if NEWER.search(key))]
    unknown += [f"config[0].{key}" for key in everything()["config"][0] if NEWER.search(key)]
    assert warned == set(unknown)
    assert len(unknown) == 9
    assert client.post(answer.url, form_of(page) | {"description": "saved once"}).status_code == 302
    row = send_it(deployment)
    assert (row.outcome, row.reason) == ("accepted", "")
    (service,) = cloud.services()
    assert compare(service["request"], everything() | {"description": "saved once"}) == []
