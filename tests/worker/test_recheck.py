"""The preflight once more before a send: what it stops, what it only says, and what it costs."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.domain.preflight import Result, Unknown
from deployer.modelarts.calls import Calls
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import Refused
from deployer.models import Submission
from deployer.worker import before, clouds, recheck, shelf
from deployer.worker.send import send
from deployer.workflow import submission as sendings
from tests.cloud_troubles import GOOD, in_vpc
from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db

SOLD_OUT = real_time_body(entry(GOOD, specification="modelarts.vm.gpu.v100"))
FINE = real_time_body(entry(GOOD))
FACTS = ("services/specifications", f"models/{GOOD}")
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def required(here):
    here.preflight = "required"
    here.save()
    return here


def sent(deployment) -> Submission:
    row = deployment.submission
    Submission.objects.filter(pk=row.pk).update(next_action_at=timezone.now())
    assert send(row.pk, "tester:1")
    return Submission.objects.get(pk=row.pk)


def test_what_the_cloud_would_refuse_is_not_sent_where_a_pass_is_required(cloud, required, deployment_in, olga):
    deployment = deployment_in("submitted", target=required, body=SOLD_OUT)
    row = sent(deployment)
    assert (row.outcome, row.needs_person, row.next_action_at) == ("waiting", True, None)
    assert "modelarts.vm.gpu.v100 is sold out." in row.reason
    assert "Nothing was sent." in row.reason
    assert cloud.count("POST", "/services") == 0
    assert row.tries.get().outcome == "needs_person"
    assert sendings.hands_on(olga, row) == {"cancel": "", "send_again": ""}


def test_a_person_sends_it_again_once_it_is_mended(cloud, required, deployment_in, olga):
    stranger = cloud.create(real_time_body(entry(GOOD), service_name="mnist"), required)
    deployment = deployment_in("submitted", target=required, body=FINE)
    row = sent(deployment)
    assert "A service named mnist exists." in row.reason
    clouds.of(required).delete_service(stranger)
    cloud.advance(60)
    before.forget()
    sendings.by_hand(deployment, "send_again", seen=row.pk, by=olga, comment="It is gone now.")
    assert sent(deployment).outcome == "accepted"


def test_where_it_advises_it_is_sent_and_the_attempt_says_so(cloud, here, deployment_in):
    row = sent(deployment_in("submitted", target=here, body=SOLD_OUT))
    attempt = row.tries.get(kind="send")
    assert row.outcome == "refused"  # by the cloud itself
    assert cloud.count("POST", "/services") == 1
    assert attempt.detail.endswith("The preflight advised against it: modelarts.vm.gpu.v100 is sold out.")
    assert "advised" not in row.reason


def tells_no_facts(cloud):
    cloud.next_time("503", match="GET /v1/*/services/specifications", times=50)
    cloud.next_time("503", match="GET /v1/*/models/*", times=50)


def test_a_cloud_that_tells_no_facts_stops_no_send_where_it_advises(cloud, here, deployment_in):
    tells_no_facts(cloud)
    assert sent(deployment_in("submitted", target=here, body=FINE)).outcome == "accepted"


def test_what_could_not_be_looked_at_waits_where_a_pass_is_required(cloud, required, deployment_in):
    tells_no_facts(cloud)
    deployment = deployment_in("submitted", target=required, body=FINE)
    row = sent(deployment)
    assert (row.outcome, row.needs_person, row.returns) == ("waiting", False, 1)
    assert row.next_action_at > timezone.now()
    assert "could not be checked again before sending" in row.reason
    assert cloud.count("POST", "/services") == 0
    cloud.forgive()
    shelf.forget()
    assert sent(deployment).outcome == "accepted"


def test_one_part_that_could_not_be_looked_at_is_enough_to_wait(cloud, required, deployment_in):
    cloud.next_time("503", match="GET /v1/*/services/specifications", times=50)
    row = sent(deployment_in("submitted", target=required, body=FINE))
    assert (row.outcome, row.needs_person) == ("waiting", False)
    assert "HTTP 503" in row.reason


def test_a_list_the_cloud_does_not_have_keeps_nothing_back(cloud, required, deployment_in, monkeypatch):
    real = Calls._call

    def call(self, method, path, **more):
        if path == "/clusters":
            raise Refused(404, "APIGW.0101", "The API does not exist")
        return real(self, method, path, **more)

    monkeypatch.setattr(Calls, "_call", call)
    body = real_time_body(entry(GOOD), cluster_id="8abf68a969c3cb3a0169c4acb24b0000")
    assert sent(deployment_in("submitted", target=required, body=body)).outcome == "accepted"


def test_the_lack_of_time_of_one_row_is_not_told_to_the_next(cloud, here, monkeypatch):
    cloud.has_little_time()
    real, client = ModelArts.model, clouds.of(here)
    client.login()

    def slow(self, key):
        found = real(self, key)
        time.sleep(recheck.seconds() + 0.1)
        return found

    monkeypatch.setattr(ModelArts, "model", slow)
    assert isinstance(recheck.learnt(here, SOLD_OUT, client).flavors, Unknown)
    monkeypatch.setattr(ModelArts, "model", real)
    assert not isinstance(recheck.learnt(here, SOLD_OUT, client).flavors, Unknown)


def test_a_busy_line_asks_once(cloud, here, deployment_in):
    for place in range(4):
        body = real_time_body(entry(GOOD), service_name=f"busy-{place}")
        assert sent(deployment_in("submitted", target=here, body=body)).outcome == "accepted"
    assert [cloud.count("GET", f"/{name}") for name in FACTS] == [1, 1]


def test_facts_are_asked_for_anew_after_half_a_minute(cloud, here, deployment_in, monkeypatch):
    sent(deployment_in("submitted", target=here, body=FINE))
    monkeypatch.setattr(shelf, "FRESH", 0.0)
    sent(deployment_in("submitted", target=here, body=real_time_body(entry(GOOD), service_name="later")))
    assert [cloud.count("GET", f"/{name}") for name in FACTS] == [2, 2]


def test_with_warm_facts_it_asks_nothing_and_writes_nothing_of_its_own(cloud, here, deployment_in):
    def named(name: str):
        return deployment_in("submitted", target=here, body=in_vpc(service_name=name))

    first, second = named("first"), named("second")
    sent(first)
    asked = [cloud.count("GET", f"/{name}") for name in FACTS]
    with CaptureQueriesContext(connection) as queries:
        assert sent(second).outcome == "accepted"
    assert [cloud.count("GET", f"/{name}") for name in FACTS] == asked
    written = {re.search(r"deployer_\w+", one["sql"])[0] for one in queries if one["sql"].startswith(WRITES)}
    sending = {"submission", "attempt", "event", "chain", "deployment", "service"}
    assert written <= {f"deployer_{table}" for table in sending}


def test_a_change_of_the_target_asks_its_new_place(here, cloud, deployment_in):
    sent(deployment_in("submitted", target=here, body=FINE))
    here.secret = "other"  # another client, another shelf
    marks = list(shelf._shelves)
    assert clouds.mark_of(here) not in marks


def test_blocking_words_are_few():
    from deployer.worker.recheck import told

    found = [Result("x", "", "block", f"Number {place}.", "") for place in range(5)]
    assert told(found) == "Number 0. Number 1. Number 2. And 2 more."
