"""Two people, one draft: what only one of them touched is taken as they left it, the rest is chosen."""

import pytest

from deployer.domain import draft as drafts
from deployer.models import Deployment, DraftRevision
from deployer.workflow import drafting
from tests import factories
from tests.web.form_reading import form_of

TWO = [factories.entry("m1", 70), factories.entry("m2", 30)]


def edit(deployment):
    return f"/deployments/{deployment.pk}/edit/"


def body_of(deployment):
    deployment.refresh_from_db()
    return drafts.body_of(drafts.loads(deployment.draft))


@pytest.fixture
def parted(client_of, alice, bob, draft_of):
    """Both open the draft; bob saves his, then alice hers. Gives the draft, her client and her answer (409)."""

    def part(mine: dict, theirs: dict, *, mine_without=(), theirs_without=(), entries=TWO):
        deployment = draft_of(factories.real_time_body(*entries))
        hers, his = client_of(alice), client_of(bob)
        form = form_of(hers.get(edit(deployment)))
        his_form = {name: text for name, text in (form | theirs).items() if not name.startswith(tuple(theirs_without))}
        her_form = {name: text for name, text in (form | mine).items() if not name.startswith(tuple(mine_without))}
        assert his.post(edit(deployment), his_form).status_code == 302
        answer = hers.post(edit(deployment), her_form)
        assert answer.status_code == 409
        return deployment, hers, answer

    return part


def choices(answer):
    form = form_of(answer)
    return {name.removeprefix("choose-"): form[name] for name in form if name.startswith("choose-")}


def test_what_only_one_touched_is_taken_as_they_left_it(parted):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    assert choices(answer) == {"description": "mine", "service_name": "theirs"}
    page = answer.content.decode()
    assert "Only one of you changed these" in page
    assert "Both of you changed these" not in page
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert (body_of(deployment)["service_name"], body_of(deployment)["description"]) == ("of-bob", "of alice")


def test_an_unticked_change_stays_as_before(parted):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    form = form_of(answer) | {"choose-service_name": "mine", "choose-description": "theirs"}
    assert hers.post(edit(deployment), form).status_code == 302
    assert body_of(deployment)["service_name"] == "mnist"
    assert "of alice" not in str(body_of(deployment))


def test_what_both_touched_is_chosen_and_shows_what_was_before(parted):
    deployment, hers, answer = parted({"service_name": "of-alice"}, {"service_name": "of-bob"})
    page = answer.content.decode()
    assert choices(answer) == {"service_name": "mine"}
    assert all(text in page for text in ("Both of you changed these", "of-alice", "of-bob"))
    assert "mnist" in page.partition('class="was"')[2].partition("</p>")[0]
    assert hers.post(edit(deployment), form_of(answer) | {"choose-service_name": "theirs"}).status_code == 302
    assert body_of(deployment)["service_name"] == "of-bob"


def test_the_same_change_of_both_is_no_choice(parted):
    _, _, answer = parted({"service_name": "same", "description": "a"}, {"service_name": "same", "description": "b"})
    assert choices(answer) == {"description": "mine"}
    assert "Both of you did the same" in answer.content.decode()


@pytest.mark.parametrize(("side", "kept"), [("mine", [60, 40]), ("theirs", [50, 50])])
def test_weights_are_chosen_together(parted, side, kept):
    mine = {"config-0-weight": "60", "config-1-weight": "40"}
    theirs = {"config-0-weight": "50", "config-1-weight": "50"}
    deployment, hers, answer = parted(mine, theirs)
    page = answer.content.decode()
    assert choices(answer) == {"weights": "mine"}
    assert all(text in page for text in ("60 / 40", "50 / 50", "70 / 30"))
    assert hers.post(edit(deployment), form_of(answer) | {"choose-weights": side}).status_code == 302
    assert [one["weight"] for one in body_of(deployment)["config"]] == kept


def test_weights_that_only_they_changed_stay_theirs(parted):
    theirs = {"config-0-weight": "50", "config-1-weight": "50"}
    deployment, hers, answer = parted({"service_name": "of-alice"}, theirs)
    assert choices(answer) == {"service_name": "mine", "weights": "theirs"}
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert [one["weight"] for one in body_of(deployment)["config"]] == [50, 50]


def test_a_model_that_they_added_stays(parted):
    added = {"config-TOTAL_FORMS": "3", "config-2-model_id": "m3", "config-2-weight": "0"}
    deployment, hers, answer = parted({"service_name": "of-alice"}, added)
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert [one["model_id"] for one in body_of(deployment)["config"]] == ["m1", "m2", "m3"]
    assert body_of(deployment)["service_name"] == "of-alice"


def test_a_model_that_they_removed_stays_away(parted):
    deployment, hers, answer = parted({"service_name": "of-alice"}, {}, theirs_without=["config-1-"])
    assert choices(answer) == {"service_name": "mine", "config-1": "theirs"}
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert [one["model_id"] for one in body_of(deployment)["config"]] == ["m1"]


def test_a_model_that_they_removed_and_i_changed_is_a_choice(parted):
    mine = {"config-1-instance_count": "4"}
    deployment, hers, answer = parted(mine, {}, theirs_without=["config-1-"])
    assert choices(answer) == {"config-1": "mine"}
    assert "Both of you changed these" in answer.content.decode()
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert [one["instance_count"] for one in body_of(deployment)["config"]] == [1, 4]


def test_a_model_that_i_removed_stays_away_unless_they_changed_it(parted):
    deployment, hers, answer = parted({}, {"service_name": "of-bob"}, mine_without=["config-1-"])
    removed = next(name for name in choices(answer) if name.startswith("row-"))
    assert choices(answer) == {"service_name": "theirs", removed: "mine"}
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert [one["model_id"] for one in body_of(deployment)["config"]] == ["m1"]
    _, _, answer = parted({}, {"config-1-instance_count": "4"}, mine_without=["config-1-"])
    assert "Both of you changed these" in answer.content.decode()


def test_variables_are_told_apart_as_rows_are(parted):
    entries = [factories.entry("m1", 100, envs={"A": "1", "B": "2"})]
    theirs = {"config-0-envs-0-value": "9"}
    deployment, hers, answer = parted({"config-0-envs-1-value": "8"}, theirs, entries=entries)
    assert choices(answer) == {"config-0-envs-0-value": "theirs", "config-0-envs-1-value": "mine"}
    assert hers.post(edit(deployment), form_of(answer)).status_code == 302
    assert body_of(deployment)["config"][0]["envs"] == {"A": "9", "B": "8"}


def test_a_second_conflict_still_knows_where_both_began(parted, client_of, carol):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    other = client_of(carol)
    other.post(edit(deployment), form_of(other.get(edit(deployment))) | {"service_name": "of-carol"})
    again = hers.post(edit(deployment), form_of(answer))
    assert again.status_code == 409
    assert choices(again) == {"description": "mine", "service_name": "theirs"}
    assert 'type="checkbox" name="choose-service_name"' not in again.content.decode()  # left to them: asked no more
    assert hers.post(edit(deployment), form_of(again)).status_code == 302
    assert (body_of(deployment)["service_name"], body_of(deployment)["description"]) == ("of-carol", "of alice")


def test_where_the_common_text_is_gone_every_place_is_a_choice(parted):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    DraftRevision.objects.all().delete()
    again = hers.post(edit(deployment), form_of(answer) | {"revision": "1"})
    assert again.status_code == 409
    assert "Where you and Bob Kessler differ" in again.content.decode()
    assert "Only one of you" not in again.content.decode()


def test_mine_can_become_a_draft_of_its_own(parted):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    form = {name: text for name, text in form_of(answer).items() if name != "save"}
    made = hers.post(edit(deployment), form | {"own": "1"})
    own = Deployment.objects.get(copied_from=deployment)
    assert (made.status_code, made.url) == (302, edit(own))
    assert (body_of(own)["service_name"], body_of(own)["description"]) == ("mnist", "of alice")
    assert body_of(deployment)["service_name"] == "of-bob"


@pytest.mark.parametrize("began", ["x", "", "-1", "999999", "99999999999999", "0"])
def test_a_senseless_beginning_is_no_trouble(parted, began):
    deployment, hers, answer = parted({"description": "of alice"}, {"service_name": "of-bob"})
    again = hers.post(edit(deployment), form_of(answer) | {"began_with": began, "revision": "1"})
    assert again.status_code == 409


def test_a_draft_keeps_its_latest_revisions_only(draft_of, alice):
    deployment = draft_of()
    for number in range(1, 45):
        doc = drafts.loads(deployment.draft)
        doc["fields"]["description"] = str(number)
        deployment = drafting.save(deployment, doc, revision=number, by=alice).deployment
    kept = list(deployment.revisions.values_list("number", flat=True))
    assert kept == list(range(45, 10, -1))
    assert drafting.as_it_was(deployment, 20)["fields"]["description"] == "19"
    assert drafting.as_it_was(deployment, 2) is None
