"""A conflict over lists whose items have no names: where their lengths differ, the list is one place."""

import pytest

from deployer.domain import draft as drafts
from deployer.models import DraftRevision
from tests import factories
from tests.web.form_reading import form_of

SECRETS = [{"secretId": name, "mouthPath": f"/{name}", "zzz": 1} for name in ("aa", "bb", "cc")]
CHANNEL = {"type": "LTS", "configuration": {"log_group_id": "g1", "log_stream_id": "s1"}}


@pytest.fixture
def two(client_of, alice, bob, draft_of, dev):
    """Both open a draft of the edition that has these lists."""
    dev.edition = "otc-2025"
    dev.save()

    class Two:
        def __init__(self, **more) -> None:
            body = {"service_secrets": SECRETS, "additional_properties": {"log_report_channels": [CHANNEL]}} | more
            self.deployment = draft_of(factories.real_time_body(**body), target=dev)
            self.hers, self.his = client_of(alice), client_of(bob)
            self.edit = f"/deployments/{self.deployment.pk}/edit/"
            self.form = form_of(self.hers.get(self.edit))

        def he_removes(self, item: str) -> None:
            assert self.his.post(f"{self.edit}rows/", self.form | {"remove-item": item}).status_code == 302

        def he_saves(self, changes: dict) -> None:
            assert self.his.post(self.edit, self.form | changes).status_code == 302

        def she_saves(self, changes: dict):
            answer = self.hers.post(self.edit, self.form | changes)
            assert answer.status_code == 409
            return answer

        def body(self) -> dict:
            self.deployment.refresh_from_db()
            return drafts.body_of(drafts.loads(self.deployment.draft))

    return Two


def choices(answer):
    form = form_of(answer)
    return {name.removeprefix("choose-"): form[name] for name in form if name.startswith("choose-")}


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_an_item_he_removed_and_one_she_changed_make_one_choice(two, side):
    both = two()
    both.he_removes("service_secrets-0")
    answer = both.she_saves({"service_secrets-2-mouthPath": "/new"})
    assert choices(answer) == {"service_secrets": "mine"}
    page = answer.content.decode()
    assert all(words in page for words in ("Mounted secrets", "aa /aa; bb /bb; cc /new", "bb /bb; cc /cc"))
    assert both.hers.post(both.edit, form_of(answer) | {"choose-service_secrets": side}).status_code == 302
    mine = [*SECRETS[:2], SECRETS[2] | {"mouthPath": "/new"}]
    assert both.body()["service_secrets"] == {"mine": mine, "theirs": SECRETS[1:]}[side]


@pytest.mark.parametrize(("side", "kept"), [("theirs", SECRETS[1:]), ("mine", SECRETS)])
def test_a_list_that_only_he_changed_is_taken_or_unticked_whole(two, side, kept):
    both = two()
    both.he_removes("service_secrets-0")
    answer = both.she_saves({"description": "of alice"})
    assert choices(answer) == {"description": "mine", "service_secrets": "theirs"}
    assert both.hers.post(both.edit, form_of(answer) | {"choose-service_secrets": side}).status_code == 302
    assert both.body()["service_secrets"] == kept


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_an_item_she_added_while_he_changed_another_is_one_choice(two, side):
    both = two()
    both.he_saves({"service_secrets-0-mouthPath": "/his"})
    answer = both.she_saves({"service_secrets-3-secretId": "dd"})
    assert choices(answer) == {"service_secrets": "mine"}
    assert both.hers.post(both.edit, form_of(answer) | {"choose-service_secrets": side}).status_code == 302
    his = [SECRETS[0] | {"mouthPath": "/his"}, *SECRETS[1:]]
    assert both.body()["service_secrets"] == {"mine": [*SECRETS, {"secretId": "dd"}], "theirs": his}[side]


def test_items_of_lists_of_one_length_are_told_apart(two):
    both = two()
    both.he_saves({"service_secrets-0-mouthPath": "/his"})
    answer = both.she_saves({"service_secrets-2-mouthPath": "/hers"})
    assert choices(answer) == {"service_secrets-0-mouthPath": "theirs", "service_secrets-2-mouthPath": "mine"}


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_a_nested_list_that_he_emptied_goes_or_comes_back_whole(two, side):
    both = two()
    name = "additional_properties-log_report_channels"
    both.he_removes(f"{name}-0")
    assert "additional_properties" not in both.body()
    answer = both.she_saves({f"{name}-0-configuration-log_group_id": "g2"})
    assert choices(answer) == {name: "mine"}
    assert "Log channels" in answer.content.decode()
    assert both.hers.post(both.edit, form_of(answer) | {f"choose-{name}": side}).status_code == 302
    mine = {"log_report_channels": [{"type": "LTS", "configuration": {"log_group_id": "g2", "log_stream_id": "s1"}}]}
    assert both.body().get("additional_properties") == {"mine": mine, "theirs": None}[side]


def test_the_same_removal_of_both_is_no_choice(two):
    both = two()
    emptied = {"service_secrets-2-secretId": "", "service_secrets-2-mouthPath": ""}
    plain = [{key: text for key, text in one.items() if key != "zzz"} for one in SECRETS]
    both = two(service_secrets=plain)
    both.he_saves(emptied)
    answer = both.she_saves(emptied | {"description": "of alice"})
    assert choices(answer) == {"description": "mine"}
    assert both.hers.post(both.edit, form_of(answer)).status_code == 302
    assert both.body()["service_secrets"] == plain[:2]


def test_a_list_left_to_him_stays_so_through_another_conflict(two, client_of, carol):
    both = two()
    both.he_removes("service_secrets-0")
    answer = both.she_saves({"service_secrets-2-mouthPath": "/new", "description": "of alice"})
    other = client_of(carol)
    other.post(both.edit, form_of(other.get(both.edit)) | {"service_name": "of-carol"})
    again = both.hers.post(both.edit, form_of(answer) | {"choose-service_secrets": "theirs"})
    assert again.status_code == 409
    assert "Both of you did the same" not in again.content.decode()
    assert both.hers.post(both.edit, form_of(again)).status_code == 302
    assert both.body()["service_secrets"] == SECRETS[1:]


def test_where_the_common_text_is_gone_the_list_is_one_choice_too(two):
    both = two()
    both.he_removes("service_secrets-0")
    DraftRevision.objects.all().delete()
    answer = both.she_saves({})
    assert choices(answer) == {"service_secrets": "mine"}
    assert both.hers.post(both.edit, form_of(answer) | {"choose-service_secrets": "theirs"}).status_code == 302
    assert both.body()["service_secrets"] == SECRETS[1:]
