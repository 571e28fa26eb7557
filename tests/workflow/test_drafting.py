"""Drafts: saving keeps everything, overwrites nobody, and counts editors only where something changed."""

import json

import pytest

from deployer.domain import draft as drafts
from deployer.models import Event
from deployer.workflow import drafting, review
from deployer.workflow.errors import MovedOn, NotAllowed
from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db


def rewritten(deployment, **fields):
    doc = drafts.loads(deployment.draft)
    doc["fields"] |= fields
    return doc


def test_a_new_draft_is_prefilled_with_the_targets_workspace_alone(alice, dev):
    dev.workspace_id = "ws-1"
    dev.save()
    deployment = drafting.begin(dev, "real-time", by=alice)
    assert drafts.loads(deployment.draft)["fields"] == {"infer_type": "real-time", "workspace_id": "ws-1"}
    assert (deployment.state, deployment.revision, deployment.version_number) == ("draft", 1, 0)
    assert list(deployment.editors.all()) == [alice]


@pytest.mark.parametrize("name", ["olga", "victor", "root"])
def test_only_authors_write(name, people, dev, draft_of):
    person = people[name]
    with pytest.raises(NotAllowed):
        drafting.begin(dev, "real-time", by=person)
    deployment = draft_of()
    with pytest.raises(NotAllowed):
        drafting.save(deployment, rewritten(deployment, description="x"), revision=1, by=person)
    with pytest.raises(NotAllowed):
        drafting.copy(deployment, by=person)


def test_a_save_that_changes_nothing_makes_no_revision_no_event_and_no_editor(draft_of, bob):
    deployment = draft_of()
    doc = drafts.loads(deployment.draft)
    for row in doc["rows"]:
        row["id"] = "ffffffff"  # ids are ours; they are no text
    events = Event.objects.count()
    saved = drafting.save(deployment, doc, revision=1, by=bob)
    assert not saved.changed
    assert (saved.deployment.revision, Event.objects.count()) == (1, events)
    assert bob not in saved.deployment.editors.all()


def test_a_save_that_changes_something_makes_all_three(draft_of, bob):
    deployment = draft_of()
    saved = drafting.save(deployment, rewritten(deployment, description="x"), revision=1, by=bob)
    assert saved.changed
    assert saved.deployment.revision == 2
    assert bob in saved.deployment.editors.all()
    assert Event.objects.first().action == "edited"


def test_nonsense_is_saved_too(draft_of, alice):
    deployment = draft_of()
    doc = rewritten(deployment, infer_type=["what"], schedule="soon", strange={"a": [None, 1.5]})
    fresh = drafting.save(deployment, doc, revision=1, by=alice).deployment
    assert drafts.loads(fresh.draft)["fields"]["strange"] == {"a": [None, 1.5]}
    assert fresh.infer_type == '["what"]'


def test_a_stale_save_overwrites_nobody_and_names_the_other(draft_of, alice, bob):
    deployment = draft_of()
    drafting.save(deployment, rewritten(deployment, description="Bob's"), revision=1, by=bob)
    with pytest.raises(MovedOn, match="Bob Kessler saved revision 2 meanwhile. Nothing was overwritten."):
        drafting.save(deployment, rewritten(deployment, description="Alice's"), revision=1, by=alice)
    deployment.refresh_from_db()
    assert drafts.loads(deployment.draft)["fields"]["description"] == "Bob's"


def test_a_stale_save_of_the_same_words_is_no_conflict(draft_of, alice, bob):
    deployment = draft_of()
    doc = rewritten(deployment, description="The same")
    drafting.save(deployment, doc, revision=1, by=bob)
    assert not drafting.save(deployment, doc, revision=1, by=alice).changed


@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_an_edit_in_review_or_after_approval_leads_back_to_a_draft(state, deployment_in, alice, bob):
    deployment = deployment_in(state)
    fresh = drafting.save(deployment, rewritten(deployment, description="x"), revision=1, by=alice).deployment
    assert fresh.state == "draft"
    again = review.ask_review(fresh, seen=fresh.seen, by=alice)
    # A new text needs a new approval, whatever was said about the old one.
    assert (again.state, again.version_number) == ("in_review", 2)
    assert review.decide(again, "approve", seen=2, by=bob).state == "approved"


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "rejected"])
def test_what_is_submitted_or_closed_is_written_no_more(state, deployment_in, alice):
    deployment = deployment_in(state)
    with pytest.raises(MovedOn):
        drafting.save(deployment, rewritten(deployment, description="x"), revision=1, by=alice)


def test_a_copys_words_count_as_its_copiers(deployment_in, alice, bob, carol):
    source = deployment_in("submitted")
    copied = drafting.copy(source, by=bob)
    assert (copied.author, copied.copied_from, copied.target) == (bob, source, source.target)
    assert list(copied.editors.all()) == [bob]
    asked = review.ask_review(copied, seen=1, by=bob)
    with pytest.raises(NotAllowed):
        review.decide(asked, "approve", seen=1, by=bob)
    assert review.decide(asked, "approve", seen=1, by=carol).state == "approved"


def test_a_copy_of_an_old_version_has_the_old_words(deployment_in, alice, bob):
    deployment = deployment_in("in_review")
    fresh = drafting.save(deployment, rewritten(deployment, description="newer"), revision=1, by=alice).deployment
    copied = drafting.copy(fresh, by=bob, version=fresh.versions.get(number=1))
    assert "description" not in drafts.loads(copied.draft)["fields"]


def test_lists_say_what_is_typed_in_a_few_words(draft_of):
    both = real_time_body(entry("a", 70), entry("b", "30"))
    assert draft_of(both).summary == "2 models 70 / 30"
    assert draft_of({"infer_type": "batch", "config": [{"mapping_type": "csv"}]}).summary == "batch, 1 model, csv"
    assert draft_of({"config": 5}).summary == "0 models"
    odd = draft_of({"service_name": {"a": "x"}, "config": [{"weight": [1]}]})
    assert odd.service_name == json.dumps({"a": "x"})


@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_a_save_nobody_asked_for_never_takes_back_what_is_with_others(state, deployment_in, alice):
    """A tab left open saves while somebody types; what was decided meanwhile in another one stays."""
    deployment = deployment_in(state)
    doc = drafts.loads(deployment.draft)
    doc["fields"]["description"] = "One more letter"
    with pytest.raises(MovedOn):
        drafting.save(deployment, doc, revision=deployment.revision, by=alice, by_itself=True)
    deployment.refresh_from_db()
    assert (deployment.state, deployment.revision) == (state, 1)
    assert drafting.save(deployment, doc, revision=1, by=alice).deployment.state == "draft"
