"""While the database is away: a plain POST gets its text back, ready to be sent again; a secret never."""

from contextlib import contextmanager
from html import escape

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db
TEXT = 'typed <b>with care</b> & "quotes"'


@pytest.fixture
def look(client_of, alice) -> Client:
    client = client_of(alice)
    client.raise_request_exception = False
    return client


@contextmanager
def database_away():
    def fail(*_):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        yield


def said(look: Client, address: str, form: dict, **more) -> str:
    with database_away():
        answer = look.post(address, form, **more)
    assert answer.status_code == 503
    return answer.content.decode()


def test_what_was_posted_is_on_the_page_as_text_and_in_a_form(look):
    text = said(look, "/deployments/7/edit/?x=1", {"description": TEXT, "seen": "3", "config-TOTAL_FORMS": "1"})
    assert '<form method="post" action="/deployments/7/edit/?x=1">' in text
    assert f'<input type="hidden" name="description" value="{escape(TEXT, quote=True)}">' in text
    assert '<input type="hidden" name="seen" value="3">' in text
    assert "<b>with care" not in text
    assert "<dt>description</dt>" in text
    assert "<dt>seen</dt>" not in text


def test_fields_of_one_name_come_back_in_their_order(look):
    text = said(look, "/deployments/7/edit/", {"group": ["one", "two"]})
    assert text.index('value="one"') < text.index('value="two"')


@pytest.mark.parametrize("name", ["password", "secret", "security_token"])
def test_where_a_secret_was_typed_nothing_comes_back(name, look):
    text = said(look, "/targets/new/", {"name": "prod", name: "hush-hush"})
    assert "hush-hush" not in text
    assert "Send it again" not in text


def test_the_form_of_another_site_is_not_shown(look):
    text = said(look, "/deployments/7/edit/", {"description": TEXT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert "with care" not in text


def test_a_page_that_was_only_read_has_nothing_to_send_again(look):
    with database_away():
        answer = look.get("/deployments/")
    assert answer.status_code == 503
    assert "Send it again" not in answer.content.decode()


def test_a_post_without_fields_has_nothing_to_send_again(look):
    with database_away():
        answer = look.post("/deployments/7/submit/", data="{}", content_type="application/json")
    assert answer.status_code == 503
    assert "Send it again" not in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/deployments/?q=a&state=draft", "/deployments/?q=a&amp;state=draft"),
        ('/deployments/?q="><script>', "/deployments/?q=%22%3E%3Cscript%3E"),
    ],
)
def test_a_page_that_was_read_can_be_loaded_again_where_it_was(address, link, look):
    with database_away():
        answer = look.get(address)
    assert answer.status_code == 503
    assert f'href="{link}">Load it again</a>' in answer.content.decode()


def test_nothing_leads_to_another_site(look):
    with database_away():
        read = look.get("/", PATH_INFO="//elsewhere.example/").content.decode()
        sent = look.post("/", {"description": TEXT}, PATH_INFO="//elsewhere.example/").content.decode()
    assert 'href="/%2Felsewhere.example/">Load it again</a>' in read
    assert 'action="/%2Felsewhere.example/"' in sent
