"""Who may, and the words for why not."""

import pytest

from deployer.workflow import permissions

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Bob"], "Bob"),
        (["Bob", "Carol"], "Bob and Carol"),
        (["Bob", "Carol", "Dora"], "Bob, Carol and Dora"),
        (list("ABCDEFGH"), "A, B, C, D, E and 3 more"),
    ],
)
def test_names_are_listed_as_people_say_them(names, words):
    assert permissions.listed(names) == words


def test_who_can_decide_and_who_cannot_with_the_reason(people, deployment_in, bob, carol):
    deployment = deployment_in("in_review", author=bob, reviewer=carol)
    assert permissions.deciders(deployment) == ([carol], [(bob, "wrote it")])
    assert permissions.names_of_deciders(deployment) == "Carol Nowak can approve it."


def test_where_everybody_had_a_hand_in_it_nobody_can(people, deployment_in, bob, carol):
    deployment = deployment_in("in_review", author=bob, reviewer=carol)
    deployment.editors.add(carol)
    assert permissions.names_of_deciders(deployment) == "Nobody can approve it now: every approver had a hand in it."


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("draft", ["ask_review", "withdraw"]),
        ("in_review", ["approve", "request_changes", "reject", "withdraw"]),
        ("changes_requested", ["ask_review", "withdraw"]),
        ("approved", ["request_changes", "reject", "withdraw", "submit"]),
        ("submitted", []),
        ("withdrawn", []),
        ("rejected", []),
    ],
)
def test_the_moves_of_a_state_are_the_same_for_everybody_and_refused_with_a_reason(state, moves, people, deployment_in):
    deployment = deployment_in(state)
    for person in people.values():
        offers = permissions.moves_for(person, deployment)
        assert [offer.name for offer in offers] == moves
        assert all(
            offer.is_allowed or offer.refusal.endswith(("it.", "decide.", "did.", "deployments.")) for offer in offers
        )


def test_somebody_who_left_may_nothing(alice, deployment_in):
    deployment = deployment_in("draft")
    alice.is_active = False
    alice.save()
    alice = type(alice).objects.get(pk=alice.pk)
    assert not permissions.may_look(alice)
    assert all(not offer.is_allowed for offer in permissions.moves_for(alice, deployment))
