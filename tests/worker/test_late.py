"""An effect that shows after somebody decided is linked to its row; the target may send again by itself, once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Event, Service, Submission, Target, Watch
from deployer.worker import steps, sweep, waits
from deployer.worker.late import look_late
from deployer.worker.watch import watch
from deployer.workflow import doubted, history, rounds
from deployer.workflow import submission as hands
from deployer.workflow.outcome import LeaseLost
from tests.models import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(submitted, step, cloud) -> Submission:
    """The call was lost without a trace, the quiet period is over, a person is asked."""
    cloud.next_time("reset-before")
    row = step(submitted("mine"))
    Submission.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    return row


@pytest.fixture
def shows(cloud):
    """What the lost call made, an hour late."""
    return lambda row: cloud.create(json.loads(row.version.payload), row.target)


def late(row: Submission) -> Submission:
    Submission.objects.filter(pk=row.pk, late_look_at__isnull=False).update(late_look_at=timezone.now())
    look_late(row.pk, "tester:1")
    row.refresh_from_db()
    return row


def actions() -> list[str]:
    return list(Event.objects.order_by("-number").values_list("action", flat=True)[:3])


def test_while_a_person_is_asked_it_is_looked_for_and_accepted(lost, shows):
    first_look = lost.late_look_at - timezone.now()
    assert timedelta(minutes=4) < first_look < timedelta(minutes=6)
    assert late(lost).outcome == "unknown"
    assert lost.late_look_at - timezone.now() > timedelta(minutes=10)  # a quarter of its age
    service_id = shows(lost)
    row = late(lost)
    assert (row.outcome, row.needs_person, row.service_id) == ("accepted", False, service_id)
    assert row.late_look_at is None
    assert isinstance(history.verify(), int)


def test_given_up_and_untouched_since_it_is_accepted_after_all(lost, shows, olga):
    hands.by_hand(lost.deployment, "give_up", seen=lost.pk, by=olga, comment="Not there.")
    lost.refresh_from_db()
    assert (lost.outcome, lost.deployment.state) == ("given_up", "changes_requested")
    service_id = shows(lost)
    row = late(lost)
    assert (row.outcome, row.service_id, row.deployment.state) == ("accepted", service_id, "submitted")
    assert row.deployment.service.service_id == service_id
    assert actions()[0] == "accepted"


def test_given_up_and_worked_on_since_it_is_told_and_nothing_is_overwritten(lost, shows, olga, alice):
    from deployer.workflow import review

    hands.by_hand(lost.deployment, "give_up", seen=lost.pk, by=olga, comment="Not there.")
    lost.deployment.refresh_from_db()
    review.withdraw(lost.deployment, seen=lost.deployment.seen, by=alice)
    lost.refresh_from_db()
    service_id = shows(lost)
    row = late(lost)
    assert (row.outcome, row.service_id, row.deployment.state) == ("given_up", service_id, "closed")
    assert actions()[0] == "effect_found"
    assert Service.objects.get(service_id=service_id).twin_of is None


def test_sent_again_meanwhile_it_is_the_twin_of_what_came_of_that(lost, step, shows, olga, cloud):
    import requests

    requests.post(f"{cloud.url}/_sandbox/twins", json={"on": True}, timeout=5).raise_for_status()
    hands.by_hand(lost.deployment, "send_again", seen=lost.pk, by=olga, comment="Not there.")
    lost.refresh_from_db()
    row = step(lost)
    assert row.outcome == "accepted"
    assert row.late_look_at is not None
    second = shows(row)
    assert late(row).outcome == "accepted"
    twin = Service.objects.get(service_id=second)
    assert twin.twin_of.service_id == row.service_id
    assert actions()[0] == "twin_found"
    known = Event.objects.count()
    assert late(row).outcome == "accepted"
    assert Event.objects.count() == known  # told once


def test_after_a_day_it_is_not_looked_for_any_more(lost):
    Submission.objects.filter(pk=lost.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    assert late(lost).late_look_at is None
    assert lost.needs_person


def test_a_decision_made_during_a_late_look_stands(lost, shows, olga, monkeypatch):
    from deployer.worker import settle

    real = settle.looked

    def decided_meanwhile(row):
        found = real(row)
        hands.by_hand(row.deployment, "send_again", seen=row.pk, by=olga, comment="Now.")
        return found

    shows(lost)
    monkeypatch.setattr(settle, "looked", decided_meanwhile)
    assert late(lost).outcome == "waiting"


def test_a_worker_makes_the_late_look_when_it_is_due(lost, shows):
    """What the sweep calls due, a round of steps does: else it would be hinted at every second, and never done."""
    service_id = shows(lost)
    Submission.objects.update(late_look_at=timezone.now())
    assert sweep.due_rows() > 0
    steps.advance("tester:1")
    lost.refresh_from_db()
    assert (lost.outcome, lost.service_id) == ("accepted", service_id)
    assert not Submission.objects.due_for_a_late_look().exists()


def test_what_the_list_of_services_shows_is_looked_at_at_once(lost, shows, here):
    """The list is read every minute, the late looks grow rare: who waits for a person need not wait for them."""
    assert lost.late_look_at > timezone.now() + timedelta(minutes=4)
    service_id = shows(lost)
    rounds.begin(here.pk)
    assert watch(here.pk, "tester:1")
    assert Submission.objects.due_for_a_late_look().exists()
    steps.advance("tester:1")
    lost.refresh_from_db()
    assert (lost.outcome, lost.service_id, lost.needs_person) == ("accepted", service_id, False)


def test_late_looks_grow_with_the_age_and_end():
    assert [waits.before_late_look(age) for age in (0, 1200, 4000, 80_000, 90_000)] == [300, 300, 1000, 20_000, None]


def test_a_target_may_let_it_be_sent_again_by_itself_once(here, submitted, step, cloud):
    Target.objects.filter(pk=here.pk).update(resends_itself=True, quiet_seconds=5)
    here.refresh_from_db()
    cloud.next_time("reset-before", times=2)
    row = step(submitted("mine"))
    Submission.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    row = step(row)
    assert (row.outcome, row.needs_person, actions()[0]) == ("waiting", False, "sent_again")
    row = step(row)
    assert (row.outcome, row.lost) == ("unknown", 2)
    Submission.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    row = step(row)
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert cloud.count("POST", "/services") == 2


def test_a_target_that_leads_elsewhere_now_proves_nothing(here, submitted, step, cloud):
    cloud.next_time("reset-after")
    row = step(submitted("mine"))
    Target.objects.filter(pk=here.pk).update(project_id="5a0d80b5c0de4c0fa11ab1e5eed00002")
    row = step(Submission.objects.get(pk=row.pk))
    assert (row.outcome, row.needs_person) == ("unknown", True)
    assert "leads to another project now" in row.reason


def test_somebody_says_which_service_it_is(lost, shows, olga, alice):
    from deployer.workflow.errors import HasProblems, NotAllowed

    service_id = shows(lost)
    facts = {"seen": lost.pk, "comment": "I saw it in the console."}
    with pytest.raises(NotAllowed):
        hands.by_hand(lost.deployment, "settle_as", by=alice, service_id=service_id, **facts)
    for wrong in ("", " ", "x" * 65):
        with pytest.raises(HasProblems) as refused:
            hands.by_hand(lost.deployment, "settle_as", by=olga, service_id=wrong, **facts)
        assert refused.value.problems[0].path == "service_id"
    hands.by_hand(lost.deployment, "settle_as", by=olga, service_id=service_id, **facts)
    lost.refresh_from_db()
    assert (lost.outcome, lost.service_id, lost.needs_person) == ("accepted", service_id, False)
    assert lost.deployment.service.service_id == service_id
    assert lost.tries.order_by("-number").first().kind == "hand"
    event = Event.objects.first()
    assert (event.action, event.facts["service_id"], event.comment) == ("settle_as", service_id, facts["comment"])


@pytest.fixture
def told(lost, olga):
    """Somebody says two minutes ago which service came of a lost call."""

    def say(service_id: str) -> Submission:
        facts = {"by": olga, "comment": "I saw it in the console.", "service_id": service_id}
        hands.by_hand(lost.deployment, "settle_as", seen=lost.pk, **facts)
        early = timezone.now() - timedelta(minutes=2)
        Service.objects.filter(service_id=service_id).update(created_at=early, seen_at=early)
        lost.refresh_from_db()
        assert lost.outcome == "accepted"
        return lost

    return say


def look_around(here) -> None:
    """A round that lists everything and looks at each service closely."""
    rounds.begin(here.pk)
    Service.objects.update(next_look_at=timezone.now())
    Watch.objects.update(next_look_at=timezone.now(), whole_look_at=timezone.now())
    assert watch(here.pk, "tester:1")


def test_a_service_that_the_cloud_does_not_know_is_taken_back_and_decided_anew(lost, told, shows, here, olga):
    told("nonsense")
    look_around(here)
    lost.refresh_from_db()
    assert lost.outcome == "accepted"  # everything was not listed before
    look_around(here)
    lost.refresh_from_db()
    assert (lost.outcome, lost.needs_person, lost.service_id, lost.settled_at) == ("unknown", True, None, None)
    assert "Olga Marin said that it is nonsense, and dev knows no service of this id." in lost.reason
    assert lost.late_look_at is not None
    lost.deployment.refresh_from_db()
    assert (lost.deployment.service, lost.deployment.state) == (None, "submitted")
    assert not Service.objects.filter(service_id="nonsense").exists()
    assert (actions()[0], lost.tries.last().outcome) == ("needs_person", "not_found")
    assert isinstance(history.verify(), int)
    told(shows(lost))
    for _ in range(3):
        look_around(here)
    lost.refresh_from_db()
    assert lost.outcome == "accepted"


def test_a_new_one_may_show_late(told, here):
    row = told("shows-later")
    Service.objects.update(created_at=timezone.now())
    for _ in range(3):
        look_around(here)
    row.refresh_from_db()
    assert row.outcome == "accepted"


def test_what_is_listed_is_not_taken_back_though_its_detail_is_unknown(lost, told, shows, here, cloud):
    service_id = shows(lost)
    row = told(service_id)
    cloud.next_time("404", "GET /v1/*/services/*", times=9)
    for _ in range(3):
        look_around(here)
    row.refresh_from_db()
    assert (row.outcome, row.service_id) == ("accepted", service_id)


def test_what_is_in_another_project_now_is_not_taken_back(told, here):
    row = told("in-the-old-project")
    Target.objects.filter(pk=here.pk).update(project_id="5a0d80b5c0de4c0fa11ab1e5eed00002")
    for _ in range(3):
        look_around(here)
    row.refresh_from_db()
    assert row.outcome == "accepted"
    assert row.deployment.service.status == ""


def test_while_another_of_its_name_is_out_it_is_taken_back_later(lost, told, here, submitted):
    row = told("nonsense")
    other = submitted("mine")
    Submission.objects.filter(pk=other.pk).update(outcome="unknown", sent_at=timezone.now(), reason="Lost.")
    for _ in range(4):
        look_around(here)
    row.refresh_from_db()
    assert (row.outcome, Service.objects.get(service_id="nonsense").status) == ("accepted", "")
    Submission.objects.filter(pk=other.pk).update(outcome="cancelled", settled_at=timezone.now())
    look_around(here)
    row.refresh_from_db()
    assert (row.outcome, row.needs_person) == ("unknown", True)


def test_a_look_that_is_late_takes_nothing_back(told, here):
    """Another worker has the round since, or has seen the service."""
    row = told("nonsense")
    look_around(here)
    Watch.objects.update(next_look_at=timezone.now())
    current = rounds.claim(here.pk, seconds=30)
    service = Service.objects.get(service_id="nonsense")
    Service.objects.update(status="running")
    assert not doubted.disown(current, service, "tester:1")
    Service.objects.update(status="")
    Watch.objects.update(lease="somebody else's")
    with pytest.raises(LeaseLost):
        doubted.disown(current, service, "tester:1")
    row.refresh_from_db()
    assert row.outcome == "accepted"


def test_a_service_of_another_name_is_not_it(lost, here, olga):
    from deployer.workflow.errors import HasProblems

    rows.service(target=here, service_id="far", name="another", status="running")
    with pytest.raises(HasProblems) as refused:
        hands.by_hand(lost.deployment, "settle_as", seen=lost.pk, by=olga, comment="It.", service_id="far")
    assert "is called another" in refused.value.problems[0].message


def test_what_was_there_before_or_is_anothers_is_not_it(lost, submitted, step, olga):
    from deployer.workflow.errors import HasProblems

    other = step(submitted("other"))
    Submission.objects.filter(pk=lost.pk).update(known_before='["stood-there"]')
    for wrong, why in (("stood-there", "before"), (other.service_id, "another deployment")):
        with pytest.raises(HasProblems) as refused:
            hands.by_hand(lost.deployment, "settle_as", seen=lost.pk, by=olga, comment="It.", service_id=wrong)
        assert why in refused.value.problems[0].message
