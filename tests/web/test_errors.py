"""News that is not success: each has its own status, its own words, and a way on."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment
from deployer.workflow.errors import HasProblems, MovedOn, NotAllowed


def refuses(request: HttpRequest):
    raise NotAllowed("Only operators <b>decide</b>.")


def moved(request: HttpRequest):
    raise MovedOn(Deployment.objects.get(), "Bob sent this back a minute ago.")


def problems(request: HttpRequest):
    raise HasProblems([Problem("config", BLOCK, "The weights add up to 90. They must make 100.")])


def breaks(request: HttpRequest):
    raise RuntimeError("the inside of the machine")


def loses_the_database(request: HttpRequest):
    raise OperationalError("server closed the connection")


urlpatterns = [
    path("refuses", refuses),
    path("moved", moved),
    path("problems", problems),
    path("breaks", breaks),
    path("away", loses_the_database),
    path("", include("deployer.urls")),
]
handler400 = "deployer.web.handlers.bad_request"
handler403 = "deployer.web.handlers.forbidden"
handler404 = "deployer.web.handlers.not_found"
handler500 = "deployer.web.handlers.broken"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def look(client_of, alice) -> Client:
    client = client_of(alice)
    client.raise_request_exception = False
    return client


def test_not_allowed_is_403_with_the_reason_as_text(look):
    answer = look.get("/refuses")
    assert answer.status_code == 403
    assert "Only operators &lt;b&gt;decide&lt;/b&gt;." in answer.content.decode()


def test_moved_on_is_409_with_what_happened_and_the_way_back(look, draft_of):
    one = draft_of()
    answer = look.get("/moved")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Bob sent this back a minute ago." in text
    assert f'href="/deployments/{one.pk}/"' in text


def test_problems_are_422_with_each_in_words(look):
    answer = look.get("/problems")
    assert answer.status_code == 422
    assert "The weights add up to 90. They must make 100." in answer.content.decode()


def test_a_breakage_is_500_and_tells_nothing_of_the_inside(look, caplog):
    answer = look.get("/breaks")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "<title>" in text
    assert "the inside of the machine" not in text
    assert "Traceback" not in text


def test_a_lost_database_is_503_and_says_when_to_come_back(look):
    answer = look.get("/away")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "server closed the connection" not in answer.content.decode()


@contextmanager
def database_away():
    def fail(*_):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        yield


@pytest.mark.parametrize("address", ["/", "/deployments/", "/audit/"])
def test_every_page_says_503_while_the_database_is_away(look, address):
    with database_away():
        answer = look.get(address)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/here",
        "/deployments/0/",
        f"/deployments/{10**30}/",
        "/services/none/",
        "/targets/none/",
        "/deployments/x/",
    ],
)
def test_what_is_not_there_is_404_with_a_way_on(look, address):
    answer = look.get(address)
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "There is nothing here" in text
    assert 'href="/"' in text


@pytest.mark.parametrize(
    "address", ["/", "/deployments/", "/services/", "/targets/", "/audit/", "/deployments/export.csv"]
)
def test_pages_that_are_read_are_not_posted_to(look, address):
    assert look.post(address).status_code == 405


def test_a_foreign_host_is_refused(look):
    assert look.get("/", headers={"Host": "evil.example.com"}).status_code == 400


def test_every_answer_carries_the_policy_of_the_page(look):
    for address in ("/", "/nothing", "/refuses", "/accounts/login/"):
        policy = look.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy
