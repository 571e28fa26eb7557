"""Who reads a request sees what the cloud calls its ids; what is signed and sent stays the ids."""

import pytest

from deployer.web.called import called
from deployer.workflow.catalog import Offer
from tests import factories, offers

pytestmark = pytest.mark.django_db

MODEL, OTHER = "0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", "91c27f3a-52d8-4f7e-b1a4-6de3c08f5521"
VPC, SUBNET, GROUP = "3ec3b33f-ac1c-4630-ad1c-7dba1ed79d85", "4779ab1c-7c1a-44b1-a02e-93dfc361b32d", "sg-1"
IN_VPC = {"vpc_id": VPC, "subnet_network_id": SUBNET, "security_group_id": GROUP}


@pytest.fixture
def listed(dev) -> None:
    offers.bring(dev, "model", offers.model(MODEL, "sentiment", "4.1.3"), offers.model(OTHER, "sentiment", "4.2.0"))
    offers.bring(dev, "vpc", Offer("", VPC, name="vpc-ml"))
    offers.bring(dev, "subnet", Offer("", SUBNET, VPC, name="subnet-a"))
    offers.bring(dev, "security_group", Offer("", GROUP, VPC, name="open"))


def body(*models: str, **more) -> dict:
    return factories.real_time_body(*(factories.entry(one, 100 // len(models)) for one in models), **more)


def test_a_reviewer_reads_names_and_the_beginning_of_each_id(client_of, bob, deployment_in, listed):
    deployment = deployment_in("in_review", body=body(MODEL, OTHER, **IN_VPC))
    page = client_of(bob).get(f"/deployments/{deployment.pk}/").content.decode()
    said = page[page.index('id="h-asked"') : page.index('id="h-payload"')]
    assert "sentiment 4.1.3 (0b64744e…)" in said
    assert "VPC vpc-ml (3ec3b33f…), subnet subnet-a (4779ab1c…), security group open (sg-1)." in said
    assert MODEL in page[page.index('id="h-payload"') :], "what is signed is shown whole"


def test_a_change_of_model_is_told_by_names(client_of, bob, draft_of, deployment_in, listed):
    old, new = deployment_in("submitted", body=body(MODEL)), draft_of(body(OTHER))
    page = client_of(bob).get(f"/deployments/{old.pk}/compare/{new.pk}/").content.decode()
    assert "sentiment 4.2.0 (91c27f3a…)" in page
    assert "sentiment 4.1.3 (0b64744e…)" in page


def test_the_composer_calls_the_network_by_its_name(client_of, alice, draft_of, listed):
    page = client_of(alice).get(f"/deployments/{draft_of(body(MODEL, **IN_VPC)).pk}/edit/").content.decode()
    assert "<dt>Network</dt><dd>vpc-ml</dd>" in page.replace("\n", "")


def test_different_ids_never_read_the_same(dev):
    twins = [f"{MODEL[:8]}-{place}000-4000-8000-000000000000" for place in (1, 2)]
    offers.bring(dev, "model", *(offers.model(one, "same", "1.0.0") for one in twins))
    (read,) = called(dev, body(*twins))
    assert [entry["model_id"] for entry in read["config"]] == [f"same 1.0.0 ({one})" for one in twins]


@pytest.mark.parametrize(
    "odd", [{}, {"config": 7}, {"config": [None, 7, {"model_id": 5}]}, {"vpc_id": [VPC]}, {"vpc_id": "x" * 5000}]
)
def test_half_written_and_unlisted_bodies_stay_as_they_are(odd, dev, listed):
    (read,) = called(dev, odd)
    assert read == odd


def test_nothing_is_written_into_the_body_itself(dev, listed):
    typed = body(MODEL)
    called(dev, typed)
    assert typed == body(MODEL)
