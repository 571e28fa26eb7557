"""Fixtures every room uses: the demo people, two targets, a walk to any state, a sandbox on a free port."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from deployer.models import Deployment, Person, Target, guards
from deployer.sandbox.server import Sandbox
from tests import factories

# How fast a busy machine draws examples says nothing about what is drawn; the first of a recursive kind takes seconds.
settings.register_profile("house", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def a_flush_may_delete() -> Iterator[None]:
    """Past rows refuse DELETE, so the flush between tests lowers the guards; the migrate signal raises them again."""
    original = TransactionTestCase._fixture_teardown

    def lowered(self) -> None:
        guards.lower_guards(connection)
        original(self)

    TransactionTestCase._fixture_teardown = lowered
    yield
    TransactionTestCase._fixture_teardown = original


def person_fixture(name: str):
    @pytest.fixture(name=name)
    def person(db) -> Person:
        return factories.demo_person(name)

    return person


alice = person_fixture("alice")
bob = person_fixture("bob")
carol = person_fixture("carol")
olga = person_fixture("olga")
victor = person_fixture("victor")
root = person_fixture("root")


@pytest.fixture
def people(alice, bob, carol, olga, victor, root) -> dict[str, Person]:
    return {person.username: person for person in (alice, bob, carol, olga, victor, root)}


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """One sandbox for the whole run; `sandbox` resets it for each test."""
    with Sandbox(port=0, speed=1.0) as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server) -> Sandbox:
    import requests

    requests.post(f"{sandbox_server.url}/_sandbox/reset", timeout=5).raise_for_status()
    return sandbox_server


@pytest.fixture
def dev(db) -> Target:
    """One approval."""
    return factories.TargetFactory(name="dev")


@pytest.fixture
def prod(db) -> Target:
    """Two approvals, the sandbox's second project."""
    return factories.TargetFactory(
        name="prod",
        approvals=2,
        project_id="5a0d80b5c0de4c0fa11ab1e5eed00002",
        project_name="region-1_prod",
    )


@pytest.fixture
def at_sandbox(sandbox) -> Callable[[Target], Target]:
    """Point a target at the running sandbox."""

    def point(target: Target) -> Target:
        target.endpoint = target.iam_endpoint = sandbox.url
        target.save()
        return target

    return point


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    """A test client that is logged in as this person."""

    def log_in(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def draft_of(alice, dev) -> Callable[..., Deployment]:
    """A draft with this body (default: the valid one-model request)."""
    from deployer.workflow import drafting

    def begin(body: dict | None = None, *, by: Person | None = None, target: Target | None = None) -> Deployment:
        text = json.dumps(body if body is not None else factories.real_time_body())
        return drafting.begin_from_text(target or dev, text, by=by or alice)

    return begin


@pytest.fixture
def deployment_in(draft_of, alice, bob, carol, dev) -> Callable[..., Deployment]:
    """A deployment that walked to this state by the real moves.

    draft, in_review, changes_requested, approved, submitted, withdrawn, rejected.
    """
    from deployer.workflow import review, submission

    def walk(
        state: str,
        *,
        author: Person = alice,
        reviewer: Person = bob,
        target: Target = dev,
        body: dict | None = None,
    ) -> Deployment:
        deployment = draft_of(body, by=author, target=target)
        if state == "draft":
            return deployment
        deployment = review.ask_review(deployment, seen=deployment.seen, by=author)
        if target.preflight == "required":
            factories.preflight_passed(deployment)
        if state == "withdrawn":
            return review.withdraw(deployment, seen=deployment.seen, by=author)
        verdict = {"changes_requested": "request_changes", "rejected": "reject"}.get(state)
        if verdict:
            return review.decide(deployment, verdict, seen=deployment.seen, by=reviewer, comment="Not like this.")
        if state == "in_review":
            return deployment
        for person in [reviewer, carol, bob]:
            if deployment.state == "in_review" and person != author:
                deployment = review.decide(deployment, "approve", seen=deployment.seen, by=person)
        if state == "submitted":
            deployment = submission.submit(deployment, seen=deployment.seen, by=author)
        assert deployment.state == state
        return deployment

    return walk
