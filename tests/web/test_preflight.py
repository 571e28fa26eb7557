"""The checks on the pages: what they say, who may ask, what an approval waits for, and what a poll answers."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployer.domain.preflight import Result
from deployer.models import Preflight
from deployer.web.preflight_view import Run
from deployer.worker.preflight import preflight as make_run
from deployer.workflow import preflight, review
from tests.cloud_troubles import CHECKS, GOOD, ONLY_WARN, TROUBLES
from tests.factories import entry, preflight_passed, real_time_body
from tests.web.form_reading import form_of

pytestmark = pytest.mark.django_db

BLOCKS = Result("flavor", "config[0].specification", "block", "gpu.p4 is sold out.", "Choose another one.")
WARNS = Result("quota", "", "warn", "18 of 20 services are used.", "Delete one.")
PASSES = Result("name", "service_name", "pass", "The name mnist is free.")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def required(dev):
    dev.preflight = "required"
    dev.save()
    return dev


@pytest.fixture
def in_review(draft_of, alice):
    def ask(target=None):
        return review.ask_review(draft_of(target=target), seen=1, by=alice)

    return ask


def at(deployment, more: str = "preflight/") -> str:
    return f"/deployments/{deployment.pk}/{more}"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def verdict_on(answer) -> str:
    found = re.findall(r'id="preflight"[^>]*data-verdict="(\w*)"', answer.content.decode())
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("name", ["alice", "bob", "carol", "olga", "victor", "root"])
def test_everybody_with_a_role_reads_the_checks(name, people, client_of, in_review):
    deployment = in_review()
    preflight_passed(deployment, BLOCKS, WARNS, PASSES)
    client = client_of(people[name])
    for more in ("", "preflight/"):
        text = text_of(client.get(at(deployment, more)))
        assert "gpu.p4 is sold out." in text
        assert "Choose another one." in text
        assert "Blocks: " in text
        assert "The name mnist is free." in text


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 302), ("bob", 302), ("carol", 302), ("olga", 302), ("victor", 403), ("root", 403)],
)
def test_who_runs_it_again(name, status, people, client_of, in_review):
    deployment = in_review()
    row = preflight_passed(deployment)
    client = client_of(people[name])
    assert client.post(at(deployment), {"where": "page"}).status_code == status
    assert (preflight.newest(deployment).pk != row.pk) == (status == 302)
    refused = "Checks against the cloud are run by authors, approvers and operators."
    assert (refused in text_of(client.get(at(deployment, "")))) == (status == 403)


@pytest.mark.parametrize(("where", "ends"), [("page", "/"), ("runs", "/preflight/"), ("nowhere", "/preflight/")])
def test_after_asking_it_leads_back(where, ends, client_of, bob, in_review):
    deployment = in_review()
    answer = client_of(bob).post(at(deployment), {"where": where})
    assert answer.headers["Location"] == f"/deployments/{deployment.pk}{ends}#preflight"


def test_nobody_is_there_without_a_number(client_of, alice):
    assert client_of(alice).get("/deployments/999999/preflight/").status_code == 404
    assert client_of(alice).post("/deployments/999999/preflight/").status_code == 404


def test_what_is_closed_moved_on(client_of, alice, deployment_in):
    answer = client_of(alice).post(at(deployment_in("withdrawn")))
    assert answer.status_code == 409
    assert "nothing left to check" in text_of(answer)


def test_before_the_first_run_it_says_what_would_be_checked(client_of, alice, draft_of):
    answer = client_of(alice).get(at(draft_of(), ""))
    assert verdict_on(answer) == ""
    assert "Nothing was checked yet. They ask whether the name is free" in text_of(answer)
    assert "Check against the cloud" in text_of(answer)


def test_a_blocked_draft_says_why_there_is_nothing_to_check(client_of, alice, draft_of):
    draft = draft_of(real_time_body(entry(weight=90)))
    assert "1 problem stands in the way. There is no request to check yet." in text_of(
        client_of(alice).get(at(draft, ""))
    )
    answer = client_of(alice).post(at(draft))
    assert answer.status_code == 422
    assert "They must make 100." in text_of(answer)


def test_an_approval_waits_with_its_reason_and_409(client_of, bob, in_review, required):
    deployment = in_review(required)
    client = client_of(bob)
    running = client.get(at(deployment, ""))
    assert verdict_on(running) == "open"
    assert "The preflight of version 1 is still running." in text_of(running)
    assert 'id="move-approve"' not in running.content.decode()
    refused = client.post(at(deployment, "approve/"), {"seen": 1, "comment": "Fine by me."})
    assert refused.status_code == 409
    assert "The preflight of version 1 is still running." in text_of(refused)
    assert "Fine by me." in refused.content.decode()
    preflight_passed(deployment, WARNS)
    assert 'id="move-approve"' in client.get(at(deployment, "")).content.decode()
    assert client.post(at(deployment, "approve/"), {"seen": 1}).status_code == 302


def test_where_it_advises_the_button_is_open(client_of, bob, in_review):
    assert 'id="move-approve"' in client_of(bob).get(at(in_review(), "")).content.decode()


def test_a_right_comes_before_the_preflight(client_of, alice, in_review, required):
    assert client_of(alice).post(at(in_review(required), "approve/"), {"seen": 1}).status_code == 403


def test_it_asks_again_by_itself_only_while_it_runs(client_of, bob, in_review):
    deployment = in_review()
    client = client_of(bob)
    page = client.get(at(deployment, "")).content.decode()
    look = re.search(r'id="preflight"[^>]*hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert client.get(look, **HTMX).status_code == 204
    preflight_passed(deployment, WARNS, PASSES)
    answer = client.get(look, **HTMX)
    news = answer.content.decode()
    assert verdict_on(answer) == "warn"
    assert "hx-trigger" not in re.search(r'<section[^>]*id="preflight"[^>]*>', news)[0]
    assert "Checks against the cloud: passed with warnings. 1 to be warned of, 1 passed." in news
    assert 'id="approve-place" hx-swap-oob="true"' in news
    assert "<html" not in news


def test_a_new_run_from_the_page_is_a_fragment_that_closes_the_approval(client_of, bob, in_review, required):
    deployment = in_review(required)
    preflight_passed(deployment)
    answer = client_of(bob).post(at(deployment), {"where": "page"}, **HTMX)
    assert verdict_on(answer) == "open"
    assert "is still running" in answer.content.decode()
    assert 'id="move-approve"' not in answer.content.decode()


def test_problems_lead_to_their_fields_where_somebody_can_mend_them(client_of, alice, victor, in_review):
    deployment = in_review()
    preflight_passed(deployment, BLOCKS)
    link = f'href="/deployments/{deployment.pk}/edit/#config-0-specification"'
    assert link in client_of(alice).get(at(deployment, "")).content.decode()
    assert link not in client_of(victor).get(at(deployment, "")).content.decode()


def test_a_text_that_changed_since_is_said(client_of, alice, draft_of):
    draft = draft_of()
    preflight.ask(draft, by=alice)
    preflight_passed(draft)
    client = client_of(alice)
    assert "The text has changed since." not in text_of(client.get(at(draft, "")))
    form = form_of(client.get(at(draft, "edit/"))) | {"description": "another"}
    client.post(at(draft, "edit/"), form)
    for more in ("", "edit/"):
        assert "The text has changed since." in text_of(client.get(at(draft, more)))


def test_a_run_that_could_not_look_says_why(client_of, bob, in_review):
    deployment = in_review()
    row = preflight.claim(Preflight.objects.get().pk, seconds=60)
    preflight.put_off(row, reason="The cloud is in trouble (HTTP 503).", seconds=5)
    client = client_of(bob)
    assert "The cloud is in trouble (HTTP 503). Asked 1 time, trying again." in text_of(client.get(at(deployment, "")))
    Preflight.objects.update(next_action_at=timezone.now())
    preflight.give_up(preflight.claim(row.pk, seconds=60), "The cloud is in trouble (HTTP 503).")
    text = text_of(client.get(at(deployment, "")))
    assert "Could not look" in text
    assert "Run again" in text


def test_every_run_is_kept_and_listed_newest_first(client_of, alice, bob, in_review):
    deployment = in_review()
    preflight_passed(deployment, BLOCKS)
    preflight.ask(deployment, by=bob)
    preflight_passed(deployment, PASSES)
    text = text_of(client_of(alice).get(at(deployment)))
    assert text.index("The name mnist is free.") < text.index("Earlier runs") < text.index("gpu.p4 is sold out.")
    assert "asked by Alice" in text


def test_the_composer_saves_what_is_typed_and_checks_it(client_of, alice, draft_of):
    draft = draft_of()
    client = client_of(alice)
    form = form_of(client.get(at(draft, "edit/"))) | {"description": "just typed", "preflight": "1"}
    answer = client.post(at(draft, "edit/"), form)
    assert answer.headers["Location"] == f"/deployments/{draft.pk}/edit/#preflight"
    assert '"description":"just typed"' in Preflight.objects.get().payload
    assert verdict_on(client.get(at(draft, "edit/"))) == "open"


def test_the_composers_script_gets_the_news_and_the_checks(client_of, alice, draft_of):
    draft = draft_of()
    client = client_of(alice)
    form = form_of(client.get(at(draft, "edit/"))) | {"description": "just typed", "preflight": "1"}
    answer = client.post(at(draft, "edit/"), form, **HTMX)
    assert verdict_on(answer) == "open"
    assert 'id="preflight" hx-swap-oob="true"' in answer.content.decode()
    assert answer.headers["HX-Trigger-After-Settle"]
    preflight_passed(draft, BLOCKS, PASSES)
    followed = client.get(f"{at(draft)}?where=edit&since=x", **HTMX)
    assert 'href="#config-0-specification"' in followed.content.decode()
    assert "1 check passed" in text_of(followed)


@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_the_composer_tells_what_stands_in_the_way_of_a_check(htmx, client_of, alice, draft_of):
    draft = draft_of(real_time_body(entry(weight=90)))
    client = client_of(alice)
    answer = client.post(at(draft, "edit/"), form_of(client.get(at(draft, "edit/"))) | {"preflight": "1"}, **htmx)
    assert answer.status_code == (200 if htmx else 422)
    assert not Preflight.objects.exists()
    assert "They must make 100." in text_of(answer)
    assert ("There is no request to check yet." in text_of(answer)) == bool(htmx)


def test_what_the_cloud_said_is_only_text(client_of, bob, in_review):
    deployment = in_review()
    preflight_passed(deployment, Result("pool", "cluster_id", "block", "<script>alert(1)</script> is ill.", "<b>x</b>"))
    for more in ("", "preflight/"):
        page = client_of(bob).get(at(deployment, more)).content.decode()
        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; is ill." in page


def test_a_page_of_many_runs_costs_no_more_queries(client_of, alice, draft_of, django_assert_max_num_queries):
    draft = draft_of()
    client = client_of(alice)
    for _ in range(9):
        preflight.ask(draft, by=alice)
        preflight_passed(draft, BLOCKS, WARNS, PASSES)
    with django_assert_max_num_queries(9):
        client.get(at(draft))


@pytest.mark.parametrize(("check", "body", "path", "words", "way_out"), TROUBLES, ids=CHECKS)
def test_the_page_shows_each_failing_check_of_a_real_sandbox(
    check, body, path, words, way_out, sandbox, at_sandbox, required, client_of, alice, draft_of
):
    from deployer.worker import clouds

    here = at_sandbox(required)
    others = {"name": ["taken"], "quota": [f"other-{place}" for place in range(20)]}.get(check, [])
    for name in others:
        clouds.of(here).create_service(json.dumps(real_time_body(entry(GOOD), service_name=name)))
    deployment = review.ask_review(draft_of(body, target=here), seen=1, by=alice)
    assert make_run(Preflight.objects.get().pk, "tester:1")
    clouds.forget()
    page = client_of(alice).get(at(deployment))
    text = text_of(page)
    assert verdict_on(page) == ("warn" if check in ONLY_WARN else "block")
    assert words in text
    assert way_out in text
    assert f'<code class="faint">{path}</code>' in page.content.decode()
    if path:
        assert f"/deployments/{deployment.pk}/edit/#" in page.content.decode()


@pytest.mark.parametrize("more", ["preflight/?where=page&since=", "preflight/"])
def test_what_is_asked_for_every_second_reads_no_long_text(more, client_of, alice, in_review):
    deployment = in_review()
    client = client_of(alice)
    is_poll = "since" in more
    sign = Run(preflight.newest(deployment)).sign if is_poll else ""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(at(deployment, more + sign), **(HTMX if is_poll else {}))
    assert answer.status_code == (204 if is_poll else 200)
    # The page of all runs leads authors to fields of the draft, so that one it reads.
    texts = r'"(payload|draft|problems)"' if is_poll else r'"(payload|problems)"'
    assert [one["sql"] for one in queries if re.search(texts, one["sql"])] == []
