"""Targets: the policy in words, how to change it, and never a credential."""

import re

import pytest

from deployer.models import Target
from deployer.web import targets

SECRET = "a-password-nobody-may-see"  # noqa: S105 - the point of the test

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def look(client_of, victor):
    return client_of(victor)


def test_the_list_shows_each_target_with_its_policy_and_newest_deployment(look, dev, prod, draft_of):
    draft_of()
    newest = draft_of()
    answer = look.get("/targets/")
    text = words(answer)
    assert "1 approval, none by who wrote or edited." in text
    assert "2 approvals, none by who wrote or edited." in text
    assert f'href="/deployments/{newest.pk}/">{newest.pk}</a>' in answer.content.decode()
    assert "none yet" in text
    assert text.index("dev") < text.index("prod")


def test_one_target_shows_facts_policy_people_and_fingerprint(look, prod, bob, carol, olga):
    text = words(look.get("/targets/prod/"))
    for said in (
        "5a0d80b5c0de4c0fa11ab1e5eed00002",
        "otc-2022",
        "2 approvals, none by who wrote or edited.",
        "An approval does not lapse with time.",
        "Once approved, its author or an operator submits it.",
        "Bob Kessler and Carol Nowak",
        "Olga Marin",
        "user demo of domain demo",
        "Password set, encrypted, shown to nobody",
        "http://127.0.0.1:9",
    ):
        assert said in text
    assert prod.fingerprint in look.get("/targets/prod/").content.decode()


def test_other_policies_have_other_words(prod):
    prod.approval_hours, prod.revives, prod.submits_itself, prod.approvals = 168, True, True, 1
    assert targets.policy(prod) == [
        "1 approval, none by who wrote or edited.",
        "An approval lapses after 7 days.",
        "An edit that returns to the approved text revives its approvals.",
        "It is sent at once on the last approval.",
    ]


def test_no_page_shows_a_credential(look, dev, prod):
    Target.objects.filter(pk=prod.pk).update(login="keys", access_key="SANDBOXACCESSKEY")
    for target in Target.objects.all():
        target.secret = SECRET
        target.save()
    for address in ("/targets/", "/targets/dev/", "/targets/prod/", "/audit/", "/"):
        text = look.get(address).content.decode()
        assert SECRET not in text
        assert "SANDBOXACCESSKEY" not in text
    assert "access key SAND••••EY" in words(look.get("/targets/prod/"))
    assert "--access-key KEY" in words(look.get("/targets/prod/"))


def test_a_missing_or_unreadable_secret_is_told(look, dev, settings):
    Target.objects.update(secret="")
    assert "Password not set: nothing can be sent" in words(look.get("/targets/dev/"))
    dev.secret = SECRET
    dev.save()
    settings.ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert "none of the present encryption keys opens it" in words(look.get("/targets/dev/"))
    assert look.get("/targets/").status_code == 200


def test_the_command_to_change_it_is_complete_and_quoted(dev):
    dev.username = "two words"
    said = targets.command(dev)
    assert said.startswith("python3 manage.py target dev \\\n  --endpoint http://127.0.0.1:9 \\\n  --iam-endpoint ")
    assert "--username 'two words' --domain demo --approvals 1" in said


def test_the_first_target_is_explained_to_who_can_make_it(client_of, root, victor):
    assert "python3 manage.py target NAME" in words(client_of(root).get("/targets/"))
    text = words(client_of(victor).get("/targets/"))
    assert "No target yet." in text
    assert "manage.py" not in text


def test_admins_see_how_another_is_made(client_of, root, victor, dev):
    assert "Another target" in words(client_of(root).get("/targets/"))
    assert "Another target" not in words(client_of(victor).get("/targets/"))


@pytest.mark.parametrize("name", ["nowhere", "x" * 200, "%00", "%3Cb%3E"])
def test_a_wrong_name_is_404(look, name):
    assert look.get(f"/targets/{name}/").status_code == 404


def test_pages_keep_a_query_budget(look, dev, prod, draft_of, django_assert_max_num_queries):
    for _ in range(12):
        draft_of()
    with django_assert_max_num_queries(6):
        look.get("/targets/")
    with django_assert_max_num_queries(14):
        look.get("/targets/dev/")


def test_targets_need_a_role(client_of, victor, dev):
    victor.groups.clear()
    assert client_of(victor).get("/targets/").status_code == 403
    assert client_of(victor).get("/targets/dev/").status_code == 403
