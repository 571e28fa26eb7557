"""What refreshes itself: the four attributes, the badge, the service, the sending, and when it stops to ask."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Deployment, Service, Submission
from deployer.workflow import outcome, review, submission
from tests.browser.world import in_limbo, in_the_cloud, tried

pytestmark = pytest.mark.django_db


class Looker:
    """A browser that has the page open and asks as the page tells it to."""

    def __init__(self, client, deployment: Deployment) -> None:
        self.client, self.number = client, deployment.pk
        self.text = client.get(f"/deployments/{deployment.pk}/").content.decode()

    @property
    def address(self) -> str:
        """Where the page asks next; empty when it has stopped."""
        found = re.search(r'hx-get="([^"]*/status/[^"]*)" hx-trigger="every 3s', self.text)
        return found[1].replace("&amp;", "&") if found else ""

    def look(self):
        answer = self.client.get(self.address, headers={"HX-Request": "true"})
        if answer.status_code == 200 and "HX-Reswap" not in answer and "HX-Refresh" not in answer:
            self.text = answer.content.decode()
        return answer

    @property
    def machine(self) -> tuple[str, ...]:
        names = ("state", "outcome", "service-status", "service-id")
        return tuple(re.search(rf'data-{name}="([^"]*)"', self.text)[1] for name in names)


@pytest.fixture
def looker(client_of, victor):
    return lambda deployment: Looker(client_of(victor), deployment)


def test_only_what_moves_asks_again(looker, deployment_in):
    for state in ["draft", "in_review", "changes_requested", "approved", "withdrawn", "rejected"]:
        assert not looker(deployment_in(state)).address
    assert looker(deployment_in("submitted")).address


def test_the_page_goes_by_itself_from_waiting_to_running(looker, deployment_in):
    deployment = deployment_in("submitted")
    here = looker(deployment)
    assert here.machine == ("submitted", "waiting", "", "")
    in_the_cloud(deployment, "deploying", progress=43)
    here.look()
    assert here.machine == ("submitted", "accepted", "deploying", Submission.objects.get().service_id)
    assert "Deploying 43 %" in here.text
    Service.objects.update(
        status="running", progress=100, is_settled=True, access_address="https://infers.example.com/1"
    )
    here.look()
    assert here.machine[2] == "running"
    assert "https://infers.example.com/1" in here.text
    assert not here.address  # it has settled, so nobody asks any more


def test_nothing_new_is_answered_in_a_few_bytes(looker, deployment_in):
    deployment = in_the_cloud(deployment_in("submitted"), "deploying", progress=43)
    here = looker(deployment)
    answer = here.look()
    assert answer["HX-Reswap"] == "none"
    assert len(answer.content) < 800
    assert 'id="head-badge"' in answer.content.decode()


def test_what_happened_meanwhile_is_put_on_top_of_the_timeline(looker, deployment_in):
    deployment = deployment_in("submitted")
    here = looker(deployment)
    newest = deployment.events.first().number
    in_the_cloud(deployment, "deploying")
    here.look()
    fresh = [int(number) for number in re.findall(r'id="event-(\d+)"', here.text)]
    assert fresh
    assert min(fresh) > newest


def test_a_lost_answer_is_said_and_looked_for(looker, deployment_in, olga, client_of):
    here = looker(in_limbo(deployment_in("submitted"), person=False))
    assert here.machine[1] == "unknown"
    assert "We do not know yet whether the service was created." in here.text
    assert "it will not be sent again without a person" in here.text
    assert here.address


def test_what_needs_a_person_stops_asking_and_shows_the_hands(looker, client_of, olga, deployment_in):
    deployment = in_limbo(deployment_in("submitted"), person=True)
    here = looker(deployment)
    assert "Nobody knows whether the service was created." in here.text
    assert not here.address
    assert "Only operators decide what was lost." in here.text
    text = client_of(olga).get(f"/deployments/{deployment.pk}/").content.decode()
    for verb in ("send-again", "give-up"):
        assert f'action="/deployments/{deployment.pk}/{verb}/"' in text


def test_the_alarm_leads_whoever_may_to_the_place_where_it_is_decided(client_of, olga, victor, alice, deployment_in):
    """On a phone that is far below."""
    deployment = deployment_in("submitted")
    here = Looker(client_of(olga), deployment)
    way = '<a href="#moves">Decide what happens</a>'
    assert way not in here.text
    in_limbo(deployment, person=True)
    assert way in here.look().content.decode()
    text = Looker(client_of(olga), deployment).text
    assert way in text.partition('id="panel"')[0]
    assert 'id="moves"' in text
    assert text.index('id="moves"') < text.index("/send-again/")
    for person in (alice, victor):
        assert "#moves" not in Looker(client_of(person), deployment).text


def test_the_hands_appear_while_the_page_is_open(client_of, olga, deployment_in):
    deployment = deployment_in("submitted")
    here = Looker(client_of(olga), deployment)
    assert "/cancel/" in here.text
    in_limbo(deployment, person=True)
    text = here.look().content.decode()
    assert 'id="panel"' in text
    assert f'action="/deployments/{deployment.pk}/give-up/"' in text
    assert "/cancel/" not in text


def test_a_typed_reason_is_left_alone_while_the_panel_stays(client_of, olga, deployment_in):
    deployment = in_the_cloud(deployment_in("submitted"), "deploying", progress=1)
    here = Looker(client_of(olga), deployment)
    Service.objects.update(progress=50)
    assert 'id="panel"' not in here.look().content.decode()


def test_a_refusal_loads_the_whole_page_anew(looker, deployment_in):
    deployment = deployment_in("submitted")
    here = looker(deployment)
    row = outcome.claim(deployment.submission.pk, outcome="waiting", seconds=60)
    assert outcome.begin_sending(row, seconds=60)
    reason = "A service named mnist exists. Open it, or choose another name."
    outcome.refused(row, tried("send", reason), reason=reason, code="ModelArts.3503", path="service_name")
    answer = here.look()
    assert answer["HX-Refresh"] == "true"
    here = Looker(here.client, deployment)
    assert here.machine[:2] == ("changes_requested", "refused")
    assert "The cloud refused it, ModelArts.3503." in here.text
    assert reason in here.text
    assert f'href="/deployments/{deployment.pk}/edit/#service_name"' in here.text
    assert not here.address


def test_a_verdict_given_since_is_the_newer_news(looker, deployment_in, alice, bob):
    deployment = deployment_in("submitted")
    deployment = submission.by_hand(deployment, "cancel", seen=deployment.submission.pk, by=alice, comment="Not yet.")
    assert "The sending was cancelled.</strong> Alice Brandt: “Not yet.”" in looker(deployment).text
    deployment = review.ask_review(deployment, seen=deployment.seen, by=alice)
    deployment = review.decide(deployment, "request_changes", seen=1, by=bob, comment="Really not.")
    assert "The sending was cancelled." not in looker(deployment).text


def test_what_was_given_up_says_who_did_so_and_why(looker, client_of, victor, olga, deployment_in):
    deployment = in_limbo(deployment_in("submitted"), person=True)
    row = deployment.submission
    submission.by_hand(deployment, "give_up", seen=row.pk, by=olga, comment="Not in the console either.")
    said = "Olga Marin: “Not in the console either.”"
    news = f"It was given up.</strong> {said} If its service shows late after all, it is linked."
    assert news in looker(deployment).text
    settled = client_of(victor).get("/sending/").content.decode().partition('id="h-set"')[2]
    assert said in settled
    assert row.reason not in settled


def test_a_service_that_failed_says_why(looker, deployment_in):
    deployment = in_the_cloud(deployment_in("submitted"), "failed", error_msg="The image does not start.")
    here = looker(deployment)
    assert "The service exists and failed to start." in here.text
    assert "The image does not start." in here.text
    assert not here.address


def test_a_status_nobody_knows_is_shown_as_it_came(looker, deployment_in):
    here = looker(in_the_cloud(deployment_in("submitted"), "hibernating", is_settled=False))
    assert here.machine[2] == "hibernating"
    assert "hibernating" in here.text
    assert here.address


def test_auto_stop_is_said_with_its_time(looker, deployment_in):
    soon = timezone.now() + timedelta(minutes=42)
    here = looker(in_the_cloud(deployment_in("submitted"), "running", due_time=soon))
    assert "Stops in 41 min" in here.text or "Stops in 42 min" in here.text


def test_each_call_is_listed_with_its_request_id(looker, deployment_in):
    here = looker(in_limbo(deployment_in("submitted"), person=True))
    assert "Sent version 1" in here.text
    assert "Looked for mnist" in here.text
    assert here.text.count("<code>req-1</code>") == 2


def test_what_was_put_back_was_tried_and_not_sent(looker, deployment_in):
    deployment = deployment_in("submitted")
    reason = "Nothing was sent: what is there already is asked for first. No readable answer came back."
    for kind in ("send", "login"):
        row = outcome.claim(deployment.submission.pk, outcome="waiting", seconds=60)
        outcome.put_back(row, tried(kind, reason), reason=reason, seconds=0)
    text = looker(deployment).text
    assert "Tried to send version 1" in text
    assert "Tried to log in" in text
    assert "Sent version 1" not in text
    assert "Logged in" not in text


def test_a_look_that_could_not_be_made_is_said_so(looker, deployment_in):
    deployment = in_limbo(deployment_in("submitted"), person=False)
    row = outcome.claim(deployment.submission.pk, outcome="unknown", seconds=60)
    report = tried("look", "The cloud is in trouble (HTTP 503). It is asked again.")
    outcome.look_again(row, report, reason=report.detail, seconds=0, outcome="no_look")
    text = looker(deployment).text
    assert "Tried to look for mnist" in text
    assert "Could not look" in text
    assert "no_look" not in text


def test_an_odd_query_does_no_harm(client_of, victor, deployment_in):
    deployment = deployment_in("submitted")
    for query in ["", "?since=x", "?panel=submitted.x&newest=²", "?panel=&newest=-1", "?newest=" + "9" * 40]:
        address = f"/deployments/{deployment.pk}/status/{query}"
        assert client_of(victor).get(address, headers={"HX-Request": "true"}).status_code == 200
    assert client_of(victor).get(f"/deployments/{deployment.pk}/status/").status_code == 302


def test_a_look_costs_few_queries(client_of, victor, deployment_in, django_assert_max_num_queries):
    here = Looker(client_of(victor), in_the_cloud(deployment_in("submitted"), "deploying"))
    with django_assert_max_num_queries(8):
        here.look()
