"""The first page: what waits for whom, what moves, what stops soon, how things stand."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Removal, Service, Target
from deployer.web import chart
from deployer.workflow import removing
from tests.browser import world
from tests.factories import real_time_body
from tests.models import rows

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def named(name: str) -> dict:
    return real_time_body(service_name=name)


def test_each_person_sees_what_waits_for_them(client_of, deployment_in, alice, bob, olga, victor):
    deployment_in("in_review", body=named("asks-for-bob"))
    deployment_in("changes_requested", body=named("back-to-alice"))
    world.in_limbo(deployment_in("submitted", body=named("lost-for-olga")), person=True)
    seen = {person.username: words(client_of(person).get("/")) for person in (alice, bob, olga, victor)}
    waits = {name: text.partition("Waits for you")[2].partition("Moving")[0] for name, text in seen.items()}
    assert "back-to-alice" in waits["alice"]
    assert "Bob Kessler asked for changes to version 1. “Not like this.”" in waits["alice"]
    assert "asks-for-bob" not in waits["alice"]
    assert "asks-for-bob" in waits["bob"]
    assert "Your verdict. 1 model. 0 of 1 given, Alice Brandt wrote it." in waits["bob"]
    assert "back-to-alice" not in waits["bob"]
    assert "lost-for-olga" in waits["olga"]
    assert "Looked for 10 minutes, found nothing. A person must decide." in waits["olga"]
    assert "Nothing waits for you." in waits["victor"]


def test_twins_wait_for_operators_until_their_deletion_is_asked_for(client_of, deployment_in, olga, victor, dev):
    made = world.in_the_cloud(deployment_in("submitted", body=named("doubled")), "running").service
    twin = rows.service(target=dev, service_id="second", name="doubled", twin_of=made)
    world.in_limbo(deployment_in("submitted", body=named("lost")), person=True)
    answer = client_of(olga).get("/")
    waits = words(answer).partition("Waits for you")[2].partition("Moving")[0]
    assert waits.split()[0] == "2"
    assert "second · dev" in waits
    assert f"A twin: the sending that made {made.service_id} made it, too. Both are paid." in waits
    assert waits.index("lost") < waits.index("second")
    Service.objects.filter(twin_of=None).update(status="deleted")
    assert "It is paid, though the first is gone." in words(client_of(olga).get("/"))
    assert 'href="/services/second/#h-twins"' in answer.content.decode()
    assert "second" not in words(client_of(victor).get("/"))
    removing.ask(twin, by=olga, reason="Paid twice.")
    assert "second" not in words(client_of(olga).get("/"))
    Removal.objects.update(outcome="refused", next_action_at=None, settled_at=timezone.now())
    assert "second" in words(client_of(olga).get("/"))
    Service.objects.filter(pk=twin.pk).update(status="deleted")
    assert "second" not in words(client_of(olga).get("/"))


def test_many_twins_are_counted_and_the_way_to_the_list_counts_deployments(client_of, deployment_in, olga, dev):
    made = world.in_the_cloud(deployment_in("submitted", body=named("doubled")), "running").service
    for place in range(8):
        rows.service(target=dev, service_id=f"twin-{place}", name="doubled", twin_of=made)
    text = client_of(olga).get("/").content.decode()
    assert '<span class="count" data-due>8</span>' in text.partition('id="h-wait"')[2].partition("</div>")[0]
    assert text.count("#h-twins") == 6
    assert "only=waiting" not in text
    for place in range(7):
        world.in_limbo(deployment_in("submitted", body=named(f"lost-{place}")), person=True)
    text = client_of(olga).get("/").content.decode()
    assert '<span class="count" data-due>15</span>' in text
    assert '<a href="/deployments/?only=waiting">All 7</a>' in text


def test_more_than_fits_is_counted_and_linked(client_of, deployment_in, bob):
    for place in range(8):
        deployment_in("in_review", body=named(f"service-{place}"))
    text = client_of(bob).get("/").content.decode()
    assert text.count(">Review</a>") == 6
    assert '<a href="/deployments/?only=waiting">All 8</a>' in text


def test_what_moves_refreshes_by_itself_until_it_has_settled(client_of, deployment_in, victor):
    one = world.in_the_cloud(deployment_in("submitted", body=named("mover")), "deploying", progress=43)
    look = client_of(victor)
    text = look.get("/").content.decode()
    assert 'hx-get="/" hx-trigger="every 5s, poll-now"' in text
    part = look.get("/", headers=HTMX).content.decode()
    assert "<html" not in part
    assert "Deploying 43 %" in part
    assert 'aria-label="43 percent"' in part
    assert f'href="/deployments/{one.pk}/"' in part
    Service.objects.update(status="running", is_settled=True)
    settled = look.get("/", headers=HTMX).content.decode()
    assert "hx-get" not in settled
    assert "Nothing is being sent or started right now." in settled


def test_what_needs_a_person_does_not_move(client_of, deployment_in, victor):
    world.in_limbo(deployment_in("submitted", body=named("stuck")), person=True)
    world.in_limbo(deployment_in("submitted", body=named("looked-for")), person=False)
    part = words(client_of(victor).get("/", headers=HTMX))
    assert "looked-for" in part
    assert "stuck" not in part


def test_what_stops_within_twelve_hours_is_told_the_nearest_first(client_of, deployment_in, victor):
    now = timezone.now()
    for name, hours in (("late", 11), ("soon", 1), ("later", 13), ("over", -1)):
        deployment = deployment_in("submitted", body=named(name))
        world.in_the_cloud(deployment, "running", due_time=now + timedelta(hours=hours, minutes=5))
    text = words(client_of(victor).get("/")).partition("Stops soon")[2].partition("Services, as last seen")[0]
    assert text.index("soon") < text.index("late")
    assert "1 h 4 min" in text
    assert "later" not in text
    assert "over" not in text


def test_the_side_tells_services_sendings_and_decisions(client_of, deployment_in, victor):
    world.in_the_cloud(deployment_in("submitted", body=named("a")), "running")
    failed = world.in_the_cloud(deployment_in("submitted", body=named("b")), "failed")
    rejected = deployment_in("rejected", body=named("c"))
    answer = client_of(victor).get("/")
    text, side = answer.content.decode(), words(answer).partition("Services, as last seen")[2]
    assert '<a href="/services/?status=running">1</a>' in text
    assert '<a href="/services/?status=failed">1</a>' in text
    assert "Sent, last 14 days 2" in side
    assert "2 accepted and 0 refused in two weeks; the most on one day were 2" in side
    assert f"Bob Kessler rejected version 1, c {rejected.pk}" in side
    assert f"Alice Brandt submitted version 1, b {failed.pk}" in side
    assert side.index("rejected version 1") < side.index("submitted version 1")


def test_the_chart_draws_what_its_table_says(deployment_in, time_machine):
    world.in_the_cloud(deployment_in("submitted"), "running")
    sent = chart.sent_lately()
    today = sent.days[-1]
    assert (len(sent.days), sent.accepted, sent.refused, sent.is_cut) == (14, 1, 0, False)
    assert (today.accepted, today.ok_height, today.ok_y) == (1, 46, 10)
    assert all(day.ok_height == day.no_height == 0 for day in sent.days[:-1])
    time_machine.move_to(timezone.now() + timedelta(days=14))
    later = chart.sent_lately()
    assert later.total == 0
    assert later.words == "Nothing was sent in two weeks."


def test_a_busy_fortnight_is_cut_and_says_so(deployment_in, monkeypatch):
    world.in_the_cloud(deployment_in("submitted", body=named("a")), "running")
    world.in_the_cloud(deployment_in("submitted", body=named("b")), "running")
    monkeypatch.setattr(chart, "NEWEST", 1)
    sent = chart.sent_lately()
    assert (sent.accepted, sent.is_cut) == (1, True)


def test_the_first_start_says_what_to_do(client_of, root, alice):
    assert not Target.objects.exists()
    admin, author = words(client_of(root).get("/")), words(client_of(alice).get("/"))
    assert "No target yet." in admin
    assert "No target yet." in author
    assert "python3 manage.py target NAME" in admin
    assert "python3 manage.py" not in author
    assert "An administrator makes the first one" in author


def test_an_empty_overview_says_what_would_be_here(client_of, victor, dev):
    text = words(client_of(victor).get("/"))
    for said in (
        "Nothing waits for you.",
        "Nothing is being sent or started right now.",
        "No service stops by itself in the next 12 hours.",
        "None yet. What is sent shows here once the cloud has it.",
        "Nothing was sent in the last two weeks.",
        "No decision yet.",
    ):
        assert said in text


def test_the_page_has_a_query_budget(client_of, deployment_in, draft_of, olga, bob, django_assert_max_num_queries):
    look = client_of(bob)
    bob.groups.add(*olga.groups.all())  # who is asked for every kind of waiting
    made = world.build(deployment_in, draft_of, by=olga)
    for place in range(8):
        rows.service(service_id=f"twin-{place}", twin_of=made["running"].service)
    with django_assert_max_num_queries(25):
        look.get("/")
    for place in range(7):
        deployment_in("in_review", body=named(f"more-{place}"))
        world.in_the_cloud(deployment_in("submitted", body=named(f"up-{place}")), "deploying", progress=1)
    with django_assert_max_num_queries(25):
        look.get("/")
