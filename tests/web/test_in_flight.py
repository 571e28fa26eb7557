"""Everything on its way: who sees what, what each waits for, and the hands on it."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Event, Heartbeat, Service, Submission
from deployer.workflow import freezing, outcome, removing
from tests.browser import world
from tests.factories import real_time_body
from tests.models import rows

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def section(answer, name: str) -> str:
    """The words of one section, by the id of its heading."""
    return words(answer) and html.unescape(
        re.sub(
            r"\s+",
            " ",
            re.sub(r"<[^>]*>", " ", answer.content.decode().partition(f'id="{name}"')[2].partition("</section>")[0]),
        )
    )


def named(name: str) -> dict:
    return real_time_body(service_name=name)


@pytest.fixture
def stuck(deployment_in):
    return world.in_limbo(deployment_in("submitted", body=named("gone")), person=True)


def test_an_empty_page_says_what_would_be_here(client_of, victor, dev):
    text = words(client_of(victor).get("/sending/"))
    assert "Nothing is in flight." in text
    assert "No worker has said that it is alive." in text


def test_a_worker_that_is_not_heard_of_any_more_is_no_live_one(client_of, victor, dev):
    now = timezone.now()
    for name, seconds in (("here:1", 5), ("here:2", 45)):
        Heartbeat.objects.create(
            worker=name, started_at=now - timedelta(hours=1), beat_at=now - timedelta(seconds=seconds)
        )
    text = section(client_of(victor).get("/sending/"), "h-work")
    assert "here:1 since" in text
    assert "here:2 Not heard of since" in text
    assert "No worker is alive." not in text
    Heartbeat.objects.filter(worker="here:1").delete()
    assert "No worker is alive. Nothing is sent until one runs." in section(
        client_of(victor).get("/sending/"), "h-work"
    )


def test_each_row_stands_where_it_belongs(client_of, victor, stuck, deployment_in):
    world.in_limbo(deployment_in("submitted", body=named("lost")), person=False)
    deployment_in("submitted", body=named("patient"))
    world.in_the_cloud(deployment_in("submitted", body=named("done")), "running")
    answer = client_of(victor).get("/sending/")
    assert "gone" in section(answer, "h-person")
    assert "Looked for 10 minutes, found nothing." in section(answer, "h-person")
    assert "lost" in section(answer, "h-out")
    assert "A person decides from" in section(answer, "h-out")
    assert "patient" in section(answer, "h-waits")
    assert "Its turn." in section(answer, "h-waits")
    assert "done" in section(answer, "h-set")
    assert 'hx-get="/sending/"' in answer.content.decode()


def test_the_part_that_moves_is_a_fragment(client_of, victor, deployment_in):
    deployment_in("submitted", body=named("patient"))
    part = client_of(victor).get("/sending/", headers=HTMX).content.decode()
    assert "<html" not in part
    assert part.lstrip().startswith('<div id="in-flight"')
    assert "patient" in part


def test_the_last_call_of_a_case_is_told_as_in_its_log(client_of, olga, deployment_in):
    row = outcome.claim(deployment_in("submitted").submission.pk, outcome="waiting", seconds=60)
    reason = "The stored request no longer has its fingerprint. Nothing is sent; tell an administrator."
    outcome.needs_person(row, world.tried("send", reason), reason=reason, nothing_left=True)
    assert "Tried to send version 1, " in section(client_of(olga).get("/sending/"), "h-person")


def test_the_rail_counts_what_needs_a_person(client_of, victor, stuck, deployment_in):
    text = client_of(victor).get("/").content.decode()
    assert '<span class="unseen">need a person: </span>1</span>' in text
    Submission.objects.update(needs_person=False, next_action_at=timezone.now())
    assert "need a person" not in client_of(victor).get("/").content.decode()


def test_one_target_alone(client_of, victor, prod, stuck, deployment_in):
    deployment_in("submitted", target=prod, body=named("elsewhere"))
    text = words(client_of(victor).get("/sending/?target=prod"))
    assert "elsewhere" in text
    assert "gone" not in text
    assert client_of(victor).get("/sending/?target=none").status_code == 404
    assert client_of(victor).get("/sending/?show=none").status_code == 404


def test_a_section_alone_has_pages(client_of, victor, deployment_in):
    made = deployment_in("submitted")
    base = made.submission
    for place in range(30):
        version = rows.version(number=1)
        rows.submission(version=version, service_name=f"row-{place:02}")
    look = client_of(victor)
    first = look.get("/sending/?show=waits")
    shown = set(re.findall(r'id="waits-(\d+)"', first.content.decode()))
    assert len(shown) == 25
    older = html.unescape(re.search(r'href="([^"]+)" rel="next"', first.content.decode())[1])
    second = look.get(older)
    assert len(shown | set(re.findall(r'id="waits-(\d+)"', second.content.decode()))) == 31
    assert str(base.pk) not in shown
    whole = look.get("/sending/").content.decode()
    assert '<a href="/sending/?show=waits">All 31</a>' in whole


def test_the_page_has_a_query_budget(client_of, olga, stuck, prod, deployment_in, django_assert_max_num_queries):
    look = client_of(olga)
    with django_assert_max_num_queries(26):
        look.get("/sending/")
    for place in range(4):
        world.in_limbo(deployment_in("submitted", body=named(f"stuck-{place}")), person=True)
        world.in_limbo(deployment_in("submitted", body=named(f"lost-{place}")), person=False)
        deployment_in("submitted", body=named(f"waits-{place}"))
    freezing.begin(None, "Cleaning.", None, olga)
    with django_assert_max_num_queries(26):
        look.get("/sending/")


# The hands
def test_what_a_person_decides_says_when_it_is_looked_for_by_itself(client_of, victor, stuck):
    at = timezone.now() + timedelta(minutes=7)
    Submission.objects.filter(pk=stuck.submission.pk).update(late_look_at=at)
    clock = f"{at:%H:%M:%S}"
    assert f"Next look {clock}. Should it show, nobody need decide." in words(client_of(victor).get("/sending/"))
    assert "Look for gone" in words(client_of(victor).get(f"/deployments/{stuck.pk}/"))


def test_only_operators_decide_and_the_others_are_told(client_of, people, stuck):
    for name in ("alice", "bob", "victor", "root"):
        look = client_of(people[name])
        answer = look.get("/sending/")
        assert "Only operators decide what was lost." in section(answer, "h-person")
        assert "/decide/" not in answer.content.decode()
        for what in ("send_again", "give_up", "settle_as"):
            fields = {"what": what, "submission": stuck.submission.pk, "comment": "Sure.", "service_id": "s-1"}
            assert look.post(f"/deployments/{stuck.pk}/decide/", fields).status_code == 403
            assert look.post(f"/deployments/{stuck.pk}/settle-as/", fields).status_code == 403
    stuck.submission.refresh_from_db()
    assert stuck.submission.needs_person


def test_the_button_names_what_is_decided(client_of, olga, stuck):
    assert f"Decide about gone, {stuck.pk}" in section(client_of(olga).get("/sending/"), "h-person")


@pytest.mark.parametrize(
    ("what", "outcome"), [("send_again", "waiting"), ("give_up", "given_up"), ("settle_as", "accepted")]
)
def test_an_operator_decides_with_a_reason_and_comes_back_here(what, outcome, client_of, olga, stuck):
    look = client_of(olga)
    fields = {"what": what, "submission": stuck.submission.pk, "service_id_typed": "s-1", "back": "in-flight"}
    address = f"/deployments/{stuck.pk}/decide/"
    refused = look.post(address, fields | {"comment": " "})
    assert refused.status_code == 422
    assert "Say why." in words(refused)
    answer = look.post(address, fields | {"comment": "I looked."})
    assert (answer.status_code, answer["Location"]) == (302, "/sending/")
    stuck.submission.refresh_from_db()
    assert stuck.submission.outcome == outcome
    assert Event.objects.filter(action=what, comment="I looked.").exists()
    again = look.post(address, fields | {"comment": "I looked."})
    assert again.status_code == 409
    assert "This has moved on." in words(again)


def test_it_is_this_service_offers_those_of_its_name(client_of, olga, stuck, dev):
    rows.service(target=dev, service_id="near", name="gone")
    rows.service(target=dev, service_id="far", name="another")
    rows.service(target=dev, service_id="past", name="gone", status="deleted")
    text = client_of(olga).get("/sending/").content.decode()
    assert re.findall(r'<option value="(near|far|past)"', text) == ["near"]
    page = client_of(olga).get(f"/deployments/{stuck.pk}/").content.decode()
    assert f'action="/deployments/{stuck.pk}/settle-as/"' in page
    assert '<option value="near"' in page
    fields = {"submission": stuck.submission.pk, "service_id": "near", "comment": "Its content is ours."}
    assert client_of(olga).post(f"/deployments/{stuck.pk}/settle-as/", fields).status_code == 302
    stuck.refresh_from_db()
    assert (stuck.service.service_id, stuck.submission.outcome) == ("near", "accepted")


@pytest.mark.parametrize("typed", ["", "x" * 65, "a\x00b"])
def test_a_service_that_cannot_be_it_is_said(typed, client_of, olga, stuck):
    fields = {"submission": stuck.submission.pk, "service_id_typed": typed, "comment": "Sure."}
    answer = client_of(olga).post(f"/deployments/{stuck.pk}/settle-as/", fields)
    assert answer.status_code == 422
    assert "There is a problem" in words(answer)
    assert "Sure." in words(answer)


def test_a_refused_id_stays_in_its_box_which_is_marked(client_of, olga, stuck, deployment_in):
    other = world.in_the_cloud(deployment_in("submitted", body=named("router")), "running")
    typed = other.service.service_id
    fields = {"what": "settle_as", "submission": stuck.submission.pk, "service_id_typed": typed, "comment": "Sure."}
    text = client_of(olga).post(f"/deployments/{stuck.pk}/decide/", fields).content.decode()
    (box,) = re.findall(r'<input [^>]*name="service_id_typed"[^>]*>', text)
    assert f'value="{typed}"' in box
    assert 'aria-invalid="true"' in box
    (why,) = re.findall(r'<textarea [^>]*id="comment-settle_as"[^>]*>', text)
    assert "aria-invalid" not in why
    assert 'href="#service-typed-settle_as"' in text
    assert f"This service belongs to another deployment: router, {other.pk}." in text


def test_who_decided_meanwhile_is_named(client_of, olga, stuck):
    look, fields = client_of(olga), {"submission": stuck.submission.pk, "comment": "I looked."}
    assert look.post(f"/deployments/{stuck.pk}/give-up/", fields).status_code == 302
    answer = look.post(f"/deployments/{stuck.pk}/send-again/", fields)
    assert answer.status_code == 409
    assert f"{olga} gave it up meanwhile." in words(answer)


def test_a_decision_nobody_knows_sends_nothing(client_of, olga, stuck):
    fields = {"what": "explode", "submission": stuck.submission.pk, "comment": "Sure."}
    assert client_of(olga).post(f"/deployments/{stuck.pk}/decide/", fields).status_code == 422
    stuck.submission.refresh_from_db()
    assert stuck.submission.needs_person


def test_twins_are_told_until_they_are_gone(client_of, victor, deployment_in, dev):
    made = world.in_the_cloud(deployment_in("submitted"), "running").service
    twin = rows.service(target=dev, service_id="second", name=made.name, twin_of=made)
    assert "second" in section(client_of(victor).get("/sending/"), "h-twins")
    Service.objects.filter(pk=twin.pk).update(status="deleted")
    assert "second" not in words(client_of(victor).get("/sending/"))


def test_only_who_can_change_what_waits_is_led_there(client_of, people, deployment_in):
    waits = deployment_in("submitted", body=named("patient"))
    way = f'href="/deployments/{waits.pk}/#panel">Change'
    led = {name: way in client_of(person).get("/sending/").content.decode() for name, person in people.items()}
    assert {name for name, is_led in led.items() if is_led} == {"alice", "olga"}


def test_nobody_is_led_to_what_a_worker_has_in_hand(client_of, olga, deployment_in):
    waits = deployment_in("submitted", body=named("patient"))
    assert outcome.claim(waits.submission.pk, outcome="waiting", seconds=60)
    text = client_of(olga).get("/sending/").content.decode()
    assert "patient" in text
    assert "#panel" not in text


def test_only_operators_are_led_to_a_twin_and_until_its_deletion_is_asked_for(
    client_of, people, olga, deployment_in, dev
):
    made = world.in_the_cloud(deployment_in("submitted"), "running").service
    twin = rows.service(target=dev, service_id="second", name=made.name, twin_of=made)
    for name, person in people.items():
        answer = client_of(person).get("/sending/")
        assert "second" in section(answer, "h-twins")
        assert ("Decide about the twin second" in answer.content.decode()) == (name == "olga"), name
    removing.ask(twin, by=olga, reason="Paid twice.")
    answer = client_of(olga).get("/sending/")
    assert "Its deletion is under way." in section(answer, "h-twins")
    assert "Decide about the twin" not in answer.content.decode()


def test_what_waits_says_for_what_and_when(client_of, victor, olga, dev, deployment_in):
    deployment = deployment_in("submitted", body=named("patient"))
    later = timezone.now() + timedelta(hours=5)
    Submission.objects.update(not_before=later, next_action_at=later)
    answer = client_of(victor).get("/sending/")
    assert "Scheduled, " in section(answer, "h-waits")
    assert "the time that was chosen" in section(answer, "h-waits")
    assert "in 4 h 59 min" in section(answer, "h-waits")
    freezing.begin(dev, "Cleaning.", None, olga)
    held = section(client_of(victor).get("/sending/"), "h-waits")
    assert "Waiting to send, held" in held
    assert "Sending to dev is frozen until it is lifted: “Cleaning.”" in held
    assert "Cleaning." in words(client_of(victor).get(f"/deployments/{deployment.pk}/"))
