"""The door: who gets in, who does not, and where it leads."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

DOOR = "/accounts/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody() -> Client:
    return Client()


def test_the_door_has_both_fields_and_a_title(anybody):
    text = anybody.get(DOOR).content.decode()
    assert 'name="login"' in text
    assert 'name="password"' in text
    assert "<title>Sign in" in text


def test_a_right_password_leads_to_the_overview(anybody, alice, dev):
    answer = anybody.post(DOOR, {"login": "alice", "password": "demo"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = anybody.get("/")
    assert page.status_code == 200
    assert f"<p>Signed in as {alice}.</p>" in page.content.decode()


def test_no_name_becomes_markup_at_the_door(anybody, alice, dev):
    alice.first_name = "<b>Al</b>"
    alice.save()
    anybody.post(DOOR, {"login": "alice", "password": "demo"})
    text = anybody.get("/").content.decode()
    assert "&lt;b&gt;Al&lt;/b&gt;" in text
    assert "<b>Al</b>" not in text


@pytest.mark.parametrize(("name", "password"), [("alice", "wrong"), ("nobody", "demo"), ("ALICE ", "not-the-one")])
def test_a_wrong_one_is_told_without_saying_which_part(anybody, alice, name, password):
    answer = anybody.post(DOOR, {"login": name, "password": password})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "The username and/or password you specified are not correct." in text
    assert "Error: Sign in" in text
    assert f'value="{password}"' not in text
    assert anybody.get("/").status_code == 302


def test_empty_fields_are_told(anybody):
    answer = anybody.post(DOOR, {"login": "", "password": ""})
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()


@pytest.mark.parametrize("text", ["a\x00b", "x" * 5000, "<script>alert(1)</script>", "' or 1=1 --"])
def test_strange_names_open_nothing_and_break_nothing(anybody, alice, text):
    answer = anybody.post(DOOR, {"login": text, "password": text})
    assert answer.status_code == 200
    assert "<script>alert(1)" not in answer.content.decode()


def test_who_is_switched_off_does_not_get_in(anybody, alice):
    alice.is_active = False
    alice.save()
    anybody.raise_request_exception = False
    anybody.post(DOOR, {"login": "alice", "password": "demo"})
    assert anybody.get("/").status_code == 302


@pytest.mark.parametrize("page", ["/", "/deployments/?state=draft", "/services/", "/targets/dev/", "/audit/"])
def test_a_stranger_is_led_to_the_door_and_back(anybody, alice, dev, page):
    answer = anybody.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{DOOR}?next=")
    back = anybody.post(answer["Location"], {"login": "alice", "password": "demo"})
    assert back["Location"] == page


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.com/", "//evil.example.com", "javascript:alert(1)", "/\\evil"]
)
def test_the_door_leads_nowhere_else(anybody, alice, elsewhere):
    answer = anybody.post(DOOR, {"login": "alice", "password": "demo", "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_nobody_makes_an_account_at_the_door(anybody):
    from django.urls import NoReverseMatch, reverse

    for address in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/social/signup/"):
        assert anybody.get(address).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_signing_out_is_a_post(client_of, alice):
    inside = client_of(alice)
    assert inside.get("/accounts/logout/").status_code == 200
    assert inside.get("/").status_code == 200
    assert inside.post("/accounts/logout/").status_code == 302
    assert inside.get("/").status_code == 302


def test_too_many_wrong_passwords_close_the_door_for_a_while(anybody, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    cache.clear()
    for _ in range(3):
        anybody.post(DOOR, {"login": "alice", "password": "wrong"})
    held = anybody.post(DOOR, {"login": "alice", "password": "demo"})
    assert held.status_code in {200, 429}
    assert anybody.get("/").status_code == 302
    assert "Too many" in held.content.decode()
    cache.clear()


def test_a_door_under_siege_answers_429(anybody, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    cache.clear()
    answers = [anybody.post(DOOR, {"login": "x", "password": "y"}).status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    cache.clear()


def test_somebody_without_a_role_is_told_whom_to_ask(client_of, victor):
    victor.groups.clear()
    for page in ("/", "/deployments/", "/services/", "/targets/", "/audit/", "/reviews/"):
        answer = client_of(victor).get(page)
        assert answer.status_code == 403
        assert "You have no role yet. An administrator can give you one." in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(alice):
    answer = Client(enforce_csrf_checks=True).post(DOOR, {"login": "alice", "password": "demo"})
    assert answer.status_code == 403
    assert "This form is from an earlier visit, or cookies are off." in answer.content.decode()


def test_who_is_signed_out_is_led_to_the_door_before_any_token_is_asked_for(dev, draft_of):
    stranger = Client(enforce_csrf_checks=True)
    for address in (f"/deployments/{draft_of().pk}/approve/", "/deployments/999999/approve/", "/deployments/new/"):
        answer = stranger.post(address, {"seen": "1"})
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, DOOR)


OPEN = {"account_login", "account_logout", "healthz", "readyz", "metrics"}


def test_every_page_but_the_door_and_health_needs_a_login(anybody):
    """Deny unless opened: a page added tomorrow is closed too."""
    closed = []
    for pattern in get_resolver().url_patterns:
        for one in getattr(pattern, "url_patterns", [pattern]):
            if one.name not in OPEN:
                values = dict.fromkeys(one.pattern.converters, 1)
                route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.pattern._route)
                closed.append("/" + route.format(**values))
    assert len(closed) > 25
    for address in closed:
        answer = anybody.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(DOOR), address


def test_who_is_switched_off_is_told_so_once_the_password_was_right(anybody, alice):
    alice.is_active = False
    alice.save()
    answer = anybody.post(DOOR, {"login": "alice", "password": "demo"})
    assert answer.status_code == 403
    assert "This account is switched off." in answer.content.decode()
