"""Adding and changing targets: who may, what is refused, what a conflict keeps, and no secret comes back."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deployer.models import Enquiry, Event, Target
from deployer.workflow import enquiries
from deployer.workflow import targets as verbs
from deployer.workflow.errors import HasProblems

PLANTED = "planted-secret-93f1"
TOKEN = "planted-token-77ab"  # noqa: S105 - the point of the tests
NEW = {
    "name": "otc",
    "edition": "otc-2022",
    "region": "eu-de",
    "endpoint": "https://modelarts.eu-de.otc.t-systems.com/",
    "iam_endpoint": "https://iam.eu-de.otc.t-systems.com",
    "vpc_endpoint": "",
    "project_id": "5a0d80b5",
    "project_name": "eu-de",
    "workspace_id": "",
    "login": "password",
    "username": "robot",
    "domain_name": "OTC00001",
    "secret": PLANTED,
    "approvals": "2",
    "approval_hours": "",
    "quiet_seconds": "600",
    "windows": "",
    "zone": "UTC",
    "most_calls": "8",
    "submits_itself": "",
    "preflight": "advise",
}
BOXES = re.compile(r'<input[^>]*name="([a-z_-]+)"[^>]*value="([^"]*)"')

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


@pytest.fixture
def admin(client_of, root):
    return client_of(root)


@pytest.fixture
def boxes(admin):
    """What the page of a target would post, with some boxes changed."""

    def of(target: Target, **typed: str) -> dict[str, str]:
        page = admin.get(f"/targets/{target.name}/edit/").content.decode()
        hidden = {name: text for name, text in BOXES.findall(page) if name == "seen" or name.startswith("was-")}
        shown = {name.removeprefix("was-"): text for name, text in hidden.items() if name.startswith("was-")}
        checks = {name: text for name, text in shown.items() if name != "revives" or text}
        return {**hidden, **checks, **typed}

    return of


# Who may
@pytest.mark.parametrize("name", ["alice", "bob", "carol", "olga", "victor"])
def test_only_admins_add_and_change_targets(name, people, client_of, dev):
    client = client_of(people[name])
    for address in ("/targets/new/", "/targets/dev/edit/", "/targets/dev/test/"):
        assert client.post(address, NEW).status_code == 403, address
        assert client.post(address).status_code == 403, address
    for address in ("/targets/new/", "/targets/dev/edit/"):
        assert client.get(address).status_code == 403, address
    for button in ("fill", "find", "test", "check", "use", "look"):
        assert client.post("/targets/new/", NEW | {button: "1"}).status_code == 403, button
    assert Target.objects.count() == 1
    assert not Event.objects.exists()
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("address", ["/targets/", "/targets/dev/"])
def test_others_see_the_button_and_why_it_is_closed(address, client_of, people, dev):
    page = client_of(people["alice"]).get(address)
    assert "Targets are changed by administrators: Root Admin." in words(page)
    assert 'aria-disabled="true"' in page.content.decode()
    assert "Targets are changed" not in words(client_of(people["root"]).get(address))


def test_who_has_lost_the_role_saves_nothing(admin, root, dev, boxes):
    post = boxes(dev, approvals="3")
    root.groups.clear()
    assert admin.post("/targets/dev/edit/", post).status_code == 403
    dev.refresh_from_db()
    assert dev.approvals == 1


# Adding
def test_a_target_is_made(admin, root):
    answer = admin.post("/targets/new/", NEW)
    assert answer.status_code == 302, words(answer)
    assert answer["Location"] == "/targets/otc/"
    target = Target.objects.get()
    assert (target.endpoint, target.region, target.approvals) == (NEW["endpoint"].rstrip("/"), "eu-de", 2)
    assert target.secret == PLANTED
    event = Event.objects.get(action="target_changed")
    assert (event.by_key, event.facts["secret_changed"]) == ("root", True)
    assert "otc is made." in words(admin.get("/targets/otc/"))


def test_a_target_with_temporary_keys_keeps_its_token(admin):
    keys = NEW | {"login": "keys", "access_key": "AK1", "security_token": TOKEN}
    assert admin.post("/targets/new/", keys).status_code == 302
    target = Target.objects.get()
    assert (target.access_key, target.username, target.security_token) == ("AK1", "", TOKEN)
    page = admin.get("/targets/otc/edit/")
    assert "One is kept, and goes with its secret key." in words(page)
    assert TOKEN not in page.content.decode()


def test_a_name_that_is_taken_changes_nothing(admin, dev):
    answer = admin.post("/targets/new/", NEW | {"name": "dev"})
    assert answer.status_code == 422
    assert "There is a target named dev already." in words(answer)
    dev.refresh_from_db()
    assert dev.username == "demo"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give the target a name"),
        ({"name": "new"}, "A page of Deployer is called new already"),
        ({"name": "a b"}, "A target's name has letters"),
        ({"name": "é"}, "A target's name has letters"),
        ({"endpoint": ""}, "Say where ModelArts answers"),
        ({"iam_endpoint": "ftp://iam.example.com"}, "must begin with https://"),
        ({"project_id": "../x"}, "A project id is letters"),
        ({"project_id": "---"}, "A project id is letters"),
        ({"edition": "otc-1999"}, "no edition we know"),
        ({"login": "magic"}, "Choose from password, keys."),
        ({"username": ""}, "user and domain are both needed"),
        ({"login": "keys", "access_key": ""}, "the access key is needed"),
        ({"secret": ""}, "The secret is missing"),
        ({"approvals": "0"}, "At least 1 approval"),
        ({"approvals": "101"}, "100 approvals are the most"),
        ({"approvals": "two"}, "Write a whole number"),
        ({"approvals": "9" * 30}, "This is too much"),
        ({"approval_hours": "0"}, "leave it empty where approvals do not lapse"),
        ({"quiet_seconds": "-1"}, "Write a whole number"),
        ({"quiet_seconds": "999999999"}, "a week, are the most"),
        ({"preflight": "maybe"}, "Choose from advise, required."),
        ({"username": "x" * 129}, "longer than 128"),
        ({"project_name": "a\x00b"}, "cannot be stored"),
        ({"secret": "a\x00b"}, "cannot be stored"),
        ({"secret": "x" * 5000}, "longer than any secret is"),
    ],
)
def test_what_cannot_be_is_said_at_its_box_and_in_the_summary(admin, typed, said):
    answer = admin.post("/targets/new/", NEW | typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words(answer).count(said) >= 2
    (box,) = typed if len(typed) == 1 else (list(typed)[-1],)
    box = "domain_name" if typed == {"domain_name": ""} else box
    assert re.search(rf'<a href="#{box}">', page), page
    assert f'id="{box}"' in page
    assert not Target.objects.exists()
    assert PLANTED not in page


@pytest.mark.parametrize("box", ["endpoint", "iam_endpoint", "vpc_endpoint"])
@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254",
        "https://127.0.0.1",
        "https://localhost:8100",
        "https://2130706433",
        "https://0x7f000001",
        "https://0177.0.0.1",
        "https://127.1",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:10.0.0.1]",
        "https://10.0.0.1",
        "https://192.168.1.1",
        "https://user:pw@modelarts.example.com",
        "http://modelarts.example.com",
        "https://modelarts.example.com/?a=b",
        "https://modelarts.example.com#x",
        "https://modelarts.example.com\\@evil.example.com",
        "javascript:alert(1)",
    ],
)
def test_an_inner_or_odd_address_is_refused_in_words(admin, settings, box, address):
    settings.ALLOW_LOCAL_TARGETS = False
    for button in ({}, {"test": "1"}):
        answer = admin.post("/targets/new/", NEW | {box: address} | button)
        assert answer.status_code == 422
        assert f'<a href="#{box}">' in answer.content.decode()
    assert not Target.objects.exists()
    assert not Enquiry.objects.exists()


def test_the_address_of_credentials_is_refused_even_where_local_ones_are_allowed(admin, settings):
    settings.ALLOW_LOCAL_TARGETS = True
    answer = admin.post("/targets/new/", NEW | {"endpoint": "http://169.254.169.254"})
    assert answer.status_code == 422
    assert "never called" in words(answer)
    assert admin.post("/targets/new/", NEW | {"endpoint": "http://127.0.0.1:8100"}).status_code == 302


def test_only_listed_hosts_where_there_is_a_list(admin, settings):
    settings.ALLOWED_CLOUD_HOSTS = ["*.otc.t-systems.com"]
    answer = admin.post("/targets/new/", NEW | {"iam_endpoint": "https://iam.example.com"})
    assert answer.status_code == 422
    assert "DEPLOYER_ALLOWED_CLOUD_HOSTS" in words(answer)
    assert admin.post("/targets/new/", NEW).status_code == 302


# Changing
def test_a_target_is_changed_and_keeps_its_secret(admin, dev, boxes):
    answer = admin.post("/targets/dev/edit/", boxes(dev, approvals="3", quiet_seconds="30"))
    assert answer.status_code == 302, words(answer)
    dev.refresh_from_db()
    assert (dev.approvals, dev.quiet_seconds, dev.secret) == (3, 30, "demo")
    assert Event.objects.get(action="target_changed").facts["after"] == {"approvals": 3, "quiet_seconds": 30}


def test_saving_without_a_change_writes_nothing(admin, dev, boxes):
    assert admin.post("/targets/dev/edit/", boxes(dev)).status_code == 302
    assert not Event.objects.exists()
    assert "dev is as it was." in words(admin.get("/targets/dev/"))


def test_the_name_stays_whatever_is_posted(admin, dev, boxes):
    admin.post("/targets/dev/edit/", boxes(dev, name="other", approvals="2"))
    assert Target.objects.get().name == "dev"


@pytest.mark.parametrize(
    "typed",
    [
        {"endpoint": "http://127.0.0.1:10"},
        {"iam_endpoint": "http://127.0.0.1:10"},
        {"vpc_endpoint": "http://127.0.0.1:10"},
        {"username": "other"},
        {"domain_name": "other"},
        {"login": "keys", "access_key": "AK1"},
    ],
)
def test_a_kept_secret_goes_nowhere_else(admin, dev, boxes, typed):
    post = boxes(dev, **typed)
    for button in ({}, {"test": "1"}):
        answer = admin.post("/targets/dev/edit/", post | button)
        assert answer.status_code == 422
        assert '<a href="#secret">' in answer.content.decode()
    if "endpoint" not in typed and "vpc_endpoint" not in typed:
        assert admin.post("/targets/dev/edit/", post | {"find": "1"}).status_code == 422
    dev.refresh_from_db()
    assert dev.login == "password"
    assert dev.endpoint == dev.iam_endpoint == "http://127.0.0.1:9"
    assert not Enquiry.objects.exists()
    assert admin.post("/targets/dev/edit/", post | {"secret": PLANTED}).status_code == 302
    dev.refresh_from_db()
    assert dev.secret == PLANTED


def test_a_new_key_drops_the_token_of_the_old_one(dev):
    verbs.save("dev", secret="s1", security_token=TOKEN, login="keys", access_key="AK1", username="", domain_name="")
    verbs.save("dev", approvals=2)
    assert Target.objects.get().security_token == TOKEN
    verbs.save("dev", secret="s2")
    assert Target.objects.get().security_token == ""


def test_somebody_changed_it_meanwhile(admin, dev, boxes, bob):
    post = boxes(dev, approvals="3", project_name="mine", secret=PLANTED)
    verbs.save("dev", approvals=5, quiet_seconds=77)
    answer = admin.post("/targets/dev/edit/", post)
    assert answer.status_code == 409
    text, page = words(answer), answer.content.decode()
    assert "The command target changed dev meanwhile. Nothing was overwritten." in text
    assert "Approvals is 5 now. Saving makes it 3." in text
    assert "A lost answer is looked for is 77 now, and taken over." in text
    assert 'id="project_name" name="project_name" type="text" value="mine"' in page
    assert 'id="quiet_seconds" name="quiet_seconds" type="text" value="77"' in page
    assert PLANTED not in page
    assert Target.objects.get().approvals == 5
    again = {name: value for name, value in BOXES.findall(page) if name == "seen" or name.startswith("was-")}
    assert admin.post("/targets/dev/edit/", post | {"quiet_seconds": "77"} | again).status_code == 302
    target = Target.objects.get()
    assert (target.approvals, target.quiet_seconds, target.project_name) == (3, 77, "mine")


@pytest.mark.parametrize("seen", ["none", "yesterday", "x" * 9999])
def test_a_page_that_does_not_say_what_it_shows_is_a_conflict(admin, dev, boxes, seen):
    assert admin.post("/targets/dev/edit/", boxes(dev, approvals="3", seen=seen)).status_code == 409
    assert Target.objects.get().approvals == 1


# What follows
def test_approvals_that_are_lost_are_said_and_must_be_meant(admin, dev, boxes, deployment_in):
    deployment = deployment_in("approved")
    post = boxes(dev, approvals="2")
    answer = admin.post("/targets/dev/edit/", post)
    assert answer.status_code == 422
    assert f"1 approved deployment goes back to review: {deployment.pk}." in words(answer)
    deployment.refresh_from_db()
    assert deployment.state == "approved"
    (mark,) = re.findall(r'name="agreed" value="([0-9a-f]+)"', answer.content.decode())
    assert admin.post("/targets/dev/edit/", post | {"agreed": "0" * 16}).status_code == 422
    assert admin.post("/targets/dev/edit/", post | {"agreed": mark}).status_code == 302
    deployment.refresh_from_db()
    assert deployment.state == "in_review"
    assert "1 approved deployment went back to review." in words(admin.get("/targets/dev/"))


def test_what_is_agreed_to_is_what_happens(admin, dev, boxes, deployment_in):
    deployment_in("approved")
    post = boxes(dev, approvals="2")
    (mark,) = re.findall(r'name="agreed" value="([0-9a-f]+)"', admin.post("/targets/dev/edit/", post).content.decode())
    deployment_in("approved")
    assert admin.post("/targets/dev/edit/", post | {"agreed": mark}).status_code == 422


def test_what_waits_to_be_sent_and_what_is_half_approved_is_said_too(dev, prod, deployment_in, bob):
    from deployer.workflow import review

    waiting = deployment_in("submitted")
    half = deployment_in("in_review", target=prod)
    review.decide(half, "approve", seen=half.seen, by=bob)
    for target, place in ((dev, "unsent"), (prod, "losing")):
        present, changed = Target.objects.get(pk=target.pk), Target.objects.get(pk=target.pk)
        changed.approvals = 3
        found = verbs.foresee(present, changed)
        assert {"unsent": found.unsent, "losing": found.losing}[place] == [waiting.pk if target == dev else half.pk]
        assert not found.back


def test_a_new_password_touches_no_approval(admin, dev, boxes, deployment_in):
    deployment = deployment_in("approved")
    answer = admin.post("/targets/dev/edit/", boxes(dev, secret=PLANTED), HTTP_HX_REQUEST="true")
    assert answer.status_code == 302
    deployment.refresh_from_db()
    assert deployment.state == "approved"


def test_the_script_asks_what_would_follow(admin, dev, boxes, deployment_in):
    deployment = deployment_in("approved")
    answer = admin.post("/targets/dev/edit/", boxes(dev, approvals="4", check="1"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert f"goes back to review: {deployment.pk}" in words(answer)
    assert "4 approvals, none by who wrote or edited." in words(answer)


# Regions
def test_a_region_fills_the_endpoints_in(admin):
    typed = {**NEW, "region": "eu-west-101", "fill": "asked"}
    page = admin.post("/targets/new/", typed).content.decode()
    for service in ("modelarts", "iam", "vpc"):
        assert f'value="https://{service}.eu-west-101.myhuaweicloud.eu"' in page
    assert "Filled in for eu-west-101, Huawei Cloud." in page
    assert PLANTED not in page
    assert not Target.objects.exists()


def test_choosing_a_region_leaves_typed_addresses(admin):
    typed = {**NEW, "iam_endpoint": "https://iam.my-own.example.com", "fill": "unasked"}
    answer = admin.post("/targets/new/", typed, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert 'value="https://iam.my-own.example.com"' in page
    assert 'value="https://vpc.eu-de.otc.t-systems.com"' in page
    assert "What you typed yourself stays." in page
    assert "<html" not in page


@pytest.mark.parametrize(("region", "said"), [("mars-1", "of mars-1 are not known"), ("", "Choose a region first.")])
def test_an_unknown_region_is_said(admin, region, said):
    assert said in words(admin.post("/targets/new/", {**NEW, "region": region, "fill": "asked"}))


# No secret comes back
def test_no_answer_repeats_a_secret(admin, dev, boxes, client_of, victor):
    said = []
    typed = NEW | {"login": "keys", "access_key": "AK1", "security_token": TOKEN}
    for more in (
        {},
        {"approvals": "x"},
        {"test": "1"},
        {"find": "1"},
        {"fill": "asked"},
        {"check": "1"},
        {"look": "1"},
    ):
        said += [admin.post("/targets/new/", typed | {"name": f"t{len(said)}"} | more)]
        said += [admin.post("/targets/new/", typed | {"name": f"t{len(said)}"} | more, HTTP_HX_REQUEST="true")]
    said += [admin.post("/targets/dev/edit/", boxes(dev, secret=PLANTED, seen="old"))]
    said += [client_of(victor).post("/targets/new/", typed)]
    said += [admin.get(address) for address in ("/targets/", "/targets/t0/", "/targets/t0/edit/", "/audit/")]
    for answer in said:
        assert PLANTED not in answer.content.decode()
        assert TOKEN not in answer.content.decode()
        assert PLANTED not in str(answer.headers)
    assert Event.objects.exists()
    assert Enquiry.objects.exists()
    for event in Event.objects.all():
        assert "planted" not in event.data


def test_the_database_holds_no_secret_in_the_clear(admin):
    from django.db import connection

    admin.post("/targets/new/", NEW | {"login": "keys", "access_key": "AK1", "security_token": TOKEN})
    admin.post("/targets/new/", NEW | {"login": "keys", "access_key": "AK1", "security_token": TOKEN, "test": "1"})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            assert "planted" not in repr(cursor.fetchall()), table


# Questions to the cloud
def test_a_test_of_what_is_typed_uses_the_typed_secret_and_keeps_it_encrypted(admin, root):
    answer = admin.post("/targets/new/", NEW | {"test": "1"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.target, enquiry.asked_by) == ("connection", None, root)
    assert PLANTED in enquiry.question
    assert f'hx-get="/targets/enquiries/{enquiry.pk}/?was=open"' in answer.content.decode()
    assert admin.get(f"/targets/enquiries/{enquiry.pk}/?was=open").status_code == 204
    assert not Target.objects.exists()


def test_a_test_of_a_form_uses_the_kept_secret_where_it_belongs(admin, dev, boxes):
    assert admin.post("/targets/dev/edit/", boxes(dev, test="1")).status_code == 200
    assert '"secret": "demo"' in Enquiry.objects.get().question


def test_the_answer_of_a_form_is_shown_to_who_asked_alone(admin, client_of, people):
    admin.post("/targets/new/", NEW | {"find": "1"})
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.target) == ("projects", None)
    for name in ("alice", "victor"):
        assert client_of(people[name]).get(f"/targets/enquiries/{enquiry.pk}/").status_code == 404
    assert admin.get(f"/targets/enquiries/{enquiry.pk}/").status_code == 200
    assert admin.get("/targets/enquiries/999999/").status_code == 404
    assert admin.get(f"/targets/enquiries/{10**30}/").status_code == 404


def answered(enquiry: Enquiry, **said) -> None:
    claimed = enquiries.claim(enquiry.pk, seconds=30)
    assert claimed
    enquiries.answer(claimed, said)


def test_found_projects_can_be_used_without_script_too(admin):
    admin.post("/targets/new/", NEW | {"find": "1"})
    enquiry = Enquiry.objects.get()
    answered(enquiry, projects=[{"id": "5aff", "name": "eu-de_prod", "enabled": False}], problem="")
    asked = {"asked-projects": str(enquiry.pk)}
    page = admin.post("/targets/new/", NEW | asked | {"look": "1"})
    assert "eu-de_prod" in words(page)
    assert "switched off in IAM" in words(page)
    page = admin.post("/targets/new/", NEW | asked | {"use": "5aff"}).content.decode()
    assert 'name="project_id" type="text" value="5aff"' in page
    assert 'name="project_name" type="text" value="eu-de_prod"' in page
    page = admin.post("/targets/new/", NEW | asked | {"use": "not-among-them"}).content.decode()
    assert 'name="project_id" type="text" value="5a0d80b5"' in page


def test_steps_of_a_test_are_shown_with_what_to_do(admin, dev, client_of, victor):
    assert admin.post("/targets/dev/test/").status_code == 302
    steps = [
        {
            "name": "Log in",
            "state": "failed",
            "cause": "credentials",
            "words": "<b>No.</b>",
            "way_out": "Type it again.",
        },
        {"name": "unheard-of", "state": "skipped", "words": "Not tried: the login comes first."},
    ]
    answered(Enquiry.objects.get(), steps=steps, problem="")
    page = client_of(victor).get("/targets/dev/")
    for said in ("It stops at: Log in.", "Log in failed", "Type it again.", "unheard-of not tried"):
        assert said in words(page)
    assert "&lt;b&gt;No.&lt;/b&gt;" in page.content.decode()
    assert "hx-get" not in page.content.decode().partition('id="steps"')[2].partition("</ol>")[0]


@pytest.mark.parametrize("said", [{}, {"steps": "no"}, {"steps": [1, None, {}]}, {"projects": [{}, 7], "problem": "x"}])
def test_an_odd_answer_breaks_no_page(admin, dev, said):
    admin.post("/targets/dev/test/")
    answered(Enquiry.objects.get(), **said)
    assert admin.get("/targets/dev/").status_code == 200


def test_a_silent_worker_is_told_and_the_page_stops_asking(admin, dev):
    admin.post("/targets/dev/test/")
    assert 'hx-trigger="every 1s, poll-now"' in admin.get("/targets/dev/").content.decode()
    for seconds, often in ((16, "every 5s"), (121, None)):
        Enquiry.objects.update(asked_at=timezone.now() - timedelta(seconds=seconds))
        page = admin.get("/targets/dev/")
        assert "No worker has answered. Is one running?" in words(page)
        fragment = page.content.decode().partition('id="steps"')[2].partition("</div>")[0]
        assert (often in fragment) if often else ("hx-get" not in fragment)


# The catalog
def test_everybody_with_a_role_may_refresh_the_lists(client_of, victor, dev):
    client = client_of(victor)
    assert "not yet" in words(client.get("/targets/dev/"))
    assert not dev.lists.exists()
    answer = client.post("/targets/dev/refresh/", {"kind": "model"}, HTTP_HX_REQUEST="true")
    assert "asked for just now" in words(answer)
    assert "every 2s" in answer.content.decode()
    assert dev.lists.get(kind="model").asked_at
    assert not dev.lists.get(kind="vpc").asked_at
    assert client.post("/targets/dev/refresh/").status_code == 302
    assert dev.lists.get(kind="vpc").asked_at


def test_a_list_tells_count_age_and_problem(client_of, victor, dev):
    client_of(victor).post("/targets/dev/refresh/")
    now = timezone.now()
    dev.lists.filter(kind="model").update(
        count=5000,
        seen_at=now - timedelta(minutes=4),
        asked_at=None,
        next_look_at=now + timedelta(minutes=1, seconds=5),
    )
    dev.lists.filter(kind="vpc").update(problem="403 from VPC.", asked_at=now - timedelta(seconds=20))
    text = words(client_of(victor).get("/targets/dev/lists/"))
    for said in ("Models 5,000 4 min ago in 1 min", "403 from VPC.", "No worker has answered. Is one running?"):
        assert said in text


def test_refreshing_needs_a_role_and_a_target(client_of, victor, dev):
    assert client_of(victor).post("/targets/nowhere/refresh/").status_code == 404
    assert client_of(victor).get("/targets/dev/refresh/").status_code == 405
    victor.groups.clear()
    for address in ("/targets/dev/refresh/", "/targets/dev/test/"):
        assert client_of(victor).post(address).status_code == 403
    assert client_of(victor).get("/targets/dev/lists/").status_code == 403


def test_another_project_forgets_what_the_old_one_offered(admin, dev, boxes):
    from deployer.models import CatalogEntry

    verbs.save("dev", quiet_seconds=5)
    CatalogEntry.objects.create(target=dev, kind="model", key="m1", name="m1", seen_at=timezone.now())
    dev.refresh_from_db()
    assert admin.post("/targets/dev/edit/", boxes(dev, approvals="2")).status_code == 302
    assert dev.offers.count() == 1
    dev.refresh_from_db()
    assert admin.post("/targets/dev/edit/", boxes(dev, project_id="5b")).status_code == 302
    assert dev.offers.count() == 0
    assert dev.lists.get(kind="model").next_look_at


def test_two_who_make_the_same_target_at_once(dev):
    twin = Target.objects.get()
    twin.pk = None
    with pytest.raises(HasProblems) as refused:
        verbs.store(twin)
    assert refused.value.problems[0].path == "name"
    assert Target.objects.count() == 1


def test_a_policy_that_nobody_can_meet_is_warned_about(admin, bob, carol):
    answer = admin.post("/targets/new/", NEW | {"approvals": "3", "check": "1"}, HTTP_HX_REQUEST="true")
    assert "This can never be met now: 3 must approve, 2 people may." in words(answer)
    answer = admin.post("/targets/new/", NEW | {"check": "1"}, HTTP_HX_REQUEST="true")
    assert "never be met" not in words(answer)


def test_a_form_that_says_not_what_it_saw_is_refused(client_of, root, dev):
    admin = client_of(root)
    answer = admin.post(f"/targets/{dev.name}/edit/", NEW | {"name": dev.name})
    assert answer.status_code == 422
    assert "Load the page again" in answer.content.decode()


def test_names_that_differ_in_case_alone_are_one_too_many(client_of, root, dev):
    answer = client_of(root).post("/targets/new/", NEW | {"name": "DEV", "secret": PLANTED})
    assert answer.status_code == 422
    assert "There is a target named dev already." in answer.content.decode()
    assert Target.objects.count() == 1


def test_a_list_nobody_knows_is_not_found(client_of, root, dev):
    assert client_of(root).post(f"/targets/{dev.name}/refresh/", {"kind": "stars"}).status_code == 404
