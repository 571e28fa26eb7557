"""The command `person`: accounts exist only because somebody made them."""

import pytest
from django.core.management.base import CommandError

from deployer.models import Event, Person
from tests.commands.calling import said, typed  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("typed")]


def test_a_new_person_gets_roles_and_the_password_of_the_environment(monkeypatch):
    monkeypatch.setenv("DEPLOYER_PERSON_PASSWORD", "a-long-password")
    assert "dora can log in now: author, approver." in said("person", "dora", "--roles", "approver,author")
    dora = Person.objects.get(username="dora")
    assert dora.check_password("a-long-password")
    assert dora.roles == {"author", "approver"}


def test_the_password_may_come_from_standard_input(typed):  # noqa: F811
    typed("another-password\n")
    said("person", "dora", "--roles", "viewer", "--full-name", "Dora Lind")
    dora = Person.objects.get(username="dora")
    assert dora.check_password("another-password")
    assert str(dora) == "Dora Lind"


def test_roles_change_and_the_password_stays(alice):
    said("person", "alice", "--roles", "author,approver")
    alice = Person.objects.get(pk=alice.pk)
    assert alice.roles == {"author", "approver"}
    assert alice.check_password("demo")


def test_a_new_person_without_password_is_refused():
    with pytest.raises(CommandError, match="DEPLOYER_PERSON_PASSWORD"):
        said("person", "dora", "--roles", "author")
    assert not Person.objects.filter(username="dora").exists()


@pytest.mark.parametrize(
    ("name", "roles", "words"), [("dora", "king", "no role"), ("a b", "author", "cannot be a name")]
)
def test_nonsense_is_explained(typed, name, roles, words):  # noqa: F811
    typed("a-long-password\n")
    with pytest.raises(CommandError, match=words):
        said("person", name, "--roles", roles)


def test_roles_are_checked_before_a_password_is_asked_for(monkeypatch):
    from deployer.management import secrets

    def asked(*_: str) -> str:
        raise AssertionError("asked for a password in vain")

    monkeypatch.setattr(secrets, "given", asked)
    with pytest.raises(CommandError, match="king is no role"):
        said("person", "dora", "--roles", "king")


def test_the_history_has_it_without_the_password(typed):  # noqa: F811
    typed("planted-password-1\n")
    said("person", "dora", "--roles", "author")
    event = Event.objects.get(action="person_changed")
    assert event.facts["after"]["roles"] == ["author"]
    assert "planted" not in event.data


def test_saying_the_same_again_writes_no_event(alice):
    said("person", "alice", "--roles", "author")
    assert Event.objects.count() == 0
