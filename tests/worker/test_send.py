"""One approved request, once: each way a call can go, judged on what the cloud did."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from deployer.models import Event, Submission, Target, guards
from deployer.worker import before, clouds, settle
from deployer.workflow import leasing, outcome
from deployer.workflow import submission as hands
from tests import factories

pytestmark = pytest.mark.django_db

LOST = ["reset-after", "hang-after", "500-after", "504-after", "malformed", "truncated", "huge", "slow"]
LOST_WITHOUT_EFFECT = ["reset-before", "hang-before", "500-before", "502", "503", "redirect"]


def test_a_submission_becomes_one_service_and_its_id_is_kept(submission, step, cloud):
    row = step(submission)
    (service,) = cloud.services()
    assert (row.outcome, row.service_id) == ("accepted", service["service_id"])
    assert json.loads(row.resource_ids)
    assert service["request"] == json.loads(row.version.payload)
    assert row.deployment.service.service_id == row.service_id
    assert [attempt.outcome for attempt in row.tries.all()] == ["accepted"]


def test_the_bytes_sent_are_the_bytes_stored(submission, step, sandbox):
    step(submission)
    import requests

    journal = requests.get(f"{sandbox.url}/_sandbox/journal", timeout=5).json()
    sent = [row["body"] for row in journal if row["method"] == "POST" and row["path"].endswith("/services")]
    assert sent == [submission.version.payload]


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_found_by_looking_and_never_sent_twice(fault, submission, step, cloud):
    cloud.next_time(fault, seconds=3)
    row = step(submission)
    assert row.outcome == "unknown"
    for _ in range(4):
        row = step(row) if row.outcome == "unknown" else row
    (service,) = cloud.services()
    assert (row.outcome, row.service_id) == ("accepted", service["service_id"])
    assert cloud.count("POST", "/services") == 1


def sent_long_ago(row: Submission) -> None:
    """Its quiet period is over."""
    Submission.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("fault", LOST_WITHOUT_EFFECT)
def test_a_lost_answer_without_effect_is_looked_for_and_left_to_a_person(fault, submission, step, cloud):
    cloud.next_time(fault, seconds=3)
    row = step(submission)
    assert row.outcome == "unknown"
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", False)
    sent_long_ago(row)
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert "send again or give up" in row.reason
    assert cloud.services() == []
    assert cloud.count("POST", "/services") == 1


def test_429_is_put_back_and_sent_later(submission, step, cloud):
    cloud.next_time("429", times=2)
    for _ in range(2):
        row = step(submission)
        assert row.outcome == "waiting"
        assert row.next_action_at > timezone.now()
        assert "busy" in row.reason
    row = step(row)
    assert row.outcome == "accepted"
    assert len(cloud.services()) == 1


@pytest.mark.parametrize("fault", ["truncated", "reset-before", "503"])
def test_a_list_without_answer_is_no_lost_create(fault, submission, step, cloud):
    cloud.next_time(fault, match="GET /v1/*/services", times=9)
    row = step(submission)
    cloud.forgive()
    assert (row.outcome, row.needs_person) == ("waiting", False)
    assert row.reason.startswith("Nothing was sent: what is there already is asked for first. ")
    assert "test the connection on the target's page" in row.reason
    assert "took effect" not in row.reason
    assert "may have done" not in row.reason
    assert cloud.count("POST", "/services") == 0
    assert step(row).outcome == "accepted"


def test_one_401_is_answered_by_a_fresh_login(submission, step, cloud):
    cloud.next_time("401")
    assert step(submission).outcome == "accepted"
    assert len(cloud.services()) == 1


def test_401_for_ever_waits_for_a_person(submission, step, cloud):
    cloud.next_time("401", times=9)
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("waiting", True)
    assert cloud.services() == []


def test_wrong_credentials_wait_for_a_person_before_anything_is_sent(submission, step, cloud, here):
    here.secret = "wrong"
    here.save()
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("waiting", True)
    assert cloud.count("POST", "/services") == 0
    assert "credentials" in row.reason or "login" in row.reason


def test_a_secret_that_cannot_be_read_is_said(submission, step, cloud, here):
    Target.objects.filter(pk=here.pk).update(secret="")
    row = step(submission)
    assert row.needs_person
    assert "secret" in row.reason


def test_nobody_listening_is_tried_again(submission, step, cloud, here):
    cloud.has_little_time(0.5)
    here.endpoint = "http://127.0.0.1:9"
    Target.objects.filter(pk=here.pk).update(endpoint=here.endpoint)
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("waiting", False)
    assert "Nothing was sent" in row.reason


def test_a_dead_iam_is_tried_again(submission, step, cloud):
    cloud.next_time("503", match="POST /v3/auth/tokens", times=20)
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("waiting", False)
    assert cloud.count("POST", "/services") == 0


def test_a_taken_name_is_refused_at_its_field(submitted, step, cloud, here):
    cloud.create(factories.real_time_body(service_name="mine"), here)
    row = step(submitted("mine"))
    assert (row.outcome, row.error_code, row.problem_path) == ("refused", "ModelArts.3503", "service_name")
    assert row.deployment.state == "changes_requested"
    assert len(cloud.services()) == 1


def test_a_strangers_service_is_never_adopted_even_if_it_is_the_same(submitted, step, cloud, here):
    stranger = cloud.create(factories.real_time_body(service_name="mine"), here)
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    assert row.outcome == "unknown"
    assert stranger in json.loads(row.known_before)
    row = step(row)
    assert (row.outcome, row.service_id) == ("unknown", None)


def test_other_content_under_the_name_needs_a_person(submitted, step, cloud, here):
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    cloud.create(factories.real_time_body(factories.entry("model-b"), service_name="mine"), here)
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert "other content" in row.reason


def test_sent_again_after_a_loss_it_takes_what_has_shown_meanwhile(submitted, step, cloud, olga):
    cloud.next_time("reset-after")
    row = step(submitted("mine"))
    Submission.objects.filter(pk=row.pk).update(needs_person=True, reason="Quiet.", next_action_at=None)
    hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="I looked, it was not there.")
    row.refresh_from_db()
    row = step(row)
    assert row.outcome == "accepted"
    assert cloud.count("POST", "/services") == 1
    assert len(cloud.services()) == 1


def test_sent_again_after_a_loss_without_effect_it_is_sent_once(submitted, step, cloud, olga):
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    Submission.objects.filter(pk=row.pk).update(needs_person=True, reason="Quiet.", next_action_at=None)
    hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="It is not there.")
    row.refresh_from_db()
    assert step(row).outcome == "accepted"
    assert len(cloud.services()) == 1


def test_a_row_that_is_not_due_is_left_alone(submission, cloud):
    from deployer.worker.send import send

    Submission.objects.filter(pk=submission.pk).update(next_action_at=timezone.now() + timedelta(minutes=1))
    assert send(submission.pk, "tester:1") is False
    assert cloud.count("POST", "/services") == 0


def test_a_row_sent_twice_by_the_queue_is_sent_once(submission, cloud):
    from deployer.worker.send import send

    assert [send(submission.pk, "tester:1"), send(submission.pk, "tester:2")] == [True, False]
    assert len(cloud.services()) == 1


def test_a_body_that_was_altered_never_leaves(submission, step, cloud):
    guards.lower_guards(connection)
    submission.version.payload = submission.version.payload.replace("mnist", "other")
    submission.version.save()
    guards.raise_guards(connection)
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("waiting", True)
    assert "fingerprint" in row.reason
    assert cloud.count("POST", "/services") == 0


def test_an_approval_that_went_stale_is_not_sent(submission, step, cloud, here):
    Target.objects.filter(pk=here.pk).update(approvals=2)
    row = step(submission)
    assert row.outcome == "cancelled"
    assert row.deployment.state == "changes_requested"
    assert cloud.count("POST", "/services") == 0


def test_a_sender_that_died_after_its_intent_leaves_a_row_that_is_settled(submission, step, cloud):
    claimed = outcome.claim(submission.pk, outcome="waiting", seconds=30)
    assert outcome.begin_sending(claimed, seconds=0.0)
    cloud.create(json.loads(submission.version.payload), submission.target)  # the call went out, then the end
    assert outcome.reap("sweeper:1") == 1
    submission.refresh_from_db()
    assert submission.outcome == "unknown"
    assert step(submission).outcome == "accepted"
    assert len(cloud.services()) == 1


def test_a_zombies_late_report_changes_nothing(submission, step, cloud):
    zombie = outcome.claim(submission.pk, outcome="waiting", seconds=30)
    assert outcome.begin_sending(zombie, seconds=0.0)
    outcome.reap("sweeper:1")
    before = Event.objects.count()
    report = outcome.Tried("send", "zombie:1", timezone.now(), "Late.")
    with pytest.raises(outcome.LeaseLost):
        outcome.refused(zombie, report, reason="No.")
    with pytest.raises(outcome.LeaseLost):
        outcome.accepted(zombie, report, service_id="x")
    submission.refresh_from_db()
    assert submission.outcome == "unknown"
    assert Event.objects.count() == before


def test_a_broken_step_of_ours_after_the_intent_is_unknown(submission, step, cloud, monkeypatch, caplog):
    from deployer.modelarts.client import ModelArts

    monkeypatch.setattr(ModelArts, "create_service", lambda *_: 1 / 0)
    row = step(submission)
    assert row.outcome == "unknown"
    assert "ZeroDivisionError" in caplog.text


def test_while_the_cloud_cannot_be_asked_a_lost_row_waits_without_a_person(submission, step, cloud):
    cloud.next_time("reset-after")
    row = step(submission)
    sent_long_ago(row)
    cloud.next_time("503", match="GET /v1/*/services", times=50)
    for _ in range(3):
        row = step(row)
        assert (row.outcome, row.needs_person) == ("unknown", False)
    assert row.tries.filter(outcome="no_look").count() == 1
    import requests

    requests.post(f"{cloud.url}/_sandbox/faults", json={"match": "GET /nowhere", "fault": "503"}, timeout=5)
    for _ in range(30):
        row = step(row)
        if row.outcome == "accepted":
            break
    assert len(cloud.services()) == 1
    assert row.outcome == "accepted"


def test_a_look_that_breaks_on_our_side_ends_with_a_person(submission, step, cloud, monkeypatch, caplog):
    """A row that poisons whoever looks for it must not be looked for in vain for ever."""
    cloud.next_time("reset-before")
    step(submission)
    monkeypatch.setattr(settle, "look", lambda *_: 1 / 0)
    row = step(submission)
    assert (row.outcome, row.needs_person) == ("unknown", False)
    sent_long_ago(row)
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert "broke on our side" in row.reason
    assert "ZeroDivisionError" in caplog.text


def test_no_secret_stands_in_what_was_written(submission, step, cloud, here):
    here.secret = "planted-secret-77"
    here.save()
    step(submission)
    told = " ".join(
        [*Event.objects.values_list("data", flat=True)]
        + [f"{attempt.detail}{attempt.answer}" for attempt in submission.tries.all()]
    )
    assert "planted-secret-77" not in told


def test_a_taken_name_after_a_loss_is_not_a_refusal(submitted, step, cloud, here, olga):
    cloud.create(factories.real_time_body(service_name="mine"), here)
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    Submission.objects.filter(pk=row.pk).update(needs_person=True, reason="Quiet.", next_action_at=None)
    hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="Try again.")
    row.refresh_from_db()
    row = step(row)
    assert row.outcome == "unknown"  # it might be the effect of the first call, so nothing is said to be refused
    assert row.tries.last().http_status == 409


def test_in_a_big_project_names_are_asked_for_one_by_one(submitted, step, cloud, here, monkeypatch):
    from deployer.worker import before

    stranger = cloud.create(factories.real_time_body(service_name="mine"), here)
    cloud.create(factories.real_time_body(service_name="other"), here)
    monkeypatch.setattr(before, "SMALL", 1)
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    assert json.loads(row.known_before) == [stranger]


def test_one_list_is_enough_for_a_busy_line_while_it_is_fresh(here, cloud, monkeypatch):
    monkeypatch.setattr(before, "FRESH", 300.0)  # however slow this machine is
    for name in ("one", "two", "three"):
        assert before.listed(clouds.of(here), here.pk, None, name) == set()
    assert cloud.count("GET", "/services") == 1
    monkeypatch.setattr(before, "FRESH", 0.0)
    before.listed(clouds.of(here), here.pk, None, "four")
    assert cloud.count("GET", "/services") == 2


def test_refused_credentials_are_not_tried_again_just_to_look(submission, step, cloud, here):
    cloud.next_time("reset-after")
    row = step(submission)
    here.secret = "wrong"
    here.save()
    before = cloud.count("POST", "/auth/tokens")
    for _ in range(4):
        row = step(row)
    assert cloud.count("POST", "/auth/tokens") - before == 1
    assert row.outcome == "unknown"
    here.secret = "demo"
    here.save()
    assert step(row).outcome == "accepted"


def test_a_name_in_flight_makes_the_next_one_wait(submitted, step, cloud):
    cloud.next_time("reset-after")
    first = step(submitted("mine"))
    second = step(submitted("mine"))
    assert (first.outcome, second.outcome) == ("unknown", "waiting")
    assert "in flight" in second.reason
    assert step(first).outcome == "accepted"
    assert step(second).outcome == "refused"
    assert len(cloud.services()) == 1


def test_an_effect_that_shows_late_is_found(submission, step, cloud):
    cloud.next_time("reset-before")  # the call is lost, and its effect comes seconds later
    row = step(submission)
    row = step(row)
    assert row.outcome == "unknown"
    cloud.create(json.loads(row.version.payload), row.target)
    assert step(row).outcome == "accepted"
    assert len(cloud.services()) == 1


def test_without_a_lease_nothing_is_written(submission):
    """Not even outside of a transaction, where nothing would take it back."""
    row = outcome.read(submission.pk)
    with pytest.raises(outcome.LeaseLost):
        leasing.change(row, "waiting", reason="Nobody's.")
    row.refresh_from_db()
    assert row.reason == ""


def test_an_answer_that_comes_after_another_report_changes_nothing(submission):
    """The attempt's number is taken by then, and the lease is another's."""
    late = outcome.read(submission.pk)
    assert outcome.begin_sending(late, seconds=60)
    quick = Submission.objects.select_related("deployment", "target", "version").get(pk=submission.pk)
    outcome.unknown(quick, outcome.Tried("send", "w", timezone.now(), "Lost."), reason="Lost.", seconds=0)
    events = Event.objects.count()
    with pytest.raises(outcome.LeaseLost):
        outcome.accepted(late, outcome.Tried("send", "w", timezone.now(), "Late."), service_id="s-late")
    submission.refresh_from_db()
    assert (submission.outcome, submission.service_id, submission.tries.count()) == ("unknown", None, 1)
    assert (Event.objects.count(), submission.deployment.service) == (events, None)
