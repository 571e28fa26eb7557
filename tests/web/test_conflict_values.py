"""A conflict keeps what values are: text a person left alone still means the value it was shown for."""

import pytest

from deployer.domain import draft as drafts
from tests import factories
from tests.web.form_reading import form_of


@pytest.fixture
def two(client_of, alice, bob, draft_of):
    """Her page of a draft of these entries, his client, and a way to save hers over his with all of hers kept."""

    class Two:
        def __init__(self, *entries: dict) -> None:
            self.deployment = draft_of(factories.real_time_body(*entries))
            self.hers, self.his = client_of(alice), client_of(bob)
            self.edit = f"/deployments/{self.deployment.pk}/edit/"
            self.form = form_of(self.hers.get(self.edit))

        def he_saves(self, changes: dict, without: str = "-") -> None:
            form = {name: text for name, text in (self.form | changes).items() if not name.startswith(without)}
            assert self.his.post(self.edit, form).status_code == 302

        def she_keeps(self, changes: dict) -> list:
            """What is saved once she has answered `mine` everywhere."""
            answer = self.hers.post(self.edit, self.form | changes)
            assert answer.status_code == 409
            form = form_of(answer)
            form |= {name: "mine" for name in form if name.startswith("choose-")}
            assert self.hers.post(self.edit, form).status_code == 302
            self.deployment.refresh_from_db()
            return drafts.body_of(drafts.loads(self.deployment.draft))["config"]

    return Two


def test_a_variable_that_he_removed_comes_back_with_the_value_it_had(two):
    both = two(factories.entry("m1", 100, envs={"A": "1", "B": 5}))
    both.he_saves({}, without="config-0-envs-1")
    assert both.she_keeps({"config-0-envs-1-key": "BB"})[0]["envs"] == {"A": "1", "BB": 5}


def test_a_row_that_he_removed_comes_back_with_all_it_had(two):
    odd = factories.entry("m2", 30, specification=5, zzz={"deep": [1, 2]}, envs={"A": 1}, mapping_rule={"a": 1})
    both = two(factories.entry("m1", 70), odd)
    both.he_saves({}, without="config-1-")
    assert both.she_keeps({"config-1-instance_count": "2"})[1] == odd | {"instance_count": 2}


def test_a_value_that_he_changed_stays_what_it_was_where_she_unticks_his_change(two):
    odd = factories.entry("m1", 100, specification=5, envs={"B": 5}, custom_spec={"cpu": "2"})
    both = two(odd)
    changed = {"config-0-specification": "other", "config-0-envs-0-value": "9", "config-0-custom_spec-cpu": "3"}
    both.he_saves(changed)
    assert both.she_keeps({"description": "of alice"}) == [odd]


def test_rows_that_share_a_key_never_share_it_in_the_draft(two):
    both = two(factories.entry("m1", 70), factories.entry("m2", 30))
    both.he_saves({}, without="config-1-")
    twice = {f"config-2-{name.removeprefix('config-1-')}": text for name, text in both.form.items() if "g-1-" in name}
    both.she_keeps(twice | {"config-TOTAL_FORMS": "3"})
    ids = [row["id"] for row in drafts.loads(both.deployment.draft)["rows"]]
    assert len(set(ids)) == len(ids) == 3
